//! `cairn pool migrate`.

use cairn_interface::vault;

use super::params::ParamsShown;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, Transactions, perform};

/// Bring a pool that an older program created to the current layout; anyone may
///
/// Roles, totals, epochs and members stay as they are; parameters that the old layout lacked get their defaults. A pool that
/// is current is left alone. `cairn-migrations` does the same for every pool of a program.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn pool migrate --pool POOL")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// What sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    if pool.is_current() {
        let none = Transactions::none("Bring the pool to the current layout");
        return Ok(Facts::of(none).fact("pool", pool.address));
    }
    let migrate = vault::MigratePool { pool: pool.address };
    let shown = ParamsShown::new(&pool.params(), pool.decimals);
    let mut effect = Effect::new("Bring the pool to the current layout").fact("pool", pool.address);
    for (label, value) in shown.words() {
        effect = effect.fact(label, value);
    }
    let transactions = perform(ctx, Deed::new(effect).step([migrate.instruction()])).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
