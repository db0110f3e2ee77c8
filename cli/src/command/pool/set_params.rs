//! `cairn pool set-params`.

use cairn_interface::vault::{
    self, MAX_ANSWER_SECS, MAX_CHALLENGE_WINDOW_SECS, MAX_COOLDOWN_SECS, MAX_EPOCH_INTERVAL_SECS,
    MAX_PARAMS_DELAY_SECS, MAX_PERIOD_SECS, MIN_ANSWER_SECS, MIN_BREAKER_WINDOW_SECS, PoolParams,
    PoolView,
};
use cairn_merkle::Tokens;
use serde::Serialize;

use super::params::{self, ParamsShown};
use crate::address::Address;
use crate::amount::{read_points, read_tokens};
use crate::args::{PoolArg, basis_points, whole};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::moment::{Seconds, span, utc_from};
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Announce new parameters; they take effect after the pool's delay, and never under an epoch in flight
///
/// The signer must be the pool's admin. What is left out stays as it is. Nothing can ever be looser than at the pool's
/// creation (`cairn pool show` names it): no cap or share larger, no window or delay shorter. Until anyone applies them (`cairn pool apply-params`) the guardian or the admin can withdraw them; announcing
/// again replaces them and starts the delay anew.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn pool set-params --pool POOL --emission-cap 500000
  cairn pool set-params --pool POOL --breaker-share 5% --breaker-window 24h      at most 5% of the vault leaves in a day
  cairn pool set-params --pool POOL --params-delay 7d --dry-run                 show the effect and the cost only")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    /// Most tokens that rewards may grow by in one epoch interval
    #[arg(long, value_name = "TOKENS")]
    pub emission_cap: Option<String>,
    /// Time in which rewards may grow by one emission cap
    #[arg(long, value_name = "SPAN")]
    pub epoch_interval: Option<Seconds>,
    /// Time between a root's proposal and its earliest activation
    #[arg(long, value_name = "SPAN")]
    pub challenge_window: Option<Seconds>,
    /// Most points that members may get together in one epoch interval, or none for no cap
    #[arg(long, value_name = "POINTS")]
    pub points_cap: Option<String>,
    /// Most data credits that members may get together in one epoch interval, or none for no cap
    #[arg(long, value_name = "CREDITS")]
    pub credits_cap: Option<String>,
    /// Most of the vault that may leave in the breaker's window: 5%, or 500bps (hundredths of a percent); 100% is no limit. Claims
    /// that their member does not sign share half of it
    #[arg(long, value_name = "SHARE", value_parser = basis_points)]
    pub breaker_share: Option<u16>,
    /// Tokens that may leave in the breaker's window whatever the share says
    #[arg(long, value_name = "TOKENS")]
    pub breaker_floor: Option<String>,
    /// The breaker's window
    #[arg(long, value_name = "SPAN")]
    pub breaker_window: Option<Seconds>,
    /// Time between a member's change of payout wallet and its effect
    #[arg(long, value_name = "SPAN")]
    pub recipient_cooldown: Option<Seconds>,
    /// Time between the announcement of parameters, roles or rules and their effect
    #[arg(long, value_name = "SPAN")]
    pub params_delay: Option<Seconds>,
    /// Time in which a challenged leaf must be shown
    #[arg(long, value_name = "SPAN")]
    pub answer_time: Option<Seconds>,
}

impl Args {
    const fn asks_for_nothing(&self) -> bool {
        self.emission_cap.is_none()
            && self.epoch_interval.is_none()
            && self.challenge_window.is_none()
            && self.breaker_share.is_none()
            && self.breaker_window.is_none()
            && self.recipient_cooldown.is_none()
            && self.params_delay.is_none()
            && self.points_cap.is_none()
            && self.credits_cap.is_none()
            && self.breaker_floor.is_none()
            && self.answer_time.is_none()
    }
}

/// Parameters that were announced.
#[derive(Clone, Debug, Serialize)]
pub struct ParamsAnnounced {
    pub pool: Address,
    /// In effect now.
    pub params: ParamsShown,
    /// In effect once applied.
    pub announced: ParamsShown,
    /// Unix seconds from which anyone may apply them.
    pub effective_at: i64,
    /// The cluster's clock, unix seconds.
    pub now: i64,
    pub transactions: Transactions,
}

/// # Errors
/// The signer is not the pool's admin; a value out of range; nothing would change; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<ParamsAnnounced, CliError> {
    if args.asks_for_nothing() {
        return Err(CliError::argument(
            "no parameter was named",
            "name what is to change, like --emission-cap, --breaker-share or --challenge-window",
        ));
    }
    let (pool, now): (PoolView, _) = chain::with_now(ctx, &args.pool.pool).await?;
    super::current(&pool)?;
    let admin = ctx.signer_as("pool's admin", &pool.admin)?;
    let wanted = changed(args, &pool.params(), pool.decimals)?;
    no_looser(&wanted, &pool)?;
    let announced = pool.pending_params.params();
    if wanted == announced.unwrap_or(pool.params()) {
        return Err(CliError::refused(
            "nothing-changes",
            if announced.is_some() {
                "these parameters are announced already"
            } else {
                "these are the pool's parameters already"
            },
            "see them with `cairn pool show`; announcing them again would only start the delay anew",
        ));
    }
    let effective_at = later(now, pool.params_delay_secs);
    let set = vault::SetParams {
        admin,
        pool: pool.address,
        params: wanted,
    };
    let mut effect = Effect::new("Announce new parameters of the pool").fact("pool", pool.address);
    for (label, from, to) in params::differences(&pool.params(), &wanted, pool.decimals) {
        effect = effect.fact(label, format!("{from} → {to}"));
    }
    effect = effect.fact("can be applied", utc_from(effective_at, now));
    if announced.is_some() {
        effect = effect.warning(
            "Parameters announced before are replaced, and the delay starts anew for all of them.",
        );
    }
    let transactions = perform(ctx, Deed::new(effect).step([set.instruction()])).await?;
    Ok(ParamsAnnounced {
        pool: pool.address.into(),
        params: ParamsShown::new(&pool.params(), pool.decimals),
        announced: ParamsShown::new(&wanted, pool.decimals),
        effective_at,
        now,
        transactions,
    })
}

fn later(now: i64, secs: u64) -> i64 {
    now.saturating_add(i64::try_from(secs).unwrap_or(i64::MAX))
}

/// The parameters in effect with what was asked for in their place.
fn changed(args: &Args, now: &PoolParams, decimals: u8) -> Result<PoolParams, CliError> {
    let tokens = |what, wanted: &Option<String>, now: u64| match wanted {
        None => Ok(now),
        Some(text) => read_tokens(what, text, decimals).map(Tokens::get),
    };
    let wanted_or = |wanted: &Option<String>, read: fn(&str) -> Result<u64, CliError>, now| {
        wanted.as_deref().map_or(Ok(now), read)
    };
    let secs = |wanted: Option<Seconds>, now: u64| wanted.map_or(now, |secs| secs.0);
    let params = PoolParams {
        epoch_interval_secs: secs(args.epoch_interval, now.epoch_interval_secs),
        challenge_window_secs: secs(args.challenge_window, now.challenge_window_secs),
        emission_cap: tokens("--emission-cap", &args.emission_cap, now.emission_cap)?,
        points_cap: wanted_or(&args.points_cap, points_cap, now.points_cap)?,
        credits_cap: wanted_or(&args.credits_cap, credits_cap, now.credits_cap)?,
        breaker_floor: tokens("--breaker-floor", &args.breaker_floor, now.breaker_floor)?,
        answer_secs: secs(args.answer_time, now.answer_secs),
        breaker_window_secs: secs(args.breaker_window, now.breaker_window_secs),
        recipient_cooldown_secs: secs(args.recipient_cooldown, now.recipient_cooldown_secs),
        params_delay_secs: secs(args.params_delay, now.params_delay_secs),
        breaker_share_bps: args.breaker_share.unwrap_or(now.breaker_share_bps),
    };
    within(&params)?;
    Ok(params)
}

/// Milli-points, or the largest number for `none`.
pub(super) fn points_cap(text: &str) -> Result<u64, CliError> {
    if text == NONE {
        return Ok(u64::MAX);
    }
    Ok(read_points("--points-cap", text)?.get())
}

/// Data credits, or the largest number for `none`.
pub(super) fn credits_cap(text: &str) -> Result<u64, CliError> {
    if text == NONE {
        return Ok(u64::MAX);
    }
    whole(text).map_err(|error| CliError::argument(error, "name a count of credits, or none"))
}

/// How people write that there is no cap.
const NONE: &str = "none";

/// Refuses what is looser than at the pool's creation, as the program would.
fn no_looser(wanted: &PoolParams, pool: &PoolView) -> Result<(), CliError> {
    if wanted.validate_against(&pool.creation.params()).is_ok() {
        return Ok(());
    }
    let created = ParamsShown::new(&pool.creation.params(), pool.decimals).words();
    let created = created.map(|(label, value)| format!("{label} {value}"));
    Err(CliError::refused(
        "looser-than-at-creation",
        "nothing can be looser than at the pool's creation: its members came under those limits",
        format!("at creation: {}", created.join("; ")),
    ))
}

/// Refuses what the program would, with the bounds in words.
pub(super) fn within(params: &PoolParams) -> Result<(), CliError> {
    for (option, secs, least, most) in [
        (
            "--epoch-interval",
            params.epoch_interval_secs,
            1,
            MAX_EPOCH_INTERVAL_SECS,
        ),
        (
            "--challenge-window",
            params.challenge_window_secs,
            1,
            MAX_CHALLENGE_WINDOW_SECS,
        ),
        (
            "--breaker-window",
            params.breaker_window_secs,
            MIN_BREAKER_WINDOW_SECS,
            MAX_PERIOD_SECS,
        ),
        (
            "--recipient-cooldown",
            params.recipient_cooldown_secs,
            1,
            MAX_COOLDOWN_SECS,
        ),
        (
            "--params-delay",
            params.params_delay_secs,
            PoolParams::least_delay(params.challenge_window_secs),
            MAX_PARAMS_DELAY_SECS,
        ),
        (
            "--answer-time",
            params.answer_secs,
            MIN_ANSWER_SECS,
            MAX_ANSWER_SECS,
        ),
    ] {
        if !(least..=most).contains(&secs) {
            return Err(CliError::argument(
                format!("{option} is {}", span(secs)),
                format!("it is from {} to {}", span(least), span(most)),
            ));
        }
    }
    Ok(())
}

impl Verdict for ParamsAnnounced {}

impl Show for ParamsAnnounced {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        page.fact("can be applied", utc_from(self.effective_at, self.now));
        self.transactions.show(page);
        if self.transactions.sent() {
            page.gap();
            page.line(&format!(
                "Then: cairn pool apply-params --pool {}",
                self.pool
            ));
        }
    }
}
