//! Rules as a command line names them: by the folder they stand in, or by their hash alone.

use std::path::{Path, PathBuf};

use cairn_epoch::{EpochError, NetworkTerms, Ruleset, read_terms};
use cairn_interface::vault::PoolParams;
use cairn_origin::beyond_caps;

use crate::args::hash;
use crate::conversation::Effect;
use crate::error::CliError;

/// What was named, not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Hash([u8; 32]),
    Folder(PathBuf),
}

/// A folder with `ruleset.toml`, else a hash.
///
/// # Errors
/// A sentence for what is neither.
pub fn named(text: &str) -> Result<Named, String> {
    let folder = Path::new(text);
    if folder.is_dir() {
        return Ok(Named::Folder(folder.to_owned()));
    }
    hash(text).map(Named::Hash).map_err(|sentence| {
        format!("neither a folder with ruleset.toml in it nor a hash ({sentence})")
    })
}

/// Rules as far as they were given.
pub struct Rules {
    pub hash: [u8; 32],
    /// None when the hash was given alone.
    terms: Option<NetworkTerms>,
}

impl Named {
    /// # Errors
    /// A folder that holds no rules, or rules with a number out of range.
    pub fn read(&self) -> Result<Rules, CliError> {
        match self {
            Self::Hash(hash) => Ok(Rules {
                hash: *hash,
                terms: None,
            }),
            Self::Folder(folder) => {
                let terms = read_terms(folder)?;
                let loaded = Ruleset::load(&folder.join("ruleset.toml"), &folder.join("rules"))
                    .map_err(EpochError::from)?;
                Ok(Rules {
                    hash: loaded.hash(),
                    terms: Some(terms),
                })
            }
        }
    }
}

impl Rules {
    /// Refuses rules that give more than `params` let an epoch give, and says in the effect when that could not be looked at.
    ///
    /// # Errors
    /// `rules-beyond-caps`.
    pub fn within(&self, params: &PoolParams, effect: Effect) -> Result<Effect, CliError> {
        let Some(terms) = &self.terms else {
            return Ok(effect.warning(
                "Only the hash of the rules was given: name their folder instead, and what they give is held against the pool's caps.",
            ));
        };
        let beyond = beyond_caps(terms, params);
        if beyond.is_empty() {
            return Ok(effect);
        }
        let found: Vec<String> = beyond.iter().map(ToString::to_string).collect();
        let lower: Vec<&str> = beyond.iter().map(|found| found.what.lower()).collect();
        Err(CliError::refused(
            "rules-beyond-caps",
            found.join("; "),
            format!(
                "{} in ruleset.toml, or raise the cap: an epoch above it waits, and under a cap of 0 for ever",
                lower.join(", ")
            ),
        ))
    }
}
