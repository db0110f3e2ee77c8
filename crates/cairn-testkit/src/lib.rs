//! For tests only: the programs as built, in a virtual machine, with actors, tokens, trees and time.
//!
//! Everything here panics instead of returning errors, with what a person needs to see (logs, names of codes), because
//! a broken test world has nothing to report to but its test.
#![forbid(unsafe_code)]
#![allow(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "every function of a test world panics when the world is not as the test says"
)]

mod drops;
mod faulty;
mod founding;
mod front;
mod ledger;
mod mint;
mod named;
mod outcome;
mod programs;
pub mod registry;
mod rewards;
mod world;

pub use drops::{Drops, Grant};
pub use faulty::{Fault, Faulty};
pub use founding::{Founded, Founding};
pub use front::{Call, Front, Reply};
pub use ledger::LiteSvmLedger;
pub use mint::MintExtension;
pub use named::commands_named;
pub use outcome::{
    Landed, ProgramRefusal, Refusal, assert_failed, assert_refused, assert_refused_among,
    assert_refused_by, refusal,
};
pub use programs::program_bytes;
pub use rewards::{Member, RULESET_HASH, Rewards};
pub use world::World;
