//! Whom the network has agreements with: partners with a stream each, the weather's and eight that the input has nothing of, and the
//! carrier.

use cairn_interface::registry::constants::{
    CLASS_COMPUTE, CLASS_DELIVERY, CLASS_ENERGY, CLASS_IDENTITY, CLASS_SENSOR, CLASS_STORAGE,
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
    pub every_hours: i64,
    pub most: u64,
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

/// Who signs for tasks and traffic.
pub const CARRIER: &str = "carrier";

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
