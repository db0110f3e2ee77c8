//! `cairn points round open`.

use cairn_client::Reading;
use cairn_interface::vault::{self, MAX_PERIOD_SECS, PoolView, ROUND_LEN};
use cairn_merkle::Tokens;
use solana_sdk::pubkey::Pubkey;

use crate::amount::{Amount, of_points, of_tokens, read_points, read_tokens};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::command::pool::{current, fund::source};
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::{Moment, Seconds, is_far, span, utc_from};
use crate::token::{self, Rules};
use crate::transact::{Deed, perform};

/// Open a burn round: tokens that members share by burning points
///
/// The signer must be the pool's admin. The tokens move into a vault of the round's own at once and leave it only as shares; what
/// rounding leaves, or everything when nobody burns, goes to the pool's vault when the round is closed. Points burn as the epoch
/// that is active now grants them; what later epochs grant counts in later rounds.
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

/// # Errors
/// The signer is not the pool's admin; too few tokens; a window that is over or too long; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    current(&pool)?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let tokens = read_tokens("TOKENS", &args.tokens, pool.decimals)?;
    if tokens == Tokens::ZERO {
        return Err(CliError::argument(
            "a round without tokens shares nothing",
            "name the tokens to share",
        ));
    }
    let minimum = read_points("--minimum", &args.minimum)?;
    let (starts_at, ends_at) = window(args, now)?;
    let from = source(&pool, &admin, args.from);
    let mut reading = Reading::new();
    let (source, rent) = (reading.token_account(from), reading.rent());
    let rules = Rules::ask(&mut reading, &pool.mint, &pool.token_program);
    let read = chain::answer(ctx, reading).await?;
    let source = read.find(&source)?;
    token::held(source.as_ref(), &from, &pool.mint, tokens, pool.decimals)?;
    if pool.active_epoch == 0 || pool.is_correction_due() {
        return Err(CliError::not_yet(
            "no-active-epoch",
            format!(
                "pool {} has no active epoch whose points could be burnt",
                pool.address
            ),
            "open the round once an epoch is active (`cairn epoch list`)",
        ));
    }
    let (rent, rules) = (read.need(&rent)?, Rules::answered(&rules, &read)?);
    let rent_lamports = rent
        .minimum_balance(ROUND_LEN)
        .saturating_add(rent.minimum_balance(rules.account_len()));
    let arrival = rules.arrival(tokens, pool.decimals);
    let open = vault::OpenRound {
        opener: ctx.fee_payer()?,
        admin,
        funder: admin,
        pool: pool.address,
        mint: pool.mint,
        token_program: pool.token_program,
        from,
        epoch: pool.active_epoch(),
        number: pool.next_round,
        tokens,
        minimum,
        starts_at,
        ends_at,
    };
    let effect = Effect::new(format!("Open burn round {}", pool.next_round))
        .fact("pool", pool.address)
        .fact(
            "shares",
            format!(
                "{} tokens of {}",
                of_tokens(tokens, pool.decimals).grouped(),
                pool.mint
            ),
        )
        .fact("from", from);
    let mut effect = arrival
        .on(effect, "the round receives")
        .fact("starts", utc_from(starts_at, now))
        .fact("ends", utc_from(ends_at, now))
        .fact("least burn", format!("{} points", of_points(minimum).grouped()))
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
    Ok(Facts::of(transactions)
        .fact("pool", pool.address)
        .named("number", "round", pool.next_round)
        .named("round", "address", open.round())
        .fact("tokens", arrival.received)
        .data("minimum", of_points(minimum))
        .worded("starts_at", starts_at, "starts", utc_from(starts_at, now))
        .worded("ends_at", ends_at, "ends", utc_from(ends_at, now))
        .data("rent_lamports", rent_lamports)
        .data("now", now))
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
