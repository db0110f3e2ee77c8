use std::path::PathBuf;

use cairn_epoch::Difference;
use cairn_merkle::EpochNumber;

/// Why another keeper's epoch gets no word from this one.
#[derive(Debug, thiserror::Error)]
pub enum PublishedFault {
    #[error("{} holds no files of epoch {number}", path.display())]
    NotFound { path: PathBuf, number: EpochNumber },
    #[error("epoch {number}: the published manifest is {published}, the one on chain {on_chain}")]
    Manifest {
        number: EpochNumber,
        published: String,
        on_chain: String,
    },
    #[error("epoch {number}: the file name \"{name}\" is refused: {reason}")]
    UnsafeName {
        number: EpochNumber,
        name: String,
        reason: &'static str,
    },
    #[error("epoch {number}: {} could not be fetched whole: {reason}", path.display())]
    Incomplete {
        number: EpochNumber,
        path: PathBuf,
        reason: String,
    },
    #[error("epoch {number}, {file}: {field} is {found}, {expected} was expected ({origin})")]
    Input {
        number: EpochNumber,
        file: String,
        field: String,
        expected: String,
        found: String,
        /// Where the expectation comes from.
        origin: &'static str,
    },
    #[error("epoch {number} recomputes differently: {difference}")]
    Recomputed {
        number: EpochNumber,
        difference: Box<Difference>,
    },
}

impl PublishedFault {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound { .. } => {
                "name the publisher's data folder, its epochs folder, or one epoch's folder with --source".to_owned()
            }
            Self::Manifest { .. } => {
                "fetch the files again: they belong to another attempt, or the publisher shows others than it proposed".to_owned()
            }
            Self::UnsafeName { .. } => "do not use this set of files; tell whoever published it".to_owned(),
            Self::Incomplete { .. } => "fetch the files again and repeat the command".to_owned(),
            Self::Input { origin, .. } => format!(
                "do not attest before it is clear who is right: compare with {origin}"
            ),
            Self::Recomputed { .. } => "do not attest; show the publisher this difference, and tell the guardian".to_owned(),
        }
    }
}
