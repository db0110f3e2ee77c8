//! Who can earn before having a wallet. An identity is a hash of what somebody is known by, so it is nobody's wallet key by accident,
//! and it tells nothing that its salt does not.

use sha2::{Digest, Sha256};

use crate::PublicKey;

const KEY_TAG: &[u8] = b"cairn/identity/key/1";
const DID_TAG: &[u8] = b"cairn/identity/did/1";
const EMAIL_TAG: &[u8] = b"cairn/identity/email/1";

/// Multicodec prefixes of keys in a did:key, as varints.
const DID_ED25519: [u8; 2] = [0xed, 0x01];
const DID_P256: [u8; 2] = [0x80, 0x24];

/// The identity of a key: of Ed25519 the key itself, which is a wallet; of P-256 a hash over its compressed point.
#[must_use]
pub fn identity_of_key(key: &PublicKey) -> [u8; 32] {
    match key {
        PublicKey::Ed25519(key) => *key,
        PublicKey::P256(point) => tagged(KEY_TAG, &[point]),
    }
}

/// The identity of a DID, as it is written.
#[must_use]
pub fn identity_of_did(did: &str) -> [u8; 32] {
    tagged(DID_TAG, &[did.as_bytes()])
}

/// The identity of an e-mail address under a salt that its owner keeps: without it nobody can try addresses. Space around the address and
/// the case of ASCII letters do not count.
#[must_use]
pub fn identity_of_email(salt: &[u8; 32], address: &str) -> [u8; 32] {
    let address = address.trim().to_ascii_lowercase();
    tagged(EMAIL_TAG, &[salt, address.as_bytes()])
}

/// The DID that a key is by itself: `did:key:z…`.
#[must_use]
pub fn did_key(key: &PublicKey) -> String {
    let prefix = match key {
        PublicKey::Ed25519(_) => DID_ED25519,
        PublicKey::P256(_) => DID_P256,
    };
    let bytes = [&prefix, key.as_bytes()].concat();
    format!("did:key:z{}", bs58::encode(bytes).into_string())
}

/// Whether `key` is an identity's own: the identity is the key's, or that of the DID which the key is by itself.
#[must_use]
pub fn is_own_key(identity: &[u8; 32], key: &PublicKey) -> bool {
    *identity == identity_of_key(key) || *identity == identity_of_did(&did_key(key))
}

fn tagged(tag: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(tag);
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Scheme, Signer};

    /// Examples of the did:key specification.
    #[test]
    fn a_key_is_the_did_that_the_specification_writes() {
        let bytes = bs58::decode("Dnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv")
            .into_vec()
            .unwrap();
        assert_eq!(bytes[..2], DID_P256);
        let key = PublicKey::new(Scheme::P256, &bytes[2..]).unwrap();
        assert_eq!(
            did_key(&key),
            "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
        );
        let bytes = bs58::decode("6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
            .into_vec()
            .unwrap();
        assert_eq!(bytes[..2], DID_ED25519);
        let key = PublicKey::Ed25519(bytes[2..].try_into().unwrap());
        assert_eq!(
            did_key(&key),
            "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
        );
    }

    #[test]
    fn a_key_is_its_own_identity_s_and_nobody_else_s() {
        let keys = [
            Signer::ed25519(&[1; 32]).public_key(),
            Signer::p256(&[1; 32]).unwrap().public_key(),
            Signer::p256(&[2; 32]).unwrap().public_key(),
        ];
        for (at, key) in keys.iter().enumerate() {
            let own = [identity_of_key(key), identity_of_did(&did_key(key))];
            assert!(own.iter().all(|identity| is_own_key(identity, key)));
            let others = keys.iter().enumerate().filter(|(other, _)| *other != at);
            for (_, other) in others {
                assert!(own.iter().all(|identity| !is_own_key(identity, other)));
            }
        }
    }

    #[test]
    fn an_address_has_one_identity_a_salt() {
        let of = |salt, address| identity_of_email(&[salt; 32], address);
        assert_eq!(of(1, "Ann@Example.org "), of(1, "ann@example.org"));
        assert!(of(1, "ann@example.org") != of(2, "ann@example.org"));
        assert!(of(1, "ann@example.org") != of(1, "bob@example.org"));
    }
}
