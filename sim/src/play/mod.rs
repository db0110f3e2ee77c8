//! One town: five hosts and one who comes later, six visitors, a finder, a weather station, a validator; and an attacker, whose
//! decisions are a genome. What each of them does in a week becomes proofs, and what it costs them is written down.

mod cast;
mod fleet;
mod flows;
mod honest;
mod people;
mod proofs;

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_proof::{Body, Role};

pub use cast::{Key, Machine, key, validators};
pub use proofs::beat;

use crate::genome::Genome;
use crate::place::{Map, Spot};
use crate::prices::Prices;

pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 3_600_000;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// Beats are sampled, those of everybody alike: one a day, at this hour.
pub const BEAT_HOUR: i64 = 10;
/// How many hours a sampled beat stands for.
pub const BEAT_WEIGHT: u64 = 24;
/// The partner's stream of weather, and the payer of honest traffic.
pub const STREAM: u32 = 1;
pub const PAYER: u32 = 1;
/// Base units that a payer burns for a unit of traffic: a hundredth of a token.
pub const UNIT_PRICE: u64 = 10_000;
/// Base units of a token.
pub const TOKEN: u64 = 1_000_000;

/// In what capacity somebody earns and spends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    Host,
    /// A host who moves in two weeks after the others.
    Latecomer,
    Visitor,
    /// A visitor who comes to what a finder added, too.
    Confirmer,
    Finder,
    Station,
    Validator,
    Attacker,
}

/// What somebody spent, in millionths of a dollar: where anybody may register devices, where an issuer endorses each, and where phones
/// attest themselves too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    pub open: u64,
    pub endorsed: u64,
    pub attested: u64,
}

impl Cost {
    /// The same everywhere.
    pub(crate) const fn same(micro_usd: u64) -> Self {
        Self {
            open: micro_usd,
            endorsed: micro_usd,
            attested: micro_usd,
        }
    }

    /// Of devices: they cost one thing where anybody registers them, another where each is endorsed.
    pub(crate) const fn of_devices(open: u64, endorsed: u64) -> Self {
        Self {
            open,
            endorsed,
            attested: endorsed,
        }
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, more: Self) -> Self {
        Self {
            open: self.open + more.open,
            endorsed: self.endorsed + more.endorsed,
            attested: self.attested + more.attested,
        }
    }
}

/// A proof before it is numbered and signed.
#[derive(Clone, Debug)]
pub struct Draft {
    pub at_ms: i64,
    /// How long after that it is handed in.
    pub late_ms: i64,
    pub subject: [u8; 32],
    pub cell: u64,
    pub body: Body,
    pub signers: Vec<(Role, Arc<Key>)>,
}

/// A week that is played.
#[derive(Clone, Copy, Debug)]
pub struct Week {
    /// From 0.
    pub number: usize,
    pub start_ms: i64,
    /// What visits are drawn with.
    pub block: [u8; 32],
    /// A validator is sent to devices whose draw lies below.
    pub assigned_permille: u16,
}

impl Week {
    /// A moment of the week.
    pub(crate) const fn at(&self, day: i64, hour: i64, minute: i64) -> i64 {
        self.start_ms + day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS
    }
}

/// A town and its people.
#[derive(Debug)]
pub struct Town {
    seed: u64,
    pub number: usize,
    centre: Spot,
    genome: Genome,
    /// Five, and the one who comes later.
    hosts: Vec<Machine>,
    station: Machine,
    /// The honest one first.
    validators: Vec<Machine>,
    /// The attacker's hotspots and, after them, stations; those that were banned too.
    fleet: Vec<Machine>,
    parties: BTreeMap<[u8; 32], Party>,
    costs: BTreeMap<Party, Cost>,
    /// Added access points that are none, so far.
    phantoms: usize,
    /// Base units that the attacker burned in the week.
    burned: u64,
}

impl Town {
    /// Town `number` with an attacker; who is idle makes it a control.
    #[must_use]
    pub fn new(seed: u64, map: &Map, number: usize, genome: Genome) -> Self {
        let mut town = Self {
            seed,
            number,
            centre: map.centre(number),
            genome,
            hosts: Vec::new(),
            station: Machine::station(number, "station", map.centre(number).moved(-800, 0)),
            validators: validators(number, map.centre(number)),
            fleet: Vec::new(),
            parties: BTreeMap::new(),
            costs: BTreeMap::new(),
            phantoms: 0,
            burned: 0,
        };
        town.settle(map);
        town.arm();
        town
    }

    /// Everything of the town that the registry shows in a week, but validators, in the order of registration.
    pub fn machines(&self, week: usize) -> impl Iterator<Item = &Machine> {
        let honest = self.hosts.iter().chain([&self.station]);
        honest
            .chain(&self.fleet)
            .filter(move |machine| machine.joined <= week)
    }

    /// The attacker's payer: the wallet it burns from, when there is one.
    #[must_use]
    pub fn payer(&self) -> Option<(u32, [u8; 32])> {
        self.own_payer()
    }

    /// Base units that the attacker burned in the week that was played last.
    #[must_use]
    pub const fn burned(&self) -> u64 {
        self.burned
    }

    /// What each has spent so far.
    #[must_use]
    pub const fn costs(&self) -> &BTreeMap<Party, Cost> {
        &self.costs
    }

    /// Everybody of the town, with their keys.
    pub fn parties(&self) -> impl Iterator<Item = ([u8; 32], Party)> {
        self.parties.iter().map(|(key, party)| (*key, *party))
    }

    /// What happens in a week: the proofs of it. Who was found to be nowhere is banned at its end.
    pub fn week(&mut self, week: &Week, prices: &Prices) -> Vec<Draft> {
        let mut drafts = Vec::new();
        self.honest_week(week, prices, &mut drafts);
        self.fleet_week(week, prices, &mut drafts);
        self.people_week(week, prices, &mut drafts);
        self.flows_week(week, prices, &mut drafts);
        let nowhere = self.validators_week(week, prices, &mut drafts);
        self.ban(&nowhere, week);
        drafts
    }

    /// After the last week: what the attacker's hardware cost.
    pub fn end(&mut self, weeks: usize, prices: &Prices) {
        self.write_off(weeks, prices);
    }

    fn spend(&mut self, party: Party, micro_usd: u64) {
        self.spend_each(party, Cost::same(micro_usd));
    }

    fn spend_each(&mut self, party: Party, more: Cost) {
        let cost = self.costs.entry(party).or_default();
        *cost = cost.with(more);
    }

    /// A key of the town, by what it is for.
    fn key(&self, label: &str) -> Arc<Key> {
        key(&format!("{} {} {label}", self.seed, self.number))
    }

    /// A key of somebody's in the town.
    fn member(&mut self, label: &str, party: Party) -> Arc<Key> {
        let key = self.key(label);
        self.parties.insert(key.public, party);
        key
    }
}
