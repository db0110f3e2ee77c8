//! Keys and places: who takes part, derived from one seed, so that every run of the demonstration has the same cast.

use cairn_proof::{PublicKey, Signer};
use sha2::{Digest, Sha256};

/// Derives every key of the demonstration from one number.
#[derive(Clone, Copy, Debug)]
pub struct Seed(pub u64);

/// What a key is for. The name goes into its derivation, so one party's keys never coincide across roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Device,
    Owner,
    Aircraft,
    Partner,
    Operator,
    Keeper,
    Outsider,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Owner => "owner",
            Self::Aircraft => "aircraft",
            Self::Partner => "partner",
            Self::Operator => "operator",
            Self::Keeper => "keeper",
            Self::Outsider => "outsider",
        }
    }
}

impl Seed {
    /// 32 bytes for `part` called `name`.
    #[must_use]
    pub fn bytes(self, part: &str, name: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"cairn/demo/1");
        hash.update(self.0.to_le_bytes());
        for text in [part, name] {
            // The length keeps ("ab", "c") and ("a", "bc") apart.
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().into()
    }

    /// The Ed25519 secret of a party; the same bytes make its Solana wallet.
    #[must_use]
    pub fn secret(self, part: Part, name: &str) -> [u8; 32] {
        self.bytes(part.name(), name)
    }

    #[must_use]
    pub fn signer(self, part: Part, name: &str) -> Signer {
        Signer::ed25519(&self.secret(part, name))
    }

    /// The public half of [`Self::signer`].
    #[must_use]
    pub fn public(self, part: Part, name: &str) -> [u8; 32] {
        match self.signer(part, name).public_key() {
            PublicKey::Ed25519(key) => key,
            PublicKey::P256(_) => [0; 32],
        }
    }

    /// A choice below `below` that depends on the seed and `name` alone.
    #[must_use]
    pub fn pick(self, what: &str, name: &str, below: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes(what, name);
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) % below.max(1)
    }
}
