//! `cairn pool fund`.

use cairn_interface::{spl, vault};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::Amount;
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

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

/// A pool that was funded.
#[derive(Clone, Debug, Serialize)]
pub struct Funded {
    pub pool: Address,
    pub from: Address,
    pub amount: Amount,
    pub transactions: Transactions,
}

/// # Errors
/// An amount that is none or above what the account holds; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Funded, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let amount = Amount::parse(&args.amount, pool.decimals).map_err(|source| CliError::Amount {
        what: "TOKENS",
        source,
    })?;
    let funder = ctx.signer()?;
    let from = args
        .from
        .unwrap_or_else(|| spl::associated_token_address(&funder, &pool.mint, &pool.token_program));
    let have = chain::find_token_account(ctx, &from).await?;
    let Some(have) = have.filter(|account| account.mint == pool.mint) else {
        return Err(CliError::refused(
            "no-tokens",
            format!("{from} is no account of the pool's token {}", pool.mint),
            "name the token account that holds the tokens with --from",
        ));
    };
    if have.amount < amount.base {
        return Err(CliError::refused(
            "insufficient-tokens",
            format!(
                "{from} holds {} tokens, {} less than the {} to fund",
                Amount::new(have.amount, pool.decimals).grouped(),
                Amount::new(amount.base.saturating_sub(have.amount), pool.decimals).grouped(),
                amount.grouped()
            ),
            "fund less, or name another token account with --from",
        ));
    }
    let fund = vault::Fund {
        funder,
        pool: pool.address,
        mint: pool.mint,
        token_program: pool.token_program,
        from,
        amount: amount.base,
    };
    let effect = Effect::new(format!("Fund the pool with {} tokens", amount.grouped()))
        .fact("pool", pool.address)
        .fact("token", pool.mint)
        .fact("from", from)
        .warning("Funds can not be taken back: they leave the vault only as claims of members.");
    let transactions = perform(ctx, Deed::new(effect).step([fund.instruction()])).await?;
    Ok(Funded {
        pool: pool.address.into(),
        from: from.into(),
        amount,
        transactions,
    })
}

impl Verdict for Funded {}

impl Show for Funded {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("from", self.from.to_string());
        self.transactions.show(page);
    }
}
