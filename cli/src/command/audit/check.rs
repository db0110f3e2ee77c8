//! What is compared without recomputing: files and canopy.

use std::path::Path;

use cairn_epoch::{Manifest, verify_files};
use cairn_interface::vault::EpochRecord;
use cairn_merkle::fold_canopy;
use serde::Serialize;

use crate::amount::grouped;
use crate::error::CliError;

/// One thing that was compared.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub what: &'static str,
    /// equal, differs, unknown, or gone: with a closed epoch, for everybody.
    pub result: &'static str,
    pub detail: String,
}

pub(super) const EQUAL: &str = "equal";
pub(super) const DIFFERS: &str = "differs";
pub(super) const UNKNOWN: &str = "unknown";
pub(super) const GONE: &str = "gone";

/// What an audit comes to, the worst last: what could not be compared is no pass, but for what nobody can compare any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    Equal,
    Unknown,
    Differs,
}

impl Found {
    /// The worst of the checks, and the first that is as bad, in words.
    pub(super) fn of(checks: &[Check]) -> (Self, String) {
        for (found, result) in [(Self::Differs, DIFFERS), (Self::Unknown, UNKNOWN)] {
            if let Some(check) = checks.iter().find(|check| check.result == result) {
                return (found, format!("{}: {}", check.what, check.detail));
            }
        }
        (Self::Equal, EQUAL.to_owned())
    }
}

impl Check {
    pub(super) fn equal(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: EQUAL,
            detail: detail.into(),
        }
    }

    pub(super) fn differs(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: DIFFERS,
            detail: detail.into(),
        }
    }

    pub(super) fn unknown(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: UNKNOWN,
            detail: detail.into(),
        }
    }

    pub(super) fn gone(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: GONE,
            detail: detail.into(),
        }
    }

    /// Compares what `who` has for it with what the chain has.
    pub(super) fn of_two<T: PartialEq + std::fmt::Display>(
        what: &'static str,
        who: &str,
        expected: T,
        chain: T,
    ) -> Self {
        if expected == chain {
            Self::equal(what, chain.to_string())
        } else {
            Self::differs(what, format!("{who} {expected}, the chain says {chain}"))
        }
    }

    /// Compares two figures, in words.
    pub(super) fn of<T: PartialEq>(
        what: &'static str,
        files: &T,
        chain: &T,
        words: impl Fn(&T) -> String,
    ) -> Self {
        if files == chain {
            Self::equal(what, words(files))
        } else {
            Self::differs(
                what,
                format!(
                    "the files say {}, the chain says {}",
                    words(files),
                    words(chain)
                ),
            )
        }
    }
}

/// Sizes and hashes of all files.
pub(super) fn published(folder: &Path, manifest: &Manifest) -> Result<Check, CliError> {
    const NAME: &str = "files";
    match verify_files(folder, manifest) {
        Ok(()) => {
            let count = manifest.file_count();
            Ok(Check::equal(
                NAME,
                format!(
                    "{} files have the manifest's sizes and hashes",
                    grouped(count)
                ),
            ))
        }
        Err(error) if error.is_evidence_of_fault() => Ok(Check::differs(NAME, error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Whether the canopy that is stored folds to the root. Of a closed epoch the account keeps the sums and the manifest's hash,
/// which is compared elsewhere and stands for the rest.
pub(super) fn stored(record: &EpochRecord) -> Check {
    const NAME: &str = "canopy";
    let EpochRecord::Stored(epoch) = record else {
        return Check::equal(
            "details",
            "the epoch is closed: period, counts, ruleset and code are the manifest's, whose hash is on chain",
        );
    };
    match fold_canopy(&epoch.facts.canopy.nodes) {
        Ok(root) if epoch.facts.canopy.complete && root == epoch.root_node() => {
            Check::equal(NAME, "folds to the root on chain")
        }
        _ if !epoch.facts.canopy.complete => Check::unknown(NAME, "is not complete yet"),
        _ => Check::differs(NAME, "does not fold to the root on chain"),
    }
}
