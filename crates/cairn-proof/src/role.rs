use serde::{Deserialize, Serialize};

use crate::json;

/// In which capacity a key signs. The role is the first byte of the signed message, so that one party's signature can
/// not be presented as another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Device = 1,
    User = 2,
    Validator = 3,
    Carrier = 4,
    Partner = 5,
    Attestor = 6,
}

impl Role {
    /// Every role, by number.
    pub const ALL: [Self; 6] = [
        Self::Device,
        Self::User,
        Self::Validator,
        Self::Carrier,
        Self::Partner,
        Self::Attestor,
    ];

    /// The byte in front of the proof id in the signed message.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Snake-case name, as in JSON and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::User => "user",
            Self::Validator => "validator",
            Self::Carrier => "carrier",
            Self::Partner => "partner",
            Self::Attestor => "attestor",
        }
    }

    /// What a key signs: the role, then the id of the proof.
    #[must_use]
    pub fn message(self, proof_id: &[u8; 32]) -> [u8; 33] {
        let mut message = [0; 33];
        message[0] = self.code();
        message[1..].copy_from_slice(proof_id);
        message
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Signature scheme of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Ed25519, verified as ZIP-215 says, without small-order points.
    Ed25519 = 0,
    /// ECDSA over P-256 with SHA-256, low S only: what secure elements and phones hold.
    P256 = 1,
}

impl Scheme {
    /// The number in a signed proof's bytes.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Snake-case name, as in JSON and tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::P256 => "p256",
        }
    }
}

impl std::fmt::Display for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A signature and the capacity in which it was given. The key is not here: it comes from the registry or the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleSignature {
    pub role: Role,
    pub scheme: Scheme,
    #[serde(with = "json::hex_array")]
    pub signature: [u8; 64],
}
