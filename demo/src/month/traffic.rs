//! What travellers' eSIMs carry at the gates where they land: a carrier signs for each session, and a payer has burned for the
//! week's before.

use cairn_proof::{Body, Role, TrafficSession};

use super::{
    calendar::{Flown, Period},
    offers::CARRIER,
    places::{Class, Place, Places},
    proofs::{Draft, signature},
    roster::{Part, Seed},
};

/// Who pays for travellers' traffic, and what a unit costs in base units of the token.
pub const PAYER: u32 = 1;
pub const PAYER_NAME: &str = "travel eSIM";
/// Another that has never burned anything.
pub const IDLE_PAYER: u32 = 2;
pub const IDLE_PAYER_NAME: &str = "roaming broker";
pub const TOKENS_PER_UNIT: u64 = 1_000_000;
/// What a unit of traffic is (`ruleset.toml`, `[rules.traffic]`).
const UNIT_BYTES: u64 = 100_000;
/// Of so many landings one traveller's session is metered.
const ONE_OF: u64 = 40;
const MINUTE_MS: i64 = 60_000;

/// Sessions at the gates of airports whose access points sign.
#[must_use]
pub fn sessions(flown: &[Flown<'_>], places: &Places, seed: Seed) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for flight in flown {
        let at_ms = flight.arrived.as_millisecond() + 5 * MINUTE_MS;
        let gates = [flight.origin, flight.destination]
            .into_iter()
            .filter_map(|airport| places.gates.get(&airport.code));
        let call = format!("{} {at_ms}", flight.tail);
        for gates in gates {
            let count = u64::try_from(gates.len()).unwrap_or(1);
            let gate = usize::try_from(seed.pick("session gate", &call, count)).unwrap_or(0);
            let place = gates.get(gate).map(|at| &places.all[*at]);
            let is_metered = seed.pick("metered", &call, ONE_OF) == 0;
            if let Some(place) = place.filter(|place| is_metered && place.class == Class::Miner) {
                let bytes = 500_000 + seed.pick("bytes", &call, 3_500_000);
                let number = format!("{call} {}", place.name);
                drafts.push(session(place, &number, PAYER, bytes, at_ms, seed));
            }
        }
    }
    drafts
}

/// What the payer burns for the sessions of `period`, in base units.
#[must_use]
pub fn price(drafts: &[Draft], period: Period) -> u64 {
    let units = drafts.iter().filter_map(|draft| match &draft.body {
        Body::TrafficSession(body) if period.contains(draft.observed_at_ms) => {
            Some(body.bytes / UNIT_BYTES)
        }
        _ => None,
    });
    units.sum::<u64>().saturating_mul(TOKENS_PER_UNIT)
}

/// What a subscriber moved at `place`, which device and carrier sign for; `number` is the session's.
#[must_use]
pub fn session(
    place: &Place,
    number: &str,
    payer: u32,
    bytes: u64,
    at_ms: i64,
    seed: Seed,
) -> Draft {
    Draft {
        subject: place.key,
        cell: place.cell,
        observed_at_ms: at_ms,
        body: Body::TrafficSession(TrafficSession {
            session: seed.bytes("session", number),
            payer,
            subscriber: seed.bytes("subscriber", number),
            started_at_ms: at_ms,
            bytes,
            carrier: seed.public(Part::Partner, CARRIER),
        }),
        signatures: vec![
            signature(Role::Device, Part::Device, &place.name),
            signature(Role::Carrier, Part::Partner, CARRIER),
        ],
        cheat: None,
    }
}
