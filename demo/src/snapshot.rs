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
    places::{Class, Place},
    proofs::{
        CARRIER, LANDINGS, LANDINGS_TASK, OPERATORS, PAYER, PAYER_NAME, WEATHER_PARTNER,
        WEATHER_STREAM,
    },
    roster::Part,
    week,
};

/// The registry's class and model of what the demonstration registers (`ruleset.toml`, `[[model]]`).
const fn class_and_model(class: Class) -> (u8, u32) {
    match class {
        Class::Router => (1, 1),
        Class::Miner => (1, 2),
        Class::Sensor => (4, 0),
    }
}

/// Every device as the registry's tree will hold it, in leaf order. `issuer` endorsed the licensed miners.
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
        issuer: if place.class == Class::Miner {
            issuer
        } else {
            [0; 32]
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

/// What the network decides for itself: the month's weeks, `emission` base units each, the weather service's stream, one point for a
/// complete hour, a carrier's task, 500 data credits for ten landings, the desk where people sign up, a payer who burns nothing,
/// and two operators.
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
        streams: vec![Stream {
            id: WEATHER_STREAM,
            unit: "weather hour".to_owned(),
            partner: month.settings.seed.public(Part::Partner, WEATHER_PARTNER),
            partner_kind: 0,
            daily_ceiling: 24,
            rate_milli_points: MilliPoints::new(1_000),
            pot_permille: 1_000,
        }],
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
        payers: vec![Payer {
            id: PAYER,
            name: PAYER_NAME.to_owned(),
            wallet: month.settings.seed.public(Part::Partner, PAYER_NAME),
            carrier: month.settings.seed.public(Part::Partner, CARRIER),
            carrier_kind: 0,
            tokens_per_unit: Tokens::new(1_000_000),
        }],
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
