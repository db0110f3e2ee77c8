use std::io;
use std::path::{Path, PathBuf};

use super::{Look, MAX_RECORD_BYTES};
use crate::store::folder::may_pass;

/// Why a file can not be ingested. Nothing of it was filed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{} can not be read: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: neither .borsh nor .jsonl tells its format", path.display())]
    UnknownFormat { path: PathBuf },
    #[error("{} ends inside record {record}, which starts at byte {offset}", path.display())]
    Truncated {
        path: PathBuf,
        record: u64,
        offset: u64,
    },
    #[error(
        "{}: record {record} at byte {offset} claims {length} bytes; a record has at most {MAX_RECORD_BYTES}",
        path.display()
    )]
    TooLong {
        path: PathBuf,
        record: u64,
        offset: u64,
        length: u64,
    },
    #[error("{} is no JSON array at byte {offset}, after {record} records: {problem}", path.display())]
    BrokenArray {
        path: PathBuf,
        record: u64,
        offset: u64,
        problem: &'static str,
    },
    #[error("{} holds no record", path.display())]
    Empty { path: PathBuf },
    #[error("{} holds no proof: {look}", path.display())]
    NoProof { path: PathBuf, look: Look },
    #[error("{} changed while it was being read", path.display())]
    Changed { path: PathBuf },
}

impl ReadError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// Whether the file's content is at fault: reading the same bytes again would end in the same.
    #[must_use]
    pub const fn is_about_content(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Changed { .. })
    }

    /// Whether the same command may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Io { source, .. } => may_pass(source),
            Self::Changed { .. } => true,
            _ => false,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "check the path and that this user may read it",
            Self::UnknownFormat { .. } => "name the format with --format borsh or --format jsonl",
            Self::Truncated { .. } => {
                "nothing of it was filed: fetch the whole file and ingest it again"
            }
            Self::TooLong { .. } => {
                "check the format: a Borsh stream is (u32 length, proof) repeated, JSON lines hold one proof a line"
            }
            Self::BrokenArray { .. } => {
                "write the array whole, or one proof a line; nothing of it was filed"
            }
            Self::Empty { .. } => "check that this is the right file",
            Self::NoProof { look, .. } => look.hint(),
            Self::Changed { .. } => "ingest it once its writer has finished",
        }
    }
}
