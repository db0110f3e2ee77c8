//! Signatures on which implementations of Ed25519 differ: one verdict here, alone and in a batch.

mod support;

use cairn_proof::{
    KeyError, PublicKey, Role, RoleSignature, Scheme, SignatureCheck, SignatureError, verify_batch,
    verify_message,
};
use curve25519_dalek::{
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};
use ed25519_zebra::{Signature, VerificationKey};
use serde::Deserialize;
use sha2::{Digest, Sha512};
use support::{bytes, published};

#[derive(Deserialize)]
struct Speccheck {
    key: String,
    message: String,
    signature: String,
    zip215: bool,
}

/// What ZIP-215 alone says, without our refusal of small orders.
fn zip215(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerificationKey::try_from(*key)
        .and_then(|key| key.verify(&Signature::from(*signature), message))
        .is_ok()
}

fn has_small_order(point: &[u8]) -> bool {
    let mut encoding = [0; 32];
    encoding.copy_from_slice(point);
    CompressedEdwardsY(encoding)
        .decompress()
        .is_some_and(|point| point.is_small_order())
}

#[test]
fn the_twelve_published_edge_cases_get_the_zip_215_verdict_without_small_orders() {
    let cases: Vec<Speccheck> = published("ed25519-speccheck.json");
    assert_eq!(cases.len(), 12);
    let mut accepted = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let key: [u8; 32] = bytes(&case.key);
        let signature: [u8; 64] = bytes(&case.signature);
        let message = hex::decode(&case.message).expect("hex");
        assert_eq!(zip215(&key, &message, &signature), case.zip215, "case {at}");
        let small = has_small_order(&key) || has_small_order(&signature[..32]);
        let verdict = verify_message(&PublicKey::Ed25519(key), &message, &signature);
        assert_eq!(
            verdict,
            match (small, case.zip215) {
                (true, _) => Err(SignatureError::SmallOrder),
                (false, true) => Ok(()),
                (false, false) => Err(SignatureError::Mismatch),
            },
            "case {at}"
        );
        if verdict.is_ok() {
            accepted.push(at);
        }
    }
    assert_eq!(accepted, [3, 4, 5]);
}

#[derive(Deserialize)]
struct Wycheproof {
    id: u32,
    key: String,
    message: String,
    signature: String,
    valid: bool,
}

#[test]
fn the_wycheproof_cases_get_their_published_verdict() {
    let cases: Vec<Wycheproof> = published("ed25519-wycheproof.json");
    assert!(cases.len() > 100);
    for case in cases {
        let verdict = verify_message(
            &PublicKey::Ed25519(bytes(&case.key)),
            &hex::decode(&case.message).expect("hex"),
            &bytes(&case.signature),
        );
        assert_eq!(verdict.is_ok(), case.valid, "case {}", case.id);
    }
}

/// Every encoding of a small-order point that decoders accept: y or y + p, with either sign.
fn small_order_encodings() -> Vec<[u8; 32]> {
    let mut ys: Vec<[u8; 32]> = EIGHT_TORSION
        .iter()
        .map(|point| {
            let mut y = point.compress().to_bytes();
            y[31] &= 0x7f;
            y
        })
        .collect();
    ys.sort_unstable();
    ys.dedup();
    // y + p stays below 2^255 only for y below 19: here 0 and 1.
    for low in [0xed, 0xee] {
        let mut y = [0xff; 32];
        y[0] = low;
        y[31] = 0x7f;
        ys.push(y);
    }
    ys.into_iter()
        .flat_map(|y| {
            let mut negative = y;
            negative[31] |= 0x80;
            [y, negative]
        })
        .collect()
}

#[test]
fn the_small_order_matrix_is_refused_whole_though_zip_215_accepts_it() {
    let encodings = small_order_encodings();
    assert_eq!(encodings.len(), 14);
    let mut checks = Vec::new();
    for key in &encodings {
        assert!(has_small_order(key));
        assert_eq!(
            PublicKey::new(Scheme::Ed25519, key),
            Err(KeyError::SmallOrder)
        );
        for point in &encodings {
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(point);
            let check = SignatureCheck {
                key: PublicKey::Ed25519(*key),
                proof_id: [3; 32],
                signature: RoleSignature {
                    role: Role::Device,
                    scheme: Scheme::Ed25519,
                    signature,
                },
            };
            // S = 0 fits any message: whoever registered such a key would have signed everything.
            assert!(zip215(key, b"anything", &signature));
            assert!(zip215(key, &Role::Device.message(&[3; 32]), &signature));
            assert_eq!(
                verify_message(&check.key, b"anything", &signature),
                Err(SignatureError::SmallOrder)
            );
            checks.push(check);
        }
    }
    assert_eq!(verify_batch(&checks), vec![false; 196]);
}

/// A signature over `message` whose key and R carry the given torsion points: cofactored verifiers accept it,
/// cofactorless ones mostly do not.
fn torsioned(
    key_torsion: EdwardsPoint,
    r_torsion: EdwardsPoint,
    message: &[u8],
) -> ([u8; 32], [u8; 64]) {
    let secret = Scalar::from(0x0123_4567_89ab_cdefu64);
    let nonce = Scalar::from(0xfedc_ba98_7654_3210u64);
    let key = (secret * ED25519_BASEPOINT_POINT + key_torsion)
        .compress()
        .to_bytes();
    let point = (nonce * ED25519_BASEPOINT_POINT + r_torsion)
        .compress()
        .to_bytes();
    let mut hash = Sha512::new();
    hash.update(point);
    hash.update(key);
    hash.update(message);
    let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&point);
    signature[32..].copy_from_slice((nonce + challenge * secret).as_bytes());
    (key, signature)
}

#[test]
fn mixed_order_signatures_get_one_verdict_alone_and_in_any_batch() {
    let proof_id = [6; 32];
    let mut checks = Vec::new();
    for key_torsion in EIGHT_TORSION {
        for r_torsion in EIGHT_TORSION {
            let (key, signature) =
                torsioned(key_torsion, r_torsion, &Role::User.message(&proof_id));
            checks.push(SignatureCheck {
                key: PublicKey::Ed25519(key),
                proof_id,
                signature: RoleSignature {
                    role: Role::User,
                    scheme: Scheme::Ed25519,
                    signature,
                },
            });
        }
    }
    for check in &checks {
        assert!(check.verify());
        assert_eq!(verify_batch(std::slice::from_ref(check)), [true]);
    }
    assert_eq!(verify_batch(&checks), vec![true; 64]);
    // One bad neighbour makes the equation fail and changes nobody else's verdict.
    checks[10].proof_id = [7; 32];
    let verdicts = verify_batch(&checks);
    assert!(
        verdicts
            .iter()
            .enumerate()
            .all(|(at, verdict)| *verdict == (at != 10))
    );
}

#[test]
fn s_plus_the_group_order_is_refused_alone_and_in_a_batch() {
    // L, little endian: 2^252 + 27742317777372353535851937790883648493.
    let order: [u8; 32] = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let proof_id = [8; 32];
    let signer = support::user();
    let mut check = SignatureCheck {
        key: signer.public_key(),
        proof_id,
        signature: signer.sign(Role::User, &proof_id),
    };
    assert!(check.verify());
    let mut carry = 0u16;
    for (byte, add) in check.signature.signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert!(!check.verify());
    assert_eq!(verify_batch(&[check]), [false]);
}

#[test]
fn a_point_that_is_none_is_refused_alone_and_in_a_batch() {
    let proof_id = [8; 32];
    let signer = support::user();
    let good = SignatureCheck {
        key: signer.public_key(),
        proof_id,
        signature: signer.sign(Role::User, &proof_id),
    };
    let mut off_curve = [0; 32];
    off_curve[0] = 2;
    let bad_key = SignatureCheck {
        key: PublicKey::Ed25519(off_curve),
        ..good
    };
    let mut bad_point = good;
    bad_point.signature.signature[..32].copy_from_slice(&off_curve);
    assert_eq!(
        verify_batch(&[good, bad_key, good, bad_point, good]),
        [true, false, true, false, true]
    );
    assert!(!bad_key.verify() && !bad_point.verify());
}
