//! What the programs that hold tokens have in common, once: which mints they take and which accounts they pay
//! ([`token`]), the top of a tree in an account ([`canopy`]), what stays of a closed one ([`tombstone`]), accounts that
//! may be absent ([`Guarded`]), events ([`event`]) and how a refusal gets its code ([`Rule`], [`refusals!`](refusals)).
//!
//! Nothing here knows a program. Where a rule refuses, the function is told by a type which program's error to give:
//! `check_mint::<VaultError>(..)`. A program without an error for every [`Rule`] does not compile.
#![expect(
    unsafe_code,
    reason = "Anchor's traits for loading accounts are unsafe to implement, and a tombstone is written into raw bytes; every place says why it holds"
)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

pub mod canopy;
pub mod constants;
pub mod event;
mod guarded;
pub mod lamports;
mod refusal;
pub mod token;
pub mod tombstone;

pub use guarded::{Guard, Guarded};
pub use refusal::{ERROR_OFFSET, Refusal, Rule};

// What [`refusals!`] writes into a program names these through this crate.
#[doc(hidden)]
pub use {anchor_lang, cairn_merkle};
