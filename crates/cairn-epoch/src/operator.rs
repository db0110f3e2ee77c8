use cairn_proof::PublicKey;
use cairn_spelling::text;
use serde::Deserialize;

use crate::party::{check_kind, check_words, issuer_key};

/// Whose word, together with another's, makes good what a decision lacked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// For people: "support desk" …
    pub name: String,
    #[serde(with = "text::key")]
    pub key: [u8; 32],
    /// 0 Ed25519, 2 or 3 P-256.
    #[serde(default)]
    pub key_kind: u8,
}

impl Operator {
    /// The key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        issuer_key(self.key_kind, self.key)
    }

    fn check(&self) -> Result<(), String> {
        let of = format!("[[operator]] {}", text::base58(&self.key));
        check_kind(&of, "key_kind", self.key_kind)?;
        check_words(&of, "name", &self.name, "support desk")
    }
}

/// Checks all operators of a ruleset.
pub(crate) fn check_operators(operators: &[Operator]) -> Result<(), String> {
    for (at, operator) in operators.iter().enumerate() {
        operator.check()?;
        // One key under two names would be two operators that are one.
        if operators.iter().take(at).any(|it| it.key == operator.key) {
            return Err(format!(
                "[[operator]] {} stands twice",
                text::base58(&operator.key)
            ));
        }
    }
    Ok(())
}

/// The operator with this key.
pub(crate) fn operator<'a>(operators: &'a [Operator], key: &[u8; 32]) -> Option<&'a Operator> {
    operators.iter().find(|operator| operator.key == *key)
}
