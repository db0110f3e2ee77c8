//! `cairn pool accept-admin`.

use cairn_interface::vault::{self, PoolView};

use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Become the admin of a pool that was offered to you
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool accept-admin --pool POOL -k new-admin.json")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The pool was not offered, or to another key; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    let Some(pending) = pool.pending_admin() else {
        return Err(CliError::refused(
            "no-offer",
            format!("pool {} was offered to nobody", pool.address),
            "ask its admin to run `cairn pool propose-admin`",
        ));
    };
    if now < pool.admin_effective_at {
        return Err(CliError::not_yet(
            "admin-not-due",
            format!("pool {} was offered, and changes hands later", pool.address),
            format!(
                "accept {}; until then its guardian or admin can withdraw the offer",
                utc_from(pool.admin_effective_at, now)
            ),
        ));
    }
    let new_admin = ctx.signer_as("admin the pool was offered to,", &pending)?;
    let accept = vault::AcceptAdmin {
        new_admin,
        pool: pool.address,
    };
    let effect = Effect::new("Become the pool's admin")
        .fact("pool", pool.address)
        .fact("instead of", pool.admin);
    let transactions = perform(ctx, Deed::new(effect).step([accept.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
