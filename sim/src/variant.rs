//! The rules with one of them switched off: by another number in `ruleset.toml`, or another line of SQL. The result goes through the
//! same door as any ruleset.

use std::fs;
use std::path::Path;

use cairn_epoch::EpochFolder;

use crate::SimError;

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// Table, key, value; of `[envelope]`, or of `[rules.<table>]`.
    Number(&'static str, &'static str, i64),
    /// Rule, what stands in it, and what takes its place.
    Sql(&'static str, &'static str, &'static str),
}

/// What stands otherwise than it ships.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variant {
    edits: Vec<Edit>,
}

impl Variant {
    /// Nothing.
    pub const SHIPPED: Self = Self { edits: Vec::new() };

    #[must_use]
    pub fn of(edits: &[Edit]) -> Self {
        Self {
            edits: edits.to_vec(),
        }
    }

    /// One number.
    #[must_use]
    pub fn number(table: &'static str, key: &'static str, value: i64) -> Self {
        Self {
            edits: vec![Edit::Number(table, key, value)],
        }
    }

    #[must_use]
    pub const fn is_shipped(&self) -> bool {
        self.edits.is_empty()
    }

    /// A number, as it ships or as it stands otherwise here.
    pub(crate) fn value(&self, table: &str, key: &str, shipped: i64) -> i64 {
        let mut numbers = self.edits.iter().filter_map(|edit| match edit {
            Edit::Number(of, name, value) if *of == table && *name == key => Some(*value),
            _ => None,
        });
        numbers.next_back().unwrap_or(shipped)
    }

    /// What is changed, for people.
    #[must_use]
    pub fn in_words(&self) -> String {
        let words = self.edits.iter().map(|edit| match edit {
            Edit::Number(table, key, value) => format!("{table}_{key} = {value}"),
            Edit::Sql(rule, ..) => format!("a line of {rule}.sql"),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// Changes the ruleset that stands in an epoch's inputs.
    pub(crate) fn apply(&self, folder: &EpochFolder) -> Result<(), SimError> {
        for edit in &self.edits {
            match *edit {
                Edit::Number(table, key, value) => rewritten(&folder.ruleset_toml(), |text| {
                    with_number(&text, table, key, value)
                        .ok_or_else(|| SimError::Variant(format!("{table}_{key}")))
                })?,
                Edit::Sql(rule, from, to) => {
                    rewritten(&folder.rules().join(format!("{rule}.sql")), |text| {
                        let is_there = text.contains(from);
                        is_there
                            .then(|| text.replace(from, to))
                            .ok_or_else(|| SimError::Variant(format!("{rule}: {from}")))
                    })?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a text, changes it, and writes it back.
fn rewritten(
    path: &Path,
    change: impl FnOnce(String) -> Result<String, SimError>,
) -> Result<(), SimError> {
    let unusable = |source| SimError::Io {
        path: path.to_owned(),
        source,
    };
    let text = change(fs::read_to_string(path).map_err(unusable)?)?;
    fs::write(path, text).map_err(unusable)
}

/// The text with another value of a number; none where there is no such number.
fn with_number(text: &str, table: &str, key: &str, value: i64) -> Option<String> {
    let headers = [format!("[{table}]"), format!("[rules.{table}]")];
    let (mut is_there, mut is_done) = (false, false);
    let lines = text.split_inclusive('\n').map(|line| {
        if line.starts_with('[') {
            is_there = headers.iter().any(|header| line.trim_end() == header);
        }
        let name = line.split('=').next().unwrap_or_default().trim();
        if is_there && name == key {
            is_done = true;
            return format!("{key} = {value}\n");
        }
        line.to_owned()
    });
    let text: String = lines.collect();
    is_done.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_of_its_own_table_is_changed() {
        let text = "[envelope]\na = 1 # why\n[rules.cell]\na = 2\n[[pot]]\na = 3\n";
        let changed = "[envelope]\na = 1 # why\n[rules.cell]\na = 9\n[[pot]]\na = 3\n";
        assert_eq!(with_number(text, "cell", "a", 9).as_deref(), Some(changed));
        let changed = "[envelope]\na = 9\n[rules.cell]\na = 2\n[[pot]]\na = 3\n";
        assert_eq!(
            with_number(text, "envelope", "a", 9).as_deref(),
            Some(changed)
        );
        assert_eq!(with_number(text, "cell", "b", 9), None);
    }
}
