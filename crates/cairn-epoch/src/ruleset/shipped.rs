//! The texts of the rules that ship with this version.

use cairn_rules::Ruleset;

use crate::EpochError;

/// Name and text of every rule that ships: each file of the folder, as the build script found them.
const SHIPPED_RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped_rules.rs"));

/// Every number of the rules; what a network decides for itself is missing.
const SHIPPED_DOCUMENT: &str = include_str!("../../../../rules/1/ruleset.toml");

/// The texts that ship, without a network's terms.
pub(super) fn texts() -> Result<Ruleset, EpochError> {
    let files = SHIPPED_RULES
        .iter()
        .map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned()));
    Ok(Ruleset::from_texts(SHIPPED_DOCUMENT.to_owned(), files)?)
}
