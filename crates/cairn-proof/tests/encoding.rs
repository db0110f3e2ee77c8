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
    for kind in [0u16, 12, 0x0201, u16::MAX] {
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
