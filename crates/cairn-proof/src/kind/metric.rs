use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, permille};
use crate::{DecodeError, json};

/// What the device `subject` delivered in one hour of a partner's stream. Signed by partner and device.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerMetric {
    /// The registered stream, which fixes unit, rate and daily ceiling.
    pub stream: u32,
    /// Hours since the unix epoch.
    pub hour_bucket: u32,
    /// How much was delivered in this hour, in the stream's unit.
    #[serde(with = "json::decimal")]
    pub quantity: u64,
    /// The device's lifetime total including this hour; never falls.
    #[serde(with = "json::decimal")]
    pub counter: u64,
    /// Quality factor, 0 to 1,000.
    pub quality_permille: u16,
    /// Whether a second source sampled this hour.
    pub second_source: bool,
    /// The partner's key. A claim only: the verifier takes the key registered for the stream.
    #[serde(with = "json::hex_array")]
    pub partner: [u8; 32],
}

impl Typed for PartnerMetric {
    const KIND: Kind = Kind::PartnerMetric;
    const BYTES: usize = 59;

    fn check(&self) -> Result<(), DecodeError> {
        permille("quality_permille", self.quality_permille)
    }
}
