use std::convert::Infallible;

use ed25519_zebra::{Signature as Ed25519Signature, VerificationKeyBytes, batch};
use rand_core::{TryCryptoRng, TryRng};
use rayon::prelude::*;
use sha2::{Digest, Sha256, Sha512};

use crate::signature::refuse_small_order;
use crate::{PublicKey, Role, RoleSignature, check_signature};

/// Signatures in one batch equation. More gain little, and one bad signature costs its whole chunk a second look.
const CHUNK: usize = 128;

/// One question for [`verify_batch`]: did `key` sign `proof_id` as the signature's role?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// The key the registry names.
    pub key: PublicKey,
    pub proof_id: [u8; 32],
    pub signature: RoleSignature,
}

impl SignatureCheck {
    /// The verdict for this one alone.
    #[must_use]
    pub fn verify(&self) -> bool {
        check_signature(
            &self.key,
            self.signature.scheme,
            self.signature.role,
            &self.proof_id,
            &self.signature.signature,
        )
        .is_ok()
    }

    fn message(&self) -> [u8; 33] {
        let role: Role = self.signature.role;
        role.message(&self.proof_id)
    }

    /// The key, when one equation can decide this signature together with others.
    fn batchable(&self) -> Option<[u8; 32]> {
        match (self.key, self.signature.scheme) {
            (PublicKey::Ed25519(key), crate::Scheme::Ed25519)
                if refuse_small_order(&key, &self.signature.signature).is_ok() =>
            {
                Some(key)
            }
            _ => None,
        }
    }
}

/// Verifies many signatures on all cores. Verdict *i* is exactly what [`SignatureCheck::verify`] says of check *i*:
/// a batch equation that holds accepts signatures that all hold alone (ZIP-215 is cofactored for this), one that does
/// not is resolved one by one.
#[must_use]
pub fn verify_batch(checks: &[SignatureCheck]) -> Vec<bool> {
    checks
        .par_chunks(CHUNK)
        .flat_map_iter(verify_chunk)
        .collect()
}

fn verify_chunk(checks: &[SignatureCheck]) -> Vec<bool> {
    let mut equation = batch::Verifier::new();
    let mut transcript = Sha256::new();
    let mut in_equation = vec![false; checks.len()];
    for (check, queued) in checks.iter().zip(&mut in_equation) {
        let Some(key) = check.batchable() else {
            continue;
        };
        let message = check.message();
        transcript.update(key);
        transcript.update(check.signature.signature);
        transcript.update(message);
        equation.queue((
            VerificationKeyBytes::from(key),
            Ed25519Signature::from(check.signature.signature),
            &message[..],
        ));
        *queued = true;
    }
    let holds = equation.verify(Coefficients::new(transcript)).is_ok();
    checks
        .iter()
        .zip(in_equation)
        .map(|(check, queued)| (queued && holds) || check.verify())
        .collect()
}

/// The random coefficients of the batch equation, drawn from a hash of everything the equation holds. Whoever wants
/// bad signatures to cancel out must fix them before knowing their coefficients; and the same batch always takes the
/// same course, on a machine without entropy too.
struct Coefficients {
    seed: [u8; 32],
    block: [u8; 64],
    used: usize,
    counter: u64,
}

impl Coefficients {
    fn new(transcript: Sha256) -> Self {
        Self {
            seed: transcript.finalize().into(),
            block: [0; 64],
            used: 64,
            counter: 0,
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.used == self.block.len() {
                let mut hash = Sha512::new();
                hash.update(b"cairn/batch/1");
                hash.update(self.seed);
                hash.update(self.counter.to_le_bytes());
                self.block = hash.finalize().into();
                self.counter += 1;
                self.used = 0;
            }
            *byte = self.block[self.used];
            self.used += 1;
        }
    }
}

impl TryRng for Coefficients {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Coefficients {}
