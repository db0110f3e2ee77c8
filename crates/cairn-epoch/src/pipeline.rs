//! Names of computations. What is proposed on chain as the code's hash is the hash of a name, so a
//! name means one computation for ever: the same inputs lead to the same bytes whatever the version of the crate is.
//!
//! A change to what the same inputs lead to is a new name beside the old one, whose code stays: otherwise a past epoch could
//! not be audited any more (ADR 17).

use sha2::{Digest, Sha256};

/// The computation that [`crate::close`] runs.
pub const PIPELINE: &str = "cairn/pipeline/5";

/// What the proposer writes on chain as the code's hash, for the computation called `pipeline`.
#[must_use]
pub fn code_hash(pipeline: &str) -> [u8; 32] {
    Sha256::digest(pipeline).into()
}
