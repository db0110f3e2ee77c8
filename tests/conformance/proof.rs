use cairn_proof::{PublicKey, Role, Scheme, SignatureCheck, SignedProof, Signer, verify_batch};
use serde::Deserialize;

use crate::{read, unhex};

#[derive(Deserialize)]
struct ProofFile {
    keys: Vec<Key>,
    proofs: Vec<Vector>,
    refusals: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Key {
    role: Role,
    scheme: Scheme,
    secret: String,
    public: String,
}

#[derive(Deserialize)]
struct Vector {
    kind: String,
    id: String,
    unsigned: String,
    signed: String,
    json: SignedProof,
}

#[derive(Deserialize)]
struct Refusal {
    case: String,
    error: String,
    bytes: String,
}

fn vectors() -> ProofFile {
    read("proofs.json")
}

fn signer(key: &Key) -> Signer {
    match key.scheme {
        Scheme::Ed25519 => Signer::ed25519(&unhex(&key.secret)),
        Scheme::P256 => Signer::p256(&unhex(&key.secret)).expect("a scalar below the order"),
    }
}

#[test]
fn proofs_have_the_published_bytes_ids_and_json() {
    for vector in vectors().proofs {
        let proof = &vector.json.proof;
        assert_eq!(proof.kind().name(), vector.kind);
        assert_eq!(hex::encode(proof.to_bytes()), vector.unsigned);
        assert_eq!(proof.id(), unhex(&vector.id));
        assert_eq!(hex::encode(vector.json.to_bytes()), vector.signed);
        let bytes = hex::decode(&vector.signed).expect("hex");
        assert_eq!(SignedProof::from_bytes(&bytes), Ok(vector.json));
    }
}

#[test]
fn keys_sign_what_is_published_and_verify_it_alone_and_in_a_batch() {
    let file = vectors();
    let mut checks = Vec::new();
    for vector in &file.proofs {
        let proof_id = vector.json.proof.id();
        for signature in &vector.json.signatures {
            // Two of them sign in one role.
            let key = file
                .keys
                .iter()
                .find(|key| signer(key).sign(key.role, &proof_id) == *signature)
                .expect("a key for every signature");
            let public = hex::decode(&key.public).expect("hex");
            let public = PublicKey::new(key.scheme, &public).expect("a key that means something");
            assert_eq!(signer(key).public_key(), public);
            assert_eq!(key.role, signature.role);
            assert_eq!(vector.json.check(key.role, &public), Ok(()));
            checks.push(SignatureCheck {
                key: public,
                proof_id,
                signature: *signature,
            });
        }
    }
    assert_eq!(verify_batch(&checks), vec![true; 19]);
}

#[test]
fn malformed_proofs_are_refused_by_the_published_error() {
    for case in vectors().refusals {
        let bytes = hex::decode(&case.bytes).expect("hex");
        let refusal = SignedProof::from_bytes(&bytes).expect_err(&case.case);
        assert!(
            format!("{refusal:?}").starts_with(&case.error),
            "{}: {refusal:?}",
            case.case
        );
    }
}
