//! The simulation itself: honest people earn what the rules say, strategies stay within what the report documents, and the same seed
//! makes the same page.

use std::sync::OnceLock;

use cairn_sim::{
    Genome, Honest, Map, Mode, Party, Past, Plan, Play, Prices, Row, STRATEGIES, Variant, measured,
    played, search,
};

/// Weeks of the small run: as many as finds need to vest and referrals to be paid.
const WEEKS: usize = 5;
const SEED: u64 = 1;

struct Small {
    map: Map,
    prices: Prices,
    past: Past,
    rows: Vec<Row>,
    honest: Honest,
}

fn small() -> &'static Small {
    static SMALL: OnceLock<Small> = OnceLock::new();
    SMALL.get_or_init(|| {
        let (map, prices) = (
            Map::read().expect("places"),
            Prices::shipped().expect("prices"),
        );
        let past = Past::new(&map, STRATEGIES.len()).expect("a past");
        let play = Play {
            seed: SEED,
            weeks: WEEKS,
            towns: 1,
            with_before: false,
        };
        let (rows, honest) = played(&past, &map, &prices, play).expect("a run");
        Small {
            map,
            prices,
            past,
            rows,
            honest,
        }
    })
}

fn row(name: &str) -> &'static Row {
    small()
        .rows
        .iter()
        .find(|row| row.strategy.name == name)
        .expect("a strategy")
}

#[test]
fn honest_people_earn_what_the_rules_say() {
    let honest = &small().honest;
    let towns = honest.towns;
    let of = |party: Party, pot: usize| honest.parties[&party].2[pot];
    // Five points give ten a week each, three visitors and three who confirm divide it, and the finder his part.
    let check_ins = of(Party::Visitor, 3) + of(Party::Confirmer, 3) + of(Party::Finder, 3);
    let most = towns * 6 * 10_000 * WEEKS as u64;
    assert!(
        check_ins <= most && check_ins > most * 8 / 10,
        "{check_ins} of {most}"
    );
    // A station gives 24 hours a day.
    assert_eq!(of(Party::Station, 5), towns * 24_000 * 7 * WEEKS as u64);
    // A host is on all the time, and half of it counts while nobody measures; nothing is above an hour's point but visits.
    let hosts = of(Party::Host, 1);
    let hours = towns * 5 * 168_000 * WEEKS as u64;
    assert!(hosts > hours / 4 && hosts < hours, "{hosts} of {hours}");
    for (party, (value, cost, _)) in &honest.parties {
        assert!(*value > 0 && cost.open > 0, "{party:?}");
        assert_eq!(cost.open, cost.endorsed, "{party:?}");
    }
}

#[test]
fn what_makes_a_price_earns_exactly_its_cost() {
    let honest = &small().honest;
    for party in [Party::Visitor, Party::Station] {
        let (value, cost, _) = honest.parties[&party];
        assert!(
            value.abs_diff(cost.open) < 10,
            "{party:?}: {value} for {cost:?}"
        );
    }
}

#[test]
fn every_strategy_stays_within_what_is_documented() {
    let rows = &small().rows;
    let mut beyond = Vec::new();
    for row in rows {
        for (mode, bound) in Mode::ALL.into_iter().zip(row.strategy.bound) {
            let found = row.after.permille(mode);
            if found > bound {
                beyond.push(format!(
                    "{} with {}: {found} thousandths, {bound} documented",
                    row.strategy.name,
                    mode.name()
                ));
            }
        }
    }
    assert!(beyond.is_empty(), "{}", beyond.join("\n"));
}

#[test]
fn who_spends_nothing_and_does_nothing_is_no_attacker() {
    let small = small();
    let run = small
        .past
        .play(
            &small.map,
            &small.prices,
            SEED,
            &[Genome::idle(); 1],
            &Variant::SHIPPED,
            1,
        )
        .expect("a week");
    let idle = measured(&run.outcomes[0], None, &small.honest.prices, &small.prices);
    assert_eq!((idle.value, idle.cost.open, idle.cost.endorsed), (0, 0, 0));
}

#[test]
fn refusals_are_those_of_the_rule_that_stands_against_a_strategy() {
    // One machine under twelve keys is one machine: eleven earn nothing.
    let (one, many) = (
        row("one machine, many keys").after.points[1],
        row("split below the tiers").after.points[1],
    );
    assert!(one * 10 < many, "{one} and {many}");
    // What nobody hears beside the point is no stay there.
    assert_eq!(row("deaf phones").after.points[3], 0);
    // Nobody pays for the traffic of their own device.
    assert_eq!(row("own traffic, openly").after.points[2], 0);
    // What comes a day late does not come.
    assert_eq!(row("handed in late").after.points, [0; 6]);
}

#[test]
fn what_a_search_finds_is_found_again_by_its_seed_and_by_its_decisions() {
    let small = small();
    let plan = Plan {
        seed: 7,
        candidates: 6,
        beside: 6,
        weeks: 3,
        simplify: false,
    };
    let found =
        search(&small.past, &small.map, &small.prices, &plan, &|_, _| ()).expect("a search");
    assert_eq!(found.candidates, 6);
    assert_eq!(found.trail.len(), 1);
    for (mode, best) in &found.best {
        assert_eq!(best.permille(*mode), found.trail[0][*mode as usize]);
        let words = best.genome.in_words();
        let genome = Genome::parse(&words).expect("what was written");
        assert_eq!(genome, best.genome);
    }
    // Whatever the threads do, the same people earn and spend the same.
    let genomes = [found.best[0].1.genome.clone(), STRATEGIES[5].genome()];
    let play = || {
        let run = small
            .past
            .play(&small.map, &small.prices, 7, &genomes, &Variant::SHIPPED, 1);
        let outcomes = run.expect("a week").outcomes;
        outcomes
            .into_iter()
            .map(|it| (it.points, it.costs, it.reasons))
            .collect::<Vec<_>>()
    };
    assert_eq!(play(), play());
}
