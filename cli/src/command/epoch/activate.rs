//! `cairn epoch activate`.

use cairn_interface::vault::{self, EpochStatus, EpochView, PoolView};
use cairn_merkle::EpochNumber;

use super::earliest;
use crate::address::Hash;
use crate::amount::of_tokens;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Make an attested root claimable once its challenge window has passed; anyone may
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn epoch activate 3 --pool POOL")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The epoch is not ready, with what is missing and when; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, epoch, now) = chain::pool_and_epoch(ctx, &args.pool.pool, args.number).await?;
    ready(&pool, &epoch, now)?;
    let activate = vault::ActivateEpoch {
        pool: pool.address,
        number: args.number,
        previous: Some(pool.active_epoch()).filter(|active| *active >= EpochNumber::FIRST),
    };
    let tokens = of_tokens(epoch.tokens(), pool.decimals);
    let growth = epoch.tokens().saturating_sub(pool.total_cumulative());
    let root = Hash::from(epoch.root);
    let effect = Effect::new(format!("Activate epoch {}", args.number))
        .fact("pool", pool.address)
        .fact("root", root)
        .fact("grants", format!("{} tokens in total", tokens.grouped()))
        .fact(
            "more than before",
            format!("{} tokens", of_tokens(growth, pool.decimals).grouped()),
        );
    let transactions = perform(ctx, Deed::new(effect).step([activate.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .fact("root", root)
        .worded(
            "tokens",
            tokens,
            "grants",
            format!("{} tokens in total", tokens.grouped()),
        ))
}

/// Says what an epoch still lacks, in the order in which it is got.
fn ready(pool: &PoolView, epoch: &EpochView, now: i64) -> Result<(), CliError> {
    let number = epoch.number;
    if !matches!(
        epoch.status(),
        EpochStatus::Proposed | EpochStatus::Attested
    ) {
        return Err(CliError::refused(
            "epoch-not-open",
            format!("epoch {number} is {} already", epoch.status().name()),
            "see what is in flight with `cairn epoch list`",
        ));
    }
    if pool.is_paused(now) {
        return Err(CliError::refused(
            "paused",
            format!("pool {} is paused", pool.address),
            format!(
                "the pause ends {}, or when its admin {} ends it",
                utc_from(pool.paused_until, now),
                pool.admin
            ),
        ));
    }
    let (attestations, threshold) = (epoch.tally(pool), epoch.needed(pool));
    if !epoch.facts.canopy.complete || attestations < usize::from(threshold) {
        return Err(CliError::not_yet(
            "epoch-not-attested",
            format!(
                "epoch {number} is not attested yet: {attestations} of {threshold} attestations, canopy {}",
                if epoch.facts.canopy.complete {
                    "complete"
                } else {
                    "incomplete"
                }
            ),
            "its keepers run `cairn-keeper attest` and, for the canopy, `cairn-keeper propose`",
        ));
    }
    let activatable_at = earliest(epoch, pool);
    if now < activatable_at {
        return Err(CliError::not_yet(
            "challenge-window-open",
            format!(
                "epoch {number} can be activated from {}",
                utc_from(activatable_at, now)
            ),
            "until then anyone can recompute it with `cairn audit epoch` and challenge it with `cairn epoch challenge`, and the guardian can veto it",
        ));
    }
    if epoch.open_challenges > 0 {
        return Err(CliError::not_yet(
            "challenges-open",
            format!(
                "{} challenges of epoch {number} wait for an answer",
                epoch.open_challenges
            ),
            "whoever has the epoch's files answers them: `cairn epoch answer`",
        ));
    }
    Ok(())
}
