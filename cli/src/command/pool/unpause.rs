//! `cairn pool unpause`.

use cairn_interface::vault;

use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// End a pause early: resume a paused pool's claims and activations; only its admin may
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool unpause --pool POOL -k admin.json")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The signer is not the admin; not paused; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let unpause = vault::Unpause {
        admin,
        pool: pool.address,
    };
    let effect = Effect::new("Unpause the pool").fact("pool", pool.address);
    let transactions = perform(ctx, Deed::new(effect).step([unpause.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
