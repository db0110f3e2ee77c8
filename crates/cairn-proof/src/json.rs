//! How proofs look in JSON: byte strings as lowercase hex, 64-bit numbers as strings.

use serde::{Deserialize, Deserializer, de::Error};

pub(crate) mod hex_array {
    use super::{Deserialize, Deserializer, Error};
    use serde::Serializer;

    pub(crate) fn serialize<const N: usize, S: Serializer>(
        bytes: &[u8; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(bytes))
    }

    pub(crate) fn deserialize<'de, const N: usize, D: Deserializer<'de>>(
        from: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(from)?;
        let mut bytes = [0; N];
        hex::decode_to_slice(text.as_bytes(), &mut bytes)
            .map_err(|error| D::Error::custom(format!("{N} bytes in hex expected: {error}")))?;
        Ok(bytes)
    }
}

/// Several byte strings of one length.
pub(crate) mod hex_arrays {
    use super::{Deserialize, Deserializer, Error};
    use serde::Serializer;

    pub(crate) fn serialize<const N: usize, const M: usize, S: Serializer>(
        all: &[[u8; N]; M],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(all.iter().map(hex::encode))
    }

    pub(crate) fn deserialize<'de, const N: usize, const M: usize, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Box<[[u8; N]; M]>, D::Error> {
        #[derive(Deserialize)]
        struct Bytes<const N: usize>(#[serde(with = "super::hex_array")] [u8; N]);

        let all: Box<[[u8; N]]> = Vec::<Bytes<N>>::deserialize(from)?
            .into_iter()
            .map(|Bytes(bytes)| bytes)
            .collect();
        let found = all.len();
        all.try_into()
            .map_err(|_| D::Error::custom(format!("{M} byte strings expected, {found} found")))
    }
}

/// A u64 as a decimal string: a JSON number loses digits above 2^53 in every browser.
pub(crate) mod decimal {
    use super::{Deserialize, Deserializer, Error};
    use serde::Serializer;

    pub(crate) fn serialize<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        // `parse` alone would also take "+1" and "01": two texts for one proof.
        match text.parse::<u64>() {
            Ok(value) if value.to_string() == text => Ok(value),
            _ => Err(D::Error::custom(format!(
                "\"{text}\" is no decimal number of 64 bits"
            ))),
        }
    }
}

/// An H3 cell as the lowercase hex that H3's own tools print.
pub(crate) mod h3_cell {
    use super::{Deserialize, Deserializer, Error};
    use serde::Serializer;

    pub(crate) fn serialize<S: Serializer>(cell: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{cell:x}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        match u64::from_str_radix(&text, 16) {
            Ok(cell) if format!("{cell:x}") == text => Ok(cell),
            _ => Err(D::Error::custom(format!("\"{text}\" is no H3 cell in hex"))),
        }
    }
}
