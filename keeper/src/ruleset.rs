//! `ruleset`: a network's rules in a folder of their own, and the hash that its pool is created with.

use std::path::{Path, PathBuf};

use cairn_epoch::{NetworkTerms, Ruleset, write_shipped_ruleset};

use crate::KeeperError;
use crate::store::folder::FolderError;

/// Rules that stand in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesetShown {
    pub ruleset: PathBuf,
    /// Hash as the pool and its epochs name it.
    pub ruleset_hash: [u8; 32],
}

/// Writes the rules of this version with `terms`, or with none reads what stands in the folder.
///
/// # Errors
/// [`KeeperError`]: rules that stand there already and would be replaced, none that could be read, terms out of range, a
/// folder that can not be written.
pub fn ruleset(folder: &Path, terms: Option<&NetworkTerms>) -> Result<RulesetShown, KeeperError> {
    let unusable = |source| KeeperError::Ruleset {
        path: folder.to_owned(),
        source,
    };
    let document = folder.join("ruleset.toml");
    if let Some(terms) = terms {
        if document.symlink_metadata().is_ok() {
            let path = folder.to_owned();
            return Err(FolderError::RulesExist { path }.into());
        }
        write_shipped_ruleset(folder, terms).map_err(unusable)?;
    }
    let loaded =
        Ruleset::load(&document, &folder.join("rules")).map_err(|error| unusable(error.into()))?;
    Ok(RulesetShown {
        ruleset: folder.to_owned(),
        ruleset_hash: loaded.hash(),
    })
}
