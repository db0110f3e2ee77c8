//! The keeper of a Cairn network: signed proofs in, one verified root per epoch on chain.
//!
//! ```text
//! ingest ─▶ evidence + receipts ─▶ close ─▶ manifest ─▶ propose ─▶ attest (other keepers) ─▶ window ─▶ activate
//! ```
//!
//! | module | does | needs |
//! |---|---|---|
//! | `intake` | proofs in, a receipt each | the store; no key, no chain |
//! | `close` | freezes an epoch's inputs, derives its manifest | the store, a look at the chain |
//! | `attest` | derives another keeper's epoch again | the store, a look at the chain |
//! | `publish` | brings an epoch onto the chain | the key, and nobody else has it |
//! | `store` | keeps folder, journal, evidence, ruleset | the disk |
//!
//! Everything of a keeper stands in one data folder ([`folder::DataFolder`]). [`Keeper`] puts the phases together, one
//! method for each, and the binary `cairn-keeper` has one subcommand per method. What a keeper decides is pure and stands
//! in [`domain`]; what it does is written into a journal before it does it ([`journal`]), so that a keeper killed anywhere
//! continues at its next start and never acts twice.
#![forbid(unsafe_code)]

mod attest;
mod chain;
pub mod cli;
mod clock;
mod close;
pub mod config;
pub mod domain;
mod error;
pub mod genesis;
pub mod init;
mod intake;
mod keeper;
mod peers;
pub mod progress;
mod publish;
pub mod ruleset;
mod run;
pub mod status;
mod store;
pub mod text;
mod watch;
mod work;

pub use attest::{AttestOptions, Attested, PublishedFault};
pub use cairn_origin::OriginFault;
pub use close::{CloseOptions, Closing};
pub use error::{Ending, KeeperError};
pub use intake::{Content, Format, IngestReport, Intake, Look, ReadError, Record, frame};
pub use keeper::{Keeper, read_key};
pub use peers::Peer;
pub use publish::{Activated, LeafFault, ProposeOptions, Proposed};
pub use run::RunReport;
pub use status::Status;
pub use store::{folder, journal};
pub use watch::{WatchOptions, WatchReport, Watcher};
pub use work::StopSwitch;
