use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::Typed;
use crate::{DecodeError, json};

/// A validator met the device `subject`. Signed by validator and device, so that both have the same copy.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorVisit {
    /// The validator's key. A claim only: the verifier takes the validator that the registry has under it.
    #[serde(with = "json::hex_array")]
    pub validator: [u8; 32],
    /// SHA-256 of the challenges and answers that the two exchanged.
    #[serde(with = "json::hex_array")]
    pub transcript: [u8; 32],
}

impl Typed for ValidatorVisit {
    const KIND: Kind = Kind::ValidatorVisit;
    const BYTES: usize = 64;

    fn check(&self) -> Result<(), DecodeError> {
        Ok(())
    }
}
