//! How a claim is paid by the distributors that Cairn is compared with, in one program.
//!
//! Each [`Design`] does what that distributor's claim can not leave out: hash the leaf it documents, climb a proof, keep
//! somebody from claiming twice in the kind of record it uses, pay with the token program. Nothing else is modelled: no
//! framework, no event, no administration. So a model costs less than the deployed program does, and a comparison with it
//! is a comparison with the design and not with somebody's compiler. Written from the published descriptions; none of
//! it is anybody's code, and none of it is meant to hold money.

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

mod claim;
mod design;

pub use claim::{ACCOUNTS, Args, BITMAP_HEADER, Distributor};
pub use design::{Design, Entitled};

#[cfg(target_os = "solana")]
pinocchio::entrypoint!(claim::process, 8);
