//! One hash of many parts.

use sha2::{Digest, Sha256};

/// SHA-256 over several byte strings, each with its length, in hex.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}
