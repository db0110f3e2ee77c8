//! An epoch recomputed where its files are looked at, by the very code that keepers run.
//!
//! The web app fills folders, starts the module, and reads a line of JSON for each thing that it says:
//!
//! ```text
//! /epoch     inputs, outputs and manifest.json as they were published
//! /previous  manifest.json of the epoch before; empty for the first
//! /scratch   empty; the epoch is computed into it
//! ```
//!
//! What is here knows no chain: whether the two manifests are those of the epochs' accounts, and whether devices and blocks are the
//! chain's, it takes from whoever filled the folders.
#![forbid(unsafe_code)]

mod line;
mod report;

use std::io::{self, Write};
use std::path::Path;

use cairn_epoch::{EpochError, Manifest, read_manifest, recompute, verify_succession};

use line::{Finding, Line};
use report::Report;

/// Where everything stands.
#[derive(Clone, Copy, Debug)]
pub struct Folders<'a> {
    pub epoch: &'a Path,
    pub previous: &'a Path,
    pub scratch: &'a Path,
}

/// Recomputes the epoch and says what came of it, a line of JSON each ([`Line`](line) names them). A difference and a computation that
/// could not be made are lines, too.
///
/// # Errors
/// The lines can not be written.
pub fn audit(folders: &Folders<'_>, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let report = Report::new(out);
    match compare(folders, &report) {
        Ok(finding) => report.say(&Line::Found { finding })?,
        Err(error) => report.say(&Line::Failed {
            message: &error.to_string(),
        })?,
    }
    report.over()
}

fn compare(folders: &Folders<'_>, report: &Report<'_>) -> Result<Finding, EpochError> {
    let compared = recompute(folders.epoch, folders.scratch, report)?;
    if let Some(difference) = compared.difference {
        return Ok(Finding::Differs { difference });
    }
    let (manifest, hash) = read_manifest(folders.epoch)?;
    let follows = match before(folders.previous)? {
        None => false,
        Some(previous) => match verify_succession(&previous, &manifest) {
            Ok(()) => true,
            Err(EpochError::Succession { file, message, .. }) => {
                return Ok(Finding::Breaks { file, message });
            }
            Err(error) => return Err(error),
        },
    };
    Ok(Finding::Equal {
        manifest: hex::encode(hash),
        accepted: manifest.accepted,
        rejected: manifest.rejected,
        files: manifest.file_count(),
        follows,
    })
}

/// The manifest of the epoch before, where it was given.
fn before(folder: &Path) -> Result<Option<Manifest>, EpochError> {
    if folder.join("manifest.json").is_file() {
        read_manifest(folder).map(|(manifest, _)| Some(manifest))
    } else {
        Ok(None)
    }
}
