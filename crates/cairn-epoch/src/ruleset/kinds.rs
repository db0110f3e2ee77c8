//! Which rules decide about which kind. Nobody writes that down: it follows from what each rule reads.

use std::collections::{BTreeMap, BTreeSet};

use cairn_proof::{Kind, Reason};
use cairn_rules::Ruleset;

use crate::kind::FACTS;

/// The rules of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindRules {
    pub kind: Kind,
    /// Names of its own rules, in the order they run: those that read its proofs, or what was made of them, and no later kind's; and one
    /// that reads the proofs of several kinds before any other does.
    pub own: Vec<String>,
    /// Other rules whose results those read: what all kinds share, and other kinds' rules.
    pub others: Vec<String>,
    /// Reasons that its own rules give, by code.
    pub reasons: Vec<Reason>,
    /// Numbers that its own rules name, without $, in the order they name them first.
    pub numbers: Vec<String>,
}

/// What one rule says.
struct Text<'a> {
    name: &'a str,
    table: &'a str,
    /// Tables that it reads.
    reads: BTreeSet<String>,
    /// What it names with a $, in order.
    names: Vec<String>,
}

/// The rules of every kind that this version can score and the ruleset has rules for, in the order of their first rule.
#[must_use]
pub fn kind_rules(ruleset: &Ruleset) -> Vec<KindRules> {
    let texts: Vec<Text<'_>> = ruleset
        .rules()
        .iter()
        .map(|rule| read(&rule.name, &rule.table, &rule.sql))
        .collect();
    let first_reader = |table: &str, is_asked: &dyn Fn(&Text<'_>) -> bool| {
        let reads = |text: &Text<'_>| text.reads.contains(table) && is_asked(text);
        texts.iter().position(reads)
    };
    // Where one rule is the first to read the proofs of several kinds, it is a rule of each.
    let firsts: Vec<usize> = FACTS
        .iter()
        .filter_map(|facts| first_reader(facts.table, &|_| true))
        .collect();
    let is_shared = |text: &Text<'_>| {
        let reads = |at: &&usize| texts.get(**at).is_some_and(|it| it.name == text.name);
        firsts.iter().filter(reads).count() > 1
    };
    // Kinds in the order of the first other rule that reads their proofs: what reads of several belongs to the last.
    let mut kinds: Vec<(usize, Kind, &str)> = FACTS
        .iter()
        .filter_map(|facts| {
            let first = first_reader(facts.table, &|text| !is_shared(text))?;
            Some((first, facts.kind, facts.table))
        })
        .collect();
    kinds.sort_unstable();
    let rank: BTreeMap<&str, usize> = (0..)
        .zip(&kinds)
        .map(|(rank, (_, _, table))| (*table, rank))
        .collect();
    // What a rule makes belongs where the rule does; the last rules gather every kind.
    let mut owner: BTreeMap<&str, usize> = rank;
    let mut owned: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts
        .iter()
        .filter(|text| !gathers(text.table) && !is_shared(text))
    {
        let reads = text.reads.iter();
        if let Some(rank) = reads
            .filter_map(|table| owner.get(table.as_str()))
            .max()
            .copied()
        {
            owner.insert(text.table, rank);
            owned.insert(text.name, rank);
        }
    }
    let made: BTreeMap<&str, &str> = texts.iter().map(|text| (text.table, text.name)).collect();
    (0..)
        .zip(&kinds)
        .map(|(rank, (_, kind, table))| {
            let is_own = |text: &&Text<'_>| {
                owned.get(text.name) == Some(&rank)
                    || is_shared(text) && text.reads.contains(*table)
            };
            let own: Vec<&Text<'_>> = texts.iter().filter(is_own).collect();
            let names = own.iter().flat_map(|text| &text.names);
            let mut numbers: Vec<String> = Vec::new();
            let mut reasons = BTreeSet::new();
            for name in names {
                match name.strip_prefix("reason_") {
                    Some(reason) => reasons.extend(reason.to_ascii_uppercase().parse::<Reason>()),
                    None if !numbers.contains(name) => numbers.push(name.clone()),
                    None => {}
                }
            }
            reasons.remove(&Reason::Ok);
            let own_names: BTreeSet<&str> = own.iter().map(|text| text.name).collect();
            let others: BTreeSet<&str> = own
                .iter()
                .flat_map(|text| &text.reads)
                .filter_map(|table| made.get(table.as_str()).copied())
                .filter(|name| !own_names.contains(name))
                .collect();
            KindRules {
                kind: *kind,
                own: own.iter().map(|text| text.name.to_owned()).collect(),
                others: others.into_iter().map(str::to_owned).collect(),
                reasons: reasons.into_iter().collect(),
                numbers,
            }
        })
        .collect()
}

/// Whether a table is made of every kind's verdicts: the decisions, and what is remembered.
fn gathers(table: &str) -> bool {
    table == "decisions" || table.starts_with("next_")
}

fn read<'a>(name: &'a str, table: &'a str, sql: &str) -> Text<'a> {
    let code: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut reads = BTreeSet::new();
    let mut words = code
        .split(|letter: char| !is_name(letter))
        .filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        if matches!(word, "FROM" | "JOIN") {
            reads.extend(words.next().map(str::to_owned));
        }
    }
    // What a rule names for itself (WITH name AS …) is no other's table, whatever it is called.
    let mut before: Vec<&str> = code.split(" AS (").collect();
    before.pop();
    for text in before {
        let local = text.rsplit(|letter: char| !is_name(letter)).next();
        reads.remove(local.unwrap_or_default());
    }
    let names = code.split('$').skip(1).map(|rest| {
        let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().to_owned()
    });
    Text {
        name,
        table,
        reads,
        names: names.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::WrittenRules;

    #[test]
    fn a_rule_belongs_to_the_last_kind_whose_proofs_reach_it() {
        let shipped = WrittenRules::shipped().unwrap();
        let kinds = kind_rules(shipped.ruleset());
        assert_eq!(kinds.len(), FACTS.len());
        let beat = kinds.iter().find(|rules| rules.kind == Kind::HotspotBeat);
        let beat = beat.unwrap();
        let own = |name: &str| beat.own.iter().any(|own| own == name);
        assert!(own("30_beat_facts") && own("34_contacts") && own("35_beat_verdicts"));
        let visit = kinds
            .iter()
            .find(|rules| rules.kind == Kind::ValidatorVisit);
        let visit = &visit.unwrap().own;
        // Both kinds of meetings are judged by one rule first.
        assert_eq!(
            visit[..],
            ["11_meetings", "23_visit_facts", "24_visit_verdicts"]
        );
        let probe = kinds.iter().find(|rules| rules.kind == Kind::QosProbe);
        assert_eq!(probe.unwrap().own[..2], ["11_meetings", "25_probe_facts"]);
        assert!(!own("21_check_in_verdicts") && !own("90_decisions"));
        assert!(
            beat.others
                .iter()
                .any(|name| name == "21_check_in_verdicts")
        );
        assert!(beat.others.iter().any(|name| name == "10_hardware"));
        assert!(beat.reasons.contains(&Reason::TooFar));
        assert!(!beat.reasons.contains(&Reason::Ok));
        assert!(beat.numbers.iter().any(|name| name == "beat_far_m"));
        // No rule that decides is nobody's.
        for rule in shipped.ruleset().rules() {
            let gives = rule.sql.contains("$reason_") && !gathers(&rule.table);
            let is_owned = kinds.iter().any(|kind| kind.own.contains(&rule.name));
            assert!(!gives || is_owned, "{}", rule.name);
        }
    }
}
