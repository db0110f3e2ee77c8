//! The programs' published interface descriptions, and bytes as they describe them: tests that walk all accounts and all
//! events need no list of their own.

use cairn_interface::ids;
use reward_vault::constants::{EPOCH_VERSION, POOL_VERSION};
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;

/// One program's description, and where its accounts and events are told apart.
pub struct Idl {
    pub program: Pubkey,
    text: Value,
}

/// A field with the bytes it takes, and what it is made of when it is a record itself.
pub struct Field {
    pub name: String,
    kind: Value,
}

impl Idl {
    pub fn all() -> [Self; 3] {
        ["reward_vault", "airdrop", "device_registry"].map(|name| {
            let path = format!("{}/../../idl/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read(path).expect("a committed interface description");
            let text: Value = serde_json::from_slice(&text).expect("JSON");
            Self {
                program: string(&text["address"]).parse().expect("an address"),
                text,
            }
        })
    }

    /// Names and discriminators of its `"accounts"` or `"events"`.
    pub fn named(&self, what: &str) -> Vec<(String, Vec<u8>)> {
        let all = self.text[what].as_array().expect("a list").iter();
        all.map(|one| {
            let discriminator = one["discriminator"].as_array().expect("bytes").iter();
            let bytes = discriminator.map(|byte| u8::try_from(byte.as_u64().expect("a byte")));
            (
                string(&one["name"]).to_owned(),
                bytes.collect::<Result<_, _>>().expect("bytes"),
            )
        })
        .collect()
    }

    /// The fields of a type, in the order in which they stand in its bytes.
    pub fn fields(&self, name: &str) -> Vec<Field> {
        let all = self.text["types"].as_array().expect("types").iter();
        let found = all.clone().find(|kind| kind["name"] == name);
        let fields = found.expect(name)["type"]["fields"].as_array();
        let fields = fields.expect("a record").iter();
        fields
            .map(|field| Field {
                name: string(&field["name"]).to_owned(),
                kind: field["type"].clone(),
            })
            .collect()
    }

    pub fn size(&self, field: &Field) -> usize {
        let mut bytes = Vec::new();
        self.fill(&field.name, &field.kind, &mut 0, &mut bytes);
        bytes.len()
    }

    /// Bytes of a type in which no two fields hold the same, but those that say how the others are to be read.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut count = 0;
        for field in self.fields(name) {
            let from = bytes.len();
            self.fill(&field.name, &field.kind, &mut count, &mut bytes);
            if field.name == "version" {
                bytes[from] = self.layout(name);
            }
        }
        bytes
    }

    /// The layout in which an account is written today.
    fn layout(&self, account: &str) -> u8 {
        match (self.program, account) {
            (ids::REWARD_VAULT, "Pool") => POOL_VERSION,
            (ids::REWARD_VAULT, "Epoch") => EPOCH_VERSION,
            _ => 1,
        }
    }

    fn fill(&self, name: &str, kind: &Value, count: &mut u8, bytes: &mut Vec<u8>) {
        if let Some(defined) = kind["defined"]["name"].as_str() {
            for field in self.fields(defined) {
                self.fill(&field.name, &field.kind, count, bytes);
            }
            return;
        }
        if let Some(items) = kind["array"].as_array() {
            let length = items[1].as_u64().expect("a length");
            if items[0] == "u8" {
                *count += 1;
                let byte = match name {
                    "reserved" | "padding" => 0,
                    "did" | "status_list_uri" | "country" => b'U',
                    _ => *count,
                };
                bytes.extend((0..length).map(|_| byte));
            } else {
                // Long arrays repeat: there are more items than bytes to tell them apart.
                (0..length).for_each(|at| {
                    let mut count = count.wrapping_add(u8::try_from(at % 16).expect("small"));
                    self.fill(name, &items[0], &mut count, bytes);
                });
                *count += 16;
            }
            return;
        }
        *count += 1;
        let value = match name {
            "keeper_count" | "attester_count" | "did_len" | "status_list_uri_len" => 2,
            "version" | "status" | "registration" | "paused" | "active" | "restricted"
            | "ready" | "canopy_depth" | "state" => 1,
            "key_kind" => 0,
            _ => *count,
        };
        let width = match string(kind) {
            "pubkey" => {
                bytes.extend([value; 32]);
                return;
            }
            "u8" => 1,
            "u16" => 2,
            "u32" => 4,
            "u64" | "i64" => 8,
            other => panic!("{other} is not known here"),
        };
        bytes.push(value);
        bytes.extend((1..width).map(|_| 0));
    }
}

fn string(value: &Value) -> &str {
    value.as_str().expect("text")
}
