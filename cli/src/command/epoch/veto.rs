//! `cairn epoch veto`.

use cairn_interface::vault::{self, EpochStatus};
use cairn_merkle::EpochNumber;

use crate::address::Hash;
use crate::amount::of_tokens;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Stop a root before it becomes active; the pool's guardian or admin may
///
/// The number can then be proposed again with another root. Nothing that is already claimable is touched.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn epoch veto 3 --pool POOL --reason 7 -k guardian.json")]
pub struct Args {
    /// The epoch's number
    #[arg(value_name = "EPOCH")]
    pub number: EpochNumber,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Why, as a number the network's operators publish
    #[arg(long, value_name = "CODE", default_value_t = 1)]
    pub reason: u16,
}

/// # Errors
/// The epoch is not in flight; the signer is neither guardian nor admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, epoch, _) = chain::pool_and_epoch(ctx, &args.pool.pool, args.number).await?;
    if !matches!(
        epoch.status(),
        EpochStatus::Proposed | EpochStatus::Attested
    ) {
        return Err(CliError::refused(
            "epoch-not-open",
            format!(
                "epoch {} is {}: only a proposed or attested one can be vetoed",
                epoch.number,
                epoch.status().name()
            ),
            "see what is in flight with `cairn epoch list`",
        ));
    }
    let guardian = ctx.signer()?;
    if guardian != pool.admin {
        ctx.signer_as("pool's guardian (or its admin)", &pool.guardian)?;
    }
    let veto = vault::VetoEpoch {
        guardian,
        pool: pool.address,
        number: args.number,
        reason: args.reason,
    };
    let root = Hash::from(epoch.root);
    let effect = Effect::new(format!("Veto epoch {}", args.number))
        .fact("pool", pool.address)
        .fact("root", root)
        .fact(
            "which grants",
            format!(
                "{} tokens in total",
                of_tokens(epoch.tokens(), pool.decimals).grouped()
            ),
        )
        .fact("proposed by", epoch.proposer)
        .fact("reason code", args.reason);
    let transactions = perform(ctx, Deed::new(effect).step([veto.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .data("epoch", args.number)
        .fact("root", root)
        .data("reason", args.reason))
}
