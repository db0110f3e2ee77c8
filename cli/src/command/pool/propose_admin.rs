//! `cairn pool propose-admin`.

use cairn_interface::vault;
use solana_sdk::pubkey::Pubkey;

use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Offer a pool to another admin, or withdraw the offer
///
/// Nothing changes until the other key accepts, so a mistyped address can not lose the pool. It may accept after the delay of
/// parameters; until then guardian or admin can withdraw the offer.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool propose-admin NEW_ADMIN --pool POOL
  cairn pool propose-admin --withdraw --pool POOL")]
pub struct Args {
    /// The new admin's address
    #[arg(value_name = "ADDRESS", value_parser = address, required_unless_present = "withdraw")]
    pub new_admin: Option<Pubkey>,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Take the present offer back
    #[arg(long, conflicts_with = "new_admin")]
    pub withdraw: bool,
}

/// # Errors
/// The signer is not the pool's admin; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let propose = vault::ProposeAdmin {
        admin,
        pool: pool.address,
        // The zero key withdraws the offer.
        new_admin: args.new_admin.unwrap_or_default(),
    };
    let effect = match args.new_admin {
        Some(new_admin) => Effect::new("Offer the pool to another admin")
            .fact("pool", pool.address)
            .fact("from", admin)
            .fact("to", format!("{new_admin} (must accept)")),
        None => Effect::new("Withdraw the offer of the pool").fact("pool", pool.address),
    };
    let transactions = perform(ctx, Deed::new(effect).step([propose.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
