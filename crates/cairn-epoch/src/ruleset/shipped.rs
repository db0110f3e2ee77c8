//! The rules that ship with this version, and how a network's own terms make a ruleset of them.

use std::path::Path;

use cairn_rules::{Rule, Ruleset};

use super::{NetworkTerms, Rulebook};
use crate::EpochError;
use crate::folder::write_atomically;

/// Name and text of every rule that ships: each file of the folder, as the build script found them.
const SHIPPED_RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped_rules.rs"));

/// Every number of the rules; what a network decides for itself is missing.
const SHIPPED_DOCUMENT: &str = include_str!("../../../../rules/1/ruleset.toml");

/// The rules that ship, with a network's own terms: a ruleset that is complete.
///
/// # Errors
/// [`EpochError::Rules`] names a term that is out of range.
pub fn shipped_ruleset(terms: &NetworkTerms) -> Result<Ruleset, EpochError> {
    let files = SHIPPED_RULES
        .iter()
        .map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned()));
    let document = format!("{SHIPPED_DOCUMENT}{}", terms.render());
    let ruleset = Ruleset::from_texts(document, files)?;
    Rulebook::new(ruleset.clone())?;
    Ok(ruleset)
}

/// Writes [`shipped_ruleset`] into `folder`: `ruleset.toml` and `rules/`.
///
/// # Errors
/// As [`shipped_ruleset`]; [`EpochError::Io`].
pub fn write_shipped_ruleset(folder: &Path, terms: &NetworkTerms) -> Result<(), EpochError> {
    let ruleset = shipped_ruleset(terms)?;
    // The document last: a folder without one is no ruleset, so a crash leaves nothing that looks like a whole one.
    for Rule { name, sql, .. } in ruleset.rules() {
        let path = folder.join("rules").join(format!("{name}.sql"));
        write_atomically(&path, sql.as_bytes())?;
    }
    write_atomically(&folder.join("ruleset.toml"), ruleset.document().as_bytes())
}
