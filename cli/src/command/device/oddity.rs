//! What is odd about the places of devices: most wrong ones come out of exports, not out of lies.

use std::collections::BTreeSet;
use std::fmt;

use super::country::is_far;
use super::place::Place;

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
