use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, permille};
use crate::{DecodeError, json};

/// A user's stay at the access point `subject`: a device of the registry, or the commitment by which a user added it. Signed by the user, and
/// by the device where it is a miner.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WifiCheckIn {
    /// The user's Ed25519 key. It names who signed as [`crate::Role::User`]; whether that user may earn is the
    /// rules' business.
    #[serde(with = "json::hex_array")]
    pub user: [u8; 32],
    /// When the keeper issued the challenge, unix milliseconds.
    pub challenge_at_ms: i64,
    /// The challenge that bound this stay to a moment.
    #[serde(with = "json::hex_array")]
    pub challenge: [u8; 16],
    /// How long the session lasted, seconds.
    pub session_secs: u32,
    /// Share of the radio scan that others at this point saw too, 0 to 1,000.
    pub scan_overlap_permille: u16,
}

impl Typed for WifiCheckIn {
    const KIND: Kind = Kind::WifiCheckIn;
    const BYTES: usize = 62;

    fn check(&self) -> Result<(), DecodeError> {
        permille("scan_overlap_permille", self.scan_overlap_permille)
    }
}
