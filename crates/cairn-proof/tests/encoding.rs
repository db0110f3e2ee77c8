//! One proof, one encoding: round trips, and every way bytes can fail to be a proof.

mod support;

use cairn_proof::{
    Body, DecodeError, Kind, MAX_BODY_BYTES, MAX_PROOF_BYTES, MAX_SIGNED_PROOF_BYTES, ProofV1,
    Role, RoleSignature, Scheme, SignedProof,
};
use sha2::{Digest, Sha256};
use support::{beat, bodies, check_in, metric, proof, signed};

#[test]
fn the_bytes_stand_where_the_published_layout_says() {
    let proof = proof(beat());
    let bytes = proof.to_bytes();
    let mut expected = Vec::new();
    expected.extend_from_slice(b"CAIRNPF1");
    expected.extend_from_slice(&[1; 32]);
    expected.extend_from_slice(&3u16.to_le_bytes());
    expected.extend_from_slice(&1u16.to_le_bytes());
    expected.extend_from_slice(&[2; 32]);
    expected.extend_from_slice(&41u64.to_le_bytes());
    expected.extend_from_slice(&3u32.to_le_bytes());
    expected.extend_from_slice(&1_357_016_400_123i64.to_le_bytes());
    expected.extend_from_slice(&220_000_000u64.to_le_bytes());
    expected.extend_from_slice(&[5; 32]);
    expected.extend_from_slice(&0x0892_a100_8d2b_ffffu64.to_le_bytes());
    expected.extend_from_slice(&13u32.to_le_bytes());
    expected.extend_from_slice(&376_944u32.to_le_bytes());
    expected.extend_from_slice(&407_127_530i32.to_le_bytes());
    expected.extend_from_slice(&(-740_059_728i32).to_le_bytes());
    expected.push(1);
    assert_eq!(bytes, expected);
    assert_eq!(proof.id(), <[u8; 32]>::from(Sha256::digest(&expected)));
}

#[test]
fn every_kind_comes_back_from_its_bytes_and_its_json() {
    for body in bodies() {
        let signed = signed(body);
        let bytes = signed.to_bytes();
        assert_eq!(SignedProof::from_bytes(&bytes).as_ref(), Ok(&signed));
        let unsigned = signed.proof.to_bytes();
        assert_eq!(ProofV1::from_bytes(&unsigned).as_ref(), Ok(&signed.proof));
        let json = signed.to_json();
        assert_eq!(
            SignedProof::from_json(json.as_bytes()).as_ref(),
            Ok(&signed)
        );
    }
}

#[test]
fn a_proof_cut_anywhere_is_refused_as_truncated() {
    let bytes = signed(check_in()).to_bytes();
    for len in 0..bytes.len() {
        let refusal = SignedProof::from_bytes(&bytes[..len]).expect_err("a part is no proof");
        assert!(
            matches!(refusal, DecodeError::Truncated { len: at, .. } if at == len),
            "{len} bytes: {refusal}"
        );
    }
}

#[test]
fn bytes_after_a_proof_are_refused() {
    let mut bytes = proof(metric()).to_bytes();
    bytes.push(0);
    assert_eq!(
        ProofV1::from_bytes(&bytes),
        Err(DecodeError::Trailing {
            what: "proof",
            count: 1
        })
    );
    let mut bytes = signed(metric()).to_bytes();
    bytes.extend_from_slice(&[0, 0]);
    assert_eq!(
        SignedProof::from_bytes(&bytes),
        Err(DecodeError::Trailing {
            what: "signed proof",
            count: 2
        })
    );
}

#[test]
fn another_tag_is_refused_before_anything_else() {
    let mut bytes = proof(beat()).to_bytes();
    bytes[7] = b'2';
    assert_eq!(
        ProofV1::from_bytes(&bytes),
        Err(DecodeError::Tag {
            found: *b"CAIRNPF2"
        })
    );
    assert_eq!(
        ProofV1::from_bytes(b"GET / HTTP/1.1"),
        Err(DecodeError::Tag {
            found: *b"GET / HT"
        })
    );
}

#[test]
fn unknown_numbers_are_refused_each_by_its_error() {
    let mut bytes = proof(beat()).to_bytes();
    for kind in [0u16, 11, 0x0201, u16::MAX] {
        bytes[40..42].copy_from_slice(&kind.to_le_bytes());
        assert_eq!(
            ProofV1::from_bytes(&bytes),
            Err(DecodeError::UnknownKind(kind))
        );
    }
    let bytes = signed(beat()).to_bytes();
    let first = bytes.len() - 2 * 66;
    let with = |at: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        SignedProof::from_bytes(&bytes)
    };
    for role in [0, 7, 255] {
        assert_eq!(with(first, role), Err(DecodeError::UnknownRole(role)));
    }
    for scheme in [2, 255] {
        assert_eq!(
            with(first + 1, scheme),
            Err(DecodeError::UnknownScheme(scheme))
        );
    }
}

#[test]
fn a_body_of_another_length_is_refused_before_memory_is_taken() {
    let bytes = proof(beat()).to_bytes();
    let with = |len: u32| {
        let mut bytes = bytes.clone();
        bytes[144..148].copy_from_slice(&len.to_le_bytes());
        ProofV1::from_bytes(&bytes)
    };
    assert_eq!(
        with(u32::MAX),
        Err(DecodeError::BodyTooLong {
            len: u32::MAX as usize
        })
    );
    assert_eq!(with(1_025), Err(DecodeError::BodyTooLong { len: 1_025 }));
    assert_eq!(
        with(1_024),
        Err(DecodeError::Truncated {
            field: "body",
            len: bytes.len()
        })
    );
    assert_eq!(
        with(12),
        Err(DecodeError::BodyLength {
            kind: Kind::HotspotBeat.name(),
            len: 12,
            expected: 13
        })
    );
}

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
    let cases: [(Body, &str); 18] = [
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

#[test]
fn signatures_out_of_order_or_doubled_are_a_second_encoding_and_refused() {
    let mut swapped = signed(beat());
    swapped.signatures.swap(0, 1);
    assert_eq!(
        SignedProof::from_bytes(&swapped.to_bytes()),
        Err(DecodeError::SignatureOrder { at: 1 })
    );
    let mut doubled = signed(beat());
    doubled.attach(doubled.signatures[0]);
    assert_eq!(
        SignedProof::from_bytes(&doubled.to_bytes()),
        Err(DecodeError::SignatureOrder { at: 1 })
    );
    let json = doubled.to_json();
    assert!(matches!(
        SignedProof::from_json(json.as_bytes()),
        Err(DecodeError::Json(_))
    ));
}

#[test]
fn a_hostile_signature_count_is_refused_before_memory_is_taken() {
    let mut bytes = proof(beat()).to_bytes();
    bytes.extend_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(
        SignedProof::from_bytes(&bytes),
        Err(DecodeError::TooManySignatures {
            count: u32::MAX as usize
        })
    );
}

#[test]
fn a_body_has_its_kind_s_length_and_never_more_than_the_published_most() {
    assert_eq!(
        Body::from_bytes(Kind::HotspotBeat, &[0; MAX_BODY_BYTES + 1]),
        Err(DecodeError::BodyTooLong {
            len: MAX_BODY_BYTES + 1
        })
    );
    assert!(matches!(
        Body::from_bytes(Kind::HotspotBeat, &[0; MAX_BODY_BYTES]),
        Err(DecodeError::BodyLength { expected: 13, .. })
    ));
    for body in bodies() {
        assert!(proof(body).to_bytes().len() <= MAX_PROOF_BYTES);
    }
}

#[test]
fn eight_signatures_are_read_back() {
    let mut signed = SignedProof::new(proof(beat()));
    for at in 0..8 {
        signed.attach(RoleSignature {
            role: Role::Attestor,
            scheme: Scheme::P256,
            signature: [at; 64],
        });
    }
    let bytes = signed.to_bytes();
    assert!(bytes.len() <= MAX_SIGNED_PROOF_BYTES);
    assert_eq!(SignedProof::from_bytes(&bytes), Ok(signed));
}

#[test]
fn every_refusal_comes_with_a_hint() {
    for refusal in [
        DecodeError::UnknownKind(99),
        DecodeError::Json("x".to_owned()),
        DecodeError::SignatureOrder { at: 1 },
    ] {
        assert!(!refusal.hint().is_empty());
        assert!(!refusal.to_string().is_empty());
    }
}
