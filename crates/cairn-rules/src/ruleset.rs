use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::RulesError;

/// One rule: a SELECT whose result later rules, or the caller, see as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The file's name without ".sql": "20_beats".
    pub name: String,
    /// The table it makes: "beats".
    pub table: String,
    pub sql: String,
}

/// The numbers and the rules of one version, as files that a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruleset {
    document: String,
    rules: Vec<Rule>,
}

impl Ruleset {
    /// Reads `ruleset.toml` and every file of the folder `rules`.
    ///
    /// # Errors
    /// [`RulesError::Read`], and whatever [`Self::from_texts`] refuses.
    pub fn load(document: &Path, rules: &Path) -> Result<Self, RulesError> {
        let read = |path: &Path| {
            std::fs::read_to_string(path).map_err(|source| RulesError::Read {
                path: path.to_owned(),
                source,
            })
        };
        let unreadable = |source| RulesError::Read {
            path: rules.to_owned(),
            source,
        };
        let text = read(document)?;
        let mut files = Vec::new();
        for entry in std::fs::read_dir(rules).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, read(&entry.path())?));
        }
        Self::from_texts(text, files)
    }

    /// A ruleset from the text of `ruleset.toml` and of each rule, by file name.
    ///
    /// # Errors
    /// [`RulesError::Name`] unless every file is called `NN_table.sql`, [`RulesError::TableTwice`].
    pub fn from_texts(
        document: String,
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, RulesError> {
        let mut rules = Vec::new();
        for (file, sql) in files {
            let Some((name, table)) = split_name(&file) else {
                return Err(RulesError::Name { name: file });
            };
            rules.push(Rule {
                name: name.to_owned(),
                table: table.to_owned(),
                sql,
            });
        }
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        let mut tables = BTreeSet::new();
        for rule in &rules {
            if !tables.insert(rule.table.as_str()) {
                return Err(RulesError::TableTwice {
                    table: rule.table.clone(),
                });
            }
        }
        Ok(Self { document, rules })
    }

    /// The rules, in the order they run.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The text of `ruleset.toml`.
    #[must_use]
    pub fn document(&self) -> &str {
        &self.document
    }

    /// `ruleset.toml` as a type that refuses unknown keys.
    ///
    /// # Errors
    /// [`RulesError::Document`] says where the text and the type disagree.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, RulesError> {
        toml::from_str(&self.document).map_err(|error| RulesError::Document {
            path: PathBuf::from("ruleset.toml"),
            message: error.to_string().trim_end().replace('\n', " "),
        })
    }

    /// SHA-256 over `ruleset.toml` and every rule, each with its name and length: the hash that is on chain. Comments
    /// count too: they are what people were told.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"cairn/ruleset/1");
        let mut add = |name: &str, text: &str| {
            for part in [name, text] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        };
        add("ruleset.toml", &self.document);
        for rule in &self.rules {
            add(&rule.name, &rule.sql);
        }
        hash.finalize().into()
    }
}

/// "10_check_ins.sql" → ("10_check_ins", "check_ins").
fn split_name(file: &str) -> Option<(&str, &str)> {
    let name = file.strip_suffix(".sql")?;
    let (number, table) = name.split_once('_')?;
    let is_number = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_table = table.starts_with(|first: char| first.is_ascii_lowercase())
        && table
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (is_number && is_table).then_some((name, table))
}

/// The numbers of `tables` by the names rules use: key `c` of table `a` is `$a_c`.
#[must_use]
pub fn flatten(tables: &BTreeMap<String, BTreeMap<String, i64>>) -> BTreeMap<String, i64> {
    let mut numbers = BTreeMap::new();
    for (table, values) in tables {
        for (key, value) in values {
            numbers.insert(format!("{table}_{key}"), *value);
        }
    }
    numbers
}
