//! What makes the network larger: aircraft find access points at airports and others come there, and aircraft that were there first
//! invite those that came later.

use std::collections::{BTreeMap, BTreeSet};

use cairn_proof::{Body, Referral, Role, SCAN_NEIGHBOURS, WifiAdd, WifiCheckIn};

use super::{
    calendar::{Flown, Period},
    places::cell,
    proofs::{Draft, Signature, check_in_body, signature},
    roster::{Part, Seed},
};
use crate::input::Airport;

/// Whose word the network takes for who was invited by whom.
pub const DESK: &str = "sign-up desk";

const MINUTE_MS: i64 = 60_000;
/// Aircraft of the first weeks that have been to most places: by then the network knows them.
const EXPERIENCED: usize = 300;
/// The week, from 0, in which points are found first.
const FIRST_FINDS: usize = 2;
/// Visits of a point in a week, by different aircraft: one more than vesting asks for.
const VISITS: usize = 4;
/// What one of the experienced invites in the month; rules pay ten an epoch.
const INVITES: usize = 2;

/// Adds, check-ins at what was added, and referrals of the month.
#[must_use]
pub fn growth(flown: &[Flown<'_>], periods: &[Period], seed: Seed) -> Vec<Draft> {
    let (Some(first), Some(known)) = (periods.first(), periods.get(FIRST_FINDS)) else {
        return Vec::new();
    };
    let mut drafts = finds(flown, known.start_ms, periods, seed);
    drafts.extend(referrals(flown, first.end_ms, seed));
    drafts
}

/// The aircraft with most flights before `until_ms`, most first.
fn experienced<'a>(flown: &[Flown<'a>], until_ms: i64) -> Vec<&'a str> {
    let mut flights: BTreeMap<&str, usize> = BTreeMap::new();
    for flight in flown {
        if flight.arrived.as_millisecond() < until_ms {
            *flights.entry(flight.tail).or_default() += 1;
        }
    }
    let mut tails: Vec<_> = flights.into_iter().collect();
    tails.sort_by_key(|(tail, flights)| (std::cmp::Reverse(*flights), *tail));
    tails
        .into_iter()
        .map(|(tail, _)| tail)
        .take(EXPERIENCED)
        .collect()
}

/// One access point an airport: the first experienced aircraft that lands there from `from_ms` on finds it, others visit it after.
fn finds(flown: &[Flown<'_>], from_ms: i64, periods: &[Period], seed: Seed) -> Vec<Draft> {
    let tails: BTreeSet<&str> = experienced(flown, from_ms).into_iter().collect();
    let mut landings: BTreeMap<&str, Vec<(i64, &str, &Airport)>> = BTreeMap::new();
    for flight in flown {
        let at_ms = flight.arrived.as_millisecond();
        if at_ms >= from_ms && tails.contains(flight.tail) {
            let airport = flight.destination;
            let all = landings.entry(&airport.code).or_default();
            all.push((at_ms + 10 * MINUTE_MS, flight.tail, airport));
        }
    }
    let mut drafts = Vec::new();
    for mut landings in landings.into_values() {
        landings.sort_unstable_by_key(|(at_ms, tail, _)| (*at_ms, *tail));
        let Some((found_ms, finder, airport)) = landings.first().copied() else {
            continue;
        };
        drafts.push(add(airport, finder, found_ms, seed));
        for period in periods {
            let mut visitors = BTreeSet::from([finder]);
            for (at_ms, tail, _) in &landings {
                let comes = period.contains(*at_ms) && visitors.len() <= VISITS;
                if comes && visitors.insert(*tail) {
                    drafts.push(visit(airport, tail, *at_ms, seed));
                }
            }
        }
    }
    drafts
}

fn lounge(airport: &Airport) -> String {
    format!("{} lounge", airport.code)
}

fn add(airport: &Airport, tail: &str, at_ms: i64, seed: Seed) -> Draft {
    let place = (airport.lat_e7, airport.lon_e7);
    found(&lounge(airport), place, tail, at_ms, seed)
}

/// Aircraft `tail` adds the access point `name`.
#[must_use]
pub fn found(
    name: &str,
    (lat_e7, lon_e7): (i32, i32),
    tail: &str,
    at_ms: i64,
    seed: Seed,
) -> Draft {
    let mut neighbours: [[u8; 32]; SCAN_NEIGHBOURS] =
        std::array::from_fn(|at| seed.bytes("access point", &format!("{name} {at}")));
    neighbours.sort_unstable();
    Draft {
        subject: seed.bytes("access point", name),
        cell: cell(lat_e7, lon_e7),
        observed_at_ms: at_ms,
        body: Body::WifiAdd(WifiAdd {
            user: seed.public(Part::Aircraft, tail),
            lat_e7,
            lon_e7,
            neighbours: Box::new(neighbours),
        }),
        signatures: vec![signature(Role::User, Part::Aircraft, tail)],
        cheat: None,
    }
}

fn visit(airport: &Airport, tail: &str, at_ms: i64, seed: Seed) -> Draft {
    let name = lounge(airport);
    let body: WifiCheckIn = check_in_body(&name, tail, at_ms, seed);
    Draft {
        subject: seed.bytes("access point", &name),
        cell: cell(airport.lat_e7, airport.lon_e7),
        observed_at_ms: at_ms,
        body: Body::WifiCheckIn(body),
        signatures: vec![signature(Role::User, Part::Aircraft, tail)],
        cheat: None,
    }
}

/// Aircraft that fly for the first time from `from_ms` on were invited half an hour before, each by one of those that flew most until
/// then.
fn referrals(flown: &[Flown<'_>], from_ms: i64, seed: Seed) -> Vec<Draft> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for flight in flown {
        let at_ms = flight.departed.as_millisecond();
        let seen = first.entry(flight.tail).or_insert(at_ms);
        *seen = at_ms.min(*seen);
    }
    let inviters = experienced(flown, from_ms);
    let newcomers = first
        .into_iter()
        .map(|(tail, at_ms)| (tail, at_ms - 30 * MINUTE_MS))
        .filter(|(_, at_ms)| *at_ms >= from_ms);
    let pairs = inviters.iter().cycle().take(inviters.len() * INVITES);
    newcomers
        .zip(pairs)
        .map(|((tail, at_ms), inviter)| referral(inviter, tail, at_ms, seed))
        .collect()
}

/// The desk and aircraft `invitee` say that `inviter` brought it.
#[must_use]
pub fn referral(inviter: &str, invitee: &str, at_ms: i64, seed: Seed) -> Draft {
    let signatures: Vec<Signature> = vec![
        signature(Role::Attestor, Part::Operator, DESK),
        signature(Role::User, Part::Aircraft, invitee),
    ];
    Draft {
        subject: seed.public(Part::Aircraft, inviter),
        cell: 0,
        observed_at_ms: at_ms,
        body: Body::Referral(Referral {
            invitee: seed.public(Part::Aircraft, invitee),
            attestor: seed.public(Part::Operator, DESK),
        }),
        signatures,
        cheat: None,
    }
}
