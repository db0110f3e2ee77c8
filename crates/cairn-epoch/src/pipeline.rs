//! The computations this version knows, by name. What is proposed on chain as the code's hash is the hash of a name, so a
//! name means one computation for ever: the same inputs lead to the same bytes whatever the version of the crate is.
//!
//! A change to what the same inputs lead to is a new name beside the old one, whose code stays: otherwise a past epoch could
//! not be audited any more (ADR 17).

use cairn_rules::Engine;
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::close::{Closed, derive};
use crate::disk::Disk;
use crate::folder::EpochFolder;
use crate::progress::Progress;

/// The computation that [`crate::close`] runs.
pub const PIPELINE: &str = "cairn/pipeline/1";

type Derive =
    fn(&EpochFolder, &EpochFolder, Engine, &dyn Disk, &dyn Progress) -> Result<Closed, EpochError>;

/// A computation.
pub(crate) struct Pipeline {
    pub name: &'static str,
    pub derive: Derive,
}

/// Every computation there ever was, the newest last.
const PIPELINES: &[Pipeline] = &[Pipeline {
    name: PIPELINE,
    derive,
}];

/// Names of the computations that this version can run.
#[must_use]
pub fn pipelines() -> Vec<&'static str> {
    PIPELINES.iter().map(|pipeline| pipeline.name).collect()
}

/// The computation called `name`.
///
/// # Errors
/// [`EpochError::UnknownPipeline`] names those that are known.
pub(crate) fn pipeline(name: &str) -> Result<&'static Pipeline, EpochError> {
    PIPELINES
        .iter()
        .find(|pipeline| pipeline.name == name)
        .ok_or_else(|| EpochError::UnknownPipeline {
            name: name.to_owned(),
            known: pipelines(),
        })
}

/// What the proposer writes on chain as the code's hash, for the computation called `pipeline`.
#[must_use]
pub fn code_hash(pipeline: &str) -> [u8; 32] {
    Sha256::digest(pipeline).into()
}
