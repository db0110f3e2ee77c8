//! The ruleset this keeper runs, and what follows from it for when epochs are.

use std::fs;
use std::path::{Path, PathBuf};

use cairn_epoch::{NetworkTerms, read_terms};

use super::folder::{DataFolder, FolderError, copy_whole};
use crate::KeeperError;
use crate::config::Config;
use crate::domain::schedule::Schedule;

/// Where the ruleset stands, and this keeper's patience with late evidence.
#[derive(Clone, Debug)]
pub(crate) struct OwnRuleset {
    pub path: PathBuf,
    grace_secs: u32,
}

impl OwnRuleset {
    pub fn of(folder: &DataFolder, config: &Config) -> Self {
        Self {
            path: folder.resolve(&config.inputs.ruleset),
            grace_secs: config.schedule.grace_secs,
        }
    }

    /// Calendar, emission and streams.
    ///
    /// # Errors
    /// [`KeeperError::Ruleset`]: absent, or with a number out of range.
    pub fn terms(&self) -> Result<NetworkTerms, KeeperError> {
        read_terms(&self.path).map_err(|source| KeeperError::Ruleset {
            path: self.path.clone(),
            source,
        })
    }

    /// The network's calendar with this keeper's patience.
    ///
    /// # Errors
    /// As [`OwnRuleset::terms`].
    pub fn schedule(&self) -> Result<Schedule, KeeperError> {
        Ok(Schedule {
            calendar: self.terms()?.calendar,
            grace_secs: self.grace_secs,
        })
    }
}

/// The table of what people held before the pool began, beside the ruleset that names it.
pub(crate) const GENESIS: &str = "genesis.parquet";

/// Copies a ruleset's folder, in place of whatever ruleset stands in `to`.
pub(crate) fn copy_ruleset(from: &Path, to: &Path) -> Result<(), FolderError> {
    let (rules, into) = (from.join("rules"), to.join("rules"));
    match fs::remove_dir_all(&into) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(FolderError::io("clear", &into)(error));
        }
        _ => {}
    }
    copy_whole(&from.join("ruleset.toml"), &to.join("ruleset.toml"))?;
    for entry in fs::read_dir(&rules).map_err(FolderError::io("list", &rules))? {
        let path = entry.map_err(FolderError::io("list", &rules))?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            copy_whole(&path, &into.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}
