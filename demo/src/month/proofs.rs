//! The month's work as unsigned drafts: check-ins of aircraft, beats of hotspots, a carrier's task, what operators make good.

use std::collections::BTreeMap;

use cairn_proof::{Adjust, Body, EsimTask, HotspotBeat, Kind, Role, WifiCheckIn};

use super::{
    calendar::{Flown, Period},
    cheat::Cheat,
    offers::CARRIER,
    places::{Class, Place, Places},
    roster::{Part, Seed},
};

/// Who signs, by derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub role: Role,
    pub part: Part,
    pub name: String,
}

/// A proof before it is numbered and signed.
#[derive(Clone, Debug)]
pub struct Draft {
    pub subject: [u8; 32],
    pub cell: u64,
    pub observed_at_ms: i64,
    pub body: Body,
    pub signatures: Vec<Signature>,
    pub cheat: Option<Cheat>,
}

impl Draft {
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }
}

pub const LANDINGS_TASK: u32 = 1;
/// What completes the carrier's task.
pub const LANDINGS: usize = 10;
pub const OPERATORS: [&str; 2] = ["first operator", "second operator"];
pub const HOUR_MS: i64 = 3_600_000;
/// A passenger's device is on the gate's network for about this long.
const SESSION_SECS: u32 = 900;

/// One who signs.
#[must_use]
pub fn signature(role: Role, part: Part, name: &str) -> Signature {
    Signature {
        role,
        part,
        name: name.to_owned(),
    }
}

/// Two check-ins a flight: at a gate of the origin when it left, at one of the destination when it landed.
#[must_use]
pub fn check_ins(flown: &[Flown<'_>], places: &Places, seed: Seed) -> Vec<Draft> {
    let mut drafts = Vec::with_capacity(flown.len() * 2);
    for flight in flown {
        for (airport, at) in [
            (flight.origin, flight.departed),
            (flight.destination, flight.arrived),
        ] {
            let Some(gates) = places.gates.get(&airport.code).filter(|g| !g.is_empty()) else {
                continue;
            };
            let call = format!(
                "{} {}{} {at}",
                airport.code, flight.flight.carrier, flight.flight.number
            );
            let count = u64::try_from(gates.len()).unwrap_or(1);
            let gate = usize::try_from(seed.pick("gate", &call, count)).unwrap_or(0);
            let place = &places.all[gates[gate]];
            drafts.push(check_in(place, flight.tail, at.as_millisecond(), seed));
        }
    }
    drafts
}

/// A check-in of aircraft `tail` at `place`.
#[must_use]
pub fn check_in(place: &Place, tail: &str, at_ms: i64, seed: Seed) -> Draft {
    let mut signatures = vec![signature(Role::User, Part::Aircraft, tail)];
    if place.class == Class::Miner {
        signatures.push(signature(Role::Device, Part::Device, &place.name));
    }
    Draft {
        subject: place.key,
        cell: place.cell,
        observed_at_ms: at_ms,
        body: Body::WifiCheckIn(check_in_body(&place.name, tail, at_ms, seed)),
        signatures,
        cheat: None,
    }
}

/// What aircraft `tail` says of its stay at the access point called `name`.
#[must_use]
pub fn check_in_body(name: &str, tail: &str, at_ms: i64, seed: Seed) -> WifiCheckIn {
    let call = format!("{name} {tail} {at_ms}");
    let [
        challenge @ ..,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
    ] = seed.bytes("challenge", &call);
    let pick = |what, below| seed.pick(what, &call, below);
    WifiCheckIn {
        user: seed.public(Part::Aircraft, tail),
        challenge_at_ms: at_ms - 1_000 - i64::try_from(pick("delay", 50_000)).unwrap_or(0),
        challenge,
        session_secs: SESSION_SECS,
        scan_overlap_permille: 400 + u16::try_from(pick("overlap", 500)).unwrap_or(0),
    }
}

/// A beat of every hotspot every `every_hours`, each hotspot at a minute of its own.
#[must_use]
pub fn beats(
    places: &Places,
    period: Period,
    until_ms: i64,
    every_hours: i64,
    seed: Seed,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for place in &places.all[places.hotspots.clone()] {
        let mut at = first_beat(place, period, every_hours, seed);
        while at < until_ms {
            drafts.push(beat(place, at));
            at += every_hours * HOUR_MS;
        }
    }
    drafts
}

/// When `place` beats first in `period`; it beats again every `every_hours`.
#[must_use]
pub fn first_beat(place: &Place, period: Period, every_hours: i64, seed: Seed) -> i64 {
    let below = u64::try_from(every_hours * HOUR_MS).unwrap_or(1);
    period.start_ms + i64::try_from(seed.pick("beat", &place.name, below)).unwrap_or(0)
}

/// A beat of `place`, from where it stands.
#[must_use]
pub fn beat(place: &Place, at_ms: i64) -> Draft {
    Draft {
        subject: place.key,
        cell: place.cell,
        observed_at_ms: at_ms,
        body: Body::HotspotBeat(HotspotBeat {
            hour_bucket: hour_bucket(at_ms),
            lat_e7: place.lat_e7,
            lon_e7: place.lon_e7,
            contact: true,
        }),
        signatures: vec![signature(Role::Device, Part::Device, &place.name)],
        cheat: None,
    }
}

/// The carrier's task of every aircraft that landed often enough, when it did.
#[must_use]
pub fn tasks(flown: &[Flown<'_>], seed: Seed) -> Vec<Draft> {
    let mut landed: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for flight in flown {
        let landings = landed.entry(flight.tail).or_default();
        landings.push(flight.arrived.as_millisecond());
    }
    landed
        .into_iter()
        .filter_map(|(tail, mut landings)| {
            landings.sort_unstable();
            let at_ms = *landings.get(LANDINGS - 1)?;
            Some(completion(tail, tail, at_ms, seed))
        })
        .collect()
}

/// The carrier says that `person` completed its task; the credits go to aircraft `tail`.
#[must_use]
pub fn completion(person: &str, tail: &str, at_ms: i64, seed: Seed) -> Draft {
    completion_by(person, seed.public(Part::Aircraft, tail), at_ms, seed)
}

/// As [`completion`], by whoever the carrier knows as `subject`.
#[must_use]
pub fn completion_by(person: &str, subject: [u8; 32], at_ms: i64, seed: Seed) -> Draft {
    Draft {
        subject,
        cell: 0,
        observed_at_ms: at_ms,
        body: Body::EsimTask(EsimTask {
            task: LANDINGS_TASK,
            nullifier: seed.bytes("nullifier", person),
            carrier: seed.public(Part::Partner, CARRIER),
        }),
        signatures: vec![signature(Role::Carrier, Part::Partner, CARRIER)],
        cheat: None,
    }
}

/// The point that the owner of `place` did not get for `lost`, which two operators make good.
#[must_use]
pub fn adjustment(place: &Place, lost: &str, at_ms: i64, seed: Seed) -> Draft {
    let [operator, second_operator] = OPERATORS.map(|name| seed.public(Part::Operator, name));
    Draft {
        subject: place.owner,
        cell: 0,
        observed_at_ms: at_ms,
        body: Body::Adjust(Adjust {
            adjusted: seed.bytes("adjusted", lost),
            milli_points: 1_000,
            operator,
            second_operator,
        }),
        signatures: OPERATORS
            .map(|name| signature(Role::Attestor, Part::Operator, name))
            .into(),
        cheat: None,
    }
}

#[must_use]
pub fn hour_bucket(at_ms: i64) -> u32 {
    u32::try_from(at_ms.div_euclid(HOUR_MS)).unwrap_or(0)
}
