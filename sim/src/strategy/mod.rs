//! The strategies that people are known to try, each with the rule that stands against it.

mod list;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::SimError;
use crate::genome::{Genome, Place};
use crate::measure::{Honest, Measured, Prices as PotPrices, honest, measured};
use crate::place::Map;
use crate::prices::Prices;
use crate::run::{Past, Run};
use crate::variant::{Edit, Variant};

pub use list::STRATEGIES;

/// A strategy by its name.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    pub name: &'static str,
    pub words: &'static str,
    genes: &'static [(Place, i64)],
    /// What switches off the rule against it; nothing where no rule is.
    off: &'static [Edit],
    /// With which others' rules that one is switched off in one run: none of them touches another's strategy.
    group: usize,
    /// Whether it is meant to hurt rather than to earn.
    pub griefs: bool,
    /// Thousandths that it earns at most in the five weeks that the tests play, in each mode.
    pub bound: [u64; 3],
}

impl Strategy {
    #[must_use]
    pub fn genome(&self) -> Genome {
        self.genes
            .iter()
            .fold(Genome::idle(), |genome, (place, number)| {
                genome.with(*place, *number)
            })
    }

    /// The rules without the one against it.
    #[must_use]
    pub fn before(&self) -> Variant {
        Variant::of(self.off)
    }
}

/// Runs that switch rules off.
const GROUPS: usize = 3;

/// A strategy, before and after its rule.
#[derive(Clone, Debug)]
pub struct Row {
    pub strategy: Strategy,
    pub after: Measured,
    /// None where no rule stands against it.
    pub before: Option<Measured>,
}

/// How strategies are played.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    pub seed: u64,
    pub weeks: usize,
    /// Towns for each strategy: whom a validator is sent to is chance, and so is when a device is banned.
    pub towns: usize,
    /// Whether they are played without the rules against them, too.
    pub with_before: bool,
}

impl Play {
    /// A genome for each town.
    fn genomes(&self, of: impl Fn(&Strategy) -> Genome) -> Vec<Genome> {
        let each = STRATEGIES.iter().map(of);
        let all: Vec<Genome> = each.collect();
        all.iter()
            .cycle()
            .take(all.len() * self.towns)
            .cloned()
            .collect()
    }
}

/// Every strategy in towns of its own, under the rules that ship and under them without the one against it, with what honest people
/// come to in the same towns.
///
/// # Errors
/// As [`Past::play`] and [`honest`].
pub fn played(
    past: &Past,
    map: &Map,
    prices: &Prices,
    play: Play,
) -> Result<(Vec<Row>, Honest), SimError> {
    let run = |genomes: &[Genome], variant: &Variant| {
        past.play(map, prices, play.seed, genomes, variant, play.weeks)
    };
    let idle = play.genomes(|_| Genome::idle());
    let (alone, shipped) = rayon::join(
        || run(&idle, &Variant::SHIPPED),
        || run(&play.genomes(Strategy::genome), &Variant::SHIPPED),
    );
    let (alone, shipped) = (alone?, shipped?);
    let control = honest(&alone, prices)?;
    let sum = |run: &Run, at: usize, prices_of: &PotPrices| {
        let towns = (at..run.outcomes.len()).step_by(STRATEGIES.len());
        towns
            .map(|town| {
                measured(
                    &run.outcomes[town],
                    alone.outcomes.get(town),
                    prices_of,
                    prices,
                )
            })
            .reduce(Measured::with)
    };
    let is_in =
        |strategy: &Strategy, group: usize| strategy.group == group && !strategy.off.is_empty();
    let before = |group: usize| -> Result<Vec<Option<Measured>>, SimError> {
        let off: BTreeSet<Edit> = STRATEGIES
            .iter()
            .filter(|it| is_in(it, group))
            .flat_map(|it| it.off)
            .copied()
            .collect();
        let off: Vec<Edit> = off.into_iter().collect();
        // The others' towns are the control.
        let genomes = play.genomes(|it| {
            if is_in(it, group) {
                it.genome()
            } else {
                Genome::idle()
            }
        });
        let run = run(&genomes, &Variant::of(&off))?;
        let control = honest(&run, prices)?;
        let each = STRATEGIES.iter().enumerate();
        Ok(each
            .map(|(at, it)| {
                is_in(it, group)
                    .then(|| sum(&run, at, &control.prices))
                    .flatten()
            })
            .collect())
    };
    let groups = if play.with_before { GROUPS } else { 0 };
    let switched: Vec<_> = (0..groups).into_par_iter().map(before).collect();
    let switched: Vec<Vec<Option<Measured>>> =
        switched.into_iter().collect::<Result<_, SimError>>()?;
    let rows = STRATEGIES.iter().enumerate().filter_map(|(at, strategy)| {
        Some(Row {
            strategy: *strategy,
            after: sum(&shipped, at, &control.prices)?,
            before: switched.iter().find_map(|group| group[at].clone()),
        })
    });
    Ok((rows.collect(), control))
}
