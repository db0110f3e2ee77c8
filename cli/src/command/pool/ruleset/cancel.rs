//! `cairn pool ruleset cancel`.

use cairn_interface::vault;

use crate::address::Hash;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Withdraw announced rules; the pool's guardian or admin may
///
/// An epoch that is proposed under them already can not be activated any more: veto it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool ruleset cancel --pool POOL -k guardian.json")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// Nothing was announced; the signer is neither guardian nor admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let pending = pool.pending_ruleset;
    if pending.effective_at == 0 {
        return Err(CliError::refused(
            "no-rules-announced",
            format!("no rules of pool {} are announced", pool.address),
            "its admin announces them with `cairn pool ruleset announce`",
        ));
    }
    let authority = ctx.signer()?;
    if authority != pool.admin {
        ctx.signer_as("pool's guardian (or its admin)", &pool.guardian)?;
    }
    let cancel = vault::CancelRuleset {
        authority,
        pool: pool.address,
    };
    let effect = Effect::new("Withdraw the announced rules")
        .fact("pool", pool.address)
        .fact("not to be", Hash::from(pending.hash))
        .fact("from epoch", pending.from_epoch);
    let transactions = perform(ctx, Deed::new(effect).step([cancel.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
