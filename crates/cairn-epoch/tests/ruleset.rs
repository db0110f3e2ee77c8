//! The ruleset that ships: complete, used to the last number, and the one in the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cairn_epoch::{default_ruleset, write_default_ruleset};
use cairn_proof::Reason;
use serde::Deserialize;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../keeper/rules/1")
}

#[derive(Deserialize)]
struct Numbers {
    version: u16,
    rules: BTreeMap<String, BTreeMap<String, i64>>,
    reasons: BTreeMap<String, String>,
}

#[test]
fn what_ships_is_what_stands_in_the_repository() {
    let target = tempfile::tempdir().unwrap();
    write_default_ruleset(target.path()).unwrap();
    let written: BTreeSet<_> = std::fs::read_dir(target.path().join("rules"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    let committed: BTreeSet<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != "ruleset.toml")
        .collect();
    assert_eq!(written, committed);
    for name in &committed {
        let read = |path: PathBuf| std::fs::read(path).unwrap();
        assert_eq!(
            read(target.path().join("rules").join(name)),
            read(folder().join(name))
        );
    }
    let loaded = cairn_rules::Ruleset::load(
        &target.path().join("ruleset.toml"),
        &target.path().join("rules"),
    )
    .unwrap();
    assert_eq!(loaded.hash(), default_ruleset().unwrap().hash());
}

#[test]
fn the_folder_s_name_is_the_version() {
    let numbers: Numbers = default_ruleset().unwrap().parse().unwrap();
    assert_eq!(
        numbers.version.to_string(),
        folder().file_name().unwrap().to_str().unwrap()
    );
}

#[test]
fn every_number_is_used_and_every_reason_has_words() {
    let ruleset = default_ruleset().unwrap();
    let numbers: Numbers = ruleset.parse().unwrap();
    let sql: String = ruleset
        .rules()
        .iter()
        .map(|rule| rule.sql.as_str())
        .collect();
    for (table, keys) in &numbers.rules {
        for key in keys.keys() {
            let name = format!("${table}_{key}");
            let used = sql.match_indices(&name).any(|(at, _)| {
                !sql[at + name.len()..]
                    .starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
            });
            assert!(used, "{name} decides nothing");
        }
    }
    let unreachable = [
        // Other kinds' reasons, which this ruleset does not pay yet.
        Reason::NoPayerFunds,
        Reason::Unpaid,
        Reason::VcExpired,
        Reason::VcRevoked,
    ];
    for reason in Reason::ALL {
        let has_words = numbers.reasons.contains_key(reason.name());
        assert_eq!(has_words, !unreachable.contains(reason), "{reason}");
    }
}

#[test]
fn every_rule_says_what_it_is_for() {
    for rule in default_ruleset().unwrap().rules() {
        assert!(rule.sql.starts_with("-- "), "{}", rule.name);
    }
}
