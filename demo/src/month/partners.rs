//! What partners' streams measure: the weather, which the input has, and the rest made up from the seed.

use std::collections::BTreeMap;

use cairn_proof::{Body, PartnerMetric, Role};

use super::{
    calendar::Period,
    offers::{OFFERS, Offer, WEATHER},
    places::{Place, Places},
    proofs::{Draft, HOUR_MS, hour_bucket, signature},
    roster::{Part, Seed},
};
use crate::input::WeatherHour;

/// The readings of every stream but the weather's, in all of `periods`.
#[must_use]
pub fn readings(places: &Places, periods: &[Period], until_ms: i64, seed: Seed) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let start_ms = periods.first().map_or(until_ms, |period| period.start_ms);
    for offer in &OFFERS {
        for at in places.partners.get(&offer.stream).into_iter().flatten() {
            let place = &places.all[*at];
            let mut counter = 0;
            let mut reading: u64 = 0;
            let mut at_ms = start_ms + minute(place, seed);
            while at_ms < until_ms {
                let call = format!("{} {at_ms}", place.name);
                let quantity = 1 + seed.pick("quantity", &call, offer.most);
                counter += quantity;
                // As often as the terms ask for, and once more.
                let sampled = reading.is_multiple_of(sampled_every(offer));
                let body = Reading {
                    quantity,
                    counter,
                    quality_permille: 900
                        + u16::try_from(seed.pick("quality", &call, 101)).unwrap_or(0),
                    second_source: sampled,
                };
                drafts.push(metric(offer, place, at_ms, body, seed));
                reading += 1;
                at_ms += offer.every_hours * HOUR_MS;
            }
        }
    }
    drafts
}

/// The weather rows as hours of the partner's stream; `counters` carries each station's lifetime total across epochs.
#[must_use]
pub fn weather(
    rows: &[WeatherHour],
    places: &Places,
    counters: &mut BTreeMap<String, u64>,
    seed: Seed,
) -> Vec<Draft> {
    let mut ordered: Vec<&WeatherHour> = rows.iter().collect();
    ordered.sort_by_key(|row| (row.hour, row.station.clone()));
    ordered
        .into_iter()
        .filter_map(|row| {
            let place = &places.all[*places.stations.get(&row.station)?];
            let counter = counters.entry(row.station.clone()).or_default();
            *counter += 1;
            let reading = Reading {
                quantity: 1,
                counter: *counter,
                quality_permille: row.completeness_permille,
                // One hour in fifty is compared with a neighbouring station: above what the terms ask for.
                second_source: *counter % 50 == 1,
            };
            let at_ms = row.hour.as_millisecond();
            Some(metric(&WEATHER, place, at_ms, reading, seed))
        })
        .collect()
}

/// Of so many readings one is sampled by the second source: twice as often as the terms ask for.
fn sampled_every(offer: &Offer) -> u64 {
    (500 / u64::from(offer.second_source_permille).max(1)).max(1)
}

fn minute(place: &Place, seed: Seed) -> i64 {
    i64::try_from(seed.pick("minute", &place.name, 60)).unwrap_or(0) * 60_000
}

/// What a meter says of an hour.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub quantity: u64,
    pub counter: u64,
    pub quality_permille: u16,
    pub second_source: bool,
}

/// A reading that device and partner sign.
#[must_use]
pub fn metric(offer: &Offer, place: &Place, at_ms: i64, reading: Reading, seed: Seed) -> Draft {
    Draft {
        subject: place.key,
        cell: place.cell,
        observed_at_ms: at_ms,
        body: Body::PartnerMetric(PartnerMetric {
            stream: offer.stream,
            hour_bucket: hour_bucket(at_ms),
            quantity: reading.quantity,
            counter: reading.counter,
            quality_permille: reading.quality_permille,
            second_source: reading.second_source,
            partner: seed.public(Part::Partner, offer.partner),
        }),
        signatures: vec![
            signature(Role::Partner, Part::Partner, offer.partner),
            signature(Role::Device, Part::Device, &place.name),
        ],
        cheat: None,
    }
}
