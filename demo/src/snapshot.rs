//! The month's devices, streams and blocks in the form that the registry and the keepers read.

use cairn_epoch::{Anchor, Device, DeviceStatus, Stream};

use crate::month::{
    Month,
    places::{Class, Place},
    proofs::{WEATHER_PARTNER, WEATHER_STREAM},
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

/// Half a year before the month: every access point's budget is fully charged when it starts. Later registrations are
/// junior, one second each.
const SENIORITY_MS: i64 = 180 * 86_400_000;

/// Every device as the registry's tree will hold it, in leaf order. `issuer` endorsed the licensed miners.
#[must_use]
pub fn devices(month: &Month, issuer: [u8; 32]) -> Vec<Device> {
    let start = month.periods.first().map_or(0, |period| period.start_ms);
    (0_u32..)
        .zip(&month.places.all)
        .map(|(index, place)| device(place, index, issuer, start))
        .collect()
}

fn device(place: &Place, index: u32, issuer: [u8; 32], month_start_ms: i64) -> Device {
    let (class, model) = class_and_model(place.class);
    let location = cairn_interface::registry::cell_location(place.cell);
    Device {
        key: place.key,
        key_kind: 0,
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
        lat_e7: Some(place.lat_e7),
        lon_e7: Some(place.lon_e7),
        cell: place.cell,
        country: *b"US",
        status: if place.banned {
            DeviceStatus::Banned
        } else {
            DeviceStatus::Active
        },
        reason: u16::from(place.banned),
        location_kind: cairn_interface::registry::constants::LOCATION_CELL,
        location,
        sequence: 0,
        registered_at_ms: month_start_ms - SENIORITY_MS + i64::from(index) * 1_000,
        relocated_at_ms: 0,
        hardware: place.hardware,
    }
}

/// The weather service's stream: one point for a complete hour.
#[must_use]
pub fn streams(month: &Month) -> Vec<Stream> {
    vec![Stream {
        id: WEATHER_STREAM,
        partner: month.settings.seed.public(Part::Partner, WEATHER_PARTNER),
        partner_kind: 0,
        unit: "weather hour".to_owned(),
        daily_ceiling: 24,
        rate_milli_points: 1_000,
        pool_permille: 1_000,
    }]
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
