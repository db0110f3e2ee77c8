//! `cairn pool pause`.

use cairn_interface::vault;

use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Stop a pool's claims and activations for a week at most; its guardian or admin may
///
/// Every challenge window stands still meanwhile. The pause ends by itself; afterwards the pool must run as long as it was
/// paused before it can be paused again.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool pause --pool POOL -k guardian.json")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The signer is neither guardian nor admin; paused already; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let authority = ctx.signer()?;
    if authority != pool.admin {
        ctx.signer_as("pool's guardian (or its admin)", &pool.guardian)?;
    }
    let pause = vault::Pause {
        authority,
        pool: pool.address,
    };
    let effect = Effect::new("Pause the pool")
        .fact("pool", pool.address)
        .warning("No member can claim until the pause ends, in a week or when the admin ends it.");
    let transactions = perform(ctx, Deed::new(effect).step([pause.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
