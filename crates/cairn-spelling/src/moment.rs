//! Times and spans as people write and read them, in whole seconds. "Now" is always handed in by the caller: a deadline is kept
//! by the chain's clock, not by the machine that prints it.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SpanRelativeTo, Timestamp};
use serde::Serialize;
use thiserror::Error;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Ten years: who fixes a moment further off than this probably meant another.
const FAR: u64 = 3_653 * DAY;
/// The least bare number that is taken for unix seconds: September 2001. Below it are years, dates without dashes, and spans.
const FIRST_SECOND: u64 = 1_000_000_000;
/// The greatest: the year 5138. Above it machines count milliseconds and finer.
const LAST_SECOND: u64 = 99_999_999_999;

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

/// Whether two moments lie so far apart that one of them was probably meant otherwise.
#[must_use]
pub const fn is_far(one: i64, other: i64) -> bool {
    one.abs_diff(other) > FAR
}

/// Seconds that a person typed: `7d`, `36h`, `1d 12h`, `90 minutes`, `30s`. A day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Seconds(pub u64);

/// Why a typed span was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SecondsError {
    /// Days to one, seconds to another.
    #[error("\"{0}\" of what? write {0}d, {0}h, {0}m or {0}s")]
    NoUnit(String),
    #[error(
        "months and years have no fixed length, so \"{0}\" is not a span; count days, like 30d or 365d"
    )]
    NoFixedLength(String),
    #[error(
        "\"{0}\" is not a whole number of seconds; write it in a smaller unit, like 36h for a day and a half"
    )]
    Fraction(String),
    #[error("\"{0}\" is not a span of time; write it like 7d, 36h, 90m or 30s")]
    NotASpan(String),
}

impl FromStr for Seconds {
    type Err = SecondsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let typed = text.trim();
        let wrong = || SecondsError::NotASpan(text.to_owned());
        if !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit()) {
            // Nothing is nothing in every unit.
            return if typed.bytes().all(|byte| byte == b'0') {
                Ok(Self(0))
            } else {
                Err(SecondsError::NoUnit(typed.to_owned()))
            };
        }
        if typed.starts_with(|sign: char| sign.is_ascii_digit()) && has_fraction(typed) {
            return Err(SecondsError::Fraction(text.to_owned()));
        }
        let span: jiff::Span = typed.parse().map_err(|_| wrong())?;
        if span.get_years() != 0 || span.get_months() != 0 {
            return Err(SecondsError::NoFixedLength(text.to_owned()));
        }
        let duration = span
            .to_duration(SpanRelativeTo::days_are_24_hours())
            .map_err(|_| wrong())?;
        if duration.subsec_nanos() != 0 {
            return Err(SecondsError::Fraction(text.to_owned()));
        }
        u64::try_from(duration.as_secs())
            .map(Self)
            .map_err(|_| wrong())
    }
}

/// Whether digits stand on both sides of a point or comma.
fn has_fraction(text: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        matches!(byte, b'.' | b',')
            && digit(bytes.get(at.wrapping_sub(1)))
            && digit(bytes.get(at.saturating_add(1)))
    })
}

/// A moment that a person typed, in unix seconds: `2026-03-01` (midnight UTC), `2026-03-01T12:00:00Z` or ten digits of unix
/// seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// Why a typed moment was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MomentError {
    /// Taken for seconds, it would lie tens of thousands of years off.
    #[error("\"{text}\" looks like {unit}; unix time is in seconds here: write {seconds} ({})", utc(*seconds))]
    Finer {
        text: String,
        unit: &'static str,
        seconds: i64,
    },
    #[error("\"{text}\" could be a date without dashes; write {date}")]
    Compact { text: String, date: String },
    #[error("\"{0}\" could be a year; write a day of it, like {0}-03-01")]
    Year(String),
    #[error(
        "\"{0}\" would be unix seconds outside the years 2001 to 5138; write a date, like 2026-03-01"
    )]
    OutOfRange(String),
    #[error("\"{0}\" does not say in which time zone; write {0}Z for UTC")]
    NoZone(String),
    #[error(
        "\"{0}\" is not a moment; write it like 2026-03-01 (midnight UTC), 2026-03-01T12:00:00Z or 1772323200 (unix seconds)"
    )]
    NotAMoment(String),
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let typed = text.trim();
        let digits = typed.strip_prefix(['-', '+']).unwrap_or(typed);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return bare_number(typed);
        }
        let wrong = || MomentError::NotAMoment(text.to_owned());
        let time: Timestamp = match typed.parse::<Date>() {
            // A date alone; a text with a time parses as a date, too, but its zone must not be dropped.
            Ok(_) if !typed.contains(['T', 't', ' ', ':']) => {
                format!("{typed}T00:00:00Z").parse().map_err(|_| wrong())?
            }
            _ => typed.parse().map_err(|_| {
                let local = typed.parse::<jiff::civil::DateTime>().is_ok();
                if local && typed.contains(['T', 't', ' ']) {
                    MomentError::NoZone(typed.to_owned())
                } else {
                    wrong()
                }
            })?,
        };
        if time.subsec_nanosecond() != 0 {
            return Err(wrong());
        }
        Ok(Self(time.as_second()))
    }
}

/// What a number without anything else says: unix seconds, and only where nothing else is likelier.
fn bare_number(typed: &str) -> Result<Moment, MomentError> {
    /// How machines count time, coarsest first.
    const FINER: [(&str, u64); 3] = [
        ("milliseconds", 1_000),
        ("microseconds", 1_000_000),
        ("nanoseconds", 1_000_000_000),
    ];
    let owned = || typed.to_owned();
    let Ok(number) = typed.parse::<u64>() else {
        return Err(MomentError::OutOfRange(owned()));
    };
    let seconds = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    if (FIRST_SECOND..=LAST_SECOND).contains(&number) {
        return Ok(Moment(seconds(number)));
    }
    let finer = FINER.iter().find(|(_, per_second)| {
        (FIRST_SECOND..=LAST_SECOND).contains(&number.checked_div(*per_second).unwrap_or(0))
    });
    if let Some((unit, per_second)) = finer {
        return Err(MomentError::Finer {
            text: owned(),
            unit,
            seconds: seconds(number.checked_div(*per_second).unwrap_or(0)),
        });
    }
    if let (8, Ok(date)) = (typed.len(), typed.parse::<Date>()) {
        let date = date.to_string();
        return Err(MomentError::Compact {
            text: owned(),
            date,
        });
    }
    if (1970..=2200).contains(&number) {
        return Err(MomentError::Year(owned()));
    }
    Err(MomentError::OutOfRange(owned()))
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
            ("1969-12-31T23:59:55Z", -5),
        ] {
            assert_eq!(text.parse(), Ok(Moment(secs)), "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "2026-03-01T00:00:00.5Z",
            "01.03.2026",
            "03/01/2026",
        ] {
            assert_eq!(
                text.parse::<Moment>(),
                Err(MomentError::NotAMoment(text.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_that_machines_count_finer_is_not_taken_for_seconds() {
        for (text, unit) in [
            ("1803859200000", "milliseconds"),
            ("1803859200000000", "microseconds"),
            ("1803859200000000000", "nanoseconds"),
        ] {
            assert_eq!(
                text.parse::<Moment>(),
                Err(MomentError::Finer {
                    text: text.to_owned(),
                    unit,
                    seconds: 1_803_859_200
                })
            );
        }
        assert_eq!(
            "1803859200000".parse::<Moment>().unwrap_err().to_string(),
            "\"1803859200000\" looks like milliseconds; unix time is in seconds here: write 1803859200 (2027-03-01 00:00:00 UTC)"
        );
    }

    #[test]
    fn a_number_that_is_likelier_a_date_or_a_year_is_not_taken_for_seconds() {
        let refused = |text: &str| text.parse::<Moment>().unwrap_err();
        assert_eq!(
            refused("20260301"),
            MomentError::Compact {
                text: "20260301".to_owned(),
                date: "2026-03-01".to_owned()
            }
        );
        assert_eq!(refused("2026"), MomentError::Year("2026".to_owned()));
        for text in ["0", "-5", "90", "999999999", "99999999999999999999999"] {
            assert_eq!(
                refused(text),
                MomentError::OutOfRange(text.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_time_without_a_zone_is_asked_for_it() {
        for text in ["2026-03-01T00:00:00", "2026-03-01 12:00"] {
            assert_eq!(
                text.parse::<Moment>(),
                Err(MomentError::NoZone(text.to_owned()))
            );
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
        assert!(!is_far(now, now + 315_576_000) && is_far(now, now + 320_000_000));
        assert!(is_far(i64::MIN, i64::MAX));
    }

    #[test]
    fn a_typed_span_is_read_in_the_units_people_use() {
        for (text, secs) in [
            ("3600s", 3600),
            ("7d", 604_800),
            ("36h", 129_600),
            ("1d 12h", 129_600),
            ("90m", 5400),
            ("90 minutes", 5400),
            ("2w", 1_209_600),
            ("0", 0),
            ("0d", 0),
        ] {
            assert_eq!(text.parse(), Ok(Seconds(secs)), "{text}");
        }
        for text in ["", "soon", "-1h", "99999999999999999999d"] {
            assert_eq!(
                text.parse::<Seconds>(),
                Err(SecondsError::NotASpan(text.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_span_without_a_unit_without_a_length_or_with_a_fraction_is_asked_about() {
        let refused = |text: &str| text.parse::<Seconds>().unwrap_err();
        assert_eq!(
            refused("90").to_string(),
            "\"90\" of what? write 90d, 90h, 90m or 90s"
        );
        for text in ["1 month", "2y", "1y 3d"] {
            assert_eq!(
                refused(text),
                SecondsError::NoFixedLength(text.to_owned()),
                "{text}"
            );
        }
        for text in ["1.5d", "1,5d", "100ms", "0.5"] {
            assert_eq!(
                refused(text),
                SecondsError::Fraction(text.to_owned()),
                "{text}"
            );
        }
    }
}
