//! Readers of arguments: what people write, or a sentence about it.

use cairn_spelling::{Amount, Moment, SOL_DECIMALS, Seconds};

/// Unix seconds.
pub(super) fn instant(text: &str) -> Result<i64, String> {
    text.parse::<Moment>()
        .map(|moment| moment.0)
        .map_err(|error| error.to_string())
}

/// Seconds, from a span of time.
pub(super) fn span(text: &str) -> Result<u64, String> {
    text.parse::<Seconds>()
        .map(|span| span.0)
        .map_err(|error| error.to_string())
}

/// Lamports, from SOL.
pub(super) fn sol(text: &str) -> Result<u64, String> {
    Amount::parse(text, SOL_DECIMALS)
        .map(|amount| amount.base())
        .map_err(|error| format!("{error}; {}", error.hint()))
}

/// Hours since 1970.
pub(super) fn full_hour(text: &str) -> Result<i64, String> {
    let secs = instant(text)?;
    if secs < 0 || secs % 3_600 != 0 {
        return Err("a full hour since 1970 is expected, like 2026-01-05T00:00:00Z".to_owned());
    }
    Ok(secs.div_euclid(3_600))
}
