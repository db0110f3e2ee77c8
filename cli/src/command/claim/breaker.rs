//! The outflow breaker in words: how much may leave now, and when more.

use cairn_interface::vault::{PoolView, Room};
use cairn_merkle::Tokens;

use crate::amount::of_tokens;
use crate::error::CliError;
use crate::moment::utc_from;

/// The code of a refusal because the breaker is open; the program's own.
pub(super) const BREAKER_OPEN: &str = "reward-vault/BreakerOpen";

/// Refuses a claim of more than may leave now.
///
/// # Errors
/// [`CliError::NotYet`] with what is available, and when more is.
pub(super) fn admits(
    pool: &PoolView,
    room: &Room,
    amount: Tokens,
    now: i64,
) -> Result<(), CliError> {
    if amount <= available(room) {
        return Ok(());
    }
    Err(open(pool, room, now))
}

/// What may leave now.
pub(super) const fn available(room: &Room) -> Tokens {
    Tokens::new(room.available)
}

/// The refusal itself.
pub(super) fn open(pool: &PoolView, room: &Room, now: i64) -> CliError {
    let available = of_tokens(available(room), pool.decimals);
    let more = if room.more_at > now {
        format!("more {}", utc_from(room.more_at, now))
    } else {
        "more as the window moves on".to_owned()
    };
    CliError::not_yet(
        BREAKER_OPEN,
        format!(
            "{} tokens available now, {more}: the pool lets only a share of its vault leave at a time",
            available.grouped()
        ),
        if room.available == 0 {
            "run the same command again then: what was earned stays earned".to_owned()
        } else {
            format!(
                "claim with --at-most {} now, and the rest later",
                available.plain()
            )
        },
    )
}
