use serde::{Deserialize, Serialize};

use crate::DecodeError;

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

impl TryFrom<u8> for Role {
    type Error = DecodeError;

    fn try_from(code: u8) -> Result<Self, DecodeError> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or(DecodeError::UnknownRole(code))
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

impl TryFrom<u8> for Scheme {
    type Error = DecodeError;

    fn try_from(code: u8) -> Result<Self, DecodeError> {
        match code {
            0 => Ok(Self::Ed25519),
            1 => Ok(Self::P256),
            _ => Err(DecodeError::UnknownScheme(code)),
        }
    }
}

impl std::fmt::Display for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
