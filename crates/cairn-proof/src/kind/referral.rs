use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::Typed;
use crate::{DecodeError, json};

/// The user `subject` brought another one. Signed by an attestor of the network and by whoever was invited, who so agrees to it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// The Ed25519 key of the user that was invited, who signs as [`crate::Role::User`].
    #[serde(with = "json::hex_array")]
    pub invitee: [u8; 32],
    /// The attestor's key. A claim only: the verifier takes the key that the ruleset names.
    #[serde(with = "json::hex_array")]
    pub attestor: [u8; 32],
}

impl Typed for Referral {
    const KIND: Kind = Kind::Referral;
    const BYTES: usize = 64;

    fn check(&self) -> Result<(), DecodeError> {
        Ok(())
    }
}
