//! The ruleset that ships: complete, used to the last number, and the one in the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cairn_epoch::{
    Attestor, Calendar, EpochError, NetworkTerms, Operator, Payer, Period, Ruleset,
    SHIPPED_ARREARS, Stream, Task, read_terms, ruleset_difference, shipped_ruleset,
    write_shipped_ruleset,
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_proof::Reason;
use serde::Deserialize;

const HOUR_MS: i64 = 3_600_000;

/// A network that started on 5 January 2026 and has one stream.
fn terms() -> NetworkTerms {
    NetworkTerms {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start: 490_992,
            epoch_hours: 168,
        },
        tokens_per_epoch: Tokens::MAX,
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: vec![Stream {
            id: 7,
            unit: "weather \"hour\" \\ à la carte".to_owned(),
            partner: [9; 32],
            partner_kind: 2,
            daily_ceiling: 24,
            rate_milli_points: MilliPoints::new(1_000),
            pot_permille: 1_000,
            second_source: "a \"neighbouring\" station".to_owned(),
            second_source_permille: 20,
        }],
        tasks: vec![Task {
            id: u32::MAX,
            name: "activate \"an eSIM\"".to_owned(),
            carrier: [9; 32],
            carrier_kind: 3,
            credits: Credits::new(500),
            credits_per_epoch: Credits::new(1 << 40),
        }],
        attestors: vec![Attestor {
            name: "the \"desk\"".to_owned(),
            key: [8; 32],
            key_kind: 2,
        }],
        payers: vec![Payer {
            id: u32::MAX,
            name: "a \"travel\" eSIM".to_owned(),
            wallet: [8; 32],
            carrier: [9; 32],
            carrier_kind: 2,
            tokens_per_unit: Tokens::new(1 << 40),
        }],
        operators: vec![Operator {
            name: "support \"desk\"".to_owned(),
            key: [7; 32],
            key_kind: 3,
        }],
    }
}

fn shipped() -> Ruleset {
    shipped_ruleset(&terms()).unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules/1")
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
    write_shipped_ruleset(target.path(), &terms()).unwrap();
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
    assert_eq!(loaded.hash(), shipped().hash());
    let template = std::fs::read_to_string(folder().join("ruleset.toml")).unwrap();
    assert!(loaded.document().starts_with(&template));
}

#[test]
fn the_folder_s_name_is_the_version() {
    let numbers: Numbers = shipped().parse().unwrap();
    assert_eq!(
        numbers.version.to_string(),
        folder().file_name().unwrap().to_str().unwrap()
    );
}

#[test]
fn every_number_is_used_and_every_reason_has_words() {
    let ruleset = shipped();
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
    // No credential has a date yet: they stand until the registry bans their holder.
    let unreachable = [Reason::VcExpired];
    for reason in Reason::ALL {
        let has_words = numbers.reasons.contains_key(reason.name());
        assert_eq!(has_words, !unreachable.contains(reason), "{reason}");
    }
}

#[test]
fn every_rule_says_what_it_is_for() {
    for rule in shipped().rules() {
        assert!(rule.sql.starts_with("-- "), "{}", rule.name);
    }
}

#[test]
fn a_network_s_terms_are_read_back_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = terms();
    write_shipped_ruleset(folder.path(), &written).unwrap();
    assert_eq!(read_terms(folder.path()).unwrap(), written);
    // No stream is no gap: a network without partners needs no file and no line for them.
    written.streams.clear();
    written.tasks.clear();
    written.attestors.clear();
    written.payers.clear();
    written.operators.clear();
    write_shipped_ruleset(folder.path(), &written).unwrap();
    assert_eq!(read_terms(folder.path()).unwrap(), written);
}

#[test]
fn a_ruleset_without_a_calendar_or_an_emission_is_none() {
    let template = std::fs::read_to_string(folder().join("ruleset.toml")).unwrap();
    let whole = shipped().document().to_owned();
    for (text, named) in [
        (template, "calendar"),
        (
            whole.replace("[emission]\ntokens_per_epoch", "[emission]\ntokens"),
            "tokens",
        ),
        (
            whole.replace(
                "first_start = \"2026-01-05T00:00:00Z\"",
                "first_start = \"2026-01-05T00:30:00Z\"",
            ),
            "full hour",
        ),
        (
            whole.replace(
                "first_start = \"2026-01-05T00:00:00Z\"",
                "first_start = \"yesterday\"",
            ),
            "yesterday",
        ),
        (
            whole.replace("\nepoch_hours = 168", "\nepoch_hours = 0"),
            "epoch_hours",
        ),
        (
            whole.replace("\nfirst_epoch = 1", "\nfirst_epoch = 0"),
            "first_epoch",
        ),
        (
            whole.replace("\"18446744073709551615\"", "18446744073709551615"),
            "line",
        ),
        (whole.replace("\"18446744073709551615\"", "\"007\""), "007"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write_shipped_ruleset(folder.path(), &terms()).unwrap();
        std::fs::write(folder.path().join("ruleset.toml"), text).unwrap();
        let error = read_terms(folder.path()).unwrap_err();
        assert!(matches!(error, EpochError::Rules(_)), "{error}");
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
}

#[test]
fn streams_out_of_range_are_refused_by_their_number() {
    type Change = fn(&mut Stream);
    let cases: [(Change, &str); 8] = [
        (|stream| stream.partner_kind = 1, "partner_kind"),
        (
            |stream| stream.rate_milli_points = MilliPoints::new(1 << 41),
            "rate_milli_points",
        ),
        (|stream| stream.daily_ceiling = u64::MAX, "daily_ceiling"),
        (|stream| stream.pot_permille = 1_001, "pot_permille"),
        (|stream| stream.unit.clear(), "unit"),
        (|stream| stream.second_source.clear(), "second_source must"),
        (
            |stream| stream.second_source_permille = 1_001,
            "second_source_permille",
        ),
        (|stream| stream.unit = "a\u{1b}[2J".to_owned(), "unit"),
    ];
    for (change, named) in cases {
        let mut terms = terms();
        change(terms.streams.first_mut().unwrap());
        let error = shipped_ruleset(&terms).unwrap_err();
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
    let mut twice = terms();
    twice.streams.push(twice.streams[0].clone());
    twice.streams[0].pot_permille = 0;
    assert!(
        shipped_ruleset(&twice)
            .unwrap_err()
            .to_string()
            .contains("ids")
    );
}

#[test]
fn epochs_follow_each_other_without_gap_or_overlap_and_nothing_wraps() {
    let calendar = Calendar {
        first_epoch: EpochNumber::new(5),
        first_start: 1_000,
        epoch_hours: 24,
    };
    let first = Period {
        start_ms: 1_000 * HOUR_MS,
        end_ms: 1_024 * HOUR_MS,
    };
    let period = |number| calendar.period(EpochNumber::new(number));
    assert_eq!(period(5), Some(first));
    for number in 5..60 {
        let (this, next) = (period(number), period(number + 1));
        assert_eq!(this.unwrap().end_ms, next.unwrap().start_ms);
    }
    for number in [0, 4, u64::MAX, i64::MAX as u64, 1 << 50] {
        assert_eq!(period(number), None, "{number}");
    }
}

#[test]
fn a_forged_ruleset_is_told_by_its_number_or_its_line() {
    let (honest, forged) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_shipped_ruleset(honest.path(), &terms()).unwrap();
    let difference = |file: &str, from: &str, to: &str| {
        write_shipped_ruleset(forged.path(), &terms()).unwrap();
        let path = forged.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
        ruleset_difference(honest.path(), forged.path())
            .unwrap()
            .unwrap()
    };
    let toml = "ruleset.toml";
    for (from, to, told) in [
        (
            "[rules.beat]\nmilli_points = 1_000",
            "[rules.beat]\nmilli_points = 2_000",
            "inputs/ruleset.toml: [rules.beat] milli_points is 2000, expected 1000",
        ),
        (
            "licensed_multiplier_permille = 2_000",
            "licensed_multiplier_permille = 4_000",
            "inputs/ruleset.toml: [[model]] miner licensed_multiplier_permille is 4000, expected 2000",
        ),
        (
            "\nrate_milli_points = 1000",
            "\nrate_milli_points = 9000",
            "inputs/ruleset.toml: [[stream]] 7 rate_milli_points is 9000, expected 1000",
        ),
        (
            "\"18446744073709551615\"",
            "\"1\"",
            "inputs/ruleset.toml: [emission] tokens_per_epoch is \"1\", expected \"18446744073709551615\"",
        ),
        (
            "\nepoch_hours = 168",
            "\nepoch_hours = 24",
            "inputs/ruleset.toml: [calendar] epoch_hours is 24, expected 168",
        ),
        (
            "\nepoch_hours = 168",
            "\nepoch_hours = 168 # a week",
            "the text is \"epoch_hours = 168 # a week\", expected \"epoch_hours = 168\"",
        ),
    ] {
        let found = difference(toml, from, to).to_string();
        assert!(found.contains(told), "{found}");
    }
    let sql = difference(
        "rules/81_next_access_points.sql",
        "$epoch_end_hour AS",
        "0 AS",
    );
    let told = sql.to_string();
    assert!(
        told.starts_with("inputs/rules/81_next_access_points.sql, line "),
        "{told}"
    );
    assert!(
        told.contains("is \"0 AS last_paid_hour\", expected \"$epoch_end_hour AS last_paid_hour\""),
        "{told}"
    );

    write_shipped_ruleset(forged.path(), &terms()).unwrap();
    assert_eq!(
        ruleset_difference(honest.path(), forged.path()).unwrap(),
        None
    );
    std::fs::write(forged.path().join("rules/95_mine.sql"), "SELECT 1").unwrap();
    let extra = ruleset_difference(honest.path(), forged.path())
        .unwrap()
        .unwrap();
    assert_eq!(
        (extra.file.as_str(), extra.found.as_str()),
        ("inputs/rules/95_mine.sql", "present")
    );
}
