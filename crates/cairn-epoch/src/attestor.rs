use cairn_proof::PublicKey;
use cairn_spelling::text;
use serde::Deserialize;

use crate::party::{check_kind, check_words, issuer_key};

/// Whom the network's operator lets say who was invited by whom, and whose an identity without a key is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestor {
    /// Who it is, for people: "the app's sign-up service" …
    pub name: String,
    /// The key that must sign each of them, with its kind as in the registry: 0 Ed25519, 2 or 3 P-256.
    #[serde(with = "text::key")]
    pub key: [u8; 32],
    #[serde(default)]
    pub key_kind: u8,
}

impl Attestor {
    /// The key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        issuer_key(self.key_kind, self.key)
    }
}

/// Checks all attestors of a ruleset.
pub(crate) fn check_attestors(attestors: &[Attestor]) -> Result<(), String> {
    for (at, attestor) in attestors.iter().enumerate() {
        let name = &attestor.name;
        let of = format!("[[attestor]] {}", text::base58(&attestor.key));
        check_words(&of, "name", name, "the app's sign-up service")?;
        check_kind(&of, "key_kind", attestor.key_kind)?;
        let before = attestors.iter().take(at);
        if before.into_iter().any(|other| other.key == attestor.key) {
            return Err(format!("[[attestor]] {name}: its key stands twice"));
        }
    }
    Ok(())
}

/// The attestor whose key is `key`.
pub(crate) fn attestor<'a>(attestors: &'a [Attestor], key: &[u8; 32]) -> Option<&'a Attestor> {
    attestors.iter().find(|attestor| attestor.key == *key)
}
