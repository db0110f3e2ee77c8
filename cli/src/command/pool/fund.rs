//! `cairn pool fund`.

use cairn_client::Reading;
use cairn_interface::spl;
use cairn_interface::vault::{self, PoolView};
use solana_sdk::pubkey::Pubkey;

use crate::amount::{of_tokens, read_tokens};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::token::{self, Rules};
use crate::transact::{Deed, perform};

/// Move tokens into a pool's vault
///
/// Funds leave the vault only as claims of members. There is no withdrawal.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool fund 250000 --pool POOL
  cairn pool fund 0.5 --pool POOL --from TOKEN_ACCOUNT")]
pub struct Args {
    /// Tokens, as a decimal number: 250000 or 0.5
    #[arg(value_name = "TOKENS")]
    pub amount: String,
    #[command(flatten)]
    pub pool: PoolArg,
    /// Token account to take them from [default: the signer's associated token account]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub from: Option<Pubkey>,
}

/// # Errors
/// An amount that is none or above what the account holds; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let amount = read_tokens("TOKENS", &args.amount, pool.decimals)?;
    let funder = ctx.signer()?;
    let from = source(&pool, &funder, args.from);
    let mut reading = Reading::new();
    let source = reading.token_account(from);
    let rules = Rules::ask(&mut reading, &pool.mint, &pool.token_program);
    let read = chain::answer(ctx, reading).await?;
    let source = read.find(&source)?;
    token::held(source.as_ref(), &from, &pool.mint, amount, pool.decimals)?;
    let arrival = Rules::answered(&rules, &read)?.arrival(amount, pool.decimals);
    let fund = vault::Fund {
        funder,
        pool: pool.address,
        mint: pool.mint,
        token_program: pool.token_program,
        from,
        amount,
    };
    let amount = of_tokens(amount, pool.decimals);
    let effect = Effect::new(format!("Fund the pool with {} tokens", amount.grouped()))
        .fact("pool", pool.address)
        .fact("token", pool.mint)
        .fact("from", from);
    let effect = arrival
        .on(effect, "the vault receives")
        .warning("Funds can not be taken back: they leave the vault only as claims of members.");
    let transactions = perform(ctx, Deed::new(effect).step([fund.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .fact("from", from)
        .data("amount", amount)
        .named_if(
            arrival.received != amount,
            "received",
            "the vault receives",
            arrival.received,
        ))
}

/// The account that tokens are taken from: the one named, else `owner`'s own.
pub(crate) fn source(pool: &PoolView, owner: &Pubkey, named: Option<Pubkey>) -> Pubkey {
    named.unwrap_or_else(|| spl::associated_token_address(owner, &pool.mint, &pool.token_program))
}
