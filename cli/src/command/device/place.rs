//! Where devices say that they stand.

use cairn_epoch::Device;
use cairn_spelling::{DecimalFault, decimal};

/// A place in degrees × 10^7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub lat_e7: i32,
    pub lon_e7: i32,
}

/// Digits behind the point that count: a centimetre.
const PLACES: usize = 7;
const MAX_LAT_E7: u32 = 900_000_000;
const MAX_LON_E7: u32 = 1_800_000_000;
const ROUND_E7: u32 = 3_600_000_000;

impl Place {
    /// Where a device stands, when it tells.
    #[must_use]
    pub fn of(row: &Device) -> Option<Self> {
        let (lat_e7, lon_e7) = row.place()?;
        Some(Self { lat_e7, lon_e7 })
    }

    #[must_use]
    pub const fn is_on_earth(self) -> bool {
        self.lat_e7.unsigned_abs() <= MAX_LAT_E7 && self.lon_e7.unsigned_abs() <= MAX_LON_E7
    }

    /// How far two places are apart by latitude or by longitude, whichever is more; around the date line the short way.
    #[must_use]
    pub fn degrees_apart_e7(self, other: Self) -> u32 {
        let east = self.lon_e7.abs_diff(other.lon_e7);
        let east = east.min(ROUND_E7.saturating_sub(east));
        self.lat_e7.abs_diff(other.lat_e7).max(east)
    }
}

/// Where those devices stand that tell it.
#[must_use]
pub fn places(rows: &[Device]) -> Vec<Place> {
    rows.iter().filter_map(Place::of).collect()
}

/// Degrees × 10^7 without floating point, so that every machine freezes the same place. Digits beyond the seventh, a
/// centimetre, are cut.
///
/// # Errors
/// A sentence for what is none.
pub fn degrees_e7(text: &str) -> Result<i32, String> {
    let wrong = |why: &str| format!("\"{text}\" {why}: write degrees like 40.7128 or -74.006");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let beyond = digits
        .find('.')
        .and_then(|point| point.checked_add(1 + PLACES));
    let kept = beyond.and_then(|end| digits.split_at_checked(end));
    let (kept, cut) = kept.unwrap_or((digits, ""));
    if !cut.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("is not a number"));
    }
    match decimal(kept.as_bytes(), 7) {
        Ok(magnitude) => {
            let magnitude =
                i32::try_from(magnitude).map_err(|_| wrong("is more than a circle has"))?;
            Ok(if negative {
                magnitude.saturating_neg()
            } else {
                magnitude
            })
        }
        Err(
            DecimalFault::DecimalComma { instead }
            | DecimalFault::TwoReadings {
                fraction: instead, ..
            },
        ) => {
            let sign = if negative { "-" } else { "" };
            Err(format!(
                "\"{text}\" has a decimal comma; write {sign}{instead}"
            ))
        }
        Err(fault) => Err(wrong(&fault.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_without_floating_point_and_cut_to_a_centimetre() {
        for (text, e7) in [
            ("40.7128", 407_128_000),
            ("-74.0060", -740_060_000),
            ("+1", 10_000_000),
            ("40.71279999", 407_127_999),
            ("-0.00000009", 0),
            ("180", 1_800_000_000),
        ] {
            assert_eq!(degrees_e7(text), Ok(e7), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_of_degrees_is_told_with_the_right_writing() {
        for (text, told) in [
            ("40,7128", "\"40,7128\" has a decimal comma; write 40.7128"),
            ("-74,006", "\"-74,006\" has a decimal comma; write -74.006"),
            ("40\u{b0}42'46\"N", "write degrees like 40.7128 or -74.006"),
            ("4.0000000x", "is not a number"),
            ("--4", "is negative"),
            ("4e1", "is in scientific notation"),
            ("N/A", "is not a number"),
            ("1000", "is more than a circle has"),
            ("", "is empty"),
        ] {
            let refused = degrees_e7(text).unwrap_err();
            assert!(refused.contains(told), "{text}: {refused}");
        }
    }
}
