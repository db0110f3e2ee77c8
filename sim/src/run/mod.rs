//! Weeks of many towns, through the pipeline as it is: frozen inputs written, the epoch closed, its decisions read.

mod epoch;
mod new_york;

use std::collections::BTreeMap;

use cairn_epoch::{Closed, Decision, Device, EpochFolder, Payer};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_proof::{Kind, Reason};
use rayon::prelude::*;
use tempfile::TempDir;

use crate::SimError;
use crate::genome::Genome;
use crate::place::Map;
use crate::play::{
    BEAT_WEIGHT, Cost, Draft, PAYER, Party, Town, UNIT_PRICE, Week, key, validators,
};
use crate::prices::Prices;
use crate::variant::Variant;
use epoch::{Epoch, close_epoch, period_start, scratch, terms};

pub use new_york::{CellLoss, cells_of_new_york};

/// Weeks that are played, unless somebody asks for others.
pub const WEEKS: usize = 12;
/// Weeks before, in which nothing happens but that validators come of age.
const QUIET: usize = 5;
/// `visit_assigned_permille` as it ships.
const ASSIGNED: i64 = 100;
/// Pots that the rules have, and one for what is paid from none.
pub const POTS: usize = 6;
/// The pot that burns pay for.
const TRAFFIC: u8 = 2;

/// A network in which nothing has happened yet but that validators of every town have come of age.
#[derive(Debug)]
pub struct Past {
    folder: TempDir,
    closed: Closed,
    devices: Vec<Device>,
    towns: usize,
}

/// What one town came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub genome: Genome,
    /// Milli-points by party and pot, sampled beats for as many as they stand for.
    pub points: BTreeMap<Party, [u64; POTS]>,
    /// Base units of tokens from the pot of traffic.
    pub traffic: BTreeMap<Party, u64>,
    pub costs: BTreeMap<Party, Cost>,
    /// What became of the attacker's proofs.
    pub reasons: BTreeMap<Reason, u64>,
}

/// A run of weeks.
#[derive(Debug)]
pub struct Run {
    /// In the order of the genomes.
    pub outcomes: Vec<Outcome>,
    pub proofs: u64,
}

impl Past {
    /// A network of `towns` towns.
    ///
    /// # Errors
    /// [`SimError::Room`]; what the pipeline refuses.
    pub fn new(map: &Map, towns: usize) -> Result<Self, SimError> {
        if towns > map.towns() {
            return Err(SimError::Room {
                towns,
                room: map.towns(),
            });
        }
        let folder = scratch()?;
        let machines: Vec<_> = (0..towns)
            .flat_map(|town| validators(town, map.centre(town)))
            .collect();
        let devices: Vec<Device> = (0..)
            .zip(&machines)
            .map(|(at, it)| it.leaf(at, 0))
            .collect();
        let mut before: Option<(EpochFolder, Closed)> = None;
        for number in 1..=QUIET as u64 {
            let number = EpochNumber::new(number);
            // An epoch has one member at least.
            let first = &machines[0];
            let beat = crate::play::beat(
                first,
                first.spot,
                period_start(number) + crate::play::HOUR_MS,
                10_000,
            );
            let epoch = Epoch {
                folder: EpochFolder::of(folder.path(), number),
                number,
                terms: terms(Vec::new()),
                devices: &devices,
                burns: &[(PAYER, UNIT_PRICE)],
                variant: &Variant::SHIPPED,
            };
            let (closed, _) = close_epoch(&epoch, before.as_ref(), vec![beat])?;
            before = Some((epoch.folder, closed));
        }
        let (_, closed) = before.ok_or(SimError::Place("a past has weeks"))?;
        Ok(Self {
            folder,
            closed,
            devices,
            towns,
        })
    }

    /// Plays one town for each genome. Those that are idle are the control.
    ///
    /// # Errors
    /// [`SimError::Room`]; what the pipeline refuses.
    pub fn play(
        &self,
        map: &Map,
        prices: &Prices,
        seed: u64,
        genomes: &[Genome],
        variant: &Variant,
        weeks: usize,
    ) -> Result<Run, SimError> {
        if genomes.len() > self.towns {
            return Err(SimError::Room {
                towns: genomes.len(),
                room: self.towns,
            });
        }
        let mut towns: Vec<Town> = (0..)
            .zip(genomes)
            .map(|(at, genome)| Town::new(seed, map, at, genome.clone()))
            .collect();
        let mut run = Run {
            outcomes: genomes.iter().map(Outcome::of).collect(),
            proofs: 0,
        };
        let folder = scratch()?;
        let past = EpochFolder::of(self.folder.path(), EpochNumber::new(QUIET as u64));
        let mut before = (past, self.closed.clone());
        let mut places: BTreeMap<[u8; 32], u32> = BTreeMap::new();
        for week in 0..weeks {
            let number = EpochNumber::new((QUIET + week + 1) as u64);
            let played = Week {
                number: week,
                start_ms: period_start(number),
                block: epoch::draw_block(number),
                assigned_permille: u16::try_from(variant.value(
                    "visit",
                    "assigned_permille",
                    ASSIGNED,
                ))
                .unwrap_or(0),
            };
            let drafts: Vec<Vec<Draft>> = towns
                .par_iter_mut()
                .map(|town| town.week(&played, prices))
                .collect();
            let devices = self.registry(&towns, &mut places, week);
            let own = towns
                .iter()
                .filter_map(|town| Some((town.payer()?, town.burned())));
            let mut burns = vec![(PAYER, UNIT_PRICE * 10_000_000)];
            burns.extend(
                own.clone()
                    .filter(|(_, tokens)| *tokens > 0)
                    .map(|((id, _), tokens)| (id, tokens)),
            );
            let payers = own.map(|((id, wallet), _)| Payer {
                id,
                name: "an own payer".to_owned(),
                wallet,
                carrier: key("carrier").public,
                carrier_kind: 0,
                tokens_per_unit: Tokens::new(UNIT_PRICE),
            });
            let epoch = Epoch {
                folder: EpochFolder::of(folder.path(), number),
                number,
                terms: terms(payers.collect()),
                devices: &devices,
                burns: &burns,
                variant,
            };
            let (closed, decisions) = close_epoch(&epoch, Some(&before), drafts.concat())?;
            run.count(&towns, &closed, &decisions);
            // What stands before is not needed any more, but for the past that all runs share.
            if week > 0 {
                epoch::forget(&before.0)?;
            }
            before = (epoch.folder, closed);
        }
        for (town, outcome) in towns.iter_mut().zip(&mut run.outcomes) {
            town.end(weeks, prices);
            outcome.costs.clone_from(town.costs());
        }
        Ok(run)
    }

    /// Every leaf there is in a week: a device keeps the place that it was registered at.
    fn registry(
        &self,
        towns: &[Town],
        places: &mut BTreeMap<[u8; 32], u32>,
        week: usize,
    ) -> Vec<Device> {
        let mut devices = self.devices.clone();
        let first = u32::try_from(devices.len()).unwrap_or(u32::MAX);
        for machine in towns.iter().flat_map(|town| town.machines(week)) {
            let next = first + u32::try_from(places.len()).unwrap_or(u32::MAX);
            let at = *places.entry(machine.key.public).or_insert(next);
            devices.push(machine.leaf(at, week));
        }
        devices
    }
}

impl Outcome {
    fn of(genome: &Genome) -> Self {
        Self {
            genome: genome.clone(),
            points: BTreeMap::new(),
            traffic: BTreeMap::new(),
            costs: BTreeMap::new(),
            reasons: BTreeMap::new(),
        }
    }
}

impl Run {
    /// Adds what an epoch paid.
    fn count(&mut self, towns: &[Town], closed: &Closed, decisions: &[Decision]) {
        let people: BTreeMap<[u8; 32], (usize, Party)> = towns
            .iter()
            .enumerate()
            .flat_map(|(at, town)| town.parties().map(move |(key, party)| (key, (at, party))))
            .collect();
        let pot = closed
            .manifest
            .pots
            .iter()
            .find(|pot| pot.name == "traffic");
        let (given, among) = pot.map_or((0, 1), |pot| {
            (pot.allocated.get(), pot.milli_points.get().max(1))
        });
        self.proofs += decisions.len() as u64;
        for decision in decisions {
            let weight = if decision.kind == Some(Kind::HotspotBeat) {
                BEAT_WEIGHT
            } else {
                1
            };
            let first = decision
                .beneficiary
                .map(|key| (key, decision.pot, decision.milli_points.get() * weight));
            let second = decision
                .also
                .map(|also| (also.beneficiary, also.pot, also.milli_points.get()));
            if let Some((at, Party::Attacker)) = decision
                .beneficiary
                .and_then(|key| people.get(&key).copied())
            {
                *self.outcomes[at]
                    .reasons
                    .entry(decision.reason)
                    .or_default() += 1;
            }
            for (key, pot, points) in first.into_iter().chain(second) {
                let Some(&(at, party)) = people.get(&key) else {
                    continue;
                };
                let outcome = &mut self.outcomes[at];
                outcome.points.entry(party).or_default()[usize::from(pot) % POTS] += points;
                if pot == TRAFFIC {
                    let tokens = u128::from(points) * u128::from(given) / u128::from(among);
                    *outcome.traffic.entry(party).or_default() +=
                        u64::try_from(tokens).unwrap_or(u64::MAX);
                }
            }
        }
    }
}
