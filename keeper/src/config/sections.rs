//! The sections of `keeper.toml`, with the defaults of the keys that may be left out.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};
use solana_sdk::pubkey::Pubkey;

use super::RpcUrl;
use crate::domain::anomaly::GrowthLimits;

/// `[chain]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainConfig {
    pub rpc_url: RpcUrl,
    /// The network's account in the device registry.
    #[serde(deserialize_with = "key")]
    pub network: Pubkey,
    /// The pool's account in the reward vault.
    #[serde(deserialize_with = "key")]
    pub pool: Pubkey,
    #[serde(default)]
    pub priority_fee_micro_lamports: u64,
}

/// `[keys]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeysConfig {
    /// Key file of this keeper, relative to the data folder.
    pub keeper: PathBuf,
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self {
            keeper: "keeper-keypair.json".into(),
        }
    }
}

/// `[schedule]`: what each keeper decides for itself. When epochs are stands in the ruleset.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleConfig {
    pub grace_secs: u32,
}

/// `[inputs]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InputsConfig {
    pub devices: PathBuf,
    pub anchors: PathBuf,
    /// Folder with `ruleset.toml` and `rules/`.
    pub ruleset: PathBuf,
    /// Where the epochs are that this keeper missed: folders or addresses, as in `[attest] source`.
    #[serde(deserialize_with = "one_or_several")]
    pub epochs: Vec<PathBuf>,
}

impl Default for InputsConfig {
    fn default() -> Self {
        Self {
            devices: "registry/devices.parquet".into(),
            anchors: "registry/anchors.parquet".into(),
            ruleset: "ruleset".into(),
            epochs: Vec::new(),
        }
    }
}

/// `[ingest]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IngestConfig {
    pub batch: u32,
    pub epochs_ahead: u32,
}

impl Default for IngestConfig {
    fn default() -> Self {
        Self {
            batch: 50_000,
            epochs_ahead: 8,
        }
    }
}

/// `[anomaly]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AnomalyConfig {
    pub max_tokens_percent: u32,
    pub max_members_percent: u32,
    /// How many epochs back the average looks; 0 switches the check off.
    pub epochs: u32,
}

impl Default for AnomalyConfig {
    fn default() -> Self {
        Self {
            max_tokens_percent: 300,
            max_members_percent: 300,
            epochs: 4,
        }
    }
}

impl AnomalyConfig {
    /// The limits in the form the domain computes with.
    #[must_use]
    pub const fn limits(&self) -> GrowthLimits {
        GrowthLimits {
            max_tokens_percent: self.max_tokens_percent,
            max_members_percent: self.max_members_percent,
        }
    }
}

/// `[attest]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttestConfig {
    /// Other keepers' published files: folders, or addresses that begin with http:// or https://.
    #[serde(deserialize_with = "one_or_several")]
    pub source: Vec<PathBuf>,
}

/// `[run]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunConfig {
    pub poll_secs: u32,
    pub poll_transaction_ms: u32,
}

impl Default for RunConfig {
    fn default() -> Self {
        Self {
            poll_secs: 10,
            poll_transaction_ms: 500,
        }
    }
}

/// A text, or a list of them.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Named {
        One(PathBuf),
        Several(Vec<PathBuf>),
    }
    let named = Named::deserialize(from)
        .map_err(|_| de::Error::custom("a folder or URL, or a list of them, was expected"))?;
    Ok(match named {
        Named::One(path) => vec![path],
        Named::Several(paths) => paths,
    })
}

fn key<'de, D: Deserializer<'de>>(from: D) -> Result<Pubkey, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| {
        de::Error::custom(format!(
            "\"{text}\" is not an address (32 bytes in base 58)"
        ))
    })
}
