//! The words of the pages that are the same for every kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use cairn_epoch::{DescribedRules, KindRules, NumberTable, read_leaves, read_manifest};
use cairn_proof::Kind;

use crate::case::{Case, CaseFile, ProofRow};
use crate::stage::{Played, Plays, SOMEBODY};

const MADE: &str = "<!-- Made from rules/1 and its cases by `cargo xtask rules-doc`: change those, not this. -->\n\n";

/// A name as people read it.
fn title(kind: Kind) -> String {
    let mut words = kind.name().replace('_', " ");
    words[..1].make_ascii_uppercase();
    words
}

fn points(milli: u64) -> String {
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits"))
        .collect();
    format!("{}{}", if value < 0 { "-" } else { "" }, groups.join(","))
}

/// A comment's paragraphs; a formula, which is set in, is a block by that.
fn prose(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.fold(String::new(), |page, line| page + line + "\n\n")
}

/// The text with the numbers that it names.
fn filled(text: &str, described: &DescribedRules) -> String {
    let tables = described.tables.iter();
    let mut names: Vec<(String, i64)> = tables
        .flat_map(|table| {
            let numbers = table.numbers.iter();
            numbers.map(|it| (format!("${}_{}", table.name, it.key), it.value))
        })
        .collect();
    // Longest names first: one may begin with another.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(name, &number(*value))
    })
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

/// A table of numbers, with those that `is_meant`.
fn numbers(page: &mut String, table: &NumberTable, is_meant: impl Fn(&str) -> bool) {
    let mut rows = table
        .numbers
        .iter()
        .filter(|it| is_meant(&it.key))
        .peekable();
    if rows.peek().is_none() {
        return;
    }
    if !table.about.is_empty() {
        let _ = write!(page, "{}", prose(&table.about));
    }
    page.push_str("| number | is | where it comes from |\n|---|---:|---|\n");
    for row in rows {
        let origin = escaped(row.origin.as_deref().unwrap_or_default());
        let name = match table.name.as_str() {
            "envelope" => row.key.clone(),
            table => format!("{table}_{}", row.key),
        };
        let _ = writeln!(page, "| `{name}` | {} | {origin} |", number(row.value));
    }
    page.push('\n');
}

pub fn kind_page(
    described: &DescribedRules,
    rules: &KindRules,
    files: &BTreeMap<Kind, CaseFile>,
    plays: &Plays,
) -> String {
    let file = files.get(&rules.kind);
    let cases = file.iter().flat_map(|file| &file.case);
    let played: Vec<(&Case, &Played)> = cases
        .zip(plays.get(&rules.kind).into_iter().flatten())
        .collect();
    let mut page = format!("{MADE}# {}\n\n", title(rules.kind));
    if let Some(file) = file {
        let _ = write!(page, "{}\n\n", file.about.trim());
    }
    if !described.kinds.iter().any(|kind| kind == rules.kind.name()) {
        page.push_str(
            "These rules do not pay it: every proof of this kind is refused (RULESET).\n\n",
        );
    }
    page.push_str("## Who signs\n\n");
    let roles: Vec<&str> = rules.kind.roles().iter().map(|role| role.name()).collect();
    let (first, others) = roles.split_first().expect("somebody signs");
    let _ = write!(page, "The {first}, whose sequence numbers count");
    if !others.is_empty() {
        let _ = write!(
            page,
            "; and, where registry and rules ask for it, the {}",
            others.join(" and the ")
        );
    }
    page.push_str(".\n\n## What it pays\n\n");
    if let Some(file) = file {
        let _ = write!(page, "{}\n\n", file.pays.trim());
    }
    pots(&mut page, described, rules.kind, &played);
    page.push_str("## What is asked\n\n");
    page.push_str("Every bound is a number of the ruleset. What \"tune\" stands behind is a starting value that real data should correct.\n\n");
    let shown = file.iter().flat_map(|file| &file.case);
    let shown = shown.flat_map(|case| &case.numbers);
    let named: BTreeSet<&str> = rules
        .numbers
        .iter()
        .chain(shown)
        .map(String::as_str)
        .collect();
    for table in described.tables.iter().filter(|it| it.name != "envelope") {
        numbers(&mut page, table, |key| {
            named.contains(format!("{}_{key}", table.name).as_str())
        });
    }
    refusals(&mut page, described, rules, &played);
    for (case, played) in played.iter().filter(|(case, _)| case.example) {
        example(&mut page, rules.kind, case, played, files);
    }
    page.push_str("## The rules themselves\n\n");
    let about = |name: &String| {
        let found = described.rules.iter().find(|it| it.name == *name);
        found.map_or_else(String::new, |it| filled(&it.about, described))
    };
    for name in &rules.own {
        let _ = write!(
            page,
            "### [{name}.sql](../../rules/1/{name}.sql)\n\n{}",
            prose(&about(name))
        );
    }
    if !rules.others.is_empty() {
        let links = rules.others.iter();
        let links: Vec<String> = links
            .map(|name| format!("[{name}.sql](../../rules/1/{name}.sql)"))
            .collect();
        let _ = write!(
            page,
            "They read what other rules made: {}.\n\n",
            links.join(", ")
        );
    }
    page.push_str("The decision on every proof is made of all kinds' verdicts in [90_decisions.sql](../../rules/1/90_decisions.sql).\n");
    if file.is_some() {
        let name = rules.kind.name();
        let _ = write!(
            page,
            "\nThe cases that these pages are made of, and that a test plays: [{name}.toml](../../rules/cases/1/{name}.toml).\n"
        );
    }
    page
}

/// The pots that paid in the cases.
fn pots(page: &mut String, described: &DescribedRules, kind: Kind, played: &[(&Case, &Played)]) {
    let decisions = played.iter().flat_map(|(_, it)| it.epochs.iter().flatten());
    let paying: BTreeSet<String> = decisions
        .filter(|(it, _)| it.kind == Some(kind) && it.milli_points.get() > 0)
        .filter_map(|(_, told)| told.pot.clone())
        .map(|pot| pot.split('/').next().unwrap_or_default().to_owned())
        .collect();
    for pot in &described.pots {
        let value = |key| pot.get(key).unwrap_or_default();
        if !paying.contains(value("name")) {
            continue;
        }
        let share: u64 = value("permille").parse().unwrap_or_default();
        let floor: u64 = value("floor_milli_points").parse().unwrap_or_default();
        let _ = write!(
            page,
            "Points are paid from the pot `{}`, {}.{} % of what an epoch gives out{}: tokens = floor(pot × points / all points in it). \
             Below {} points in all, the rest of it stays in the vault.\n\n",
            value("name"),
            share / 10,
            share % 10,
            if value("by_stream") == "true" {
                ", divided among the streams by their shares"
            } else {
                ""
            },
            points(floor)
        );
    }
}

/// Each reason in the ruleset's words, with the numbers of a case that was refused for it.
fn refusals(
    page: &mut String,
    described: &DescribedRules,
    rules: &KindRules,
    played: &[(&Case, &Played)],
) {
    page.push_str("## Why one is refused\n\n| reason | for example |\n|---|---|\n");
    for reason in &rules.reasons {
        let decisions = played.iter().flat_map(|(case, it)| {
            let rows = case.proofs.iter().flatten();
            rows.zip(it.epochs.iter().flatten())
        });
        // Of other kinds' proofs those that a case is about.
        let shown: BTreeSet<&str> = decisions
            .filter(|(row, (it, _))| row.expect.is_some() || it.kind == Some(rules.kind))
            .filter(|(_, (it, _))| it.reason == *reason)
            .map(|(_, (_, told))| told.rule.as_str())
            .collect();
        let words = if shown.is_empty() {
            let raw = described
                .reasons
                .iter()
                .find(|(name, _)| name == reason.name());
            raw.map_or_else(String::new, |(_, words)| words.clone())
        } else {
            shown.into_iter().collect::<Vec<_>>().join("<br>")
        };
        let _ = writeln!(page, "| {} | {} |", reason.name(), escaped(&words));
    }
    page.push_str("\nWhat every proof is asked first stands on the [first page](README.md).\n\n");
}

fn example(
    page: &mut String,
    kind: Kind,
    case: &Case,
    played: &Played,
    files: &BTreeMap<Kind, CaseFile>,
) {
    let _ = write!(page, "## An example: {}\n\n", case.name);
    for (name, value) in &case.with {
        let _ = write!(page, "Here `{name}` is {}.\n\n", number(*value));
    }
    page.push_str("| epoch | hour | what | about | other than usual | decision | points |\n|---:|---:|---|---|---|---|---:|\n");
    for (epoch, (rows, decided)) in (1..).zip(case.proofs.iter().zip(&played.epochs)) {
        for (row, (decision, _)) in rows.iter().zip(decided) {
            let of = row.kind.unwrap_or(kind);
            let usual = files.get(&of).map_or("", |file| &file.flawless.subject);
            let also = decision.also.map_or_else(String::new, |also| {
                format!(" and {} for the other", points(also.milli_points.get()))
            });
            let earned = match decision.credits.get() {
                0 => points(decision.milli_points.get()) + &also,
                credits => format!("{credits} data credits"),
            };
            let _ = writeln!(
                page,
                "| {epoch} | {} | {} | {} | {} | {} | {earned} |",
                row.hour,
                of.name().replace('_', " "),
                about(row.subject.as_deref().unwrap_or(usual), row),
                unusual(row),
                decision.reason.name(),
            );
        }
    }
    let folder = played.folder();
    let (manifest, _) = read_manifest(folder.root()).expect("a manifest");
    let _ = write!(
        page,
        "\nOf an emission of {} base units an epoch, this came to:\n\n",
        number(manifest.epoch.emission.get().cast_signed())
    );
    page.push_str("| who | points | tokens, base units | data credits |\n|---|---:|---:|---:|\n");
    let names = names(case);
    for leaf in read_leaves(folder.root()).expect("the leaves") {
        if leaf.owner == crate::world::key(SOMEBODY) {
            continue;
        }
        let who = names
            .iter()
            .find(|name| crate::world::key(name) == leaf.owner);
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            who.map_or("somebody", String::as_str),
            points(leaf.points.get()),
            number(leaf.tokens.get().cast_signed()),
            leaf.credits
        );
    }
    page.push('\n');
}

/// Everybody whom a case names.
fn names(case: &Case) -> BTreeSet<String> {
    let owners = case.device.iter().map(|it| it.owner.clone());
    let proofs = || case.proofs.iter().flatten();
    let signers = proofs().flat_map(|it| it.signers.iter().flat_map(BTreeMap::values));
    let signers = signers.flat_map(|names| names.split(", ").map(str::to_owned));
    let subjects = proofs().filter_map(|it| it.subject.clone());
    let people = ["alice", "ann", "bob", "carol", "dan", "ivy", "val"].map(str::to_owned);
    owners
        .chain(signers)
        .chain(subjects)
        .chain(people)
        .collect()
}

/// The subject, or the first and the last of a row that stands for many.
fn about(subject: &str, row: &ProofRow) -> String {
    if !subject.contains("{i}") {
        return subject.to_owned();
    }
    let of = |i: i32| subject.replace("{i}", &i.to_string());
    format!("{} to {}", of(1), of(row.times))
}

fn unusual(row: &ProofRow) -> String {
    let body = row
        .body
        .iter()
        .map(|(key, value)| format!("`{key}` {value}"));
    let cell = row.cell_of.iter().map(|it| format!("cell of {it}"));
    let signers = row.signers.iter().flatten();
    let signers = signers.map(|(role, name)| format!("{role} {name}"));
    let times = (row.times > 1).then(|| format!("{} of them", row.times));
    let all: Vec<String> = body.chain(cell).chain(signers).chain(times).collect();
    all.join(", ")
}

pub fn index(
    described: &DescribedRules,
    kinds: &[KindRules],
    files: &BTreeMap<Kind, CaseFile>,
) -> String {
    let mut page = format!("{MADE}# What is paid, and why not\n\n");
    page.push_str("These pages say what ruleset 1 pays for. A network runs its own copy: `cairn rules show --files DIR --pool POOL` prints the one in force, and `cairn why` what it made of a proof.\n\n");
    page.push_str("| kind | what it is |\n|---|---|\n");
    for rules in kinds {
        let name = rules.kind.name();
        let about = files.get(&rules.kind).map_or("", |file| file.about.trim());
        let _ = writeln!(
            page,
            "| [{}]({name}.md) | {} |",
            title(rules.kind),
            escaped(&about.replace('\n', " "))
        );
    }
    page.push_str("\n## What every proof is asked first\n\n");
    for table in described.tables.iter().filter(|it| it.name == "envelope") {
        numbers(&mut page, table, |_| true);
    }
    page.push_str("## The parts of an epoch's emission\n\n| pot | thousandths | given out whole from, points | makes a member, points |\n|---|---:|---:|---:|\n");
    for pot in &described.pots {
        let value = |key| pot.get(key).unwrap_or_default();
        let milli = |key| points(value(key).parse().unwrap_or_default());
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            value("name"),
            value("permille"),
            milli("floor_milli_points"),
            milli("member_milli_points")
        );
    }
    page.push_str("\n## Every reason\n\nIn the ruleset's words; `$names` are its numbers, {found} and {bound} what was found and what was allowed, and what stands in [[ ]] is said only when both are known.\n\n| reason | words |\n|---|---|\n");
    for (name, words) in &described.reasons {
        let _ = writeln!(page, "| {name} | {} |", escaped(words));
    }
    page.push_str(
        "\n## What is remembered from epoch to epoch\n\n| table | what it holds |\n|---|---|\n",
    );
    for (name, about) in &described.memory {
        let _ = writeln!(
            page,
            "| {name} | {} |",
            escaped(about.as_deref().unwrap_or_default())
        );
    }
    page
}
