//! How views read as JSON: keys as base58, hashes as hexadecimal, nodes as hash and sum.

use cairn_merkle::Node;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, de::Error};
use solana_sdk::pubkey::Pubkey;

/// A type with a readable form.
pub(crate) trait Textual: Sized {
    type Form: Serialize + DeserializeOwned;
    fn form(&self) -> Self::Form;
    fn parse(form: Self::Form) -> Result<Self, String>;
}

pub(crate) fn serialize<T: Textual, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    value.form().serialize(to)
}

pub(crate) fn deserialize<'de, T: Textual, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::parse(T::Form::deserialize(from)?).map_err(D::Error::custom)
}

impl Textual for Pubkey {
    type Form = String;

    fn form(&self) -> String {
        self.to_string()
    }

    fn parse(form: String) -> Result<Self, String> {
        form.parse().map_err(|_| format!("`{form}` is not a key"))
    }
}

impl Textual for [u8; 32] {
    type Form = String;

    fn form(&self) -> String {
        hex::encode(self)
    }

    fn parse(form: String) -> Result<Self, String> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(&form, &mut bytes)
            .map_err(|_| format!("`{form}` is not 32 bytes in hexadecimal"))?;
        Ok(bytes)
    }
}

/// A node's readable form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NodeForm {
    hash: String,
    sum: u64,
}

impl Textual for Node {
    type Form = NodeForm;

    fn form(&self) -> NodeForm {
        NodeForm {
            hash: self.hash.form(),
            sum: self.sum(),
        }
    }

    fn parse(form: NodeForm) -> Result<Self, String> {
        Ok(Self::new(Textual::parse(form.hash)?, form.sum))
    }
}

impl<T: Textual> Textual for Option<T> {
    type Form = Option<T::Form>;

    fn form(&self) -> Self::Form {
        self.as_ref().map(T::form)
    }

    fn parse(form: Self::Form) -> Result<Self, String> {
        form.map(T::parse).transpose()
    }
}

impl Textual for Vec<u8> {
    type Form = String;

    fn form(&self) -> String {
        hex::encode(self)
    }

    fn parse(form: String) -> Result<Self, String> {
        hex::decode(&form).map_err(|_| format!("`{form}` is not bytes in hexadecimal"))
    }
}

impl<T: Textual> Textual for Vec<T> {
    type Form = Vec<T::Form>;

    fn form(&self) -> Self::Form {
        self.iter().map(T::form).collect()
    }

    fn parse(form: Self::Form) -> Result<Self, String> {
        form.into_iter().map(T::parse).collect()
    }
}
