//! Closing an epoch, and the computations that there are to close or recompute it with.

use std::path::Path;

use cairn_rules::Engine;

use crate::EpochError;
use crate::derive::{Closed, derive};
use crate::disk::{Disk, Machine};
use crate::folder::EpochFolder;
use crate::pipeline::PIPELINE;
use crate::progress::Progress;

/// Computes an epoch: reads `dir/inputs`, writes `dir/outputs` and, when everything else is on disk, `dir/manifest.json`.
/// A folder without a manifest is not closed, whatever else it holds; closing again computes everything again.
///
/// The result depends on the bytes of the inputs alone: not on the clock, the machine, the number of cores, or what
/// was in `outputs/` before.
///
/// # Errors
/// [`EpochError`]; nothing was closed then.
pub fn close(dir: &Path, progress: &dyn Progress) -> Result<Closed, EpochError> {
    close_on(&Machine, dir, progress)
}

/// As [`close`], with somebody between it and the disk. Everything the manifest names, inputs among them, is on disk
/// before the manifest is.
///
/// # Errors
/// As [`close`].
pub fn close_on(
    disk: &dyn Disk,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<Closed, EpochError> {
    let folder = EpochFolder::new(dir);
    (pipeline(PIPELINE)?.derive)(&folder, &folder, Engine::default(), disk, progress)
}

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
