//! The one place that reads this machine's clock: for times of receipt. Everything that decides about money uses the
//! chain's clock instead.

use std::time::{SystemTime, UNIX_EPOCH};

/// Unix milliseconds.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the keeper's clock")]
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
