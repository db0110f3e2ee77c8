//! A ruleset as somebody wrote it: complete, or without what a network decides for itself, as rules ship.

use std::path::Path;

use cairn_rules::{Rule, RulesError, Ruleset};

use super::{NetworkTerms, Rulebook, shipped};
use crate::EpochError;
use crate::folder::{RULES, RULESET, write_atomically};

/// Rules that are looked at, compared or proposed. Whether they can be run is told by who runs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenRules {
    ruleset: Ruleset,
    is_complete: bool,
}

/// A proposal as it is run over an epoch.
pub(crate) struct Fitted {
    pub ruleset: Ruleset,
    /// The proposal's own version, where another took its place.
    pub version: Option<u16>,
}

impl WrittenRules {
    /// The rules in `folder`: `ruleset.toml` with the rules in `rules/`, as every keeper has them; the same below `inputs/`, as
    /// in an epoch's folder; or with the rules beside it, as they ship.
    ///
    /// # Errors
    /// [`EpochError::Rules`]: a file that is missing or no rule, or a document that is no TOML.
    pub fn load(folder: &Path) -> Result<Self, EpochError> {
        let inputs = folder.join("inputs");
        let folder = if inputs.join(RULESET).is_file() {
            inputs.as_path()
        } else {
            folder
        };
        let (document, rules) = (folder.join(RULESET), folder.join(RULES));
        if rules.is_dir() {
            return Self::of(Ruleset::load(&document, &rules)?);
        }
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            |source| RulesError::Read { path, source }
        };
        let text = std::fs::read_to_string(&document).map_err(unreadable(&document))?;
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = entry.map_err(unreadable(folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.ends_with(".sql") {
                let sql = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
                files.push((name.into_owned(), sql));
            }
        }
        Self::of(Ruleset::from_texts(text, files)?)
    }

    /// The rules that ship with this version.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn shipped() -> Result<Self, EpochError> {
        Self::of(shipped::texts()?)
    }

    fn of(ruleset: Ruleset) -> Result<Self, EpochError> {
        let document: toml::Table = ruleset.parse()?;
        let has = |key| document.contains_key(key);
        Ok(Self {
            is_complete: has("calendar") && has("emission"),
            ruleset,
        })
    }

    /// The texts. Their hash is what a pool can name once they are complete.
    #[must_use]
    pub const fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    /// Whether calendar and emission are among them; without, they are no ruleset of any network's.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// These rules with the network's own terms, when they have none.
    ///
    /// # Errors
    /// [`EpochError::Rules`] names what is out of range.
    pub fn with_terms(&self, terms: &NetworkTerms) -> Result<Ruleset, EpochError> {
        let ruleset = if self.is_complete {
            self.ruleset.clone()
        } else {
            let document = format!("{}{}", self.ruleset.document(), terms.render());
            with_document(&self.ruleset, document)?
        };
        Rulebook::new(ruleset.clone())?;
        Ok(ruleset)
    }

    /// These rules for an epoch that was closed by `own`: with its terms when they have none, and with its version, which its
    /// proofs were signed for.
    pub(crate) fn fitted(&self, own: &Rulebook) -> Result<Fitted, EpochError> {
        let ruleset = self.with_terms(&own.terms())?;
        let version = Rulebook::new(ruleset.clone())?.version();
        if version == own.version() {
            let version = None;
            return Ok(Fitted { ruleset, version });
        }
        let document = with_version(ruleset.document(), own.version());
        Ok(Fitted {
            ruleset: with_document(&ruleset, document)?,
            version: Some(version),
        })
    }
}

fn with_document(ruleset: &Ruleset, document: String) -> Result<Ruleset, EpochError> {
    let rules = ruleset.rules().iter();
    let files = rules.map(|Rule { name, sql, .. }| (format!("{name}.sql"), sql.clone()));
    Ok(Ruleset::from_texts(document, files)?)
}

/// The document with another version. It stands above every table.
fn with_version(document: &str, version: u16) -> String {
    let mut is_above = true;
    let mut lines = document.split_inclusive('\n').map(|line| {
        is_above &= !line.starts_with('[');
        let key = line.split('=').next().unwrap_or_default().trim();
        if is_above && key == "version" {
            format!("version = {version}\n")
        } else {
            line.to_owned()
        }
    });
    lines.by_ref().collect()
}

/// The rules that ship, with a network's own terms: a ruleset that is complete.
///
/// # Errors
/// [`EpochError::Rules`] names a term that is out of range.
pub fn shipped_ruleset(terms: &NetworkTerms) -> Result<Ruleset, EpochError> {
    WrittenRules::shipped()?.with_terms(terms)
}

/// Writes [`shipped_ruleset`] into `folder`: `ruleset.toml` and `rules/`.
///
/// # Errors
/// As [`shipped_ruleset`]; [`EpochError::Io`].
pub fn write_shipped_ruleset(folder: &Path, terms: &NetworkTerms) -> Result<(), EpochError> {
    write_ruleset(folder, &shipped_ruleset(terms)?)
}

/// Writes a ruleset into `folder`: `ruleset.toml` and `rules/`.
pub(crate) fn write_ruleset(folder: &Path, ruleset: &Ruleset) -> Result<(), EpochError> {
    // The document last: a folder without one is no ruleset, so a crash leaves nothing that looks like a whole one.
    for Rule { name, sql, .. } in ruleset.rules() {
        let path = folder.join(RULES).join(format!("{name}.sql"));
        write_atomically(&path, sql.as_bytes())?;
    }
    write_atomically(&folder.join(RULESET), ruleset.document().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_above_the_tables_is_replaced() {
        let document = "# version = 9\nversion = 2 # two\nkinds = []\n[rules.a]\nversion = 7\n";
        assert_eq!(
            with_version(document, 1),
            "# version = 9\nversion = 1\nkinds = []\n[rules.a]\nversion = 7\n"
        );
    }
}
