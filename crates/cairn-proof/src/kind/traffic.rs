use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, positive, within};
use crate::{DecodeError, json};

/// Most bytes of one session, a tebibyte: as many sessions as an epoch can hold still add up within 64 bits.
const MAX_BYTES: i64 = 1 << 40;

/// Traffic that the device `subject` carried for one of a carrier's subscribers, and that ended when it was observed. Signed by
/// device and carrier, so that both have the same copy.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrafficSession {
    /// What the carrier calls the session; never given to another one.
    #[serde(with = "json::hex_array")]
    pub session: [u8; 32],
    /// Who pays for it: the registered payer, which fixes the carrier; from 1.
    pub payer: u32,
    /// The subscriber, as the carrier knows them: the same one has the same name in every session, and nobody else can tell who
    /// it is.
    #[serde(with = "json::hex_array")]
    pub subscriber: [u8; 32],
    /// Unix milliseconds, from 0.
    pub started_at_ms: i64,
    /// Up and down together, 1 to 2^40.
    #[serde(with = "json::decimal")]
    pub bytes: u64,
    /// The carrier's key. A claim only: the verifier takes the key registered for the payer.
    #[serde(with = "json::hex_array")]
    pub carrier: [u8; 32],
}

impl Typed for TrafficSession {
    const KIND: Kind = Kind::TrafficSession;
    const BYTES: usize = 116;

    fn check(&self) -> Result<(), DecodeError> {
        positive("payer", self.payer)?;
        within("started_at_ms", self.started_at_ms, 0, i64::MAX)?;
        let bytes = i64::try_from(self.bytes).unwrap_or(i64::MAX);
        within("bytes", bytes, 1, MAX_BYTES)
    }
}
