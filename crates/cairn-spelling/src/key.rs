//! Keys as people hand them over: what is one, and what a text is that is none.

use thiserror::Error;

/// Why a text is no key that anybody can sign with. Reads as the end of a sentence that begins with the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyFault {
    #[error("is no key: nothing stands here")]
    Empty,
    /// The key of all zeros.
    #[error("is the system program's key; nobody holds it")]
    Nobodys,
    /// No capital letter. Of 10^10 keys not one is without, but what a database or a mail program made of any key in
    /// small letters is often another valid key, and nobody's.
    #[error(
        "has no capital letter, as every key has: something on the way made them small, and it is another key now"
    )]
    LowerCased,
    /// The same with capitals.
    #[error(
        "has no small letter, as every key has: something on the way made them capitals, and it is another key now"
    )]
    UpperCased,
    #[error("is an address of Ethereum and its kin, not a key of Solana")]
    Ethereum,
    #[error("is written in hex; write the key in Base58, as wallets show it")]
    Hex,
    /// A name such as `somebody.sol`.
    #[error("is a name, not a key; write the address it stands for")]
    Name,
    /// As long as a secret key, which no message may repeat.
    #[error(
        "is as long as a secret key: only addresses belong here, and whoever has seen this may hold the funds"
    )]
    Secret,
    #[error("is not a 32-byte key in Base58")]
    Other,
}

impl KeyFault {
    /// Whether letters were lost on the way: then no other key of the same list can be trusted.
    #[must_use]
    pub const fn is_of_case(self) -> bool {
        matches!(self, Self::LowerCased | Self::UpperCased)
    }

    /// What a message may repeat of the text that was read, of which `shown` is what a terminal may get.
    #[must_use]
    pub fn quoting(self, shown: String) -> String {
        match self {
            Self::Secret => "…".to_owned(),
            _ => shown,
        }
    }
}

/// Bytes of the shortest and the longest key in Base58.
const LENGTHS: std::ops::RangeInclusive<usize> = 32..=44;
/// The same of secret keys, 64 bytes.
const SECRET_LENGTHS: std::ops::RangeInclusive<usize> = 86..=88;

/// Letters from which on their case tells: a key has some 37.
const LETTERS: usize = 16;

/// Reads a key in Base58 that somebody can hold.
///
/// # Errors
/// [`KeyFault`]: what it is instead.
pub fn read_key(text: &[u8]) -> Result<[u8; 32], KeyFault> {
    let mut key = [0; 32];
    if five8::decode_32(text, &mut key).is_err() {
        return Err(diagnosis(text));
    }
    if key == [0; 32] {
        return Err(KeyFault::Nobodys);
    }
    one_case(text).map_or(Ok(key), Err)
}

fn diagnosis(text: &[u8]) -> KeyFault {
    let digits = text
        .strip_prefix(b"0x")
        .or_else(|| text.strip_prefix(b"0X"))
        .unwrap_or(text);
    let hex = digits.iter().all(u8::is_ascii_hexdigit);
    let letters = text.iter().all(u8::is_ascii_alphanumeric);
    match digits.len() {
        _ if text.is_empty() => KeyFault::Empty,
        40 if hex && digits.len() < text.len() => KeyFault::Ethereum,
        64 if hex => KeyFault::Hex,
        length if letters && LENGTHS.contains(&length) => one_case(text).unwrap_or(KeyFault::Other),
        length if letters && SECRET_LENGTHS.contains(&length) => KeyFault::Secret,
        // The 64 numbers that Solana's tools keep in a file.
        _ if text.starts_with(b"[") => KeyFault::Secret,
        _ if text.ends_with(b".sol") || text.ends_with(b".eth") => KeyFault::Name,
        _ => KeyFault::Other,
    }
}

fn one_case(text: &[u8]) -> Option<KeyFault> {
    let count = |is: fn(&u8) -> bool| text.iter().filter(|byte| is(byte)).count();
    match (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase)) {
        (LETTERS.., 0) => Some(KeyFault::LowerCased),
        (0, LETTERS..) => Some(KeyFault::UpperCased),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_has_letters_of_both_cases_or_hardly_any_is_read() {
        for text in [
            "5CGfiKxPWnmxQUt2KbhMqQGED3qrTxLZ6XnPju5PWNZ4",
            "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
            // Where tokens are burnt: a word in small letters and ones.
            "1nc1nerator11111111111111111111111111111111",
            "11111111111111111111111111111112",
        ] {
            assert!(read_key(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_key_whose_letters_were_changed_is_told_though_it_is_one() {
        for (text, fault) in [
            (
                "13nrbpcwzx25udjvbxcpr4qunduy9qh7hajxsiw5eh9x",
                KeyFault::LowerCased,
            ),
            (
                "3adh9eopqtjzx6pf8ayfmxpxug3zyz1mr4cvvoksqvoq",
                KeyFault::LowerCased,
            ),
            // No key any more, and the cause is the same.
            (
                "5cgfikxpwnmxqut2kbhmqqged3qrtxlz6xnpju5pwnz4",
                KeyFault::LowerCased,
            ),
            (
                "5CGFIKXPWNMXQUT2KBHMQQGED3QRTXLZ6XNPJU5PWNZ4",
                KeyFault::UpperCased,
            ),
        ] {
            assert_eq!(read_key(text.as_bytes()), Err(fault), "{text}");
            assert!(fault.is_of_case());
        }
    }
}
