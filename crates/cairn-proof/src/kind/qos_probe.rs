use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, permille, within};
use crate::{DecodeError, json};

/// What a validator measured of the service of the hotspot `subject`. Signed by device and validator, who so agree on the numbers.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QosProbe {
    /// The validator's key. A claim only: the verifier takes the validator that the registry has under it.
    #[serde(with = "json::hex_array")]
    pub validator: [u8; 32],
    /// Towards the user, kilobits a second; to 100 gigabits.
    pub down_kbps: u32,
    /// From the user, kilobits a second; to 100 gigabits.
    pub up_kbps: u32,
    /// Round trip, milliseconds; to a minute.
    pub rtt_ms: u32,
    /// Share of packets that were lost, 0 to 1,000.
    pub loss_permille: u16,
}

const MAX_KBPS: i64 = 100_000_000;
const MAX_RTT_MS: i64 = 60_000;

impl Typed for QosProbe {
    const KIND: Kind = Kind::QosProbe;
    const BYTES: usize = 46;

    /// The bounds keep sums of probes within 64 bits.
    fn check(&self) -> Result<(), DecodeError> {
        within("down_kbps", self.down_kbps.into(), 0, MAX_KBPS)?;
        within("up_kbps", self.up_kbps.into(), 0, MAX_KBPS)?;
        within("rtt_ms", self.rtt_ms.into(), 0, MAX_RTT_MS)?;
        permille("loss_permille", self.loss_permille)
    }
}
