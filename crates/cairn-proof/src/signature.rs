use ed25519_zebra::{Signature as Ed25519Signature, VerificationKey};
use p256::ecdsa::signature::Verifier as _;

use crate::{KeyError, Role, Scheme, SignatureError};

/// Encodings of the eight small-order points of Ed25519's curve: eight canonical ones, then the six that write y as
/// y + p or give x = 0 a sign. Under a small-order key, or with a small-order R and a matching S, one signature fits
/// messages its owner never saw; honest software makes neither.
const SMALL_ORDER: [[u8; 32]; 14] = {
    let order_8_y = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ];
    let order_8_minus_y = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ];
    [
        near_zero(1),
        near_modulus(0xec),
        near_zero(0),
        negative(near_zero(0)),
        order_8_y,
        negative(order_8_y),
        order_8_minus_y,
        negative(order_8_minus_y),
        negative(near_zero(1)),
        negative(near_modulus(0xec)),
        near_modulus(0xed),
        negative(near_modulus(0xed)),
        near_modulus(0xee),
        negative(near_modulus(0xee)),
    ]
};

const fn near_zero(low: u8) -> [u8; 32] {
    let mut y = [0; 32];
    y[0] = low;
    y
}

/// p is 2^255 − 19, whose lowest byte is 0xed.
const fn near_modulus(low: u8) -> [u8; 32] {
    let mut y = [0xff; 32];
    y[0] = low;
    y[31] = 0x7f;
    y
}

const fn negative(mut y: [u8; 32]) -> [u8; 32] {
    y[31] |= 0x80;
    y
}

pub(crate) fn is_small_order(point: &[u8; 32]) -> bool {
    SMALL_ORDER.contains(point)
}

/// A public key as the registry holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicKey {
    Ed25519([u8; 32]),
    /// Compressed SEC1 point.
    P256([u8; 33]),
}

impl PublicKey {
    /// Reads a key and checks that signatures under it can mean something: for registration.
    ///
    /// # Errors
    /// [`KeyError`]: wrong length, no point of the curve, or small order.
    pub fn new(scheme: Scheme, bytes: &[u8]) -> Result<Self, KeyError> {
        let length = |expected| KeyError::Length {
            scheme,
            expected,
            len: bytes.len(),
        };
        match scheme {
            Scheme::Ed25519 => {
                let key: [u8; 32] = bytes.try_into().map_err(|_| length(32))?;
                if is_small_order(&key) {
                    return Err(KeyError::SmallOrder);
                }
                VerificationKey::try_from(key).map_err(|_| KeyError::NotAPoint { scheme })?;
                Ok(Self::Ed25519(key))
            }
            Scheme::P256 => {
                let key: [u8; 33] = bytes.try_into().map_err(|_| length(33))?;
                p256::ecdsa::VerifyingKey::from_sec1_bytes(&key)
                    .map_err(|_| KeyError::NotAPoint { scheme })?;
                Ok(Self::P256(key))
            }
        }
    }

    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Ed25519(_) => Scheme::Ed25519,
            Self::P256(_) => Scheme::P256,
        }
    }

    /// 32 bytes for Ed25519, 33 for P-256.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) => key,
            Self::P256(key) => key,
        }
    }
}

/// Whether `key` signed the proof `proof_id` as `role`.
#[must_use]
pub fn verify_signature(
    key: &PublicKey,
    scheme: Scheme,
    role: Role,
    proof_id: &[u8; 32],
    signature: &[u8; 64],
) -> bool {
    check_signature(key, scheme, role, proof_id, signature).is_ok()
}

/// As [`verify_signature`], saying why not.
///
/// # Errors
/// Any [`SignatureError`] but [`SignatureError::Missing`].
pub fn check_signature(
    key: &PublicKey,
    scheme: Scheme,
    role: Role,
    proof_id: &[u8; 32],
    signature: &[u8; 64],
) -> Result<(), SignatureError> {
    if scheme != key.scheme() {
        return Err(SignatureError::Scheme {
            expected: key.scheme(),
            found: scheme,
        });
    }
    verify_message(key, &role.message(proof_id), signature)
}

/// Checks a signature over any message: for receipts and consents, which carry domain tags of their own.
///
/// Ed25519: the rules of ZIP-215 (cofactored equation, S below the group's order, non-canonical points accepted),
/// which a batch and a single check can both follow to the letter, and neither key nor R of small order. P-256:
/// ECDSA with SHA-256, low S only.
///
/// # Errors
/// [`SignatureError::SmallOrder`], [`SignatureError::HighS`], [`SignatureError::Encoding`],
/// [`SignatureError::Mismatch`].
pub fn verify_message(
    key: &PublicKey,
    message: &[u8],
    signature: &[u8; 64],
) -> Result<(), SignatureError> {
    match key {
        PublicKey::Ed25519(key) => {
            refuse_small_order(key, signature)?;
            let key = VerificationKey::try_from(*key).map_err(|_| SignatureError::Encoding)?;
            key.verify(&Ed25519Signature::from(*signature), message)
                .map_err(|_| SignatureError::Mismatch)
        }
        PublicKey::P256(key) => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key)
                .map_err(|_| SignatureError::Encoding)?;
            let signature = p256::ecdsa::Signature::from_slice(signature)
                .map_err(|_| SignatureError::Encoding)?;
            // (r, n − s) verifies wherever (r, s) does: with both, anybody could make a second valid signature.
            if signature.normalize_s().is_some() {
                return Err(SignatureError::HighS);
            }
            key.verify(message, &signature)
                .map_err(|_| SignatureError::Mismatch)
        }
    }
}

/// A comparison of bytes, so that the batch can ask it before it starts and comes to the same verdict.
pub(crate) fn refuse_small_order(
    key: &[u8; 32],
    signature: &[u8; 64],
) -> Result<(), SignatureError> {
    let mut point = [0; 32];
    point.copy_from_slice(&signature[..32]);
    if is_small_order(key) || is_small_order(&point) {
        Err(SignatureError::SmallOrder)
    } else {
        Ok(())
    }
}
