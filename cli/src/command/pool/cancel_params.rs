//! `cairn pool cancel-params`.

use cairn_interface::vault;

use super::params;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Withdraw announced parameters; the pool's guardian or admin may
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool cancel-params --pool POOL -k guardian.json")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// Nothing was announced; the signer is neither guardian nor admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let pending = super::announced(&pool)?;
    let authority = ctx.signer()?;
    if authority != pool.admin {
        ctx.signer_as("pool's guardian (or its admin)", &pool.guardian)?;
    }
    let cancel = vault::CancelParams {
        authority,
        pool: pool.address,
    };
    let mut effect = Effect::new("Withdraw the announced parameters").fact("pool", pool.address);
    for (label, stays, _) in params::differences(&pool.params(), &pending, pool.decimals) {
        effect = effect.fact(label, format!("stays {stays}"));
    }
    let transactions = perform(ctx, Deed::new(effect).step([cancel.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
