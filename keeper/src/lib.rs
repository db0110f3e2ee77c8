//! The keeper of a Cairn network: signed proofs in, one verified root per epoch on chain.
//!
//! ```text
//! ingest ─▶ evidence + receipts ─▶ close ─▶ manifest ─▶ propose ─▶ attest (other keepers) ─▶ window ─▶ activate
//! ```
//!
//! Everything of a keeper stands in one data folder ([`folder::DataFolder`]). [`Keeper`] has one method per phase, and
//! the binary `cairn-keeper` one subcommand per method. What a keeper decides is pure and stands in [`domain`]; what it
//! does is written into a journal before it does it ([`journal`]), so that a keeper killed anywhere continues at its
//! next start and never acts twice.
#![forbid(unsafe_code)]

mod anchor;
pub mod cli;
mod clock;
mod close;
pub mod config;
pub mod domain;
mod error;
pub mod folder;
mod freeze;
mod inbox;
mod ingest;
pub mod init;
pub mod journal;
mod keeper;
mod leaves;
pub mod progress;
mod publish;
mod published;
mod run;
pub mod status;
pub mod text;

pub use cairn_origin::OriginFault;
pub use close::{CloseOptions, Closing};
pub use error::{Ending, KeeperError};
pub use ingest::{Content, Format, IngestReport, Look, ReadError, Record, frame};
pub use keeper::{Keeper, StopSwitch, read_key};
pub use leaves::LeafFault;
pub use publish::{Activated, AttestOptions, Attested, ProposeOptions, Proposed};
pub use published::PublishedFault;
pub use run::RunReport;
pub use status::Status;
