//! How files and answers spell what a program reads back: keys in Base58, hashes in small hex, numbers of 64 bits as decimal
//! strings (a browser reads a JSON number above 2^53 wrongly), nodes as `hash:sum`. One value has one spelling: a second one
//! would be other bytes, and another hash, for the same content.

/// A key as people of this field write it.
#[must_use]
pub fn base58(key: &[u8; 32]) -> String {
    let mut text = Vec::with_capacity(five8::BASE58_ENCODED_32_MAX_LEN);
    push_base58(&mut text, key);
    text.into_iter().map(char::from).collect()
}

/// Appends what [`base58`] gives; for files of millions of keys.
pub fn push_base58(to: &mut Vec<u8>, key: &[u8; 32]) {
    let mut text = [0; five8::BASE58_ENCODED_32_MAX_LEN];
    let length = usize::from(five8::encode_32(key, &mut text));
    to.extend_from_slice(&text[..length]);
}

/// Reads what [`base58`] writes; `None` unless it is exactly 32 bytes.
#[must_use]
pub fn key_from_base58(text: &[u8]) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    five8::decode_32(text, &mut key).ok()?;
    Some(key)
}

/// Bytes in small hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Reads what [`hex()`] writes; `None` unless it is exactly `N` bytes in small letters.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// A whole number below 2^64 without sign or leading zeros: "007" would be a second spelling of 7.
#[must_use]
pub fn whole_number(text: &str) -> Option<u64> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

/// A node of a Merkle-sum tree: its hash in hex, a colon, its sum.
#[must_use]
pub fn node(hash: &[u8; 32], sum: u64) -> String {
    format!("{}:{sum}", hex(hash))
}

/// Reads what [`node`] writes.
#[must_use]
pub fn from_node(text: &str) -> Option<([u8; 32], u64)> {
    let (hash, sum) = text.split_once(':')?;
    Some((from_hex(hash)?, whole_number(sum)?))
}

/// Makes a module for `#[serde(with = …)]` from a way to write and a way to read.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident, $type:ty, $write:expr, $read:expr, $what:literal) => {
        $(#[$doc])*
        pub mod $name {
            use serde::de::Error as _;
            use serde::{Deserialize, Deserializer, Serializer};

            pub fn serialize<S: Serializer>(value: &$type, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&$write(value))
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                let text = String::deserialize(from)?;
                $read(&text).ok_or_else(|| D::Error::custom(format!("\"{text}\" is not {}", $what)))
            }
        }
    };
}

spelled!(
    /// Keys.
    key,
    [u8; 32],
    super::base58,
    |text: &str| super::key_from_base58(text.as_bytes()),
    "a 32-byte key in Base58"
);
spelled!(
    /// Hashes.
    hash,
    [u8; 32],
    |hash: &[u8; 32]| super::hex(hash),
    super::from_hex,
    "a SHA-256 hash in hex"
);

/// Numbers of 64 bits: amounts, counters, slots; bare, or of a unit that displays and reads its number.
pub mod amount {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(from)?;
        // Read as every other whole number, so that a value has one spelling whatever it counts.
        super::whole_number(&text)
            .and_then(|_| text.parse().ok())
            .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a whole number below 2^64")))
    }
}

/// Hashes that may be absent: `null`.
pub mod optional_hash {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    struct Hash(#[serde(with = "super::hash")] [u8; 32]);

    pub fn serialize<S: Serializer>(hash: &Option<[u8; 32]>, to: S) -> Result<S::Ok, S::Error> {
        hash.map(Hash).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 32]>, D::Error> {
        Ok(Option::<Hash>::deserialize(from)?.map(|hash| hash.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(key: [u8; 32], sum: u64) {
            prop_assert_eq!(key_from_base58(base58(&key).as_bytes()), Some(key));
            prop_assert_eq!(from_hex(&hex(&key)), Some(key));
            prop_assert_eq!(from_node(&node(&key, sum)), Some((key, sum)));
        }

        /// Whatever is read is the one text that is written for it.
        #[test]
        fn no_value_has_a_second_spelling(text in "[+-]?0{0,2}[0-9a-fA-F]{0,66}") {
            if let Some(number) = whole_number(&text) {
                prop_assert_eq!(number.to_string(), text.clone());
            }
            if let Some(bytes) = from_hex::<32>(&text) {
                prop_assert_eq!(hex(&bytes), text);
            }
        }
    }

    #[test]
    fn a_second_spelling_of_a_value_is_refused() {
        for text in [
            "",
            "007",
            "+7",
            "-0",
            " 7",
            "7 ",
            "7.0",
            "18446744073709551616",
        ] {
            assert_eq!(whole_number(text), None, "{text:?}");
        }
        let hash = "ab".repeat(32);
        for text in [
            hash.to_uppercase(),
            format!("0x{hash}"),
            hash[1..].to_owned(),
        ] {
            assert_eq!(from_hex::<32>(&text), None, "{text:?}");
        }
        assert_eq!(from_node(&format!("{hash}:07")), None);
        assert_eq!(key_from_base58(b"1"), None);
    }
}
