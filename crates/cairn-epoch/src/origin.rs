//! Where every column of every frozen input comes from. The pure function pays rightly for whatever it is given, so an input
//! that is bound to nothing is money for whoever writes it: a column that names no origin does not compile, and
//! `cairn-origin` holds each against its own.

use crate::evidence::EVIDENCE_FIELDS;
use crate::input::{ANCHOR_FIELDS, DEVICE_FIELDS, EPOCH_FIELDS};
use crate::parquet_file::Field;
use crate::state::STATE_FIELDS;

/// Who says what stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An account on chain: pool, epoch, or the tree whose root is over the row.
    ChainAccount,
    /// What the chain did at a slot.
    ChainEvent,
    /// The ruleset, whose hash is in the epoch's account.
    RulesetHash,
    /// The epoch before: the state it handed on, under its manifest's hash.
    PreviousManifest,
    /// A signature in the row, which the computation verifies.
    SignedEvidence,
    /// The keeper that received the proof. It orders nothing and pays nothing; it bounds lateness.
    KeeperReceipt,
    /// Nobody: it is computed here. Outputs only.
    Computed,
}

/// A column of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputColumn {
    /// Path below the epoch's folder; numbered and named files by their pattern.
    pub file: &'static str,
    pub name: &'static str,
    pub origin: Origin,
}

/// Every column of every frozen input, with its origin.
#[must_use]
pub fn columns() -> Vec<InputColumn> {
    let table = |file, fields: &'static [Field]| {
        fields.iter().map(move |field| InputColumn {
            file,
            name: field.name,
            origin: field.origin,
        })
    };
    let text = |file| InputColumn {
        file,
        name: "text",
        origin: Origin::RulesetHash,
    };
    EPOCH_FIELDS
        .iter()
        .map(|(name, origin)| InputColumn {
            file: "inputs/epoch.json",
            name,
            origin: *origin,
        })
        .chain([
            text("inputs/ruleset.toml"),
            text("inputs/rules/NN_name.sql"),
        ])
        .chain(table("inputs/devices.parquet", DEVICE_FIELDS))
        .chain(table("inputs/anchors.parquet", ANCHOR_FIELDS))
        .chain(table("inputs/state.parquet", STATE_FIELDS))
        .chain(table("inputs/evidence-NNNN.parquet", EVIDENCE_FIELDS))
        .collect()
}
