//! A ruleset as a person reads it: every number with what its comment says of it, and what each rule is for.

use cairn_rules::Ruleset;
use serde::Deserialize;

use crate::EpochError;

/// What stands in a ruleset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedRules {
    pub version: u16,
    /// Kinds of proofs that are paid, by name.
    pub kinds: Vec<String>,
    /// The numbers, by the table that they stand in, as the file has them.
    pub tables: Vec<NumberTable>,
    /// Every pot with what stands in its row: key and value.
    pub pots: Vec<DescribedRow>,
    /// The same of what the registry's classes and models mean.
    pub models: Vec<DescribedRow>,
    /// The same of partners' streams and carriers' tasks.
    pub streams: Vec<DescribedRow>,
    pub tasks: Vec<DescribedRow>,
    /// Names of the tables that rules carry from epoch to epoch, each with what its comment says.
    pub memory: Vec<(String, Option<String>)>,
    /// In the order they run.
    pub rules: Vec<DescribedRule>,
    /// Why a proof is refused, by the reason's name, in the ruleset's words.
    pub reasons: Vec<(String, String)>,
}

/// `[envelope]`, or one of `[rules.…]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberTable {
    /// The table's name without `rules.`.
    pub name: String,
    /// The comment above it.
    pub about: String,
    pub numbers: Vec<Number>,
}

/// A number that decides what a proof earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    pub key: String,
    pub value: i64,
    /// The comment behind it: where it comes from, or that it is to be tuned.
    pub origin: Option<String>,
}

/// A row of an array of tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedRow(pub Vec<(String, String)>);

impl DescribedRow {
    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str())
    }
}

/// One file of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedRule {
    /// The file's name without ".sql".
    pub name: String,
    /// Its comment: what it decides and why.
    pub about: String,
}

/// What is read of the document by type; the rest may be anything.
#[derive(Deserialize)]
struct Shape {
    version: u16,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    pot: Vec<toml::Table>,
    #[serde(default)]
    model: Vec<toml::Table>,
    #[serde(default)]
    stream: Vec<toml::Table>,
    #[serde(default)]
    task: Vec<toml::Table>,
    #[serde(default)]
    reasons: toml::Table,
}

/// Reads what a ruleset says about itself.
///
/// # Errors
/// [`EpochError::Rules`] for a document that is none.
pub fn describe(ruleset: &Ruleset) -> Result<DescribedRules, EpochError> {
    let shape: Shape = ruleset.parse()?;
    let rows = |tables: Vec<toml::Table>| tables.iter().map(row).collect();
    let text = |value: &toml::Value| value.as_str().unwrap_or_default().to_owned();
    let scan = Scan::of(ruleset.document());
    Ok(DescribedRules {
        version: shape.version,
        kinds: shape.kinds,
        tables: scan.tables,
        pots: rows(shape.pot),
        models: rows(shape.model),
        streams: rows(shape.stream),
        tasks: rows(shape.task),
        memory: scan.memory,
        rules: ruleset
            .rules()
            .iter()
            .map(|rule| DescribedRule {
                name: rule.name.clone(),
                about: first_comment(&rule.sql, "--"),
            })
            .collect(),
        reasons: shape
            .reasons
            .iter()
            .map(|(name, words)| (name.clone(), text(words)))
            .collect(),
    })
}

fn row(table: &toml::Table) -> DescribedRow {
    let spell = |value: &toml::Value| match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let columns = table.iter();
    DescribedRow(
        columns
            .map(|(key, value)| (key.clone(), spell(value)))
            .collect(),
    )
}

/// The comment that a text begins with. An empty line of it parts paragraphs, which stand on one line each.
fn first_comment(text: &str, mark: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix(mark));
    paragraphs(lines)
}

/// Comment lines as paragraphs. What is set in by more than a blank keeps its line: it is a formula.
fn paragraphs<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for line in lines {
        let is_set_in = line.starts_with("  ");
        match line.trim() {
            "" => text.push('\n'),
            words => {
                let is_running = !text.is_empty() && !text.ends_with('\n');
                if is_set_in {
                    text.push_str(if is_running { "\n    " } else { "    " });
                } else if is_running {
                    text.push(' ');
                }
                text.push_str(words);
                if is_set_in {
                    text.push('\n');
                }
            }
        }
    }
    text.trim_end().to_owned()
}

/// What only the text says: comments.
#[derive(Default)]
struct Scan {
    tables: Vec<NumberTable>,
    memory: Vec<(String, Option<String>)>,
}

/// Where a line stands.
enum Place {
    Numbers,
    Memory,
    Elsewhere,
}

impl Scan {
    fn of(document: &str) -> Self {
        let mut scan = Self::default();
        let mut place = Place::Elsewhere;
        let mut above: Vec<&str> = Vec::new();
        for line in document.lines() {
            if let Some(comment) = line.strip_prefix('#') {
                above.push(comment);
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                place = scan.enter(header, &above);
            } else if let Some((key, rest)) = line.split_once('=') {
                scan.take(&place, key.trim(), rest);
            }
            above.clear();
        }
        scan
    }

    fn enter(&mut self, header: &str, above: &[&str]) -> Place {
        let name = header.split(']').next().unwrap_or_default();
        let numbers = match name {
            "envelope" => Some(name),
            _ => name.strip_prefix("rules."),
        };
        if let Some(name) = numbers {
            self.tables.push(NumberTable {
                name: name.to_owned(),
                about: paragraphs(above.iter().copied()),
                numbers: Vec::new(),
            });
            return Place::Numbers;
        }
        if header.starts_with("[memory]]") {
            return Place::Memory;
        }
        Place::Elsewhere
    }

    fn take(&mut self, place: &Place, key: &str, rest: &str) {
        // A number holds no #; of a name in quotes only what is behind it counts.
        let (value, origin) = match rest.trim_start().strip_prefix('"') {
            Some(text) => text.split_once('"').unwrap_or((text, "")),
            None => rest.split_once('#').map_or((rest, ""), |(value, _)| {
                (value, rest.get(value.len()..).unwrap_or_default())
            }),
        };
        let origin = origin.trim().trim_start_matches('#').trim();
        let origin = (!origin.is_empty()).then(|| origin.to_owned());
        match place {
            Place::Numbers => {
                let number = value.trim().replace('_', "").parse();
                if let (Ok(value), Some(table)) = (number, self.tables.last_mut()) {
                    table.numbers.push(Number {
                        key: key.to_owned(),
                        value,
                        origin,
                    });
                }
            }
            Place::Memory if key == "name" => self.memory.push((value.to_owned(), origin)),
            Place::Memory | Place::Elsewhere => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::WrittenRules;

    #[test]
    fn every_number_that_a_rule_may_name_is_described_with_its_comment() {
        let shipped = WrittenRules::shipped().unwrap();
        let described = describe(shipped.ruleset()).unwrap();
        let document: toml::Table = shipped.ruleset().parse().unwrap();
        let rules = document["rules"].as_table().unwrap();
        let named: usize = rules
            .values()
            .map(|table| table.as_table().unwrap().len())
            .sum();
        let tables = described.tables.iter();
        let told: usize = tables
            .filter(|table| table.name != "envelope")
            .map(|table| table.numbers.len())
            .sum();
        assert_eq!(told, named);
        let beat = described.tables.iter().find(|table| table.name == "beat");
        let first = &beat.unwrap().numbers[0];
        assert_eq!((first.key.as_str(), first.value), ("milli_points", 1_000));
        assert_eq!(first.origin.as_deref(), Some("one point an hour"));
        assert_eq!(beat.unwrap().about, "One hour of a hotspot.");
        assert!(described.rules.iter().all(|rule| !rule.about.is_empty()));
        let tables = document["memory"].as_array().unwrap().len();
        assert_eq!(described.memory.len(), tables);
    }

    #[test]
    fn paragraphs_run_on_and_formulas_keep_their_lines() {
        let sql = "-- One thing\n-- and more:\n--\n--   a = b\n--\n-- The end.\nSELECT 1";
        assert_eq!(
            first_comment(sql, "--"),
            "One thing and more:\n    a = b\n\nThe end."
        );
    }
}
