use cairn_epoch::Difference;
use cairn_merkle::EpochNumber;

/// Why another keeper's epoch gets no word from this one.
#[derive(Debug, thiserror::Error)]
pub enum PublishedFault {
    #[error("epoch {number}: the published manifest is {published}, the one on chain {on_chain}")]
    Manifest {
        number: EpochNumber,
        published: String,
        on_chain: String,
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
            Self::Manifest { .. } => {
                "fetch the files again: they belong to another attempt, or the publisher shows others than it proposed".to_owned()
            }
            Self::Input { origin, .. } => format!(
                "do not attest before it is clear who is right: compare with {origin}"
            ),
            Self::Recomputed { .. } => "do not attest; show the publisher this difference, and tell the guardian".to_owned(),
        }
    }
}
