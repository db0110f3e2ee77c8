//! Everything in which two rulesets differ, for who decides about a change: numbers with both values, rules line by line.

use std::collections::{BTreeMap, BTreeSet};

use cairn_rules::Ruleset;

use super::difference::{flat, safe};

/// Longest line that is shown of a file, in characters.
const LONGEST_LINE: usize = 240;
/// Most pairs of lines that are compared to find what two texts share; beyond, the differing part is shown as a whole.
const MOST_PAIRS: usize = 4_000_000;

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

/// Lines that only one of two texts has, by their longest common part: removed ones before added ones at each place.
fn line_changes(before: &str, after: &str) -> Vec<LineChange> {
    let (left, right): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let tails = left.iter().rev().zip(right.iter().rev());
    let rest = left.len().min(right.len()).saturating_sub(head);
    let tail = tails.take(rest).take_while(|(a, b)| a == b).count();
    let middle = |lines: &[&str]| head..lines.len().saturating_sub(tail);
    let (left_part, right_part) = (middle(&left), middle(&right));
    let (a, b) = (
        left.get(left_part.clone()).unwrap_or_default(),
        right.get(right_part).unwrap_or_default(),
    );
    let mut changes = Vec::new();
    let mut tell = |is_added: bool, at: usize, text: &str| {
        changes.push(LineChange {
            is_added,
            line: head.saturating_add(at).saturating_add(1),
            text: safe(text, LONGEST_LINE),
        });
    };
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in common(a, b)
        .into_iter()
        .chain(std::iter::once((a.len(), b.len())))
    {
        for at in i..next_i {
            tell(false, at, a.get(at).unwrap_or(&""));
        }
        for at in j..next_j {
            tell(true, at, b.get(at).unwrap_or(&""));
        }
        (i, j) = (next_i.saturating_add(1), next_j.saturating_add(1));
    }
    changes
}

/// Places of the lines that both share, in order: a longest common subsequence.
fn common(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let width = b.len().saturating_add(1);
    // At i, j: how many lines a[i..] and b[j..] share.
    let mut shared = vec![0_u32; a.len().saturating_add(1).saturating_mul(width)];
    let place = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let best = if a.get(i) == b.get(j) {
                at(&shared, place(i + 1, j + 1)).saturating_add(1)
            } else {
                at(&shared, place(i + 1, j)).max(at(&shared, place(i, j + 1)))
            };
            if let Some(cell) = shared.get_mut(place(i, j)) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a.get(i) == b.get(j) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&shared, place(i + 1, j)) >= at(&shared, place(i, j + 1)) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn at(shared: &[u32], place: usize) -> u32 {
    shared.get(place).copied().unwrap_or(0)
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
