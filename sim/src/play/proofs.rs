//! Proofs as those who make them write them, honest or not.

use std::sync::Arc;

use cairn_proof::{
    Body, HotspotBeat, PartnerMetric, QosProbe, Role, TrafficSession, ValidatorVisit, WifiAdd,
    WifiCheckIn,
};
use sha2::{Digest, Sha256};

use super::{Draft, HOUR_MS, Key, MINUTE_MS, Machine, STREAM, Week, key};
use crate::place::Spot;

/// What a check-in says of how it was made.
#[derive(Clone, Copy, Debug)]
pub struct Stay {
    pub at_ms: i64,
    pub overlap_permille: u16,
    pub late_ms: i64,
}

impl Stay {
    pub const fn honest(at_ms: i64) -> Self {
        Self {
            at_ms,
            overlap_permille: 800,
            late_ms: 10_000,
        }
    }
}

/// A stay of `user` at an access point.
pub fn check_in(user: &Arc<Key>, point: [u8; 32], cell: u64, stay: Stay) -> Draft {
    let call = [&user.public[..], &point, &stay.at_ms.to_le_bytes()].concat();
    let digest: [u8; 32] = Sha256::digest(call).into();
    let mut challenge = [0; 16];
    challenge.copy_from_slice(&digest[..16]);
    Draft {
        at_ms: stay.at_ms,
        late_ms: stay.late_ms,
        subject: point,
        cell,
        body: Body::WifiCheckIn(WifiCheckIn {
            user: user.public,
            challenge_at_ms: stay.at_ms - 30_000,
            challenge,
            session_secs: 600,
            scan_overlap_permille: stay.overlap_permille,
        }),
        signers: vec![(Role::User, Arc::clone(user))],
    }
}

/// A beat of a device that says it is at `told`.
pub fn beat(machine: &Machine, told: Spot, at_ms: i64, late_ms: i64) -> Draft {
    Draft {
        at_ms,
        late_ms,
        subject: machine.key.public,
        cell: machine.spot.cell(),
        body: Body::HotspotBeat(HotspotBeat {
            hour_bucket: u32::try_from(at_ms / HOUR_MS).unwrap_or(0),
            lat_e7: told.lat_e7,
            lon_e7: told.lon_e7,
            contact: true,
        }),
        signers: vec![(Role::Device, Arc::clone(&machine.key))],
    }
}

/// An add of the access point called `name`, which `user` says is at `spot` beside others.
pub fn add(user: &Arc<Key>, name: &str, spot: Spot, beside: &[String], at_ms: i64) -> Draft {
    let mut neighbours: Vec<[u8; 32]> = beside
        .iter()
        .map(|name| Sha256::digest(name).into())
        .collect();
    neighbours.sort_unstable();
    neighbours.resize(5, [0; 32]);
    let mut places = [[0; 32]; 5];
    places.copy_from_slice(&neighbours);
    Draft {
        at_ms,
        late_ms: 10_000,
        subject: point(name),
        cell: spot.cell(),
        body: Body::WifiAdd(WifiAdd {
            user: user.public,
            lat_e7: spot.lat_e7,
            lon_e7: spot.lon_e7,
            neighbours: Box::new(places),
        }),
        signers: vec![(Role::User, Arc::clone(user))],
    }
}

/// The commitment of an access point that is no device.
pub fn point(name: &str) -> [u8; 32] {
    Sha256::digest(format!("point {name}")).into()
}

/// A day of a station's weather.
pub fn weather(station: &Machine, day: i64, week: &Week) -> Draft {
    let partner = key("partner");
    let at_ms = week.at(day, 23, 30);
    let days = i64::try_from(week.number).unwrap_or(0) * 7 + day + 1;
    let sampled = Sha256::digest([&station.key.public[..], &at_ms.to_le_bytes()].concat());
    Draft {
        at_ms,
        late_ms: 10_000,
        subject: station.key.public,
        cell: station.spot.cell(),
        body: Body::PartnerMetric(PartnerMetric {
            stream: STREAM,
            hour_bucket: u32::try_from(at_ms / HOUR_MS).unwrap_or(0),
            quantity: 24,
            counter: u64::try_from(days * 24).unwrap_or(0),
            quality_permille: 1_000,
            // About a thirtieth.
            second_source: sampled[0] < 8,
            partner: partner.public,
        }),
        signers: vec![
            (Role::Partner, partner),
            (Role::Device, Arc::clone(&station.key)),
        ],
    }
}

/// Traffic of a subscriber through a device.
pub fn session(machine: &Machine, payer: u32, subscriber: &str, units: u64, at_ms: i64) -> Draft {
    let carrier = key("carrier");
    let call = [
        &machine.key.public[..],
        subscriber.as_bytes(),
        &at_ms.to_le_bytes(),
    ]
    .concat();
    Draft {
        at_ms,
        late_ms: 10_000,
        subject: machine.key.public,
        cell: machine.spot.cell(),
        body: Body::TrafficSession(TrafficSession {
            session: Sha256::digest(call).into(),
            payer,
            subscriber: Sha256::digest(subscriber).into(),
            started_at_ms: at_ms - 10 * MINUTE_MS,
            bytes: units * 100_000,
            carrier: carrier.public,
        }),
        signers: vec![
            (Role::Device, Arc::clone(&machine.key)),
            (Role::Carrier, carrier),
        ],
    }
}

/// A validator meets a device.
pub fn meeting(validator: &Machine, machine: &Machine, at_ms: i64) -> Draft {
    Draft {
        at_ms,
        late_ms: 10_000,
        subject: machine.key.public,
        cell: machine.spot.cell(),
        body: Body::ValidatorVisit(ValidatorVisit {
            validator: validator.key.public,
            transcript: [4; 32],
        }),
        signers: vec![
            (Role::Validator, Arc::clone(&validator.key)),
            (Role::Device, Arc::clone(&machine.key)),
        ],
    }
}

/// A validator measures a device, and both say it is of the best tier.
pub fn probe(validator: &Machine, machine: &Machine, at_ms: i64) -> Draft {
    let mut draft = meeting(validator, machine, at_ms);
    draft.body = Body::QosProbe(QosProbe {
        validator: validator.key.public,
        down_kbps: 200_000,
        up_kbps: 40_000,
        rtt_ms: 15,
        loss_permille: 1,
    });
    draft
}
