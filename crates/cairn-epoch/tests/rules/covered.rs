//! Whether cases show everything that rules can say.

use std::collections::{BTreeMap, BTreeSet};

use cairn_epoch::{WrittenRules, describe, kind_rules};
use cairn_proof::Kind;

use crate::case::CaseFile;
use crate::stage::play;

/// Numbers that no case stands on both sides of by one: speeds, and shares of few, come out at no round bound. Cases show
/// something that is paid and something that is refused for each. Nothing is added here but what is such a share.
const NEVER_EXACT: &[&str] = &[
    // Of five neighbours at most. Two of five and three of five stand in its cases and in `adds.rs`.
    "add_copied_permille",
    "check_in_speed_max_m_per_h",
    "metric_second_source_min_permille",
];

/// Reasons that the rules of a kind give and none of its cases expects; kinds that have no file of cases.
pub fn reasons_without_a_case(files: &BTreeMap<Kind, CaseFile>) -> Vec<String> {
    let shipped = WrittenRules::shipped().expect("the rules that ship");
    let mut missing = Vec::new();
    for rules in kind_rules(shipped.ruleset()) {
        let Some(file) = files.get(&rules.kind) else {
            missing.push(format!("{}.toml", rules.kind.name()));
            continue;
        };
        // Of other kinds' proofs too: a kind's rules may decide about them, as those of adds do about check-ins at added points.
        let proofs = file
            .case
            .iter()
            .flat_map(|case| case.proofs.iter().flatten());
        let expected: BTreeSet<&str> = proofs.filter_map(|row| row.expect.as_deref()).collect();
        // A case of what is paid stands beside those of what is not.
        for reason in std::iter::once("OK").chain(rules.reasons.iter().map(|it| it.name())) {
            if !expected.contains(reason) {
                missing.push(format!("{} {reason}", rules.kind.name()));
            }
        }
    }
    missing
}

/// Every number of the rules by what rules call it.
fn values() -> BTreeMap<String, i64> {
    let shipped = WrittenRules::shipped().expect("the rules that ship");
    let described = describe(shipped.ruleset()).expect("a description");
    let tables = described.tables.iter();
    tables
        .flat_map(|table| {
            let numbers = table.numbers.iter();
            numbers.map(|number| (format!("{}_{}", table.name, number.key), number.value))
        })
        .collect()
}

/// Numbers that the rules of a kind name and no case says that it shows.
pub fn numbers_without_a_case(files: &BTreeMap<Kind, CaseFile>) -> Vec<String> {
    let shipped = WrittenRules::shipped().expect("the rules that ship");
    let values = values();
    let mut missing = Vec::new();
    for rules in kind_rules(shipped.ruleset()) {
        for name in rules
            .numbers
            .iter()
            .filter(|name| values.contains_key(*name))
        {
            let is_shown = shows(files, name);
            if !is_shown && !NEVER_EXACT.contains(&name.as_str()) {
                missing.push(format!("{} {name}", rules.kind.name()));
            }
        }
    }
    missing
}

/// Numbers that a case says it shows both sides of, and does not: a case shows a number when one less, and one more, decides
/// otherwise about one of its proofs.
pub fn numbers_not_shown(files: &BTreeMap<Kind, CaseFile>) -> Vec<String> {
    let values = values();
    let mut missing = Vec::new();
    for file in files.values() {
        for case in file.case.iter().filter(|case| !case.numbers.is_empty()) {
            let as_it_is = play(files, file, case, &[]).decided();
            for name in &case.numbers {
                let Some(value) = case.with.get(name).or(values.get(name)) else {
                    missing.push(format!("{}: {name} is no number", case.name));
                    continue;
                };
                for other in [value - 1, value + 1] {
                    let changed = [(name.as_str(), other)];
                    if play(files, file, case, &changed).decided() == as_it_is {
                        missing.push(format!("{}: {name} = {other} changes nothing", case.name));
                    }
                }
            }
        }
    }
    missing
}

fn shows(files: &BTreeMap<Kind, CaseFile>, name: &str) -> bool {
    let cases = files.values().flat_map(|file| &file.case);
    let mut numbers = cases.flat_map(|case| &case.numbers);
    numbers.any(|claimed| claimed == name)
}
