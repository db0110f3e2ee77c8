//! Values of a proof's body as a case writes them. A text stands for what it says, but for these:
//!
//! - `@name`: the key that is called so, in hex
//! - `#text`: SHA-256 of the text, in hex
//! - `scan one, two`: a scan of up to five access points that are called so
//! - `at`, `hour`, `lat`, `lon`, each with + or − a number: the moment in milliseconds, its hour since 1970, the subject's place

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::world::{HOUR, World, key};

/// What texts are made of.
pub struct Around<'a> {
    pub at_ms: i64,
    pub place: (i32, i32),
    /// Names that stand for other names.
    pub aliases: &'a BTreeMap<String, String>,
}

impl Around<'_> {
    pub fn name<'b>(&'b self, name: &'b str) -> &'b str {
        self.aliases.get(name).map_or(name, String::as_str)
    }

    /// The body's table as JSON.
    pub fn json(&self, table: &toml::Table) -> serde_json::Value {
        let members = table.iter();
        members
            .map(|(name, value)| (name.clone(), self.value(value)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn value(&self, value: &toml::Value) -> serde_json::Value {
        match value {
            toml::Value::String(text) => self.text(text),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Boolean(truth) => (*truth).into(),
            toml::Value::Table(table) => self.json(table),
            toml::Value::Array(rows) => {
                serde_json::Value::Array(rows.iter().map(|row| self.value(row)).collect())
            }
            other => panic!("{other} is no value of a body"),
        }
    }

    fn text(&self, text: &str) -> serde_json::Value {
        if let Some(name) = text.strip_prefix('@') {
            return hex::encode(key(self.name(name))).into();
        }
        if let Some(hashed) = text.strip_prefix('#') {
            return hex::encode(Sha256::digest(hashed)).into();
        }
        if let Some(seen) = text.strip_prefix("scan ") {
            let scan = World::scan(seen.split(", "));
            return scan.iter().map(hex::encode).collect();
        }
        let bases = [
            ("at", self.at_ms),
            ("hour", self.at_ms / HOUR),
            ("lat", self.place.0.into()),
            ("lon", self.place.1.into()),
        ];
        let sum = bases.iter().find_map(|(name, base)| {
            let rest = text.strip_prefix(name)?;
            let more: i64 = if rest.is_empty() {
                0
            } else {
                rest.parse().ok()?
            };
            Some(base + more)
        });
        sum.map_or_else(|| text.into(), Into::into)
    }
}
