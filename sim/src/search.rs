//! A search for the best attacker: random restarts and hill climbing, many candidates beside each other in one run of weeks.
//!
//! Each slot of a run climbs by itself: it proposes a neighbour of where it stands, goes there if that is better, and starts anew when
//! nothing was better for a while. Each mode has a third of the slots: a slot climbs by what pays in its own.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::SimError;
use crate::chance::Chance;
use crate::genome::{GENES, Genome};
use crate::measure::{Measured, Mode, Prices as PotPrices, honest, measured};
use crate::place::Map;
use crate::prices::Prices;
use crate::run::{Past, Run};
use crate::strategy::STRATEGIES;
use crate::variant::Variant;

const MODES: usize = Mode::ALL.len();

/// How much is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    /// Candidates, at least so many.
    pub candidates: usize,
    /// Candidates in one run.
    pub beside: usize,
    pub weeks: usize,
    /// Whether decisions that make no difference are taken out of the best ones.
    pub simplify: bool,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best for each mode, without the decisions that make no difference, as it is in the weeks of the search.
    pub best: Vec<(Mode, Measured)>,
    /// Best so far, in thousandths, after each run: by mode.
    pub trail: Vec<[u64; MODES]>,
    pub candidates: usize,
    /// Of all candidates, those above 1,000 thousandths: by mode.
    pub above: [usize; MODES],
    pub proofs: u64,
}

/// Towns without an attacker that make the price of points.
const CONTROLS: usize = 20;
/// Rounds without a better neighbour, after which a slot starts anew.
const PATIENCE: usize = 4;
/// What a decision may take of the best one's earnings and still make no difference, in thousandths.
const SLACK: u64 = 10;

#[derive(Clone)]
struct Slot {
    mode: Mode,
    at: Genome,
    score: u64,
    waited: usize,
}

/// Looks for the best attacker under the rules that ship.
///
/// # Errors
/// As [`Past::play`].
pub fn search(
    past: &Past,
    map: &Map,
    costs: &Prices,
    plan: &Plan,
    told: &dyn Fn(usize, [u64; MODES]),
) -> Result<Found, SimError> {
    let idle = vec![Genome::idle(); CONTROLS.min(plan.beside)];
    let alone = past.play(map, costs, plan.seed, &idle, &Variant::SHIPPED, plan.weeks)?;
    let prices = &honest(&alone, costs)?.prices;
    let mut chance = Chance::new(plan.seed, "search");
    let mut slots: Vec<Slot> = (0..plan.beside)
        .map(|at| Slot {
            mode: Mode::ALL[at % MODES],
            at: Genome::idle(),
            score: 0,
            waited: PATIENCE,
        })
        .collect();
    let mut found = Found {
        best: Vec::new(),
        trail: Vec::new(),
        candidates: 0,
        above: [0; MODES],
        proofs: 0,
    };
    let mut best: [Option<Measured>; MODES] = [const { None }; MODES];
    while found.candidates < plan.candidates {
        let proposals: Vec<Genome> = slots
            .iter()
            .enumerate()
            .map(|(at, slot)| {
                propose(
                    &mut chance,
                    slot,
                    (found.candidates == 0).then_some(at / MODES),
                    best[slot.mode as usize].as_ref(),
                )
            })
            .collect();
        // Two runs of half as many: most of a run is one thread's work.
        let half = proposals.len().div_ceil(2);
        let play = |genomes: &[Genome]| {
            past.play(
                map,
                costs,
                plan.seed,
                genomes,
                &Variant::SHIPPED,
                plan.weeks,
            )
        };
        let runs: Vec<_> = proposals.par_chunks(half).map(play).collect();
        let runs: Vec<Run> = runs.into_iter().collect::<Result<_, SimError>>()?;
        found.candidates += proposals.len();
        found.proofs += runs.iter().map(|run| run.proofs).sum::<u64>();
        let outcomes = runs.iter().flat_map(|run| &run.outcomes);
        for (slot, outcome) in slots.iter_mut().zip(outcomes) {
            let result = measured(outcome, None, prices, costs);
            for mode in Mode::ALL {
                let score = result.permille(mode);
                found.above[mode as usize] += usize::from(score > 1_000);
                let record = &mut best[mode as usize];
                if record
                    .as_ref()
                    .is_none_or(|record| record.permille(mode) < score)
                {
                    *record = Some(result.clone());
                }
            }
            let score = result.permille(slot.mode);
            if score > slot.score || slot.waited >= PATIENCE {
                (slot.at, slot.score, slot.waited) = (outcome.genome.clone(), score, 0);
            } else {
                slot.waited += 1;
            }
        }
        let so_far = Mode::ALL.map(|mode| {
            best[mode as usize]
                .as_ref()
                .map_or(0, |it| it.permille(mode))
        });
        found.trail.push(so_far);
        told(found.candidates, so_far);
    }
    let records: Vec<(Mode, Measured)> = Mode::ALL
        .into_iter()
        .zip(best)
        .filter_map(|(mode, it)| Some((mode, it?)))
        .collect();
    let simpler = |(mode, record): (Mode, Measured)| {
        let best = if plan.simplify {
            simplified(past, map, costs, prices, plan, mode, record)?
        } else {
            record
        };
        Ok((mode, best))
    };
    let best: Vec<_> = records.into_par_iter().map(simpler).collect();
    found.best = best.into_iter().collect::<Result<_, SimError>>()?;
    Ok(found)
}

/// What a slot tries next: at first the strategies that have a name.
fn propose(
    chance: &mut Chance,
    slot: &Slot,
    first: Option<usize>,
    best: Option<&Measured>,
) -> Genome {
    if let Some(strategy) = first.and_then(|at| STRATEGIES.get(at)) {
        return strategy.genome();
    }
    if slot.waited >= PATIENCE {
        // Half of those who start anew start from a known strategy: what is drawn blindly is rarely any good.
        return match chance.between(0, 1) {
            0 => Genome::drawn(chance),
            _ => STRATEGIES[chance.place(STRATEGIES.len())]
                .genome()
                .mutated(chance),
        };
    }
    match best {
        Some(best) if chance.between(0, 5) == 0 => best.genome.mutated(chance),
        _ => slot.at.mutated(chance),
    }
}

/// The same attacker without the decisions that make no difference, so that people understand it.
fn simplified(
    past: &Past,
    map: &Map,
    costs: &Prices,
    prices: &PotPrices,
    plan: &Plan,
    mode: Mode,
    mut best: Measured,
) -> Result<Measured, SimError> {
    loop {
        let simpler: BTreeSet<Genome> = (0..GENES.len())
            .map(|at| best.genome.without(at))
            .filter(|it| *it != best.genome)
            .collect();
        let simpler: Vec<Genome> = simpler.into_iter().collect();
        let run = past.play(
            map,
            costs,
            plan.seed,
            &simpler,
            &Variant::SHIPPED,
            plan.weeks,
        )?;
        let least = best.permille(mode) * (1_000 - SLACK) / 1_000;
        let results = run
            .outcomes
            .iter()
            .map(|outcome| measured(outcome, None, prices, costs));
        match results
            .filter(|it| it.permille(mode) >= least)
            .max_by_key(|it| it.permille(mode))
        {
            Some(better) => best = better,
            None => return Ok(best),
        }
    }
}
