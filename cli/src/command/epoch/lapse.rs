//! `cairn epoch lapse`.

use cairn_interface::vault;
use cairn_merkle::EpochNumber;

use super::leaf;
use crate::args::PoolArg;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Clear away a proposal that was not complete within its challenge window; anyone may
///
/// Its number can then be proposed by another keeper; whoever proposed it waits a challenge window first.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn epoch lapse 3 --pool POOL")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// Nothing is proposed; its window is not over; it is complete; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, epoch, now) = leaf::in_flight(ctx, &args.pool.pool, args.number).await?;
    let over = epoch.window_over_at(&pool);
    if now < over {
        return Err(CliError::not_yet(
            "challenge-window-open",
            format!(
                "epoch {} has until {} to be complete",
                args.number,
                utc_from(over, now)
            ),
            "run the same command again then; the guardian can veto it before",
        ));
    }
    if epoch.is_attested(&pool) && epoch.facts.canopy.complete {
        return Err(CliError::refused(
            "epoch-complete",
            format!("epoch {} is attested and its canopy complete", args.number),
            "activate it with `cairn epoch activate`, or challenge it",
        ));
    }
    let lapse = vault::LapseEpoch {
        sender: ctx.signer()?,
        pool: pool.address,
        number: args.number,
    };
    let effect = Effect::new(format!("Clear away the proposal of epoch {}", args.number))
        .fact("pool", pool.address)
        .fact("proposed by", epoch.proposer)
        .fact(
            "attestations",
            format!("{} of {}", epoch.tally(&pool), epoch.needed(&pool)),
        );
    let transactions = perform(ctx, Deed::new(effect).step([lapse.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number))
}
