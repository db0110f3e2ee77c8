use borsh::BorshDeserialize;
use serde::{Deserialize, Deserializer, Serialize, de::Error};

use crate::{
    DecodeError, MAX_PROOF_BYTES, MAX_SIGNATURES, ProofV1, PublicKey, Role, RoleSignature, Scheme,
    SignatureError, Signer, check_signature,
};

/// Bytes of one signature: role, scheme, 64.
const SIGNATURE_BYTES: usize = 66;

/// Most bytes a signed proof has: a limit for ports and files.
pub const MAX_SIGNED_PROOF_BYTES: usize = MAX_PROOF_BYTES + 4 + MAX_SIGNATURES * SIGNATURE_BYTES;

/// A proof with its signatures, as sent and stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedProof {
    pub proof: ProofV1,
    /// In strictly rising order, so that one set of signatures has one encoding.
    #[serde(deserialize_with = "signatures")]
    pub signatures: Vec<RoleSignature>,
}

impl SignedProof {
    /// A proof nobody has signed yet.
    #[must_use]
    pub const fn new(proof: ProofV1) -> Self {
        Self {
            proof,
            signatures: Vec::new(),
        }
    }

    /// Signs as `role` and files the signature where it belongs.
    #[must_use]
    pub fn signed(mut self, role: Role, signer: &Signer) -> Self {
        let signature = signer.sign(role, &self.proof.id());
        self.attach(signature);
        self
    }

    /// Files a signature made elsewhere, keeping the order.
    pub fn attach(&mut self, signature: RoleSignature) {
        let at = self.signatures.partition_point(|have| *have < signature);
        self.signatures.insert(at, signature);
    }

    /// The signatures given as `role`, in their order: where several keys sign as one, nothing says which is whose.
    pub fn signatures_as(&self, role: Role) -> impl Iterator<Item = &RoleSignature> {
        self.signatures.iter().filter(move |have| have.role == role)
    }

    /// Checks that `key` signed this proof as `role`.
    ///
    /// # Errors
    /// [`SignatureError::Missing`] when nobody signed as `role`, else as [`check_signature`] of the first that did.
    pub fn check(&self, role: Role, key: &PublicKey) -> Result<(), SignatureError> {
        let id = self.proof.id();
        let mut found = Err(SignatureError::Missing(role));
        for given in self.signatures_as(role) {
            let checked = check_signature(key, given.scheme, role, &id, &given.signature);
            if checked.is_ok() {
                return checked;
            }
            if found == Err(SignatureError::Missing(role)) {
                found = checked;
            }
        }
        found
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.proof.to_bytes();
        let count = u32::try_from(self.signatures.len()).expect("signatures fit in memory");
        bytes.extend_from_slice(&count.to_le_bytes());
        for signature in &self.signatures {
            bytes.push(signature.role.code());
            bytes.push(signature.scheme.code());
            bytes.extend_from_slice(&signature.signature);
        }
        bytes
    }

    /// The signed proof in `bytes`, which hold nothing else.
    ///
    /// # Errors
    /// [`DecodeError`]: whatever is not the one encoding of a signed proof.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let len = bytes.len();
        let mut rest = bytes;
        let proof = ProofV1::take(&mut rest)?;
        let count = <u32 as BorshDeserialize>::deserialize(&mut rest).map_err(|_| {
            DecodeError::Truncated {
                field: "signature count",
                len,
            }
        })? as usize;
        if count > MAX_SIGNATURES {
            return Err(DecodeError::TooManySignatures { count });
        }
        let mut signatures = Vec::with_capacity(count);
        for _ in 0..count {
            let (chunk, tail) =
                rest.split_first_chunk::<SIGNATURE_BYTES>()
                    .ok_or(DecodeError::Truncated {
                        field: "signatures",
                        len,
                    })?;
            rest = tail;
            let [role, scheme, signature @ ..] = *chunk;
            signatures.push(RoleSignature {
                role: Role::try_from(role)?,
                scheme: Scheme::try_from(scheme)?,
                signature,
            });
        }
        if !rest.is_empty() {
            return Err(DecodeError::Trailing {
                what: "signed proof",
                count: rest.len(),
            });
        }
        check_signatures(&signatures)?;
        Ok(Self { proof, signatures })
    }

    /// The proof as JSON: bytes as lowercase hex, 64-bit numbers as decimal strings, the cell as H3 prints it, bodies
    /// under their kind's name.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a proof has only string keys")
    }

    /// Reads the JSON form; unknown and repeated fields are refused.
    ///
    /// # Errors
    /// [`DecodeError::Json`] says where it fails.
    pub fn from_json(text: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(text).map_err(|error| DecodeError::Json(error.to_string()))
    }
}

/// At most [`MAX_SIGNATURES`], strictly rising: two orders or a doubled signature would be two encodings of one proof.
fn check_signatures(signatures: &[RoleSignature]) -> Result<(), DecodeError> {
    if signatures.len() > MAX_SIGNATURES {
        return Err(DecodeError::TooManySignatures {
            count: signatures.len(),
        });
    }
    match signatures
        .iter()
        .zip(signatures.iter().skip(1))
        .position(|(before, after)| before >= after)
    {
        Some(at) => Err(DecodeError::SignatureOrder { at: at + 1 }),
        None => Ok(()),
    }
}

/// From JSON, within the bounds of the binary form.
fn signatures<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RoleSignature>, D::Error> {
    let signatures = Vec::<RoleSignature>::deserialize(from)?;
    check_signatures(&signatures).map_err(D::Error::custom)?;
    Ok(signatures)
}

impl TryFrom<u8> for Role {
    type Error = DecodeError;

    fn try_from(code: u8) -> Result<Self, DecodeError> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or(DecodeError::UnknownRole(code))
    }
}

impl TryFrom<u8> for Scheme {
    type Error = DecodeError;

    fn try_from(code: u8) -> Result<Self, DecodeError> {
        match code {
            0 => Ok(Self::Ed25519),
            1 => Ok(Self::P256),
            _ => Err(DecodeError::UnknownScheme(code)),
        }
    }
}
