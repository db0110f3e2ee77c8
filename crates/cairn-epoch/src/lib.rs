//! The pure function from frozen inputs to manifest: evidence in, decisions, ledger, tree and claim files out.
//!
//! ```text
//! evidence ─▶ envelope checks ─▶ one canonical order ─▶ rules (SQL, integers) ─▶ decisions, one for each proof
//!                                                                                   │
//!                manifest ◀─ claim files ◀─ tree ◀─ ledger ◀─ tokens by pot ◀───────┘
//! ```
//!
//! [`close`] computes an epoch in its folder ([`EpochFolder`] names the files). [`recompute`] derives it again and names
//! the first difference: attesters and auditors run the very code that the proposer ran. [`why`] says what became of a
//! proof, [`Backtest`] what other rules would have made of past epochs,
//! [`simulate`] what one proof more would have earned. Same inputs, same bytes: nothing here reads a clock, the environment, or the order of a hash table, and
//! every number that decides about pay is in the ruleset.
#![forbid(unsafe_code)]

mod admit;
mod allot;
mod amounts;
mod attestor;
mod backtest;
mod carry;
mod case;
mod claim;
mod close;
mod compare;
mod correct;
mod decide;
mod decision;
mod derive;
mod difference;
pub mod disk;
mod draw;
mod enter;
mod envelope;
mod error;
mod evidence;
mod facts;
mod folder;
mod frozen;
mod index;
mod input;
mod intern;
mod json;
mod kind;
mod ledger;
mod manifest;
mod memory;
mod operator;
mod origin;
mod outside;
mod parquet_file;
mod party;
mod payee;
mod payer;
mod pipeline;
mod progress;
mod reckon;
mod refusal;
mod replay;
mod ruleset;
mod seen;
mod segment;
mod simulate;
mod standing;
mod state;
mod stream;
mod summary;
mod task;
mod verify;
mod why;
mod worth;

pub use amounts::Amounts;
pub use attestor::Attestor;
pub use backtest::{
    Backtest, BacktestReport, BacktestSums, Decile, EpochBacktest, GroupChange, KindChange,
    OwnerChange, ReasonChange, Sides,
};
pub use cairn_rules::Ruleset;
pub use carry::{carry, carry_nothing};
pub use claim::{CLAIMS_FORMAT, ClaimFile, ClaimFiles, claims, load_claim};
pub use close::{close, close_on, pipelines};
pub use compare::{Comparison, recompute};
pub use decision::{Also, Decision, read_decisions};
pub use derive::Closed;
pub use difference::Difference;
pub use draw::visit_draw;
pub use error::EpochError;
pub use evidence::{Content, Evidence, EvidenceReader, EvidenceWriter, SEGMENT_ROWS, Segment};
pub use folder::EpochFolder;
pub use frozen::{Input, InputColumn, columns};
pub use index::{EpochIndex, INDEX_FORMAT, IndexEntry, closed_epochs, write_index};
pub use input::{
    Anchor, Burn, Device, DeviceStatus, Entry, EpochInput, Grant, Location, Taken, asserted_cell,
    encode_genesis, hashed_devices, read_anchors, read_burns, read_devices, read_epoch,
    read_genesis, read_taken, write_anchors, write_burns, write_devices, write_epoch, write_taken,
};
pub use ledger::read_leaves;
pub use manifest::{
    ClaimsEntry, CodeEntry, EpochEntry, FileEntry, MANIFEST_FORMAT, Manifest, PotEntry,
    RulesetEntry, Totals, TreeEntry, read_manifest,
};
pub use operator::Operator;
pub use origin::Origin;
pub use outside::{Outside, Owing, outside};
pub use payer::Payer;
pub use pipeline::{PIPELINE, code_hash};
pub use progress::{Progress, Silent, Step};
pub use ruleset::{
    Calendar, DescribedRow, DescribedRule, DescribedRules, FileChange, Genesis, KindRules,
    LineChange, NamedGenesis, NetworkTerms, Number, NumberTable, Period, RulesetChanges,
    SHIPPED_ARREARS, ValueChange, WrittenRules, describe, kind_rules, name_genesis, read_terms,
    ruleset_changes, ruleset_difference, shipped_ruleset, write_shipped_ruleset,
};
pub use segment::SegmentName;
pub use simulate::{Moment, Simulated, moment, simulate};
pub use stream::Stream;
pub use summary::{
    AgeCount, ClassCount, CountryCount, DeviceCounts, MemberCounts, ModelCount, ProofCount,
    SUMMARY_FORMAT, Summary, read_summary,
};
pub use task::Task;
pub use verify::{claim_files, verify_files, verify_inputs, verify_succession};
pub use why::{Explanation, Query, why};
