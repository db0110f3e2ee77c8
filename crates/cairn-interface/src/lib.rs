//! The one door to the programs off chain: addresses, instructions, account views, events and error codes.
//!
//! Nothing else in the suite links a program. Layouts, seeds and error tables come from the programs' own types, so
//! a client can not disagree with them; what leaves this crate are plain owned types.
#![forbid(unsafe_code)]

pub mod airdrop;
mod build;
mod decode;
pub mod error;
mod event;
pub mod ids;
mod nodes;
pub mod payee;
pub mod registry;
pub mod spl;
mod text;
pub mod vault;

pub use decode::DecodeError;
pub use event::{Event, events};
