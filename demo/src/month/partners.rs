//! What partners' streams measure: the weather, which the input has, and eight that it has nothing of, made up from the seed.

use cairn_interface::registry::constants::{
    CLASS_COMPUTE, CLASS_DELIVERY, CLASS_ENERGY, CLASS_IDENTITY, CLASS_SENSOR, CLASS_STORAGE,
};
use cairn_proof::{Body, PartnerMetric, Role};

use super::{
    calendar::Period,
    places::{Place, Places},
    proofs::{Draft, HOUR_MS, hour_bucket, signature},
    roster::{Part, Seed},
};

/// A stream as the network and its partner agreed on it.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    pub stream: u32,
    pub unit: &'static str,
    pub partner: &'static str,
    /// The partner's name in the registry.
    pub did: &'static str,
    /// The registry's class of its devices.
    pub class: u8,
    /// Units that a device is paid for in a UTC day.
    pub daily_ceiling: u64,
    pub rate_milli_points: u64,
    pub pot_permille: u16,
    pub second_source: &'static str,
    pub second_source_permille: u16,
    /// Hours between two readings of a device, and the most units that one has.
    every_hours: i64,
    most: u64,
}

pub const WEATHER: Offer = Offer {
    stream: 1,
    unit: "weather hour",
    partner: "weather service",
    did: "did:web:weather.example",
    class: CLASS_SENSOR,
    daily_ceiling: 24,
    rate_milli_points: 1_000,
    pot_permille: 360,
    second_source: "a neighbouring station",
    second_source_permille: 10,
    every_hours: 1,
    most: 1,
};

/// Every stream, ascending.
pub const OFFERS: [Offer; 9] = [
    WEATHER,
    Offer {
        stream: 2,
        unit: "CDN GB",
        partner: "content network",
        did: "did:web:content.example",
        class: CLASS_DELIVERY,
        daily_ceiling: 500,
        rate_milli_points: 50,
        pot_permille: 80,
        second_source: "the publishers' own logs",
        second_source_permille: 20,
        every_hours: 4,
        most: 60,
    },
    Offer {
        stream: 3,
        unit: "renewable kWh",
        partner: "solar co-operative",
        did: "did:web:solar.example",
        class: CLASS_ENERGY,
        daily_ceiling: 60,
        rate_milli_points: 400,
        pot_permille: 80,
        second_source: "the grid operator's meter",
        second_source_permille: 50,
        every_hours: 6,
        most: 12,
    },
    Offer {
        stream: 4,
        unit: "storage GB-day",
        partner: "storage network",
        did: "did:web:storage.example",
        class: CLASS_STORAGE,
        daily_ceiling: 4_000,
        rate_milli_points: 5,
        pot_permille: 80,
        second_source: "retrieval by another client",
        second_source_permille: 50,
        every_hours: 24,
        most: 3_500,
    },
    Offer {
        stream: 5,
        unit: "compute job-second",
        partner: "compute market",
        did: "did:web:compute.example",
        class: CLASS_COMPUTE,
        daily_ceiling: 86_400,
        rate_milli_points: 1,
        pot_permille: 80,
        second_source: "the job run once more elsewhere",
        second_source_permille: 20,
        every_hours: 4,
        most: 14_000,
    },
    Offer {
        stream: 6,
        unit: "identity verification",
        partner: "identity desk",
        did: "did:web:identity.example",
        class: CLASS_IDENTITY,
        daily_ceiling: 50,
        rate_milli_points: 500,
        pot_permille: 80,
        second_source: "a second verifier",
        second_source_permille: 100,
        every_hours: 8,
        most: 12,
    },
    Offer {
        stream: 7,
        unit: "payment record",
        partner: "payment network",
        did: "did:web:payments.example",
        class: CLASS_COMPUTE,
        daily_ceiling: 2_000,
        rate_milli_points: 10,
        pot_permille: 80,
        second_source: "the merchant's statement",
        second_source_permille: 20,
        every_hours: 4,
        most: 300,
    },
    Offer {
        stream: 8,
        unit: "AI-agent run",
        partner: "agent platform",
        did: "did:web:agents.example",
        class: CLASS_COMPUTE,
        daily_ceiling: 500,
        rate_milli_points: 40,
        pot_permille: 80,
        second_source: "a judge that runs the task again",
        second_source_permille: 100,
        every_hours: 6,
        most: 100,
    },
    Offer {
        stream: 9,
        unit: "system status hour",
        partner: "status monitor",
        did: "did:web:status.example",
        class: CLASS_COMPUTE,
        daily_ceiling: 24,
        rate_milli_points: 200,
        pot_permille: 80,
        second_source: "a probe from another region",
        second_source_permille: 100,
        every_hours: 6,
        most: 6,
    },
];

/// Devices of each stream that the input has nothing of.
pub const DEVICES: usize = 4;

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
