use ed25519_zebra::SigningKey;
use p256::ecdsa::signature::Signer as _;

use crate::{KeyError, PublicKey, Role, RoleSignature, Scheme};

/// A secret key that signs proofs. Signing is deterministic: no random number can leak the key.
#[derive(Clone)]
pub struct Signer(Secret);

#[derive(Clone)]
enum Secret {
    Ed25519(SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl Signer {
    /// The key pair of an Ed25519 seed: the first 32 bytes of a Solana keypair file.
    #[must_use]
    pub fn ed25519(seed: &[u8; 32]) -> Self {
        Self(Secret::Ed25519(SigningKey::from_bytes(seed)))
    }

    /// The key pair of a P-256 secret scalar, big endian.
    ///
    /// # Errors
    /// [`KeyError::Secret`] for zero and for scalars not below the group's order.
    pub fn p256(secret: &[u8; 32]) -> Result<Self, KeyError> {
        p256::ecdsa::SigningKey::from_slice(secret)
            .map(|key| Self(Secret::P256(key)))
            .map_err(|_| KeyError::Secret {
                scheme: Scheme::P256,
            })
    }

    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        match &self.0 {
            Secret::Ed25519(key) => PublicKey::Ed25519(key.verification_key().into()),
            Secret::P256(key) => {
                let point = key.verifying_key().to_encoded_point(true);
                let mut bytes = [0; 33];
                bytes.copy_from_slice(point.as_bytes());
                PublicKey::P256(bytes)
            }
        }
    }

    /// Signs the proof `proof_id` as `role`.
    #[must_use]
    pub fn sign(&self, role: Role, proof_id: &[u8; 32]) -> RoleSignature {
        RoleSignature {
            role,
            scheme: self.scheme(),
            signature: self.sign_message(&role.message(proof_id)),
        }
    }

    /// Signs any message; the caller puts a domain tag in front of it.
    #[must_use]
    pub fn sign_message(&self, message: &[u8]) -> [u8; 64] {
        match &self.0 {
            Secret::Ed25519(key) => key.sign(message).to_bytes(),
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature
                    .normalize_s()
                    .unwrap_or(signature)
                    .to_bytes()
                    .into()
            }
        }
    }

    const fn scheme(&self) -> Scheme {
        match self.0 {
            Secret::Ed25519(_) => Scheme::Ed25519,
            Secret::P256(_) => Scheme::P256,
        }
    }
}

/// Secrets stay out of logs.
impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Signer").field(&self.public_key()).finish()
    }
}
