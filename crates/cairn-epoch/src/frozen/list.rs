//! Every frozen input: what its files are called, which columns they have and who says so, and how they are read. Whoever
//! freezes, reads or checks inputs walks this list, so that none is left out.

use std::path::Path;

use bytes::Bytes;
use cairn_merkle::EpochNumber;

use super::draft::{Draft, rule_file};
use crate::EpochError;
use crate::evidence::EVIDENCE_FIELDS;
use crate::folder::{ANCHORS, BURNS, DEVICES, EPOCH_JSON, GENESIS, RULESET, TAKEN};
use crate::input::{
    ANCHOR_FIELDS, BURN_FIELDS, DEVICE_FIELDS, EPOCH_FIELDS, GENESIS_FIELDS, TAKEN_FIELDS,
};
use crate::manifest::FileEntry;
use crate::origin::Origin;
use crate::parquet_file::Field;
use crate::segment::SegmentName;
use crate::state::{
    ARREAR_FIELDS, ARREARS, END, END_FIELDS, LEAF_FIELDS, LEAVES, LINK_FIELDS, LINKS,
    MEMBER_FIELDS, MEMBERS, SIGNER_FIELDS, SIGNERS, UNLINKED, UNLINKED_FIELDS, WAITING,
    WAITING_FIELDS, memory_table,
};

/// A frozen input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// Which epoch of which pool.
    Epoch,
    /// Where the epoch before ended.
    End,
    /// The ledger that it handed on.
    Members,
    /// What was earned by people who are no members yet.
    Waiting,
    /// What identities without a wallet were given.
    Unlinked,
    /// What wallets are owed and leaves had no room for yet.
    Arrears,
    /// Whose identities are whose.
    Links,
    /// The sequence numbers that were used.
    Signers,
    /// What the registry showed of each leaf, and since when.
    Leaves,
    /// What rules remember: a file for each table that the ruleset declares.
    Memory,
    /// The numbers of the rules, and the network's own terms.
    Ruleset,
    /// The rules, one file each.
    Rules,
    /// What came in, by kind.
    Evidence,
    /// The registry's leaves.
    Devices,
    /// Blocks that proofs are anchored to.
    Anchors,
    /// Where the ruleset names payers of traffic: what each burned.
    Burns,
    /// Of the first epoch, where the ruleset names it: what people held before the pool began.
    Genesis,
    /// Of a correction alone: what was taken under the root that was revoked.
    Taken,
}

/// What an input's files are called, below `inputs/`.
enum Files {
    One(&'static str),
    /// One, of some epochs.
    AtMostOne(&'static str),
    /// Any whose name passes, called together as the pattern says.
    Many(&'static str, fn(&str) -> bool),
}

/// What stands in them.
enum Columns {
    Json(&'static [(&'static str, Origin)]),
    /// Bound as a whole.
    Text,
    Table(&'static [Field]),
    /// As the ruleset declares.
    Declared,
}

/// Takes a file's bytes: its name below `inputs/`, its path for messages.
type Read = fn(&mut Draft, &str, &Path, Bytes) -> Result<(), EpochError>;

/// An input's row in the list.
struct Row {
    files: Files,
    columns: Columns,
    /// None for what is read a segment at a time.
    read: Option<Read>,
}

/// A column of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputColumn {
    pub input: Input,
    /// Path below the epoch's folder; of several files their pattern.
    pub file: String,
    pub name: String,
    pub origin: Origin,
}

impl Input {
    /// Every input.
    pub const ALL: [Self; 18] = [
        Self::Epoch,
        Self::End,
        Self::Members,
        Self::Waiting,
        Self::Unlinked,
        Self::Arrears,
        Self::Links,
        Self::Signers,
        Self::Leaves,
        Self::Memory,
        Self::Ruleset,
        Self::Rules,
        Self::Evidence,
        Self::Devices,
        Self::Anchors,
        Self::Burns,
        Self::Genesis,
        Self::Taken,
    ];

    const fn row(self) -> Row {
        const fn one(name: &'static str, columns: Columns, read: Read) -> Row {
            Row {
                files: Files::One(name),
                columns,
                read: Some(read),
            }
        }
        match self {
            Self::Epoch => one(EPOCH_JSON, Columns::Json(EPOCH_FIELDS), Draft::epoch),
            Self::End => one(END, Columns::Table(END_FIELDS), Draft::end),
            Self::Members => one(MEMBERS, Columns::Table(MEMBER_FIELDS), Draft::members),
            Self::Waiting => one(WAITING, Columns::Table(WAITING_FIELDS), Draft::waiting),
            Self::Unlinked => one(UNLINKED, Columns::Table(UNLINKED_FIELDS), Draft::unlinked),
            Self::Arrears => one(ARREARS, Columns::Table(ARREAR_FIELDS), Draft::arrears),
            Self::Links => one(LINKS, Columns::Table(LINK_FIELDS), Draft::links),
            Self::Signers => one(SIGNERS, Columns::Table(SIGNER_FIELDS), Draft::signers),
            Self::Leaves => one(LEAVES, Columns::Table(LEAF_FIELDS), Draft::leaves),
            Self::Memory => Row {
                files: Files::Many("memory/<table>.parquet", |name| {
                    memory_table(name).is_some()
                }),
                columns: Columns::Declared,
                read: Some(Draft::memory),
            },
            Self::Ruleset => one(RULESET, Columns::Text, Draft::ruleset),
            Self::Rules => Row {
                files: Files::Many("rules/NN_name.sql", |name| rule_file(name).is_some()),
                columns: Columns::Text,
                read: Some(Draft::rule),
            },
            Self::Evidence => Row {
                files: Files::Many("evidence/<kind>/NNNN.parquet", |name| {
                    SegmentName::parse(name).is_some()
                }),
                columns: Columns::Table(EVIDENCE_FIELDS),
                read: None,
            },
            Self::Devices => one(DEVICES, Columns::Table(DEVICE_FIELDS), Draft::devices),
            Self::Anchors => one(ANCHORS, Columns::Table(ANCHOR_FIELDS), Draft::anchors),
            Self::Burns => Row {
                files: Files::AtMostOne(BURNS),
                columns: Columns::Table(BURN_FIELDS),
                read: Some(Draft::burns),
            },
            Self::Genesis => Row {
                files: Files::AtMostOne(GENESIS),
                columns: Columns::Table(GENESIS_FIELDS),
                read: Some(Draft::genesis),
            },
            Self::Taken => Row {
                files: Files::AtMostOne(TAKEN),
                columns: Columns::Table(TAKEN_FIELDS),
                read: Some(Draft::taken),
            },
        }
    }

    /// Path below the epoch's folder; of several files their pattern.
    #[must_use]
    pub fn name(self) -> String {
        let (Files::One(name) | Files::AtMostOne(name) | Files::Many(name, _)) = self.row().files;
        format!("inputs/{name}")
    }

    /// The input that a file is, by its path below the epoch's folder; `None` for what is no input.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = name.strip_prefix("inputs/")?;
        Self::ALL.into_iter().find(|input| match input.row().files {
            Files::One(file) | Files::AtMostOne(file) => file == name,
            Files::Many(_, is_one) => is_one(name),
        })
    }

    /// The input of the next epoch that an output becomes, by its path below the epoch's folder; `None` for what ends with its
    /// epoch.
    #[must_use]
    pub fn handed_on(name: &str) -> Option<Self> {
        let name = name.strip_prefix("outputs/")?;
        Self::of(&format!("inputs/{name}")).filter(|input| input.is_carried())
    }

    /// Whether epoch `number` can not do without. Of several files there may be none: how many there are is said elsewhere.
    #[must_use]
    pub fn is_needed(self, number: EpochNumber) -> bool {
        matches!(self.row().files, Files::One(_))
            && (number > EpochNumber::FIRST || !self.is_carried())
    }

    /// Whether epoch `number` may have it: the first one follows nothing, and nothing is before another.
    #[must_use]
    pub fn is_possible(self, number: EpochNumber) -> bool {
        if number > EpochNumber::FIRST {
            self != Self::Genesis
        } else {
            !(self.is_carried() || self == Self::Taken)
        }
    }

    /// Whether one of its files is on a manifest's list. [`Self::Taken`] is on the list of a correction, and of no other epoch.
    #[must_use]
    pub fn is_among(self, files: &[FileEntry]) -> bool {
        files
            .iter()
            .any(|entry| Self::of(&entry.name) == Some(self))
    }

    /// Whether every column comes from the epoch before: absent in the first epoch, in all others under its manifest's hash.
    #[must_use]
    pub fn is_carried(self) -> bool {
        self.columns()
            .iter()
            .all(|column| column.origin == Origin::PreviousManifest)
    }

    /// Its columns, each with its origin.
    #[must_use]
    pub fn columns(self) -> Vec<InputColumn> {
        let column = |name: &str, origin| InputColumn {
            input: self,
            file: self.name(),
            name: name.to_owned(),
            origin,
        };
        match self.row().columns {
            Columns::Json(fields) => fields
                .iter()
                .map(|(name, origin)| column(name, *origin))
                .collect(),
            Columns::Text => vec![column("text", Origin::RulesetHash)],
            Columns::Table(fields) => fields
                .iter()
                .map(|field| column(&field.name, field.origin))
                .collect(),
            Columns::Declared => vec![column("<column>", Origin::PreviousManifest)],
        }
    }

    /// Reads one of its files into `draft`. Evidence is read apart, a segment at a time.
    pub(super) fn read(
        self,
        draft: &mut Draft,
        name: &str,
        path: &Path,
        bytes: Bytes,
    ) -> Result<(), EpochError> {
        self.row()
            .read
            .map_or(Ok(()), |read| read(draft, name, path, bytes))
    }

    /// Whether it is read before the evidence.
    pub(super) const fn is_read_first(self) -> bool {
        !matches!(self, Self::Evidence)
    }
}

/// Every column of every frozen input, with its origin.
#[must_use]
pub fn columns() -> Vec<InputColumn> {
    Input::ALL.into_iter().flat_map(Input::columns).collect()
}
