//! Who may have signed what: published vectors, and every bit that can be flipped.

mod support;

use cairn_proof::{
    KeyError, PublicKey, Role, Scheme, SignatureCheck, SignatureError, SignedProof, Signer,
    verify_batch, verify_message, verify_signature,
};
use proptest::prelude::*;
use support::{beat, bytes, check_in, device, metric, proof, signed, user};

#[test]
fn rfc_8032_keys_and_signatures_come_out_as_published() {
    // RFC 8032, 7.1, tests 1 to 3.
    let cases = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (seed, key, message, signature) in cases {
        let signer = Signer::ed25519(&bytes(seed));
        let message = hex::decode(message).expect("hex");
        assert_eq!(signer.public_key(), PublicKey::Ed25519(bytes(key)));
        assert_eq!(signer.sign_message(&message), bytes(signature));
        assert_eq!(
            verify_message(&signer.public_key(), &message, &bytes(signature)),
            Ok(())
        );
    }
}

#[test]
fn rfc_6979_signatures_come_out_as_published_with_the_low_s() {
    // RFC 6979, A.2.5, SHA-256. The S of "sample" is the high one there; its mirror image is n − S.
    let signer = Signer::p256(&bytes(
        "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
    ))
    .expect("the published secret");
    let key = signer.public_key();
    assert_eq!(
        key.as_bytes(),
        bytes::<33>("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6")
    );
    let high = bytes(
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
    let low = bytes(
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf37160834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9",
    );
    assert_eq!(signer.sign_message(b"sample"), low);
    assert_eq!(verify_message(&key, b"sample", &low), Ok(()));
    assert_eq!(
        verify_message(&key, b"sample", &high),
        Err(SignatureError::HighS)
    );
    let test = bytes(
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
    );
    assert_eq!(signer.sign_message(b"test"), test);
    assert_eq!(verify_message(&key, b"test", &test), Ok(()));
    assert_eq!(
        verify_message(&key, b"tess", &test),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn p256_numbers_out_of_range_are_refused() {
    let key = device().public_key();
    let good = device().sign_message(b"x");
    let order: [u8; 32] = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    for half in [0..32, 32..64] {
        for number in [[0; 32], order, [0xff; 32]] {
            let mut signature = good;
            signature[half.clone()].copy_from_slice(&number);
            assert_eq!(
                verify_message(&key, b"x", &signature),
                Err(SignatureError::Encoding)
            );
        }
    }
    let off_curve = PublicKey::P256([4; 33]);
    assert_eq!(
        verify_message(&off_curve, b"x", &good),
        Err(SignatureError::Encoding)
    );
}

#[test]
fn keys_are_checked_when_they_are_registered() {
    let refused = |scheme, bytes: &[u8]| PublicKey::new(scheme, bytes).expect_err("no key");
    assert_eq!(
        refused(Scheme::Ed25519, &[1; 31]),
        KeyError::Length {
            scheme: Scheme::Ed25519,
            expected: 32,
            len: 31
        }
    );
    assert_eq!(
        refused(Scheme::P256, &[2; 32]),
        KeyError::Length {
            scheme: Scheme::P256,
            expected: 33,
            len: 32
        }
    );
    // y = 2 is on no point of the curve.
    let mut off_curve = [0; 32];
    off_curve[0] = 2;
    assert_eq!(
        refused(Scheme::Ed25519, &off_curve),
        KeyError::NotAPoint {
            scheme: Scheme::Ed25519
        }
    );
    assert_eq!(
        refused(Scheme::P256, &[4; 33]),
        KeyError::NotAPoint {
            scheme: Scheme::P256
        }
    );
    assert_eq!(
        Signer::p256(&[0; 32]).expect_err("zero is no secret"),
        KeyError::Secret {
            scheme: Scheme::P256
        }
    );
    for signer in [user(), device()] {
        let key = signer.public_key();
        assert_eq!(PublicKey::new(key.scheme(), key.as_bytes()), Ok(key));
        assert!(
            !format!("{signer:?}").contains("21, 21"),
            "secrets stay out of logs"
        );
    }
}

#[test]
fn a_proof_is_checked_against_the_callers_key_and_role_only() {
    let signed = signed(check_in());
    assert_eq!(signed.check(Role::User, &user().public_key()), Ok(()));
    assert_eq!(signed.check(Role::Device, &device().public_key()), Ok(()));
    assert_eq!(
        signed.check(Role::Partner, &user().public_key()),
        Err(SignatureError::Missing(Role::Partner))
    );
    assert_eq!(
        signed.check(Role::Device, &user().public_key()),
        Err(SignatureError::Scheme {
            expected: Scheme::Ed25519,
            found: Scheme::P256
        })
    );
    let stranger = Signer::ed25519(&[99; 32]).public_key();
    assert_eq!(
        signed.check(Role::User, &stranger),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn two_keys_may_sign_in_one_role_and_each_is_found() {
    let [first, second] = [31, 32].map(|secret| Signer::ed25519(&[secret; 32]));
    let signed = SignedProof::new(proof(support::adjustment()))
        .signed(Role::Attestor, &first)
        .signed(Role::Attestor, &second);
    assert_eq!(signed.signatures_as(Role::Attestor).count(), 2);
    for key in [first, second].map(|signer| signer.public_key()) {
        assert_eq!(signed.check(Role::Attestor, &key), Ok(()));
    }
    assert_eq!(
        signed.check(Role::Attestor, &user().public_key()),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn a_signature_given_in_one_role_is_worth_nothing_in_another() {
    for signer in [user(), device()] {
        let id = proof(metric()).id();
        for role in Role::ALL {
            let given = signer.sign(role, &id);
            for other in Role::ALL {
                assert_eq!(
                    verify_signature(
                        &signer.public_key(),
                        given.scheme,
                        other,
                        &id,
                        &given.signature
                    ),
                    role == other
                );
            }
        }
    }
}

#[test]
fn every_flipped_bit_of_the_envelope_breaks_every_signature() {
    for body in support::bodies() {
        let signed = signed(body);
        let len = signed.proof.to_bytes().len();
        let bytes = signed.to_bytes();
        for bit in 0..len * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // Some flips are no proof any more; the others must be another one.
            if let Ok(read) = SignedProof::from_bytes(&bytes) {
                assert_eq!(
                    read.check(Role::User, &user().public_key()),
                    Err(SignatureError::Mismatch),
                    "bit {bit}"
                );
                assert_eq!(
                    read.check(Role::Device, &device().public_key()),
                    Err(SignatureError::Mismatch),
                    "bit {bit}"
                );
            }
        }
    }
}

#[test]
fn every_flipped_bit_of_a_signature_breaks_it_alone_and_in_a_batch() {
    let id = proof(beat()).id();
    for signer in [user(), device()] {
        let good = SignatureCheck {
            key: signer.public_key(),
            proof_id: id,
            signature: signer.sign(Role::Device, &id),
        };
        let mut checks = vec![good];
        for bit in 0..64 * 8 {
            let mut bad = good;
            bad.signature.signature[bit / 8] ^= 1 << (bit % 8);
            checks.push(bad);
        }
        let verdicts = verify_batch(&checks);
        assert!(verdicts[0]);
        for (at, (check, verdict)) in checks.iter().zip(verdicts).enumerate().skip(1) {
            assert!(!verdict && !check.verify(), "bit {}", at - 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_verdict_of_a_batch_is_the_verdict_of_each_alone(
        plan in prop::collection::vec((0..6u8, 0..5u8, any::<prop::sample::Index>()), 0..300),
    ) {
        let checks: Vec<SignatureCheck> = plan
            .iter()
            .map(|(who, harm, at)| {
                let signer = if *who == 5 { device() } else { Signer::ed25519(&[*who; 32]) };
                let proof_id = [*who ^ 0x5a; 32];
                let mut check = SignatureCheck {
                    key: signer.public_key(),
                    proof_id,
                    signature: signer.sign(Role::User, &proof_id),
                };
                match harm {
                    0 => check.signature.signature[at.index(64)] ^= 0x40,
                    1 => check.proof_id[at.index(32)] ^= 1,
                    2 => check.key = user().public_key(),
                    _ => {}
                }
                check
            })
            .collect();
        let alone: Vec<bool> = checks.iter().map(SignatureCheck::verify).collect();
        for ((_, harm, _), verdict) in plan.iter().zip(&alone) {
            prop_assert_eq!(*verdict, *harm > 2);
        }
        prop_assert_eq!(verify_batch(&checks), alone);
    }
}
