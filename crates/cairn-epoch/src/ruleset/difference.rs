//! In which number, or which line of a rule, two rulesets differ: an attester that refuses a forged one says what was forged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cairn_rules::{Rule, Ruleset};

use crate::EpochError;
use crate::difference::Difference;

/// Longest text of one side in a difference, in characters: a line of a stranger's file may be endless.
const MOST_SHOWN: usize = 120;

/// The first thing in which the ruleset in the folder `found` differs from the one in `expected` (`ruleset.toml` and
/// `rules/` each): a key of the document with both values, else a line of a file. `None` when both hash to the same.
///
/// # Errors
/// [`EpochError::Rules`] when one of them can not be read.
pub fn ruleset_difference(expected: &Path, found: &Path) -> Result<Option<Difference>, EpochError> {
    let load = |folder: &Path| Ruleset::load(&folder.join("ruleset.toml"), &folder.join("rules"));
    let (expected, found) = (load(expected)?, load(found)?);
    if expected.hash() == found.hash() {
        return Ok(None);
    }
    Ok(in_document(expected.document(), found.document())
        .or_else(|| in_rules(expected.rules(), found.rules())))
}

fn in_document(expected: &str, found: &str) -> Option<Difference> {
    const FILE: &str = "inputs/ruleset.toml";
    if let (Ok(left), Ok(right)) = (expected.parse(), found.parse()) {
        let (left, right) = (flat(&left), flat(&right));
        let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
        let differs = keys
            .into_iter()
            .find(|key| left.get(*key) != right.get(*key));
        if let Some(key) = differs {
            let spell = |side: &BTreeMap<String, String>| {
                side.get(key)
                    .map_or_else(|| "nothing".to_owned(), |value| shown(value))
            };
            return Some(Difference {
                file: FILE.to_owned(),
                row: None,
                field: shown(key),
                expected: spell(&left),
                found: spell(&right),
            });
        }
    }
    // Comments are part of the hash: they are what people were told.
    in_lines(FILE, expected, found)
}

fn in_rules(expected: &[Rule], found: &[Rule]) -> Option<Difference> {
    let by_name = |rules: &[Rule]| -> BTreeMap<String, String> {
        rules
            .iter()
            .map(|rule| (rule.name.clone(), rule.sql.clone()))
            .collect()
    };
    let (left, right) = (by_name(expected), by_name(found));
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    names.into_iter().find_map(|name| {
        let file = format!("inputs/rules/{name}.sql");
        match (left.get(name), right.get(name)) {
            (Some(left), Some(right)) => in_lines(&file, left, right),
            (left, _) => {
                let here = |present: bool| if present { "present" } else { "absent" }.to_owned();
                Some(Difference {
                    file,
                    row: None,
                    field: "file".to_owned(),
                    expected: here(left.is_some()),
                    found: here(left.is_none()),
                })
            }
        }
    })
}

fn in_lines(file: &str, expected: &str, found: &str) -> Option<Difference> {
    if expected == found {
        return None;
    }
    let (left, right): (Vec<&str>, Vec<&str>) =
        (expected.split('\n').collect(), found.split('\n').collect());
    let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let spell = |lines: &[&str]| {
        lines.get(same).map_or_else(
            || "the end of the file".to_owned(),
            |line| format!("\"{}\"", shown(line.trim())),
        )
    };
    Some(Difference {
        file: file.to_owned(),
        row: u64::try_from(same).ok().and_then(|row| row.checked_add(1)),
        field: "the text".to_owned(),
        expected: spell(&left),
        found: spell(&right),
    })
}

/// Every value of a document under a name that says where it stands: `[rules.beat] milli_points`,
/// `[[stream]] 1 rate_milli_points`.
pub(super) fn flat(document: &toml::Table) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (key, value) in document {
        match value {
            toml::Value::Table(table) => flat_table(key, table, &mut values),
            toml::Value::Array(rows) if rows.iter().any(toml::Value::is_table) => {
                for (at, row) in rows.iter().enumerate() {
                    let name = format!("[[{key}]] {}", name_of(row, at));
                    flat_row(&name, row, &mut values);
                }
            }
            plain => {
                values.insert(key.clone(), plain.to_string());
            }
        }
    }
    values
}

fn flat_table(path: &str, table: &toml::Table, values: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        if let toml::Value::Table(below) = value {
            flat_table(&format!("{path}.{key}"), below, values);
        } else {
            values.insert(format!("[{path}] {key}"), value.to_string());
        }
    }
}

fn flat_row(name: &str, row: &toml::Value, values: &mut BTreeMap<String, String>) {
    match row {
        toml::Value::Table(table) => {
            for (key, value) in table {
                values.insert(format!("{name} {key}"), value.to_string());
            }
        }
        plain => {
            values.insert(name.to_owned(), plain.to_string());
        }
    }
}

/// What people call a row: its name, its id, or its place.
fn name_of(row: &toml::Value, at: usize) -> String {
    let text = |key| row.get(key).and_then(toml::Value::as_str);
    let number = |key| row.get(key).and_then(toml::Value::as_integer);
    match (text("name"), number("id")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(id)) => id.to_string(),
        (None, None) => format!("number {}", at.saturating_add(1)),
    }
}

fn shown(text: &str) -> String {
    safe(text, MOST_SHOWN)
}

/// A stranger's text as it may be printed: on one line, no longer than `most` letters, nothing that moves a cursor.
pub(super) fn safe(text: &str, most: usize) -> String {
    let mut safe: String = text
        .chars()
        .take(most)
        .map(|letter| if letter.is_control() { '?' } else { letter })
        .collect();
    if text.chars().nth(most).is_some() {
        safe.push('…');
    }
    safe
}
