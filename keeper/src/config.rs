//! `keeper.toml`: one struct, read once, checked before anything starts.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};
use solana_sdk::pubkey::Pubkey;

use crate::domain::anomaly::GrowthLimits;
use crate::domain::schedule::Schedule;

/// Why the configuration can not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{} is missing", path.display())]
    Missing { path: PathBuf },
    #[error("{} can not be read: {source}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {problem}", path.display())]
    Invalid { path: PathBuf, problem: String },
}

impl ConfigError {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { path } => format!(
                "`cairn-keeper init {}` creates it",
                path.parent().unwrap_or(Path::new(".")).display()
            ),
            Self::Read { .. } => "check that the file belongs to this user".to_owned(),
            Self::Invalid { .. } => {
                "correct the file; `cairn-keeper init` in an empty folder writes one with every key explained".to_owned()
            }
        }
    }
}

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub chain: ChainConfig,
    #[serde(default)]
    pub keys: KeysConfig,
    pub schedule: ScheduleConfig,
    pub emission: EmissionConfig,
    #[serde(default)]
    pub inputs: InputsConfig,
    #[serde(default)]
    pub ingest: IngestConfig,
    #[serde(default)]
    pub anomaly: AnomalyConfig,
    #[serde(default)]
    pub attest: AttestConfig,
    #[serde(default)]
    pub run: RunConfig,
}

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

/// `[schedule]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleConfig {
    /// Unix seconds of epoch 1's start, a full hour; written as RFC 3339 in the file.
    #[serde(deserialize_with = "instant")]
    pub first_epoch_start: i64,
    /// Length of an epoch.
    pub epoch_hours: u32,
    #[serde(default)]
    pub grace_secs: u32,
}

impl ScheduleConfig {
    /// The calendar in the form the domain computes with.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        Schedule {
            first_start: self.first_epoch_start,
            period_secs: self.epoch_hours.saturating_mul(3_600),
            grace_secs: self.grace_secs,
        }
    }
}

/// `[emission]`
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmissionConfig {
    /// Base units of the token.
    pub tokens_per_epoch: u64,
}

/// `[inputs]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InputsConfig {
    pub devices: PathBuf,
    pub streams: PathBuf,
    pub anchors: PathBuf,
    /// Folder with `ruleset.toml` and `rules/`; `None` is the ruleset in this binary.
    pub ruleset: Option<PathBuf>,
}

impl Default for InputsConfig {
    fn default() -> Self {
        Self {
            devices: "registry/devices.parquet".into(),
            streams: "registry/streams.parquet".into(),
            anchors: "registry/anchors.parquet".into(),
            ruleset: None,
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
    /// Another keeper's published files.
    pub source: Option<PathBuf>,
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

/// An RPC address. Providers put access keys into path and query, so neither is ever shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RpcUrl(String);

impl RpcUrl {
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole address, for the connection alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RpcUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // A password may stand before the host.
        let host = authority.rsplit('@').next().unwrap_or_default();
        write!(f, "{scheme}://{host}")?;
        if rest.len() > authority.len().saturating_add(1) || host.len() < authority.len() {
            f.write_str(" (rest hidden)")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RpcUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`] naming file, line and key.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ConfigError::Missing {
                path: path.to_owned(),
            },
            _ => ConfigError::Read {
                path: path.to_owned(),
                source,
            },
        })?;
        Self::parse(&text).map_err(|problem| ConfigError::Invalid {
            path: path.to_owned(),
            problem,
        })
    }

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| {
            // The library's own rendering quotes the line, and a quoted rpc_url would show its key.
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count().saturating_add(1));
            let message = error.message().trim().replace('\n', ", ");
            line.map_or_else(|| message.clone(), |line| format!("line {line}: {message}"))
        })?;
        config.check()?;
        Ok(config)
    }

    /// Checks what types alone can not say. [`Config::read`] has done so; who builds one by hand calls it.
    ///
    /// # Errors
    /// The first key that is out of range, in words.
    pub fn check(&self) -> Result<(), String> {
        let hours = self.schedule.epoch_hours;
        if hours == 0 || hours > 8_784 {
            return Err(format!(
                "[schedule] epoch_hours is {hours}; it must be 1 to 8784 (a year)"
            ));
        }
        // Half an hour in each of two epochs would be paid twice.
        if self.schedule.first_epoch_start < 0 || self.schedule.first_epoch_start % 3_600 != 0 {
            return Err("[schedule] first_epoch_start must be a full hour since 1970".to_owned());
        }
        let batch = self.ingest.batch;
        if batch == 0 || batch > 1_000_000 {
            return Err(format!(
                "[ingest] batch is {batch}; it must be 1 to 1000000"
            ));
        }
        if self.ingest.epochs_ahead > 1_000 {
            return Err("[ingest] epochs_ahead must be at most 1000".to_owned());
        }
        if self.anomaly.epochs > 100 {
            return Err("[anomaly] epochs must be at most 100".to_owned());
        }
        let percents = [
            self.anomaly.max_tokens_percent,
            self.anomaly.max_members_percent,
        ];
        if percents.iter().any(|percent| *percent < 100) {
            return Err(
                "[anomaly] percentages below 100 would refuse an epoch like the ones before"
                    .to_owned(),
            );
        }
        if self.run.poll_secs == 0 {
            return Err("[run] poll_secs must be at least 1".to_owned());
        }
        let url = self.chain.rpc_url.reveal();
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err("[chain] rpc_url must start with http:// or https://".to_owned());
        }
        Ok(())
    }
}

fn key<'de, D: Deserializer<'de>>(from: D) -> Result<Pubkey, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|_| {
        de::Error::custom(format!(
            "\"{text}\" is not an address (32 bytes in base 58)"
        ))
    })
}

fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    let instant: jiff::Timestamp = text.parse().map_err(|_| {
        de::Error::custom(format!(
            "\"{text}\" is not an instant like 2026-01-05T00:00:00Z"
        ))
    })?;
    Ok(instant.as_second())
}

/// The values `init` fills into the template.
pub(crate) struct Template<'a> {
    pub rpc_url: &'a str,
    pub network: &'a Pubkey,
    pub pool: &'a Pubkey,
    pub keypair: &'a Path,
    pub first_epoch_start: &'a str,
    pub epoch_hours: u32,
    pub grace_secs: u32,
    pub tokens_per_epoch: u64,
}

impl Template<'_> {
    /// The documented file with these values.
    pub(crate) fn render(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        include_str!("keeper.toml.txt")
            .replace("{rpc_url}", &quoted(self.rpc_url))
            .replace("{network}", &quoted(&self.network.to_string()))
            .replace("{pool}", &quoted(&self.pool.to_string()))
            .replace("{keypair}", &quoted(&self.keypair.to_string_lossy()))
            .replace("{first_epoch_start}", &quoted(self.first_epoch_start))
            .replace("{epoch_hours}", &self.epoch_hours.to_string())
            .replace("{grace_secs}", &self.grace_secs.to_string())
            .replace("{tokens_per_epoch}", &self.tokens_per_epoch.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> String {
        Template {
            rpc_url: "https://node.example/v1?api-key=SECRET",
            network: &Pubkey::new_from_array([1; 32]),
            pool: &Pubkey::new_from_array([2; 32]),
            keypair: Path::new("keeper-keypair.json"),
            first_epoch_start: "2026-01-05T00:00:00Z",
            epoch_hours: 168,
            grace_secs: 3_600,
            tokens_per_epoch: 1_000_000,
        }
        .render()
    }

    #[test]
    fn the_template_is_a_valid_configuration_with_the_documented_defaults() {
        let config = Config::parse(&template()).unwrap();
        assert_eq!(config.schedule.first_epoch_start, 1_767_571_200);
        assert_eq!(config.schedule.schedule().period_secs, 604_800);
        assert_eq!(config.emission.tokens_per_epoch, 1_000_000);
        let defaults = (IngestConfig::default(), AnomalyConfig::default());
        assert_eq!(config.ingest.batch, defaults.0.batch);
        assert_eq!(config.ingest.epochs_ahead, defaults.0.epochs_ahead);
        assert_eq!(config.anomaly.limits(), defaults.1.limits());
        assert_eq!(config.inputs.devices, InputsConfig::default().devices);
        assert_eq!(config.run.poll_secs, RunConfig::default().poll_secs);
    }

    #[test]
    fn unknown_keys_and_sections_are_refused_with_their_line() {
        let text = template().replace("[run]", "[run]\npoll_minutes = 3");
        let problem = Config::parse(&text).unwrap_err();
        assert!(
            problem.starts_with("line ") && problem.contains("poll_minutes"),
            "{problem}"
        );
        let text = format!("{}\n[telemetry]\non = true\n", template());
        assert!(Config::parse(&text).unwrap_err().contains("telemetry"));
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for (from, to, named) in [
            ("epoch_hours = 168", "epoch_hours = 0", "epoch_hours"),
            (
                "2026-01-05T00:00:00Z",
                "2026-01-05T00:30:00Z",
                "first_epoch_start",
            ),
            ("2026-01-05T00:00:00Z", "yesterday", "yesterday"),
            ("batch = 50000", "batch = 0", "[ingest] batch"),
            (
                "max_tokens_percent = 300",
                "max_tokens_percent = 99",
                "anomaly",
            ),
            ("https://node.example", "node.example", "rpc_url"),
            (
                "tokens_per_epoch = 1000000",
                "tokens_per_epoch = -1",
                "line ",
            ),
            (
                "tokens_per_epoch = 1000000",
                "tokens_per_epoch = 1.5",
                "line ",
            ),
        ] {
            let problem = Config::parse(&template().replace(from, to)).unwrap_err();
            assert!(problem.contains(named), "{from} → {to}: {problem}");
        }
    }

    #[test]
    fn no_message_and_no_debug_print_shows_the_key_inside_an_rpc_address() {
        let config = Config::parse(&template()).unwrap();
        let shown = format!("{config:?}");
        assert!(
            shown.contains("https://node.example (rest hidden)") && !shown.contains("SECRET"),
            "{shown}"
        );
        let broken = template().replace("api-key=SECRET\"", "api-key=SECRET");
        assert!(!Config::parse(&broken).unwrap_err().contains("SECRET"));
        let url = RpcUrl::new("http://user:pw@10.0.0.1:8899");
        assert_eq!(url.to_string(), "http://10.0.0.1:8899 (rest hidden)");
        assert_eq!(
            RpcUrl::new("http://127.0.0.1:8899/").to_string(),
            "http://127.0.0.1:8899"
        );
    }
}
