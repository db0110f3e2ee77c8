//! The month's devices, streams and blocks in the form that the registry and the keepers read.

use cairn_epoch::{
    Anchor, Attestor, Calendar, Device, DeviceStatus, Entry, NetworkTerms, Operator, Payer,
    SHIPPED_ARREARS, Stream, Task,
};
use cairn_interface::registry::{constants, place_location};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};

use crate::month::{
    Month,
    calendar::EPOCH_HOURS,
    growth::DESK,
    offers::{CARRIER, OFFERS},
    places::{Class, Place},
    proofs::{LANDINGS, LANDINGS_TASK, OPERATORS},
    roster::Part,
    traffic::{IDLE_PAYER, IDLE_PAYER_NAME, PAYER, PAYER_NAME, TOKENS_PER_UNIT},
    week,
};

/// The registry's class and model of what the demonstration registers (`ruleset.toml`, `[[model]]`).
const fn class_and_model(class: Class) -> (u8, u32) {
    match class {
        Class::Router => (1, 1),
        Class::Miner => (1, 2),
        Class::Sensor => (constants::CLASS_SENSOR, 0),
        Class::Validator => (1, 3),
        Class::Metered(class) => (class, 0),
    }
}

/// Every device as the registry's tree will hold it, in leaf order. `issuer` endorsed the licensed miners and the validators.
#[must_use]
pub fn devices(month: &Month, issuer: [u8; 32]) -> Vec<Device> {
    (0_u32..)
        .zip(&month.places.all)
        .map(|(index, place)| device(place, index, issuer))
        .collect()
}

fn device(place: &Place, index: u32, issuer: [u8; 32]) -> Device {
    let (class, model) = class_and_model(place.class);
    Device {
        key: place.key,
        tree: 0,
        leaf_index: index,
        owner: place.owner,
        class,
        model,
        issuer: match place.class {
            Class::Miner | Class::Validator => issuer,
            Class::Router | Class::Sensor | Class::Metered(_) => [0; 32],
        },
        country: *b"US",
        status: if place.banned {
            DeviceStatus::Banned
        } else {
            DeviceStatus::Active
        },
        reason: u16::from(place.banned),
        location_kind: constants::LOCATION_PLACE,
        location: place_location(place.lat_e7, place.lon_e7),
        sequence: 0,
        hardware: place.hardware,
        entry: Entry::Imported,
    }
}

/// What the network decides for itself: the month's weeks, `emission` base units each, nine partners' streams, a carrier's task, 500
/// data credits for ten landings, the desk where people sign up, a payer who burns for its traffic and one who does not, and two
/// operators.
#[must_use]
pub fn terms(month: &Month, emission: u64) -> NetworkTerms {
    let start_ms = month.periods.first().map_or(0, |period| period.start_ms);
    NetworkTerms {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start: start_ms / 3_600_000,
            epoch_hours: EPOCH_HOURS,
        },
        tokens_per_epoch: Tokens::new(emission),
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: OFFERS
            .iter()
            .map(|offer| Stream {
                id: offer.stream,
                unit: offer.unit.to_owned(),
                partner: month.settings.seed.public(Part::Partner, offer.partner),
                partner_kind: 0,
                daily_ceiling: offer.daily_ceiling,
                rate_milli_points: MilliPoints::new(offer.rate_milli_points),
                pot_permille: offer.pot_permille,
                second_source: offer.second_source.to_owned(),
                second_source_permille: offer.second_source_permille,
            })
            .collect(),
        tasks: vec![Task {
            id: LANDINGS_TASK,
            name: format!("land {LANDINGS} times"),
            carrier: month.settings.seed.public(Part::Partner, CARRIER),
            carrier_kind: 0,
            credits: Credits::new(500),
            credits_per_epoch: Credits::new(5_000_000),
        }],
        attestors: vec![Attestor {
            name: DESK.to_owned(),
            key: month.settings.seed.public(Part::Operator, DESK),
            key_kind: 0,
        }],
        payers: [(PAYER, PAYER_NAME), (IDLE_PAYER, IDLE_PAYER_NAME)]
            .map(|(id, name)| Payer {
                id,
                name: name.to_owned(),
                wallet: month.settings.seed.public(Part::Partner, name),
                carrier: month.settings.seed.public(Part::Partner, CARRIER),
                carrier_kind: 0,
                tokens_per_unit: Tokens::new(TOKENS_PER_UNIT),
            })
            .into(),
        operators: OPERATORS
            .map(|name| Operator {
                name: name.to_owned(),
                key: month.settings.seed.public(Part::Operator, name),
                key_kind: 0,
            })
            .into(),
    }
}

/// The blocks that the month's proofs may be anchored to.
#[must_use]
pub fn anchors(month: &Month) -> Vec<Anchor> {
    let mut all: Vec<Anchor> = month
        .periods
        .iter()
        .flat_map(|period| week::anchors(*period, month.settings.seed))
        .map(|anchor| Anchor {
            slot: anchor.slot,
            hash: anchor.hash,
            unix_ms: anchor.unix_ms,
        })
        .collect();
    // Neighbouring weeks share the blocks of their margins.
    all.sort_unstable_by_key(|anchor| anchor.slot);
    all.dedup_by_key(|anchor| anchor.slot);
    all
}
