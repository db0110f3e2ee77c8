//! Times and spans as people read them. "Now" is always the cluster's clock, handed in by the caller: a deadline is
//! kept by the chain, not by the machine that prints it.

use jiff::{SpanRelativeTo, Timestamp};
use serde::Serialize;
use thiserror::Error;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// `2026-03-01 12:00:00 UTC`; the bare number when the calendar does not reach that far.
#[must_use]
pub fn utc(unix_secs: i64) -> String {
    Timestamp::from_second(unix_secs).map_or_else(
        |_| format!("unix time {unix_secs}"),
        |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// [`utc`] with the distance from `now`: `… (in 2 days 3 h)`, `… (5 min ago)`.
#[must_use]
pub fn utc_from(unix_secs: i64, now: i64) -> String {
    let distance = span(unix_secs.abs_diff(now));
    let distance = match unix_secs.cmp(&now) {
        std::cmp::Ordering::Greater => format!("in {distance}"),
        std::cmp::Ordering::Equal => "now".to_owned(),
        std::cmp::Ordering::Less => format!("{distance} ago"),
    };
    format!("{} ({distance})", utc(unix_secs))
}

/// A span in its two largest units: `7 days`, `2 days 3 h`, `4 min 30 s`, `0 s`.
#[must_use]
pub fn span(secs: u64) -> String {
    let units = [
        (secs / DAY, if secs / DAY == 1 { " day" } else { " days" }),
        (secs % DAY / HOUR, " h"),
        (secs % HOUR / MINUTE, " min"),
        (secs % MINUTE, " s"),
    ];
    let first = units.iter().position(|(count, _)| *count > 0);
    let shown = first.and_then(|at| units.get(at..units.len().min(at.saturating_add(2))));
    let text = shown
        .unwrap_or_default()
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect::<Vec<_>>()
        .join(" ");
    if text.is_empty() {
        "0 s".to_owned()
    } else {
        text
    }
}

/// Seconds that a person typed: `7d`, `36h`, `1d 12h`, `90 minutes`, or plain seconds. A day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Seconds(pub u64);

/// Why a typed span was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" is not a span of time; write it like 7d, 36h, 90m or 3600 (seconds)")]
pub struct SecondsError(String);

impl std::str::FromStr for Seconds {
    type Err = SecondsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || SecondsError(text.to_owned());
        if let Ok(secs) = text.trim().parse::<u64>() {
            return Ok(Self(secs));
        }
        let span: jiff::Span = text.trim().parse().map_err(|_| wrong())?;
        // Months and years have no fixed length, so the conversion refuses them.
        let duration = span
            .to_duration(SpanRelativeTo::days_are_24_hours())
            .map_err(|_| wrong())?;
        if duration.subsec_nanos() != 0 {
            return Err(wrong());
        }
        u64::try_from(duration.as_secs())
            .map(Self)
            .map_err(|_| wrong())
    }
}

/// A moment that a person typed, in unix seconds: `2026-03-01` (midnight UTC), `2026-03-01T12:00:00Z` or plain seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// Why a typed moment was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "\"{0}\" is not a moment; write it like 2026-03-01 (midnight UTC), 2026-03-01T12:00:00Z or 1772323200 (unix seconds)"
)]
pub struct MomentError(String);

impl std::str::FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || MomentError(text.to_owned());
        let text = text.trim();
        if let Ok(secs) = text.parse() {
            return Ok(Self(secs));
        }
        let time: Timestamp = match text.parse::<jiff::civil::Date>() {
            // A date alone; a text with a time parses as a date, too, but its zone must not be dropped.
            Ok(_) if !text.contains(['T', 't', ' ', ':']) => format!("{text}T00:00:00Z").parse(),
            _ => text.parse(),
        }
        .map_err(|_| wrong())?;
        if time.subsec_nanosecond() != 0 {
            return Err(wrong());
        }
        Ok(Self(time.as_second()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_moment_is_read_as_a_date_a_time_with_its_zone_or_seconds() {
        for (text, secs) in [
            ("1772323200", 1_772_323_200),
            ("2026-03-01", 1_772_323_200),
            ("2026-03-01T00:00:00Z", 1_772_323_200),
            ("2026-03-01T02:30:00+02:30", 1_772_323_200),
            ("2026-03-01 00:00:00Z", 1_772_323_200),
            ("-5", -5),
        ] {
            assert_eq!(text.parse(), Ok(Moment(secs)), "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "2026-03-01T00:00:00",
            "2026-03-01T00:00:00.5Z",
            "01.03.2026",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_shown_in_utc_with_its_distance_on_the_chains_clock() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(i64::MAX), "unix time 9223372036854775807");
        let now = 1_359_676_800;
        assert_eq!(
            utc_from(now + 90_061, now),
            "2013-02-02 01:01:01 UTC (in 1 day 1 h)"
        );
        assert_eq!(
            utc_from(now - 270, now),
            "2013-01-31 23:55:30 UTC (4 min 30 s ago)"
        );
        assert_eq!(utc_from(now, now), "2013-02-01 00:00:00 UTC (now)");
        assert_eq!(span(604_800), "7 days");
        assert_eq!(span(0), "0 s");
        assert_eq!(span(86_400 + 59), "1 day");
    }

    #[test]
    fn a_typed_span_is_read_in_the_units_people_use() {
        for (text, secs) in [
            ("3600", 3600),
            ("7d", 604_800),
            ("36h", 129_600),
            ("1d 12h", 129_600),
            ("90m", 5400),
            ("90 minutes", 5400),
            ("2w", 1_209_600),
            ("0", 0),
        ] {
            assert_eq!(text.parse(), Ok(Seconds(secs)), "{text}");
        }
        for text in [
            "",
            "soon",
            "-1h",
            "1 month",
            "1.5d",
            "100ms",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }
}
