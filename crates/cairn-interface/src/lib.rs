//! The one door to the programs off chain: addresses, instructions, account views, events and error codes.
//!
//! Nothing else in the suite links a program. What accounts and events hold is said once, by the programs' own types, which
//! this crate hands on: a client can not disagree with them.
#![forbid(unsafe_code)]

pub mod airdrop;
mod build;
mod decode;
pub mod error;
mod event;
pub mod ids;
mod json;
pub mod loader;
pub mod payee;
pub mod registry;
pub mod spl;
pub mod traffic;
pub mod vault;
mod view;

pub use decode::DecodeError;
pub use event::{Event, events};
pub use view::{CanopyFacts, State, View};
