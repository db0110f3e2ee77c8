//! One thing received.

use cairn_proof::{DecodeError, SignedProof};
use sha2::{Digest, Sha256};

/// One thing received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub content: Content,
    /// Unix milliseconds; the rules measure lateness from it.
    pub received_at_ms: i64,
}

/// A proof, or bytes that are none.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every record is a proof, and a box would be an allocation for each"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Proof(SignedProof),
    Raw {
        bytes: Vec<u8>,
        problem: DecodeError,
    },
}

impl Record {
    #[must_use]
    pub const fn proof(proof: SignedProof, received_at_ms: i64) -> Self {
        Self {
            content: Content::Proof(proof),
            received_at_ms,
        }
    }

    /// The proof's id, or the SHA-256 of bytes that are none.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        match &self.content {
            Content::Proof(signed) => signed.proof.id(),
            Content::Raw { bytes, .. } => Sha256::digest(bytes).into(),
        }
    }
}

/// One record of a Borsh stream, as devices and the demo write it.
#[must_use]
pub fn frame(proof: &SignedProof) -> Vec<u8> {
    let bytes = proof.to_bytes();
    // A proof is bounded far below 4 GiB.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [length.to_le_bytes().as_slice(), &bytes].concat()
}
