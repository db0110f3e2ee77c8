use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Body, DecodeError, Kind, MAX_BODY_BYTES, json};

/// First bytes of every proof: the same key signs nothing else that starts with them.
pub const PROOF_TAG: [u8; 8] = *b"CAIRNPF1";

/// Bytes of a proof before its body: fixed fields and the body's length.
const HEAD_BYTES: usize = 148;

/// Most bytes a proof has.
pub const MAX_PROOF_BYTES: usize = HEAD_BYTES + MAX_BODY_BYTES;

/// The unsigned proof. Its kind is its body's: a field of its own could contradict it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofV1 {
    /// Address of the network: a proof for one network means nothing in another.
    #[serde(with = "json::hex_array")]
    pub network: [u8; 32],
    /// Version of the rules the signer saw.
    pub ruleset: u16,
    /// The device or access point.
    #[serde(with = "json::hex_array")]
    pub subject: [u8; 32],
    /// Counts up with every proof of the signer.
    #[serde(with = "json::decimal")]
    pub signer_seq: u64,
    /// The epoch the proof is for.
    pub epoch: u32,
    /// When it was observed, unix milliseconds.
    pub observed_at_ms: i64,
    /// A recent slot, with its hash: the proof was not made before it.
    #[serde(with = "json::decimal")]
    pub anchor_slot: u64,
    #[serde(with = "json::hex_array")]
    pub anchor_hash: [u8; 32],
    /// H3 cell, resolution 9.
    #[serde(with = "json::h3_cell")]
    pub cell: u64,
    pub body: Body,
}

/// Field order and types of the encoding.
#[derive(BorshSerialize, BorshDeserialize)]
struct Wire {
    tag: [u8; 8],
    network: [u8; 32],
    kind: u16,
    ruleset: u16,
    subject: [u8; 32],
    signer_seq: u64,
    epoch: u32,
    observed_at_ms: i64,
    anchor_slot: u64,
    anchor_hash: [u8; 32],
    cell: u64,
}

impl ProofV1 {
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = Wire {
            tag: PROOF_TAG,
            network: self.network,
            kind: self.kind().code(),
            ruleset: self.ruleset,
            subject: self.subject,
            signer_seq: self.signer_seq,
            epoch: self.epoch,
            observed_at_ms: self.observed_at_ms,
            anchor_slot: self.anchor_slot,
            anchor_hash: self.anchor_hash,
            cell: self.cell,
        };
        let mut bytes = Vec::with_capacity(HEAD_BYTES + 64);
        (head, self.body.to_bytes())
            .serialize(&mut bytes)
            .expect("a proof has a bounded size and memory takes it");
        bytes
    }

    /// The proof in `bytes`, which hold nothing else.
    ///
    /// # Errors
    /// Any [`DecodeError`] but those about signatures.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut rest = bytes;
        let proof = Self::take(&mut rest)?;
        if rest.is_empty() {
            Ok(proof)
        } else {
            Err(DecodeError::Trailing {
                what: "proof",
                count: rest.len(),
            })
        }
    }

    /// Takes one proof from the front of `bytes`.
    pub(crate) fn take(bytes: &mut &[u8]) -> Result<Self, DecodeError> {
        let len = bytes.len();
        let truncated = |field| move |_| DecodeError::Truncated { field, len };
        // The tag first: whoever sends something else altogether should read that, not that it is short.
        if let Some(tag) = bytes.first_chunk::<8>()
            && *tag != PROOF_TAG
        {
            return Err(DecodeError::Tag { found: *tag });
        }
        let head = Wire::deserialize(bytes).map_err(truncated("envelope"))?;
        let kind = Kind::try_from(head.kind)?;
        let body_len = <u32 as BorshDeserialize>::deserialize(bytes)
            .map_err(truncated("body length"))? as usize;
        if body_len > MAX_BODY_BYTES {
            return Err(DecodeError::BodyTooLong { len: body_len });
        }
        let (body, rest) = bytes
            .split_at_checked(body_len)
            .ok_or(DecodeError::Truncated { field: "body", len })?;
        *bytes = rest;
        Ok(Self {
            network: head.network,
            ruleset: head.ruleset,
            subject: head.subject,
            signer_seq: head.signer_seq,
            epoch: head.epoch,
            observed_at_ms: head.observed_at_ms,
            anchor_slot: head.anchor_slot,
            anchor_hash: head.anchor_hash,
            cell: head.cell,
            body: Body::from_bytes(kind, body)?,
        })
    }

    /// SHA-256 of the canonical bytes: the name of this proof everywhere.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}
