//! How bytes and large numbers are spelled in JSON: keys in Base58, hashes in hex, amounts as decimal strings, since
//! a browser reads a JSON number above 2^53 wrongly.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// A key as people of this field write it.
#[must_use]
pub fn base58(key: &[u8; 32]) -> String {
    bs58::encode(key).into_string()
}

/// Reads what [`base58`] writes; `None` unless it is exactly 32 bytes.
#[must_use]
pub fn key_from_base58(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    (bs58::decode(text).onto(&mut key).ok()? == 32).then_some(key)
}

pub(crate) mod key {
    use super::{Deserialize, Deserializer, Serializer, base58, key_from_base58};
    use serde::de::Error as _;

    pub fn serialize<S: Serializer>(key: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&base58(key))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        key_from_base58(&text)
            .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a 32-byte key in Base58")))
    }
}

pub(crate) mod hash {
    use super::{Deserialize, Deserializer, Serializer};
    use serde::de::Error as _;

    pub fn serialize<S: Serializer>(hash: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(hash))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }

    pub fn parse(text: &str) -> Result<[u8; 32], String> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash)
            .map_err(|_| format!("\"{text}\" is not a SHA-256 hash in hex"))?;
        Ok(hash)
    }
}

pub(crate) mod optional_hash {
    use super::{Deserialize, Deserializer, Serializer};
    use serde::de::Error as _;

    pub fn serialize<S: Serializer>(hash: &Option<[u8; 32]>, to: S) -> Result<S::Ok, S::Error> {
        match hash {
            Some(hash) => to.serialize_str(&hex::encode(hash)),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 32]>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|text| super::hash::parse(&text).map_err(D::Error::custom))
            .transpose()
    }
}

pub(crate) mod amount {
    use super::{Deserialize, Deserializer, Serializer, amount_from};

    pub fn serialize<S: Serializer>(amount: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(amount)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        amount_from::<D>(&String::deserialize(from)?)
    }
}

fn amount_from<'de, D: Deserializer<'de>>(text: &str) -> Result<u64, D::Error> {
    // One spelling a number: "007" or "+7" would be a second set of bytes for the same manifest.
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse()
        .ok()
        .filter(|_| plain)
        .ok_or_else(|| D::Error::custom(format!("\"{text}\" is not a whole number below 2^64")))
}
