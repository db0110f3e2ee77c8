//! Where devices say that they stand, and what is odd about it: most wrong places come out of exports, not out of lies.

use std::collections::BTreeSet;
use std::fmt;

use cairn_epoch::Device;
use cairn_spelling::{DecimalFault, decimal};

use super::country::is_far;

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

/// Whether people have confirmed places that look wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddities {
    Refused,
    Confirmed,
}

impl From<bool> for Oddities {
    fn from(confirmed: bool) -> Self {
        if confirmed {
            Self::Confirmed
        } else {
            Self::Refused
        }
    }
}

/// Why a place is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceFault {
    /// Latitudes end at 90.
    Swapped,
    OffEarth,
    /// 0° north, 0° east, in the sea off Ghana: what an unknown place becomes when it is counted as a number.
    NullIsland,
    /// Nowhere near the country that the device names.
    FarFrom([u8; 2]),
}

impl PlaceFault {
    /// Whether a person may confirm it.
    #[must_use]
    pub const fn is_odd(self) -> bool {
        matches!(self, Self::NullIsland | Self::FarFrom(_))
    }
}

/// What to do about places that are refused unless confirmed.
pub const ODD_HINT: &str = "leave the place out where it is unknown; add --odd-places if these places are right all the same";

impl fmt::Display for PlaceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Swapped => f.write_str(
                "the place is not on Earth: latitudes end at 90; are latitude and longitude swapped?",
            ),
            Self::OffEarth => f.write_str("the place is not on Earth"),
            Self::NullIsland => f.write_str(
                "0, 0 is in the sea off Ghana, where lists put what they do not know",
            ),
            Self::FarFrom([first, second]) => write!(
                f,
                "the place is far from {}{}: is a minus lost, or are latitude and longitude swapped?",
                char::from(*first),
                char::from(*second)
            ),
        }
    }
}

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

    /// Refuses what is no place of a device in `country` (zeros: not told).
    ///
    /// # Errors
    /// [`PlaceFault`]; the odd ones only while they are not confirmed.
    pub fn check(self, country: [u8; 2], oddities: Oddities) -> Result<(), PlaceFault> {
        if !self.is_on_earth() {
            let back = Self {
                lat_e7: self.lon_e7,
                lon_e7: self.lat_e7,
            };
            return Err(if back.is_on_earth() {
                PlaceFault::Swapped
            } else {
                PlaceFault::OffEarth
            });
        }
        if oddities == Oddities::Confirmed {
            return Ok(());
        }
        if self.lat_e7 == 0 && self.lon_e7 == 0 {
            return Err(PlaceFault::NullIsland);
        }
        if country != [0; 2] && is_far(country, self) {
            return Err(PlaceFault::FarFrom(country));
        }
        Ok(())
    }
}

/// Where those devices stand that tell it.
#[must_use]
pub fn places(rows: &[Device]) -> Vec<Place> {
    rows.iter().filter_map(Place::of).collect()
}

/// What is odd about many places together, in sentences: no single one of them is wrong, so a person decides.
#[must_use]
pub fn doubts(places: &[Place]) -> Vec<String> {
    let mut doubts = Vec::new();
    if places.len() < 3 {
        return doubts;
    }
    let count = places.len();
    let different: BTreeSet<&Place> = places.iter().collect();
    if different.len() == 1 {
        doubts.push(format!(
            "All {count} devices that tell a place tell the same one: was one cell copied down?"
        ));
    }
    if places.iter().all(|place| place.lat_e7 == place.lon_e7) {
        doubts.push(format!(
            "The latitude of all {count} devices that tell a place is their longitude too: was one column exported twice?"
        ));
    }
    let on_a_line = |place: &&Place| (place.lat_e7 == 0) != (place.lon_e7 == 0);
    let halves = places.iter().filter(on_a_line).count();
    if halves > 0 {
        doubts.push(format!(
            "{halves} of {count} places have a latitude or a longitude of exactly 0: is it unknown there?"
        ));
    }
    doubts
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
