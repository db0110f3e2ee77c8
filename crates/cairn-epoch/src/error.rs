use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use cairn_merkle::{EpochNumber, LeafIndex, MerkleError};
use cairn_rules::RulesError;

use crate::difference::Difference;
use crate::disk::DiskError;

/// Why an epoch could not be computed, checked or explained. The message says what and on which file; [`Self::hint`]
/// says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EpochError {
    #[error("can not {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{} is not a readable Parquet file ({at}): {message}", path.display())]
    Parquet {
        path: PathBuf,
        /// "footer" or "row group N".
        at: String,
        message: String,
    },
    #[error("{} has the wrong columns: {message}", path.display())]
    Schema { path: PathBuf, message: String },
    #[error("{} row {row}, {field}: {message}", path.display())]
    Row {
        path: PathBuf,
        row: u64,
        field: Cow<'static, str>,
        message: String,
    },
    #[error("{} is not valid: {message}", path.display())]
    Json { path: PathBuf, message: String },
    #[error("{} is missing", path.display())]
    Missing { path: PathBuf },
    #[error("{} is not the table that [genesis] of the ruleset names: {differs} {expected} expected, {found} found", path.display())]
    Genesis {
        path: PathBuf,
        /// Which value of the section.
        differs: &'static str,
        expected: String,
        found: String,
    },
    #[error("{} does not belong among the inputs of an epoch", path.display())]
    Stray { path: PathBuf },
    #[error("file name \"{name}\" is refused: {reason}")]
    UnsafeName { name: String, reason: &'static str },
    #[error(
        "the carried state is of epoch {found} and pool {pool}, but the epoch before {number} was expected"
    )]
    StateMismatch {
        number: EpochNumber,
        found: EpochNumber,
        pool: String,
    },
    #[error(
        "epoch {number} starts at {start_ms} ms, before the end of the one before at {before_ms} ms"
    )]
    PeriodOverlap {
        number: EpochNumber,
        start_ms: i64,
        before_ms: i64,
    },
    #[error("epoch {number} is not in the ruleset's calendar, which starts with epoch {first}")]
    OutsideCalendar {
        number: EpochNumber,
        first: EpochNumber,
    },
    #[error("the manifest names pipeline \"{name}\"; this version computes {}", known.join(", "))]
    UnknownPipeline {
        name: String,
        known: Vec<&'static str>,
    },
    #[error("epoch {number} does not follow from epoch {previous}: {message}")]
    Succession {
        number: EpochNumber,
        previous: EpochNumber,
        /// What shows it, below the epoch's folder.
        file: String,
        message: String,
    },
    #[error(transparent)]
    Rules(#[from] RulesError),
    #[error("the rules decided wrongly: {0}")]
    Decisions(String),
    #[error("{what} does not fit in 64 bits")]
    Overflow { what: &'static str },
    #[error("nobody has earned anything since the pool began, so there is no leaf to commit to")]
    NoMembers,
    #[error("the pool would have {count} members; a tree holds at most 16,777,216")]
    TooManyMembers { count: u64 },
    #[error("the tree could not be built: {0}")]
    Tree(#[from] cairn_tree::TreeError),
    #[error("the proof of leaf {index} does not lead to the root: {source}")]
    LeafProof {
        index: LeafIndex,
        source: MerkleError,
    },
    #[error("published and stored bytes differ: {0}")]
    Differs(Box<Difference>),
    #[error("{owner} is not a member in epoch {epoch}")]
    NotAMember { owner: String, epoch: EpochNumber },
    #[error("nothing in this epoch is about {0}")]
    NothingFound(String),
}

impl From<DiskError> for EpochError {
    fn from(error: DiskError) -> Self {
        Self::io(error.doing, &error.path, error.source)
    }
}

impl EpochError {
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::NotFound && doing == "read" {
            return Self::Missing {
                path: path.to_owned(),
            };
        }
        Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Io { .. } => "check that the folder exists, is writable and has room".to_owned(),
            Self::Parquet { .. } => {
                "the file is truncated or damaged: fetch it again and compare its SHA-256 with the manifest".to_owned()
            }
            Self::Schema { .. } | Self::Row { .. } => {
                "write the file again with the writer of this version".to_owned()
            }
            Self::Json { .. } => "restore the file as it was published; it is not meant to be edited".to_owned(),
            Self::Missing { .. } => "an epoch's folder must be complete before it is closed or checked".to_owned(),
            Self::Stray { .. } => "move it away: every file in inputs/ becomes part of the manifest".to_owned(),
            Self::Genesis { .. } => "use the table and the ruleset that the pool was created with".to_owned(),
            Self::UnsafeName { .. } => "do not use this set of files; tell whoever published it".to_owned(),
            Self::StateMismatch { number, .. } => format!(
                "copy outputs/state and outputs/memory of epoch {} into inputs/",
                number.previous().unwrap_or_default()
            ),
            Self::PeriodOverlap { before_ms, .. } => {
                format!("start the epoch at {before_ms} or later")
            }
            Self::OutsideCalendar { .. } => {
                "check [calendar] in the ruleset: first_epoch is the number that first_start is the start of".to_owned()
            }
            Self::UnknownPipeline { .. } => "use the version of Cairn that closed the epoch, or a newer one".to_owned(),
            Self::Succession { .. } => {
                "fetch both epochs' files again; if they are what was published, do not trust the later one".to_owned()
            }
            Self::Rules(error) => error.hint(),
            Self::Decisions(_) => "correct the last rule: it must give each proof one row".to_owned(),
            Self::Overflow { .. } => "lower the rates or emission in the ruleset".to_owned(),
            Self::NoMembers => "leave the epoch open until the first proof is paid".to_owned(),
            Self::TooManyMembers { .. } => "open a second pool for new members".to_owned(),
            Self::Tree(_) | Self::LeafProof { .. } => {
                "do not publish; report it with the epoch's folder".to_owned()
            }
            Self::Differs(_) => "do not attest; ask the publisher for the file named here".to_owned(),
            Self::NotAMember { .. } => {
                "a wallet becomes a member with its first paid proof; check the address and the epoch".to_owned()
            }
            Self::NothingFound(_) => "check the key or id, and whether it belongs to another epoch".to_owned(),
        }
    }

    /// Whether the files, rather than this machine, are at fault: an auditor reports those, and retries the others.
    #[must_use]
    pub const fn is_evidence_of_fault(&self) -> bool {
        !matches!(
            self,
            Self::Io { .. } | Self::Missing { .. } | Self::UnknownPipeline { .. }
        )
    }
}
