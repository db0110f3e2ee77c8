//! The page.

use std::fmt::Write as _;

use super::Findings;
use super::number::{dollars, grouped, points, times};
use crate::genome::{GENES, Genome};
use crate::measure::{Measured, Mode};
use crate::play::Party;
use crate::run::{POTS, WEEKS};

const POT_NAMES: [&str; POTS] = ["", "hotspot", "traffic", "check-in", "add", "partner"];

pub fn page(findings: &Findings<'_>) -> String {
    let mut page = head(findings);
    honest(findings, &mut page);
    strategies(findings, &mut page);
    griefing(findings, &mut page);
    search(findings, &mut page);
    standing(findings, &mut page);
    cells(findings, &mut page);
    prices(findings, &mut page);
    page
}

fn head(findings: &Findings<'_>) -> String {
    let plan = &findings.plan;
    format!(
        "<!-- Written by `cargo xtask sim`: change the simulation, not this. -->\n\n\
         # Attackers against the rules\n\n\
         `cargo xtask sim --seed {seed}` made this page: {candidates} attackers, each {weeks} weeks in a town of its own, through the pipeline as \
         it is (real signatures, the rules that ship, {proofs} proofs). The same seed makes the same page on every machine. Towns stand at the \
         airports of `fixtures/data`, their hosts as New York's public hotspots lie to each other. Beats are sampled, those of everybody \
         alike: one a day, for its 24 hours. A candidate of the search is played for six weeks, and the best again for all.\n\n\
         **How to read it.** 1.00 is an honest participant: a point is worth what an honest one costs to earn, in each pot by itself, so an \
         attacker at 0.50 gets half as much for a dollar as somebody honest, and one at 2.00 twice. What things cost is assumed, and stands \
         below; who knows better changes `sim/prices.toml` and runs it again. *Open registration*: anybody registers a key as a device for \
         the price of a transaction. *Endorsed devices*: the network takes those alone that an issuer endorsed, so a key costs the cheapest \
         device there is, and its loss when it is banned. Which of the two is the network's own setting. \
         *Attested phones*: each account needs a phone that attests itself, too. The rules can not ask for that yet; the column says what it would bring.\n\n\
         **What is assumed of the world, beside prices.** What a point asks for is only heard beside it: somebody, or a relay, is there. A \
         validator that is sent to a device and finds none says so, and the network bans that device at the end of the week. An attested phone is \
         not asked for, since the rules do not. Time is free, for honest people and attackers alike.\n",
        seed = plan.seed,
        candidates = grouped(findings.found.candidates as u64),
        weeks = plan.weeks,
        proofs = grouped(findings.found.proofs),
    )
}

fn honest(findings: &Findings<'_>, page: &mut String) {
    let honest = &findings.honest;
    let people = [
        (Party::Host, 5, "hosts, on all the time, with guests"),
        (Party::Latecomer, 1, "host who moves in two weeks later"),
        (Party::Visitor, 3, "visitors, three stays a week"),
        (Party::Confirmer, 3, "visitors who come to added points too"),
        (Party::Finder, 1, "finder, four points in all"),
        (Party::Station, 1, "weather station"),
        (
            Party::Validator,
            1,
            "validator, sent to a tenth of the devices",
        ),
    ];
    page.push_str(
        "\n## Honest people\n\nOf one town in all weeks, the mean over towns without an attacker. Hosts, visitors, finders and stations make the price of their \
         pot's points; the others are measured by it.\n\n| | cost, $ | points: hotspot | check-in | add | partner | earned for each unit of cost |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    for (party, count, words) in people {
        let Some((value, cost, by_pot)) = honest.parties.get(&party) else {
            continue;
        };
        let mean = |number: u64| number / honest.towns;
        let permille = u128::from(*value) * 1_000 / u128::from(cost.open.max(1));
        let _ = writeln!(
            page,
            "| {count} {words} | {} | {} | {} | {} | {} | {} |",
            dollars(mean(cost.open)),
            points(mean(by_pot[1])),
            points(mean(by_pot[3])),
            points(mean(by_pot[4])),
            points(mean(by_pot[5])),
            times(u64::try_from(permille).unwrap_or(u64::MAX))
        );
    }
    let prices = [1, 3, 4, 5].map(|pot| {
        format!(
            "{} {} $",
            POT_NAMES[pot],
            dollars(honest.prices.of_a_point(pot))
        )
    });
    let _ = writeln!(page, "\nSo a point is worth: {}.", prices.join(", "));
}

fn strategies(findings: &Findings<'_>, page: &mut String) {
    page.push_str(
        "\n## Strategies, before and after their rules\n\n*Before* is the same attacker under the same rules with one switched off: by the number or the \
         line in the last column, in one run with other strategies' rules that do not touch it. Points are those of a strategy's three towns together, cost is that of one, under the rules that ship, with open registration.\n\n![earned for each unit of cost, open registration](sim/open.svg)\n\n\
         ![earned for each unit of cost, endorsed devices](sim/endorsed.svg)\n\n\
         | strategy | points | cost, $ | open: before | after | endorsed: before | after | the rule that is switched off |\n|---|---:|---:|---:|---:|---:|---:|---|\n",
    );
    for row in findings.rows.iter().filter(|row| !row.strategy.griefs) {
        let before = |mode| {
            row.before
                .as_ref()
                .map_or_else(|| "–".to_owned(), |it| times(it.permille(mode)))
        };
        let off = if row.before.is_some() {
            row.strategy.before().in_words()
        } else {
            "there is none".to_owned()
        };
        let _ = writeln!(
            page,
            "| **{}**: {} | {} | {} | {} | {} | {} | {} | {off} |",
            row.strategy.name,
            row.strategy.words,
            by_pot(&row.after),
            dollars(row.after.cost.open / row.after.towns),
            before(Mode::Open),
            times(row.after.permille(Mode::Open)),
            before(Mode::Endorsed),
            times(row.after.permille(Mode::Endorsed)),
        );
    }
    page.push_str("\nEach is played alone by, for example, ");
    let example = findings
        .rows
        .first()
        .map_or_else(String::new, |row| row.strategy.genome().in_words());
    let _ = writeln!(
        page,
        "`cargo xtask sim --seed {} --play \"{example}\"`.",
        findings.plan.seed
    );
}

fn griefing(findings: &Findings<'_>, page: &mut String) {
    page.push_str(
        "\n## Griefing\n\nWho wants to hurt is measured by what honest people of the town lose against the same town without him, for each unit that he spends.\n\n\
         ![honest loss for each unit of cost](sim/griefing.svg)\n\n\
         | strategy | cost, $ | honest loss, $ | loss for each unit: before | after | what he earns by it | the rule that is switched off |\n|---|---:|---:|---:|---:|---:|---|\n",
    );
    for row in findings.rows.iter().filter(|row| row.strategy.griefs) {
        let before = row
            .before
            .as_ref()
            .map_or_else(|| "–".to_owned(), |it| times(it.loss_permille(Mode::Open)));
        let _ = writeln!(
            page,
            "| **{}**: {} | {} | {} | {before} | {} | {} | {} |",
            row.strategy.name,
            row.strategy.words,
            dollars(row.after.cost.open / row.after.towns),
            dollars(row.after.loss / row.after.towns),
            times(row.after.loss_permille(Mode::Open)),
            times(row.after.permille(Mode::Open)),
            row.strategy.before().in_words()
        );
    }
}

fn search(findings: &Findings<'_>, page: &mut String) {
    let found = &findings.found;
    let _ = writeln!(
        page,
        "\n## The best attacker that a search found\n\nRandom restarts and hill climbing from seed {}, {} candidates, {} beside each other; a third of them climb by what \
         pays with open registration, a third with endorsed devices, a third where phones attest themselves too. Above 1.00 are {} of all candidates with open registration, {} with endorsed devices, {} with attested phones too. \
         What makes no difference was taken out of the best ones afterwards.\n\n![best so far, over candidates](sim/search.svg)",
        findings.plan.seed,
        grouped(found.candidates as u64),
        findings.plan.beside,
        grouped(found.above[0] as u64),
        grouped(found.above[1] as u64),
        grouped(found.above[2] as u64),
    );
    for (mode, best) in &found.best {
        let _ = writeln!(
            page,
            "\n**With {}: {} times what an honest participant earns for the same cost.** {} points in {} weeks, for {} $.\n\n{}\n\n\
             `cargo xtask sim --seed {} --play \"{}\"`",
            mode.name(),
            times(best.permille(*mode)),
            by_pot(best),
            WEEKS,
            dollars(mode.of(best.cost)),
            in_words(&best.genome),
            findings.plan.seed,
            best.genome.in_words()
        );
    }
}

/// Each decision of an attacker as an item.
fn in_words(genome: &Genome) -> String {
    let chosen = genome.in_words();
    let items = chosen.split(", ").filter_map(|part| {
        let (name, number) = part.split_once(" = ")?;
        let gene = GENES.iter().find(|gene| gene.name == name)?;
        Some(format!("- `{name} = {number}`: {}", gene.words))
    });
    items.collect::<Vec<_>>().join("\n")
}

fn standing(findings: &Findings<'_>, page: &mut String) {
    page.push_str(
        "\n## What stands above 1.00, and what would close it\n\nRules see what proofs say. A key that costs nothing can say whatever a device or a phone can, and no rule over \
         what was said tells the two apart; what does is a price on keys. So for each strategy above 1.00: by how much each of the attacker's keys (devices and accounts) would have to \
         cost more a week until nothing is left of the advantage.\n\n| strategy | open | a key would cost more a week, $ | endorsed | a key would cost more a week, $ | endorsed, phones attested |\n|---|---:|---:|---:|---:|---:|\n",
    );
    let weeks = WEEKS as u64;
    let named = findings
        .rows
        .iter()
        .map(|row| (row.strategy.name, &row.after));
    let best = findings.found.best.iter().map(|(mode, best)| match mode {
        Mode::Open => ("the best found with open registration", best),
        Mode::Endorsed => ("the best found with endorsed devices", best),
        Mode::Attested => ("the best found with attested phones too", best),
    });
    for (name, measured) in named.chain(best) {
        if Mode::ALL
            .iter()
            .all(|mode| measured.permille(*mode) <= 1_000)
        {
            continue;
        }
        let missing = |mode| match measured.missing(mode, weeks) {
            0 => "–".to_owned(),
            more => dollars(more),
        };
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {} | {} | {} |",
            times(measured.permille(Mode::Open)),
            missing(Mode::Open),
            times(measured.permille(Mode::Endorsed)),
            missing(Mode::Endorsed),
            times(measured.permille(Mode::Attested))
        );
    }
    page.push_str(include_str!("standing.md"));
}

fn cells(findings: &Findings<'_>, page: &mut String) {
    page.push_str(
        "\n## Honest hotspots and their cells\n\nEvery public hotspot of New York, one beat each, under other distances between devices (`cell_apart_m`). All of them are honest; \
         they stand where a city put them, many of them in one park or one building.\n\n| apart, m | hotspots | too near to an older one | cell has three before it | paid in part | paid whole |\n|---:|---:|---:|---:|---:|---:|\n",
    );
    for loss in &findings.cells {
        let whole = loss.hotspots - loss.too_near - loss.crowded_out - loss.in_part;
        let part = |count: u64| {
            format!(
                "{} ({} %)",
                grouped(count),
                count * 100 / loss.hotspots.max(1)
            )
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            loss.apart_m,
            grouped(loss.hotspots),
            part(loss.too_near),
            part(loss.crowded_out),
            part(loss.in_part),
            part(whole)
        );
    }
    page.push_str(
        "\nThe rule pays coverage and not boxes, so this loss is meant; what it must not do is fall on people who could not know. A host who looks at a map before he buys, as hosts of the towns \
         above do, is not hit by the distance.\n",
    );
}

fn prices(findings: &Findings<'_>, page: &mut String) {
    page.push_str("\n## What things cost\n\nFrom `sim/prices.toml`.\n\n| | $ | of | why |\n|---|---:|---|---|\n");
    for (name, price) in findings.prices.all() {
        let _ = writeln!(
            page,
            "| `{name}` | {} | {} | {} |",
            dollars(price.micro_usd),
            price.unit,
            price.why
        );
    }
}

/// The points of each pot that has any.
fn by_pot(measured: &Measured) -> String {
    let parts = POT_NAMES
        .iter()
        .zip(measured.points)
        .filter(|(_, sum)| *sum > 0);
    let parts: Vec<String> = parts
        .map(|(name, sum)| format!("{} {name}", points(sum)))
        .collect();
    if parts.is_empty() {
        "0".to_owned()
    } else {
        parts.join(", ")
    }
}
