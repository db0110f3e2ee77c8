//! The signed proof of work done: envelope, kinds, canonical bytes, signatures, reason codes.
//!
//! ```text
//! ProofV1   = "CAIRNPF1" ‖ network [32] ‖ kind u16 ‖ ruleset u16 ‖ subject [32] ‖ signer_seq u64 ‖ epoch u32 ‖
//!             observed_at_ms i64 ‖ anchor_slot u64 ‖ anchor_hash [32] ‖ cell u64 ‖ body (u32 length ‖ ≤ 1024 bytes)
//! proof_id  = SHA-256(ProofV1)
//! signature = sign(role u8 ‖ proof_id), Ed25519 or P-256
//! SignedProof = ProofV1 ‖ u32 count ‖ count × (role u8 ‖ scheme u8 ‖ signature [64])
//! ```
//!
//! The bytes are Borsh, little endian, and canonical: one proof has one encoding, and whatever decodes encodes to the
//! same bytes. Everything that is paid for is inside the hash. No key that a verdict rests on is read from the
//! signatures: the caller brings keys from the registry.
#![forbid(unsafe_code)]

mod batch;
mod envelope;
mod error;
mod identity;
mod json;
mod kind;
mod limits;
mod reason;
mod role;
mod signature;
mod signed;
mod signer;

pub use batch::{SignatureCheck, verify_batch};
pub use envelope::{MAX_PROOF_BYTES, PROOF_TAG, ProofV1};
pub use error::{DecodeError, KeyError, SignatureError};
pub use identity::{did_key, identity_of_did, identity_of_email, identity_of_key, is_own_key};
pub use kind::*;
pub use limits::{MAX_BODY_BYTES, MAX_SIGNATURES};
pub use reason::{Reason, UnknownReason};
pub use role::{Role, RoleSignature, Scheme};
pub use signature::{PublicKey, check_signature, verify_message, verify_signature};
pub use signed::{MAX_SIGNED_PROOF_BYTES, SignedProof};
pub use signer::Signer;
