//! `cairn pool set-guardian`.

use cairn_interface::vault;
use solana_sdk::pubkey::Pubkey;

use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::payee;
use crate::transact::{Deed, perform};

/// Replace a pool's guardian: the key that may pause it and veto a root
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool set-guardian NEW_GUARDIAN --pool POOL")]
pub struct Args {
    /// The new guardian's address
    #[arg(value_name = "ADDRESS", value_parser = address)]
    pub guardian: Pubkey,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The signer is not the pool's admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    payee::can_sign(ctx, &[("the guardian", args.guardian)]).await?;
    let set = vault::SetGuardian {
        admin,
        pool: pool.address,
        guardian: args.guardian,
    };
    let effect = Effect::new("Replace the pool's guardian")
        .fact("pool", pool.address)
        .fact("from", pool.guardian)
        .fact("to", args.guardian);
    let transactions = perform(ctx, Deed::new(effect).step([set.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
