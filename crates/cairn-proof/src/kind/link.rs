use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::body::{Typed, within};
use crate::{DecodeError, PublicKey, json};

/// What the identity `subject` earns belongs to `wallet`, for ever. Signed by the wallet, which so shows that it exists and agrees,
/// and by whoever vouches that both are one person's.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The Ed25519 key that signs as [`crate::Role::User`].
    #[serde(with = "json::hex_array")]
    pub wallet: [u8; 32],
    /// Who signs as [`crate::Role::Attestor`]: 0 an attestor of the network; else the identity's own key, 1 Ed25519, 2 or 3 P-256 by
    /// the parity of y.
    pub vouched_by: u8,
    /// That key. Of an attestor a claim only: the verifier takes the key that the ruleset names.
    #[serde(with = "json::hex_array")]
    pub voucher: [u8; 32],
}

impl Link {
    /// The identity's own key; none where an attestor vouches.
    #[must_use]
    pub fn own_key(&self) -> Option<PublicKey> {
        match self.vouched_by {
            1 => Some(PublicKey::Ed25519(self.voucher)),
            parity @ (2 | 3) => {
                let mut point = [parity; 33];
                point[1..].copy_from_slice(&self.voucher);
                Some(PublicKey::P256(point))
            }
            _ => None,
        }
    }
}

impl Typed for Link {
    const KIND: Kind = Kind::Link;
    const BYTES: usize = 65;

    fn check(&self) -> Result<(), DecodeError> {
        within("vouched_by", i64::from(self.vouched_by), 0, 3)
    }
}
