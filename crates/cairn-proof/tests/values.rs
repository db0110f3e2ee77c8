//! What a body may hold: a value outside its range would multiply pay, or be a second encoding of another.

mod support;

use cairn_proof::{Body, DecodeError, Kind, ProofV1, SignedProof};
use support::{beat, check_in, metric, proof, signed};

#[test]
fn a_truth_value_is_0_or_1() {
    let mut bytes = proof(beat()).to_bytes();
    *bytes.last_mut().expect("a proof has bytes") = 2;
    assert_eq!(
        ProofV1::from_bytes(&bytes),
        Err(DecodeError::NotBoolean {
            kind: Kind::HotspotBeat.name()
        })
    );
}

#[test]
fn values_that_would_multiply_pay_or_leave_the_globe_are_refused() {
    let cases: [(Body, &str); 19] = [
        (
            with_check_in(|body| body.scan_overlap_permille = 1_001),
            "scan_overlap_permille",
        ),
        (
            with_metric(|body| body.quality_permille = 1_001),
            "quality_permille",
        ),
        (with_beat(|body| body.lat_e7 = 900_000_001), "lat_e7"),
        (with_beat(|body| body.lat_e7 = i32::MIN), "lat_e7"),
        (with_beat(|body| body.lon_e7 = -1_800_000_001), "lon_e7"),
        (with_add(|body| body.lat_e7 = 900_000_001), "lat_e7"),
        (with_add(|body| body.lon_e7 = i32::MAX), "lon_e7"),
        (with_task(|body| body.task = 0), "task"),
        (with_probe(|body| body.down_kbps = 100_000_001), "down_kbps"),
        (with_probe(|body| body.up_kbps = 100_000_001), "up_kbps"),
        (with_probe(|body| body.rtt_ms = 60_001), "rtt_ms"),
        (
            with_probe(|body| body.loss_permille = 1_001),
            "loss_permille",
        ),
        (with_session(|body| body.payer = 0), "payer"),
        (
            with_session(|body| body.started_at_ms = -1),
            "started_at_ms",
        ),
        (with_session(|body| body.bytes = 0), "bytes"),
        (with_session(|body| body.bytes = (1 << 40) + 1), "bytes"),
        (
            with_adjustment(|body| body.milli_points = 0),
            "milli_points",
        ),
        (
            with_adjustment(|body| body.milli_points = (1 << 40) + 1),
            "milli_points",
        ),
        (with_link(|body| body.vouched_by = 4), "vouched_by"),
    ];
    for (body, name) in cases {
        let bad = signed(body);
        let refusal = SignedProof::from_bytes(&bad.to_bytes()).expect_err("out of range");
        assert!(
            matches!(refusal, DecodeError::OutOfRange { field, .. } if field == name),
            "{name}: {refusal}"
        );
        assert_eq!(bad.proof.body.check(), Err(refusal));
        let refusal = SignedProof::from_json(bad.to_json().as_bytes()).expect_err("out of range");
        assert!(matches!(refusal, DecodeError::Json(_)), "{refusal}");
    }
}

#[test]
fn a_scan_s_neighbours_ascend_and_empty_places_come_last() {
    let (a, b, none) = ([1; 32], [2; 32], [0; 32]);
    for neighbours in [
        [none; 5],
        [a, none, none, none, none],
        [a, b, [3; 32], [4; 32], [5; 32]],
    ] {
        let good = signed(with_add(|body| *body.neighbours = neighbours));
        assert_eq!(SignedProof::from_bytes(&good.to_bytes()), Ok(good));
    }
    for neighbours in [
        [b, a, none, none, none],
        [a, a, none, none, none],
        [a, none, b, none, none],
        [none, none, none, none, a],
    ] {
        let bad = signed(with_add(|body| *body.neighbours = neighbours));
        let refusal = SignedProof::from_bytes(&bad.to_bytes());
        assert_eq!(refusal, Err(DecodeError::NeighbourOrder));
        let refusal = SignedProof::from_json(bad.to_json().as_bytes());
        assert!(matches!(refusal, Err(DecodeError::Json(_))));
    }
}

fn with_add(change: impl FnOnce(&mut cairn_proof::WifiAdd)) -> Body {
    let Body::WifiAdd(mut body) = support::add() else {
        unreachable!("the sample is an add")
    };
    change(&mut body);
    Body::WifiAdd(body)
}

#[test]
fn the_largest_values_are_taken() {
    for body in [
        with_session(|body| (body.bytes, body.started_at_ms) = (1 << 40, 0)),
        with_adjustment(|body| body.milli_points = 1 << 40),
    ] {
        let good = signed(body);
        assert_eq!(SignedProof::from_bytes(&good.to_bytes()), Ok(good));
    }
}

#[test]
fn one_key_twice_is_not_two_operators() {
    let bad = signed(with_adjustment(|body| body.second_operator = body.operator));
    let refusal = SignedProof::from_bytes(&bad.to_bytes()).expect_err("one operator");
    assert!(
        matches!(
            refusal,
            DecodeError::SameKey {
                field: "second_operator",
                ..
            }
        ),
        "{refusal}"
    );
    assert!(refusal.hint().contains("sign the proof again"));
}

fn with_session(change: impl FnOnce(&mut cairn_proof::TrafficSession)) -> Body {
    let Body::TrafficSession(mut body) = support::session() else {
        unreachable!("the sample is a session")
    };
    change(&mut body);
    Body::TrafficSession(body)
}

fn with_adjustment(change: impl FnOnce(&mut cairn_proof::Adjust)) -> Body {
    let Body::Adjust(mut body) = support::adjustment() else {
        unreachable!("the sample is an adjustment")
    };
    change(&mut body);
    Body::Adjust(body)
}

fn with_link(change: impl FnOnce(&mut cairn_proof::Link)) -> Body {
    let Body::Link(mut body) = support::link() else {
        unreachable!("the sample is a link")
    };
    change(&mut body);
    Body::Link(body)
}

fn with_task(change: impl FnOnce(&mut cairn_proof::EsimTask)) -> Body {
    let Body::EsimTask(mut body) = support::task() else {
        unreachable!("the sample is a task")
    };
    change(&mut body);
    Body::EsimTask(body)
}

fn with_probe(change: impl FnOnce(&mut cairn_proof::QosProbe)) -> Body {
    let Body::QosProbe(mut body) = support::probe() else {
        unreachable!("the sample is a probe")
    };
    change(&mut body);
    Body::QosProbe(body)
}

fn with_check_in(change: impl FnOnce(&mut cairn_proof::WifiCheckIn)) -> Body {
    let Body::WifiCheckIn(mut body) = check_in() else {
        unreachable!("the sample is a check-in")
    };
    change(&mut body);
    Body::WifiCheckIn(body)
}

fn with_metric(change: impl FnOnce(&mut cairn_proof::PartnerMetric)) -> Body {
    let Body::PartnerMetric(mut body) = metric() else {
        unreachable!("the sample is a metric")
    };
    change(&mut body);
    Body::PartnerMetric(body)
}

fn with_beat(change: impl FnOnce(&mut cairn_proof::HotspotBeat)) -> Body {
    let Body::HotspotBeat(mut body) = beat() else {
        unreachable!("the sample is a beat")
    };
    change(&mut body);
    Body::HotspotBeat(body)
}
