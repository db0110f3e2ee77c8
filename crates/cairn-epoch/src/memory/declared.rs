//! `[[memory]]` of a ruleset: which tables its rules carry from epoch to epoch.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::kind::FACTS;

/// Tables, and columns of one, that a ruleset may declare: each table is a file in every epoch's folder.
const TABLES_MAX: usize = 64;
const COLUMNS_MAX: usize = 32;
/// Letters of a name. Names are file names and columns.
const NAME_MAX: usize = 40;

/// Tables that rules see, or must make, without declaring them.
const GIVEN: &[&str] = &[
    "decisions",
    "devices",
    "linked",
    "payers",
    "streams",
    "tasks",
];

/// A table that rules carry: they read it under its name and make `next_` and its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryTable {
    pub name: String,
    /// What a row is about: no two rows share it, and rows ascend by it.
    pub key: Vec<MemoryColumn>,
    /// What is remembered of it.
    pub value: Vec<MemoryColumn>,
}

/// A column. Bounds hold for what rules make and for what is carried in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: MemoryType,
    pub min: Option<i64>,
    pub max: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MemoryType {
    /// A key of 32 bytes. Rules see its number, which is another in every epoch; the file holds the key.
    Identity,
    Integer,
    /// An integer, or null.
    OptionalInteger,
}

impl MemoryTable {
    /// Key first, as in the file.
    pub fn columns(&self) -> impl Iterator<Item = &MemoryColumn> {
        self.key.iter().chain(&self.value)
    }

    /// The table that rules must make of it.
    pub fn next(&self) -> String {
        format!("next_{}", self.name)
    }

    fn check(&self) -> Result<(), String> {
        let name = &self.name;
        check_name(name).map_err(|problem| format!("[[memory]] {name:?} {problem}"))?;
        let wrong = |problem: String| Err(format!("[[memory]] {name}: {problem}"));
        let is_given =
            GIVEN.contains(&name.as_str()) || FACTS.iter().any(|facts| facts.table == name);
        if is_given || name.starts_with("next_") {
            return wrong("the name is taken: rules see or make a table of that name".to_owned());
        }
        if self.key.is_empty() {
            return wrong("key is empty; without one nobody could tell rows apart".to_owned());
        }
        if self.key.len().saturating_add(self.value.len()) > COLUMNS_MAX {
            return wrong(format!("a table has at most {COLUMNS_MAX} columns"));
        }
        let mut names = BTreeSet::new();
        for column in self.columns() {
            let called = &column.name;
            check_name(called)
                .map_err(|problem| format!("[[memory]] {name}: column {called:?} {problem}"))?;
            if !names.insert(called) {
                return wrong(format!("column {called} stands twice"));
            }
            let bounded = column.min.is_some() || column.max.is_some();
            if column.kind == MemoryType::Identity && bounded {
                return wrong(format!(
                    "column {called} is an identity, which has no bounds"
                ));
            }
            if let (Some(min), Some(max)) = (column.min, column.max)
                && min > max
            {
                return wrong(format!("column {called}: min is {min}, above max {max}"));
            }
        }
        let optional = |column: &&MemoryColumn| column.kind == MemoryType::OptionalInteger;
        if let Some(column) = self.key.iter().find(optional) {
            return wrong(format!(
                "column {} is part of the key and may not be null",
                column.name
            ));
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
    if starts && name.len() <= NAME_MAX && name.bytes().all(plain) {
        return Ok(());
    }
    Err(format!(
        "is no name: small letters, digits and _, a letter first, at most {NAME_MAX}"
    ))
}

/// Checks what a ruleset declares. `made` are the tables that its rules make.
pub(crate) fn check_memory<'a>(
    tables: &[MemoryTable],
    made: impl Iterator<Item = &'a str>,
) -> Result<(), String> {
    if tables.len() > TABLES_MAX {
        return Err(format!(
            "a ruleset declares at most {TABLES_MAX} [[memory]] tables"
        ));
    }
    let made: BTreeSet<&str> = made.collect();
    let mut names = BTreeSet::new();
    for table in tables {
        table.check()?;
        let name = &table.name;
        if !names.insert(name) {
            return Err(format!("[[memory]] {name} stands twice"));
        }
        if made.contains(name.as_str()) {
            return Err(format!(
                "[[memory]] {name}: a rule makes a table of that name"
            ));
        }
        // Found now and not when the first epoch closes.
        let next = table.next();
        if !made.contains(next.as_str()) {
            return Err(format!("[[memory]] {name}: no rule makes {next}"));
        }
    }
    Ok(())
}
