//! Whom a ruleset names: a key with its kind as in the registry, and words for people.

use cairn_proof::PublicKey;

/// A key of the registry's `kind`: 0 Ed25519, 2 or 3 P-256 by the parity of y; `None` for a kind that does not exist.
pub(crate) fn issuer_key(kind: u8, key: [u8; 32]) -> Option<PublicKey> {
    match kind {
        0 => Some(PublicKey::Ed25519(key)),
        2 | 3 => {
            let mut point = [kind; 33];
            point[1..].copy_from_slice(&key);
            Some(PublicKey::P256(point))
        }
        _ => None,
    }
}

/// Refuses a key kind that does not exist. `of` is the table and who in it: `[[task]] 1`.
pub(crate) fn check_kind(of: &str, column: &str, kind: u8) -> Result<(), String> {
    match issuer_key(kind, [0; 32]) {
        Some(_) => Ok(()),
        None => Err(format!(
            "{of}: {column} is {kind}; it must be 0 (Ed25519), 2 or 3 (P-256)"
        )),
    }
}

/// Refuses words that are none: what is printed for people must not move their cursor.
pub(crate) fn check_words(
    of: &str,
    column: &str,
    words: &str,
    example: &str,
) -> Result<(), String> {
    if words.is_empty() || words.chars().any(char::is_control) {
        return Err(format!(
            "{of}: {column} must be words on one line, like \"{example}\""
        ));
    }
    Ok(())
}
