//! Everything in which two rulesets differ, for who decides about a change: numbers with both values, rules line by line.

use std::collections::{BTreeMap, BTreeSet};

use cairn_rules::Ruleset;
use similar::{ChangeTag, TextDiff};

use super::difference::{flat, safe};

/// Longest line that is shown of a file, in characters.
const LONGEST_LINE: usize = 240;

/// In what two rulesets differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesetChanges {
    /// Values of the document, by a name that says where each stands: `[rules.beat] milli_points`.
    pub values: Vec<ValueChange>,
    /// Files of SQL; and `ruleset.toml` where nothing but its comments changed.
    pub files: Vec<FileChange>,
}

/// A value of one document that the other has otherwise, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A file that is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    pub name: String,
    pub lines: Vec<LineChange>,
}

/// A line of one text that the other does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineChange {
    /// Whether the text after has it, rather than the one before.
    pub is_added: bool,
    /// From 1, in the text that has it.
    pub line: usize,
    pub text: String,
}

/// Compares two rulesets.
#[must_use]
pub fn ruleset_changes(before: &Ruleset, after: &Ruleset) -> RulesetChanges {
    let mut changes = RulesetChanges::default();
    if let (Ok(left), Ok(right)) = (before.document().parse(), after.document().parse()) {
        let (left, right) = (flat(&left), flat(&right));
        let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
        let differing = names
            .into_iter()
            .filter(|name| left.get(*name) != right.get(*name));
        let told = |text: Option<&String>| text.map(|text| safe(text, LONGEST_LINE));
        changes.values = differing
            .map(|name| ValueChange {
                name: safe(name, LONGEST_LINE),
                before: told(left.get(name)),
                after: told(right.get(name)),
            })
            .collect();
    }
    if changes.values.is_empty() && before.document() != after.document() {
        let lines = line_changes(before.document(), after.document());
        let name = "ruleset.toml".to_owned();
        changes.files.push(FileChange { name, lines });
    }
    let by_name = |ruleset: &Ruleset| -> BTreeMap<String, String> {
        let rules = ruleset.rules().iter();
        rules
            .map(|rule| (format!("{}.sql", rule.name), rule.sql.clone()))
            .collect()
    };
    let (left, right) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let text = |side: &BTreeMap<String, String>| side.get(name).cloned().unwrap_or_default();
        let lines = line_changes(&text(&left), &text(&right));
        if !lines.is_empty() {
            let name = name.clone();
            changes.files.push(FileChange { name, lines });
        }
    }
    changes
}

/// Lines that only one of two texts has: removed ones before added ones at each place.
fn line_changes(before: &str, after: &str) -> Vec<LineChange> {
    let (left, right): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let changes = TextDiff::from_slices(&left, &right);
    let told = changes.iter_all_changes().filter_map(|change| {
        let (is_added, at) = match change.tag() {
            ChangeTag::Equal => return None,
            ChangeTag::Delete => (false, change.old_index()?),
            ChangeTag::Insert => (true, change.new_index()?),
        };
        Some(LineChange {
            is_added,
            line: at.saturating_add(1),
            text: safe(change.value(), LONGEST_LINE),
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruleset(number: i64, sql: &str) -> Ruleset {
        let document = format!("version = 1\n[rules.beat]\nmilli_points = {number}\n");
        Ruleset::from_texts(document, [("10_a.sql".to_owned(), sql.to_owned())]).unwrap()
    }

    fn line(is_added: bool, line: usize, text: &str) -> LineChange {
        LineChange {
            is_added,
            line,
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_number_is_told_with_both_values_and_a_rule_by_the_lines_that_differ() {
        let before = ruleset(1_000, "SELECT\n  a,\n  b\nFROM t\nWHERE x > 1\n");
        let after = ruleset(2_000, "SELECT\n  a,\n  c,\n  d\nFROM t\nWHERE x > 1\n");
        let changes = ruleset_changes(&before, &after);
        assert_eq!(
            changes.values,
            [ValueChange {
                name: "[rules.beat] milli_points".to_owned(),
                before: Some("1000".to_owned()),
                after: Some("2000".to_owned()),
            }]
        );
        assert_eq!(changes.files.len(), 1);
        assert_eq!(changes.files[0].name, "10_a.sql");
        assert_eq!(
            changes.files[0].lines,
            [
                line(false, 3, "  b"),
                line(true, 3, "  c,"),
                line(true, 4, "  d"),
            ]
        );
        assert_eq!(ruleset_changes(&before, &before), RulesetChanges::default());
    }

    #[test]
    fn a_comment_alone_is_told_too_and_nothing_that_moves_a_cursor() {
        let before = ruleset(1, "SELECT 1\n");
        let document = format!("# what people were told \u{1b}[2J\n{}", before.document());
        let rules = [("10_a.sql".to_owned(), "SELECT 1\n".to_owned())];
        let after = Ruleset::from_texts(document, rules).unwrap();
        let changes = ruleset_changes(&before, &after);
        assert!(changes.values.is_empty());
        assert_eq!(
            changes.files[0].lines,
            [line(true, 1, "# what people were told ?[2J")]
        );
    }
}
