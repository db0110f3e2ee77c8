//! `cairn pool migrate`.

use cairn_client::Reading;
use cairn_interface::vault::{self, POOL_LEN, PoolView};

use super::params::ParamsShown;
use crate::amount::Amount;
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, Transactions, perform};

/// Bring a pool that an older program created to the current layout; anyone may
///
/// Roles, totals and members stay as they are; parameters that the old layout lacked get their defaults, and parameters that
/// were announced are void. A pool that is current is left alone. `cairn-migrations` does the same for every pool of a
/// program, and for the epochs after them.
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
    let address = args.pool.pool;
    let mut reading = Reading::new();
    let (pool, held) = (reading.state(address), reading.lamports(address));
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let pool: PoolView = read.need(&pool)?;
    if pool.is_current() {
        let none = Transactions::none("Bring the pool to the current layout");
        return Ok(Facts::of(none).fact("pool", pool.address));
    }
    let migrate = vault::MigratePool {
        payer: ctx.fee_payer()?,
        pool: pool.address,
        active: (pool.active_epoch > 0).then(|| pool.active_epoch()),
    };
    let rent = read.need(&rent)?.minimum_balance(POOL_LEN);
    let rent = rent.saturating_sub(read.need(&held)?);
    let shown = ParamsShown::new(&pool.params(), pool.decimals);
    let mut effect = Effect::new("Bring the pool to the current layout").fact("pool", pool.address);
    for (label, value) in shown.words() {
        effect = effect.fact(label, value);
    }
    effect = effect.fact("rent", format!("{} SOL", Amount::lamports(rent).grouped()));
    let deed = Deed::new(effect).rent(rent).step([migrate.instruction()]);
    let transactions = perform(ctx, deed).await?;
    Ok(Facts::of(transactions).fact("pool", pool.address))
}
