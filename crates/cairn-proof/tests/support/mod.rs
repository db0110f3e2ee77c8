//! Proofs that each test starts from.
#![allow(dead_code, reason = "every test binary uses its own part")]

use cairn_proof::{
    Adjust, Body, EsimTask, HotspotBeat, Link, PartnerMetric, ProofV1, QosProbe, Referral, Role,
    SignedProof, Signer, TrafficSession, ValidatorVisit, WifiAdd, WifiCheckIn,
};
use serde::Deserialize;

pub fn bytes<const N: usize>(hex_text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    hex::decode_to_slice(hex_text, &mut bytes).expect("hex of the right length");
    bytes
}

pub fn check_in() -> Body {
    Body::WifiCheckIn(WifiCheckIn {
        user: [7; 32],
        challenge_at_ms: 1_357_016_399_000,
        challenge: [9; 16],
        session_secs: 600,
        scan_overlap_permille: 455,
    })
}

pub fn beat() -> Body {
    Body::HotspotBeat(HotspotBeat {
        hour_bucket: 376_944,
        lat_e7: 407_127_530,
        lon_e7: -740_059_728,
        contact: true,
    })
}

pub fn metric() -> Body {
    Body::PartnerMetric(PartnerMetric {
        stream: 3,
        hour_bucket: 376_944,
        quantity: 1,
        counter: 17,
        quality_permille: 1_000,
        second_source: false,
        partner: [8; 32],
    })
}

pub fn task() -> Body {
    Body::EsimTask(EsimTask {
        task: 7,
        nullifier: [9; 32],
        carrier: [8; 32],
    })
}

pub fn probe() -> Body {
    Body::QosProbe(QosProbe {
        validator: [6; 32],
        down_kbps: 250_000,
        up_kbps: 50_000,
        rtt_ms: 12,
        loss_permille: 3,
    })
}

pub fn visit() -> Body {
    Body::ValidatorVisit(ValidatorVisit {
        validator: [6; 32],
        transcript: [4; 32],
    })
}

/// Three of five places are filled.
pub fn add() -> Body {
    Body::WifiAdd(WifiAdd {
        user: [7; 32],
        lat_e7: 407_127_530,
        lon_e7: -740_059_728,
        neighbours: Box::new([[1; 32], [2; 32], [3; 32], [0; 32], [0; 32]]),
    })
}

pub fn referral() -> Body {
    Body::Referral(Referral {
        invitee: [7; 32],
        attestor: [8; 32],
    })
}

pub fn session() -> Body {
    Body::TrafficSession(TrafficSession {
        session: [3; 32],
        payer: 2,
        subscriber: [9; 32],
        started_at_ms: 1_357_016_100_000,
        bytes: 1_200_000,
        carrier: [8; 32],
    })
}

pub fn adjustment() -> Body {
    Body::Adjust(Adjust {
        adjusted: [4; 32],
        milli_points: 2_500,
        operator: [5; 32],
        second_operator: [6; 32],
    })
}

/// By the identity's own P-256 key.
pub fn link() -> Body {
    Body::Link(Link {
        wallet: [7; 32],
        vouched_by: 2,
        voucher: [8; 32],
    })
}

pub fn bodies() -> [Body; 11] {
    [
        check_in(),
        beat(),
        metric(),
        task(),
        probe(),
        visit(),
        add(),
        referral(),
        session(),
        adjustment(),
        link(),
    ]
}

pub fn proof(body: Body) -> ProofV1 {
    ProofV1 {
        network: [1; 32],
        ruleset: 1,
        subject: [2; 32],
        signer_seq: 41,
        epoch: 3,
        observed_at_ms: 1_357_016_400_123,
        anchor_slot: 220_000_000,
        anchor_hash: [5; 32],
        cell: 0x0892_a100_8d2b_ffff,
        body,
    }
}

pub fn user() -> Signer {
    Signer::ed25519(&[21; 32])
}

pub fn device() -> Signer {
    Signer::p256(&[22; 32]).expect("a scalar below the group's order")
}

pub fn signed(body: Body) -> SignedProof {
    SignedProof::new(proof(body))
        .signed(Role::User, &user())
        .signed(Role::Device, &device())
}

/// A file of published vectors.
#[derive(Deserialize)]
pub struct Published<Case> {
    pub cases: Vec<Case>,
}

pub fn published<Case: for<'de> Deserialize<'de>>(name: &str) -> Vec<Case> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/vectors/external")
        .join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str::<Published<Case>>(&text)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .cases
}
