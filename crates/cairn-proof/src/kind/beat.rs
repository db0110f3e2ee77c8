use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, place};
use crate::DecodeError;

/// One hour of a hotspot's life. Signed by the device.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotspotBeat {
    /// Hours since the unix epoch.
    pub hour_bucket: u32,
    /// Observed latitude, degrees × 10^7, north positive.
    pub lat_e7: i32,
    /// Observed longitude, degrees × 10^7, east positive.
    pub lon_e7: i32,
    /// Whether somebody else reached the hotspot in this hour.
    pub contact: bool,
}

impl Typed for HotspotBeat {
    const KIND: Kind = Kind::HotspotBeat;
    const BYTES: usize = 13;

    fn check(&self) -> Result<(), DecodeError> {
        place(self.lat_e7, self.lon_e7)
    }
}
