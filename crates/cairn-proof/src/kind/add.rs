use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, place};
use crate::{DecodeError, json};

/// Neighbours that a scan tells of, at most.
pub const SCAN_NEIGHBOURS: usize = 5;

/// A user found the access point `subject`, which is a keyed commitment of its BSSID: the same for everybody in the network, and
/// nobody without the network's key learns which one it is. Signed by the user.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WifiAdd {
    /// The user's Ed25519 key. It names who signed as [`crate::Role::User`]; whether that user may earn is the
    /// rules' business.
    #[serde(with = "json::hex_array")]
    pub user: [u8; 32],
    /// Where it was seen: latitude, degrees × 10^7, north positive.
    pub lat_e7: i32,
    /// Longitude, degrees × 10^7, east positive.
    pub lon_e7: i32,
    /// Commitments, made as the subject is, of the strongest access points that were seen beside it: ascending, each once, then
    /// zeros where there were fewer. Apart, so that proofs of other kinds are not as large in memory.
    #[serde(with = "json::hex_arrays")]
    pub neighbours: Box<[[u8; 32]; SCAN_NEIGHBOURS]>,
}

impl WifiAdd {
    /// The neighbours that were seen, without the empty places.
    #[must_use]
    pub fn seen(&self) -> &[[u8; 32]] {
        let seen = self.neighbours.iter().position(|key| *key == [0; 32]);
        self.neighbours
            .get(..seen.unwrap_or(SCAN_NEIGHBOURS))
            .unwrap_or_default()
    }
}

impl Typed for WifiAdd {
    const KIND: Kind = Kind::WifiAdd;
    const BYTES: usize = 200;

    /// One scan has one encoding, and a neighbour that stands twice is not two.
    fn check(&self) -> Result<(), DecodeError> {
        place(self.lat_e7, self.lon_e7)?;
        let seen = self.seen();
        let ascends = seen.windows(2).all(|pair| pair[0] < pair[1]);
        let ends = self.neighbours.iter().skip(seen.len());
        if ascends && ends.into_iter().all(|key| *key == [0; 32]) {
            return Ok(());
        }
        Err(DecodeError::NeighbourOrder)
    }
}
