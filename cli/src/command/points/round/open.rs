//! `cairn points round open`.

use cairn_interface::vault::{self, MAX_PERIOD_SECS, ROUND_LEN};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::Amount;
use crate::args::{PoolArg, address};
use crate::chain;
use crate::command::points::points;
use crate::command::pool::{current, fund::source};
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::moment::{Moment, Seconds, is_far, span, utc_from};
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::token;
use crate::transact::{Deed, Transactions, perform};

/// Open a burn round: tokens that members share by burning points
///
/// The signer must be the pool's admin. The tokens move into a vault of the round's own at once and leave it only as shares; what
/// rounding leaves, or everything when nobody burns, goes to the pool's vault when the round is closed.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn points round open 50000 --pool POOL --lasts 30d
  cairn points round open 50000 --pool POOL --starts 2026-03-01 --lasts 30d --minimum 100")]
pub struct Args {
    /// Tokens to share, as a decimal number
    #[arg(value_name = "TOKENS")]
    pub tokens: String,
    #[command(flatten)]
    pub pool: PoolArg,
    /// When burning starts: 2026-03-01 (midnight UTC) or 2026-03-01T12:00:00Z [default: now]
    #[arg(long, value_name = "MOMENT")]
    pub starts: Option<Moment>,
    /// How long points can be burnt: 30d, 36h
    #[arg(long, value_name = "SPAN")]
    pub lasts: Seconds,
    /// Least points of one burn
    #[arg(long, value_name = "POINTS", default_value = "0")]
    pub minimum: String,
    /// Token account to take the tokens from [default: the signer's associated token account]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub from: Option<Pubkey>,
}

/// A round that was opened.
#[derive(Clone, Debug, Serialize)]
pub struct RoundOpened {
    pub pool: Address,
    pub number: u64,
    pub round: Address,
    /// As they arrive in the round: less than was sent when the token takes a fee.
    pub tokens: Amount,
    pub minimum: Amount,
    /// Unix seconds.
    pub starts_at: i64,
    /// Unix seconds.
    pub ends_at: i64,
    /// For round and vault; comes back when the round is closed.
    pub rent_lamports: u64,
    /// The cluster's clock, unix seconds.
    pub now: i64,
    pub transactions: Transactions,
}

/// # Errors
/// The signer is not the pool's admin; too few tokens; a window that is over or too long; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<RoundOpened, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    current(&pool)?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let what = "TOKENS";
    let tokens = Amount::parse(&args.tokens, pool.decimals)
        .map_err(|source| CliError::Amount { what, source })?;
    if tokens.base == 0 {
        return Err(CliError::argument(
            "a round without tokens shares nothing",
            "name the tokens to share",
        ));
    }
    let minimum = points("--minimum", &args.minimum)?;
    let now = chain::now(ctx).await?;
    let (starts_at, ends_at) = window(args, now)?;
    let from = source(ctx, &pool, &admin, args.from, tokens).await?;
    let rent = ctx.ledger.minimum_balance(ROUND_LEN).await?;
    let vault_len = token::account_len(ctx, &pool.mint, &pool.token_program).await?;
    let rent_lamports = rent.saturating_add(ctx.ledger.minimum_balance(vault_len).await?);
    let arrival = token::arrival(ctx, &pool.mint, &pool.token_program, tokens).await?;
    let open = vault::OpenRound {
        opener: ctx.fee_payer()?,
        admin,
        funder: admin,
        pool: pool.address,
        mint: pool.mint,
        token_program: pool.token_program,
        from,
        number: pool.next_round,
        tokens: tokens.base,
        minimum: minimum.base,
        starts_at,
        ends_at,
    };
    let effect = Effect::new(format!("Open burn round {}", pool.next_round))
        .fact("pool", pool.address)
        .fact(
            "shares",
            format!("{} tokens of {}", tokens.grouped(), pool.mint),
        )
        .fact("from", from);
    let mut effect = arrival
        .on(effect, "the round receives")
        .fact("starts", utc_from(starts_at, now))
        .fact("ends", utc_from(ends_at, now))
        .fact("least burn", format!("{} points", minimum.grouped()))
        .fact(
            "rent",
            format!(
                "{} SOL, back when the round is closed",
                Amount::lamports(rent_lamports).grouped()
            ),
        )
        .warning("The tokens can not be taken back: they leave the round only to who burns, or to the pool.");
    if is_far(now, starts_at) {
        effect = effect.doubt(format!(
            "Burning would start at {}.",
            utc_from(starts_at, now)
        ));
    }
    let deed = Deed::new(effect)
        .rent(rent_lamports)
        .step([open.instruction()]);
    let transactions = perform(ctx, deed).await?;
    Ok(RoundOpened {
        pool: pool.address.into(),
        number: pool.next_round,
        round: open.round().into(),
        tokens: arrival.received,
        minimum,
        starts_at,
        ends_at,
        rent_lamports,
        now,
        transactions,
    })
}

/// Start and end, as the program would accept them.
fn window(args: &Args, now: i64) -> Result<(i64, i64), CliError> {
    let starts_at = args.starts.map_or(now, |moment| moment.0);
    if !(1..=MAX_PERIOD_SECS).contains(&args.lasts.0) {
        return Err(CliError::argument(
            format!("--lasts is {}", span(args.lasts.0)),
            format!(
                "a round lasts from {} to {}",
                span(1),
                span(MAX_PERIOD_SECS)
            ),
        ));
    }
    let ends_at = starts_at.saturating_add(i64::try_from(args.lasts.0).unwrap_or(i64::MAX));
    if ends_at <= now {
        return Err(CliError::argument(
            format!("such a round would have ended {}", utc_from(ends_at, now)),
            "let it start or last later",
        ));
    }
    Ok((starts_at, ends_at))
}

impl Verdict for RoundOpened {}

impl Show for RoundOpened {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("round", self.number.to_string());
        page.fact("address", self.round.to_string());
        page.fact("tokens", self.tokens.grouped());
        page.fact("starts", utc_from(self.starts_at, self.now));
        page.fact("ends", utc_from(self.ends_at, self.now));
        self.transactions.show(page);
    }
}
