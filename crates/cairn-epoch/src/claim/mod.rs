//! Claim files: what a member needs to be paid, beside an RPC endpoint. As many static JSON files an epoch as keep each small.

mod file;
mod list;
mod name;
mod write;

pub use file::{CLAIMS_FORMAT, ClaimFile, claims, load_claim};
pub(crate) use list::{decode_list, encode_list};
pub use name::ClaimFiles;
pub(crate) use write::write_claims;
