//! `cairn pool apply-params`.

use cairn_interface::vault::{self, PoolView};

use super::params;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Put announced parameters into effect, once their delay is over; anyone may
///
/// While an epoch is proposed nothing changes under it: activate or veto it first.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool apply-params --pool POOL")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// Nothing was announced; the delay is not over; an epoch is in flight; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let pending = super::announced(&pool)?;
    if now < pool.pending_params.effective_at {
        return Err(CliError::not_yet(
            "params-not-due",
            format!(
                "the announced parameters can be applied from {}",
                utc_from(pool.pending_params.effective_at, now)
            ),
            "run the same command again then",
        ));
    }
    if pool.pending_epoch != 0 {
        return Err(CliError::not_yet(
            "epoch-in-flight",
            format!(
                "epoch {} is in flight, and nothing changes under it",
                pool.pending_epoch
            ),
            "run the same command again once it is activated or vetoed",
        ));
    }
    let apply = vault::ApplyParams { pool: pool.address };
    let mut effect =
        Effect::new("Put the announced parameters into effect").fact("pool", pool.address);
    for (label, from, to) in params::differences(&pool.params(), &pending, pool.decimals) {
        effect = effect.fact(label, format!("{from} → {to}"));
    }
    let transactions = perform(ctx, Deed::new(effect).step([apply.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
