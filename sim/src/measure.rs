//! From points and costs to one number: what somebody earns for what it costs, where an honest participant has 1,000 thousandths.
//!
//! A point is worth what an honest one costs to earn: in a network where honest people neither starve nor get rich, that is its
//! price. So each pot has a price of its own, and a mix of strategies is the sum of its parts. Tokens that payers burn have the price
//! of `prices.toml`.

use std::collections::BTreeMap;

use crate::SimError;
use crate::genome::{Genome, Place};
use crate::play::{Cost, Party, TOKEN};
use crate::prices::Prices as Costs;
use crate::run::{Outcome, POTS, Run};

/// Who may register devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Anybody, for the price of a transaction.
    Open,
    /// Whoever has a device that an issuer endorsed.
    Endorsed,
    /// The same, and an account needs a phone that attests itself, which the rules can not ask for yet.
    Attested,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Open, Self::Endorsed, Self::Attested];

    #[must_use]
    pub const fn of(self, cost: Cost) -> u64 {
        match self {
            Self::Open => cost.open,
            Self::Endorsed => cost.endorsed,
            Self::Attested => cost.attested,
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open registration",
            Self::Endorsed => "endorsed devices",
            Self::Attested => "endorsed devices and attested phones",
        }
    }
}

const HOTSPOT: usize = 1;
const TRAFFIC: usize = 2;
const CHECK_IN: usize = 3;
const ADD: usize = 4;
const PARTNER: usize = 5;

/// What a milli-point of each pot costs honest people: millionths of a dollar, over milli-points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    parts: [(u64, u64); POTS],
}

impl Prices {
    fn value(&self, pot: usize, milli_points: u64) -> u64 {
        let (cost, points) = self.parts[pot];
        let value = u128::from(milli_points) * u128::from(cost) / u128::from(points.max(1));
        u64::try_from(value).unwrap_or(u64::MAX)
    }

    /// Millionths of a dollar for a point.
    #[must_use]
    pub fn of_a_point(&self, pot: usize) -> u64 {
        self.value(pot, 1_000)
    }
}

/// What honest people came to, in towns without an attacker.
#[derive(Clone, Debug)]
pub struct Honest {
    pub prices: Prices,
    pub towns: u64,
    /// By party, in all towns: value and cost in millionths of a dollar, milli-points by pot.
    pub parties: BTreeMap<Party, (u64, Cost, [u64; POTS])>,
}

/// What an attacker came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    pub genome: Genome,
    /// Milli-points by pot.
    pub points: [u64; POTS],
    /// Millionths of a dollar.
    pub value: u64,
    pub cost: Cost,
    /// What honest people of the town lost.
    pub loss: u64,
    /// How many towns all this is of.
    pub towns: u64,
}

impl Measured {
    /// Earnings for each unit of cost, in thousandths of an honest participant's.
    #[must_use]
    pub fn permille(&self, mode: Mode) -> u64 {
        per(self.value, mode.of(self.cost))
    }

    /// Both together, of the same attacker in two towns.
    pub(crate) fn with(mut self, other: Self) -> Self {
        for (sum, more) in self.points.iter_mut().zip(other.points) {
            *sum += more;
        }
        self.value += other.value;
        self.cost = self.cost.with(other.cost);
        self.loss += other.loss;
        self.towns += other.towns;
        self
    }

    /// What honest people lose for each unit that the attacker spends and does not get back, in thousandths.
    #[must_use]
    pub fn loss_permille(&self, mode: Mode) -> u64 {
        per(self.loss, mode.of(self.cost))
    }

    /// What each of the attacker's keys would have to cost more in a week, so that nothing is left of its advantage.
    #[must_use]
    pub fn missing(&self, mode: Mode, weeks: u64) -> u64 {
        let keys = [
            Place::Fleet,
            Place::Squat,
            Place::Accounts,
            Place::Puppets,
            Place::Invites,
            Place::Stations,
        ];
        let keys: usize = keys.iter().map(|place| self.genome.count(*place)).sum();
        let more = self.value.saturating_sub(mode.of(self.cost));
        more / (self.towns * weeks * u64::try_from(keys).unwrap_or(1)).max(1)
    }
}

fn per(value: u64, cost: u64) -> u64 {
    let permille = u128::from(value) * 1_000 / u128::from(cost.max(1));
    u64::try_from(permille).unwrap_or(u64::MAX)
}

/// What the towns without an attacker came to, and so what points are worth.
///
/// # Errors
/// [`SimError::NoControl`]: there is none, or honest people earned nothing.
pub fn honest(run: &Run, costs: &Costs) -> Result<Honest, SimError> {
    let idle = Genome::idle();
    let towns: Vec<&Outcome> = run
        .outcomes
        .iter()
        .filter(|outcome| outcome.genome == idle)
        .collect();
    let points = |party: Party, pot: usize| {
        towns
            .iter()
            .map(|town| town.points.get(&party).map_or(0, |points| points[pot]))
            .sum::<u64>()
    };
    let cost = |party: Party| {
        let costs = towns.iter().filter_map(|town| town.costs.get(&party));
        costs.fold(Cost::default(), |sum, cost| sum.with(*cost))
    };
    let mut prices = Prices::default();
    for (pot, party, name) in [
        (HOTSPOT, Party::Host, "hotspot"),
        (CHECK_IN, Party::Visitor, "check_in"),
        (PARTNER, Party::Station, "partner"),
    ] {
        let earned = points(party, pot);
        if earned == 0 {
            return Err(SimError::NoControl(name));
        }
        prices.parts[pot] = (cost(party).open, earned);
    }
    // A finder stays at hosts too; what that is worth is no price of his finds.
    let found = points(Party::Finder, ADD);
    let stays = prices.value(CHECK_IN, points(Party::Finder, CHECK_IN));
    let finds = cost(Party::Finder).open.saturating_sub(stays);
    if found == 0 || finds == 0 {
        return Err(SimError::NoControl("add"));
    }
    prices.parts[ADD] = (finds, found);
    let every = [
        Party::Host,
        Party::Latecomer,
        Party::Visitor,
        Party::Confirmer,
        Party::Finder,
        Party::Station,
        Party::Validator,
    ];
    let parties = every.into_iter().map(|party| {
        let mut by_pot = [0; POTS];
        for (pot, sum) in by_pot.iter_mut().enumerate() {
            *sum = points(party, pot);
        }
        let traffic: u64 = towns
            .iter()
            .filter_map(|town| town.traffic.get(&party))
            .sum();
        (
            party,
            (value(&prices, costs, &by_pot, traffic), cost(party), by_pot),
        )
    });
    Ok(Honest {
        prices,
        towns: towns.len() as u64,
        parties: parties.collect(),
    })
}

fn value(prices: &Prices, costs: &Costs, points: &[u64; POTS], traffic: u64) -> u64 {
    let by_pot = (0..POTS)
        .filter(|pot| *pot != TRAFFIC)
        .map(|pot| prices.value(pot, points[pot]))
        .sum::<u64>();
    by_pot + costs.token.of(traffic) / TOKEN
}

/// What the attacker of a town came to; the loss of the others is against what `alone` they had in the same town.
#[must_use]
pub fn measured(
    outcome: &Outcome,
    alone: Option<&Outcome>,
    prices: &Prices,
    costs: &Costs,
) -> Measured {
    let points = outcome
        .points
        .get(&Party::Attacker)
        .copied()
        .unwrap_or_default();
    let traffic = outcome.traffic.get(&Party::Attacker).copied().unwrap_or(0);
    let loss = alone.map_or(0, |alone| {
        let parties = alone
            .points
            .iter()
            .filter(|(party, _)| ![Party::Attacker, Party::Validator].contains(*party));
        let lost = parties.map(|(party, before)| {
            let after = outcome.points.get(party).copied().unwrap_or_default();
            (0..POTS)
                .map(|pot| prices.value(pot, before[pot].saturating_sub(after[pot])))
                .sum::<u64>()
        });
        lost.sum()
    });
    Measured {
        genome: outcome.genome.clone(),
        points,
        value: value(prices, costs, &points, traffic),
        cost: outcome
            .costs
            .get(&Party::Attacker)
            .copied()
            .unwrap_or_default(),
        loss,
        towns: 1,
    }
}
