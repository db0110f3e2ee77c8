//! What the keeper says while it works. The library never prints: the binary draws bars on stderr, the demo counts, a
//! test kills the keeper at a step of its choice.

use crate::domain::proposal::Warning;
use crate::domain::step::Action;
use cairn_merkle::EpochNumber;

/// A long phase with a countable amount of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A table of balances read.
    Balances,
    /// Proofs read and filed.
    Ingest,
    /// Files copied into the epoch's inputs.
    Freeze,
    /// From inputs to manifest.
    Close,
    /// Published files fetched from mirrors, in bytes.
    Fetch,
    /// Published files compared with their hashes.
    VerifyFiles,
    /// Every member's proof climbed to the root.
    VerifyLeaves,
    /// Everything derived again from another keeper's inputs.
    Recompute,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Balances => "reading balances",
            Self::Ingest => "reading proofs",
            Self::Freeze => "freezing the inputs",
            Self::Close => "closing the epoch",
            Self::Fetch => "fetching published files",
            Self::VerifyFiles => "comparing files with their hashes",
            Self::VerifyLeaves => "verifying every leaf",
            Self::Recompute => "recomputing from the published inputs",
        })
    }
}

/// Steps of a transaction's life, in order. A crash at any of them loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publishing {
    /// The next action is chosen; nothing is signed.
    Decided { action: Action },
    /// The signed bytes are in the journal and synced.
    Journaled { action: Action, signature: String },
    /// The signed bytes were handed to the chain.
    Submitted { signature: String },
    /// A transaction of an earlier run, or of this one, is being looked up on chain.
    Resolving { signature: String },
    /// Its end is in the journal.
    Resolved {
        signature: String,
        outcome: &'static str,
    },
}

/// Hears what happens. Every method does nothing unless implemented.
pub trait Progress: Send + Sync {
    /// `total` units of work lie ahead, when that is known.
    fn phase_started(&self, _phase: Phase, _total: Option<u64>) {}
    /// `done` units so far.
    fn phase_advanced(&self, _phase: Phase, _done: u64) {}
    /// A finer word on what the phase does now.
    fn phase_detail(&self, _phase: Phase, _detail: &str) {}
    fn phase_finished(&self, _phase: Phase) {}
    fn publishing(&self, _step: &Publishing) {}
    fn warning(&self, _number: EpochNumber, _warning: &Warning) {}
    /// A sentence for the person.
    fn note(&self, _text: &str) {}
}

/// Says nothing.
pub struct Silent;

impl Progress for Silent {}
