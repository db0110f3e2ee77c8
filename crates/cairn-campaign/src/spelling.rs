//! How keys, hashes, amounts and nodes are spelled in a campaign's files: Base58, hex, decimal strings (a browser reads
//! a JSON number above 2^53 wrongly), and `hash:sum`. One value has one spelling.

use cairn_merkle::Node;

/// A key as people of this field write it.
#[must_use]
pub fn base58(key: &[u8; 32]) -> String {
    let mut text = Vec::with_capacity(five8::BASE58_ENCODED_32_MAX_LEN);
    push_base58(&mut text, key);
    text.into_iter().map(char::from).collect()
}

pub(crate) fn push_base58(to: &mut Vec<u8>, key: &[u8; 32]) {
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

pub(crate) fn hash_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

/// A whole number without sign or leading zeros: "007" would be a second spelling of 7.
pub(crate) fn whole_number(text: &str) -> Option<u64> {
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| plain)
}

/// A node: its hash in hex, a colon, its sum.
pub(crate) fn node_text(node: &Node) -> String {
    format!("{}:{}", hex::encode(node.hash), node.sum())
}

pub(crate) fn node_from_text(text: &str) -> Option<Node> {
    let (hash, sum) = text.split_once(':')?;
    Some(Node::new(hash_from_hex(hash)?, whole_number(sum)?))
}

/// Makes a module for `#[serde(with = …)]` from a way to write and a way to read.
macro_rules! spelled {
    ($name:ident, $type:ty, $write:expr, $read:expr, $what:literal) => {
        pub(crate) mod $name {
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
    key,
    [u8; 32],
    super::base58,
    |text: &str| super::key_from_base58(text.as_bytes()),
    "a 32-byte key in Base58"
);
spelled!(
    hash,
    [u8; 32],
    hex::encode,
    super::hash_from_hex,
    "a SHA-256 hash in hex"
);
spelled!(
    amount,
    u64,
    u64::to_string,
    super::whole_number,
    "a whole number below 2^64"
);
