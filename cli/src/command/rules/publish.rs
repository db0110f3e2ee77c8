//! Proposed rules and what they would have changed, beside the published epochs: who is asked to agree must be able to read both. The chain
//! holds the hash of announced rules alone, so the folder is named by it.

use std::path::{Path, PathBuf};

use cairn_epoch::WrittenRules;
use cairn_epoch::disk::{Machine, write_whole};
use serde::Serialize;

use super::report::Backtested;
use crate::address::Hash;
use crate::error::CliError;

/// Names the layout of `backtest.json`.
const FORMAT: &str = "cairn/backtest/1";
/// Below the folder that holds the epochs.
const ANNOUNCED: &str = "announced";

/// What goes into `announced/HASH`: `ruleset.toml`, `rules/*.sql` and `backtest.json`.
pub(super) struct Publication {
    folder: PathBuf,
    hash: Hash,
    /// Paths below the folder, with what stands there.
    files: Vec<(String, String)>,
    /// Names of the rules, in the order they run: a static host lists nothing.
    rules: Vec<String>,
}

#[derive(Serialize)]
struct Report<'a> {
    format: &'static str,
    rule_files: &'a [String],
    #[serde(flatten)]
    report: &'a Backtested,
}

impl Publication {
    /// `epochs` is the folder that holds the epochs' folders.
    ///
    /// # Errors
    /// Rules without a network's terms, which no pool can announce.
    pub fn of(rules: &WrittenRules, epochs: &Path) -> Result<Self, CliError> {
        let hash = super::hash_of(rules).ok_or_else(|| {
            CliError::refused(
                "rules-unfinished",
                "these rules name no calendar and no emission, so no pool can announce them",
                "add the network's terms at the end of ruleset.toml, as the ruleset in force has them",
            )
        })?;
        let ruleset = rules.ruleset();
        let mut files = vec![("ruleset.toml".to_owned(), ruleset.document().to_owned())];
        files.extend(
            ruleset
                .rules()
                .iter()
                .map(|rule| (format!("rules/{}.sql", rule.name), rule.sql.clone())),
        );
        Ok(Self {
            folder: epochs.join(ANNOUNCED).join(hash.to_string()),
            hash,
            files,
            rules: ruleset
                .rules()
                .iter()
                .map(|rule| rule.name.clone())
                .collect(),
        })
    }

    /// Writes rules and report; the report last, since it is what readers ask for first.
    ///
    /// # Errors
    /// Rules that were run as others than these; files that can not be written.
    pub fn write(&self, told: &Backtested) -> Result<PathBuf, CliError> {
        if told.ruleset_hash != self.hash {
            return Err(CliError::refused(
                "rules-run-otherwise",
                format!(
                    "the rules were run as {}, and announced they would be {}",
                    told.ruleset_hash, self.hash
                ),
                "a ruleset of another version can not be tried on these epochs and be published",
            ));
        }
        // Whose machine it was computed on is nobody's business.
        let report = Backtested {
            rules: self.hash.to_string(),
            csv: None,
            ..told.clone()
        };
        let report = Report {
            format: FORMAT,
            rule_files: &self.rules,
            report: &report,
        };
        let json = serde_json::to_string_pretty(&report).map_err(|error| unwritten(&error))?;
        for (name, text) in &self.files {
            self.put(name, text)?;
        }
        self.put("backtest.json", &(json + "\n"))?;
        Ok(self.folder.clone())
    }

    fn put(&self, name: &str, text: &str) -> Result<(), CliError> {
        write_whole(&Machine, &self.folder.join(name), text.as_bytes())
            .map_err(|error| unwritten(&error))
    }
}

fn unwritten(error: &dyn std::fmt::Display) -> CliError {
    CliError::refused(
        "files-io",
        error.to_string(),
        "name published files that you may write with --files",
    )
}
