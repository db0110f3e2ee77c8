//! `cairn points round close`.

use cairn_interface::vault;

use crate::amount::{grouped, of_tokens};
use crate::args::PoolArg;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::transact::{Deed, perform};

/// Close a burn round whose members are all paid; anyone may
///
/// What rounding left goes to the pool's vault, the rent to who opened the round.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn points round close 3 --pool POOL")]
pub struct Args {
    /// The round's number
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    #[command(flatten)]
    pub pool: PoolArg,
}

/// # Errors
/// The round has not ended, or members wait to be paid; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, round, now) = chain::pool_and_round(ctx, &args.pool.pool, args.number).await?;
    if now < round.ends_at {
        return Err(CliError::not_yet(
            "round-not-ended",
            format!(
                "round {} ends {}",
                round.number,
                utc_from(round.ends_at, now)
            ),
            "settle and close it then",
        ));
    }
    let waiting = round.receipts.saturating_sub(round.settled_receipts);
    if waiting > 0 {
        return Err(CliError::refused(
            "round-unsettled",
            format!(
                "{} members of round {} wait to be paid",
                grouped(waiting.into()),
                round.number
            ),
            format!(
                "first `cairn points settle --all --round {} --pool {}`",
                round.number, pool.address
            ),
        ));
    }
    let left = of_tokens(round.tokens().saturating_sub(round.paid()), pool.decimals);
    let close = vault::CloseRound {
        pool: pool.address,
        round: round.number,
        opener: round.opener,
        mint: pool.mint,
        token_program: pool.token_program,
    };
    let effect = Effect::new(format!("Close burn round {}", round.number))
        .fact("pool", pool.address)
        .fact(
            "paid to members",
            of_tokens(round.paid(), pool.decimals).grouped(),
        )
        .fact("left for the pool", left.grouped())
        .fact("rent back to", round.opener);
    let transactions = perform(ctx, Deed::new(effect).step([close.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .named("number", "round", round.number)
        .named("left", "left for the pool", left)
        .named("opener", "rent back to", round.opener))
}
