//! `keeper.toml`: one struct, read once, checked before anything starts.

mod places;
mod rpc_url;
mod sections;
mod template;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub(crate) use places::places_at;
pub use rpc_url::RpcUrl;
pub use sections::{
    AnomalyConfig, AttestConfig, ChainConfig, IngestConfig, InputsConfig, KeysConfig, RunConfig,
    ScheduleConfig,
};
pub(crate) use template::Template;

use crate::store::folder::DataFolder;

/// Why the configuration can not be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{} is no keeper's folder: keeper.toml is missing", path.display())]
    NotAKeeper { path: PathBuf },
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
            Self::NotAKeeper { path } => format!(
                "name the keeper's folder with --data or CAIRN_KEEPER_DATA, or create one with `cairn-keeper init {}`",
                path.display()
            ),
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
    #[serde(default)]
    pub schedule: ScheduleConfig,
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

impl Config {
    /// Reads and checks the configuration of a keeper's folder.
    ///
    /// # Errors
    /// [`ConfigError`]: no keeper's folder; file, line and key of what is wrong.
    pub(crate) fn of_folder(folder: &DataFolder) -> Result<Self, ConfigError> {
        if !folder.config().is_file() {
            let path = folder.root().to_owned();
            return Err(ConfigError::NotAKeeper { path });
        }
        Self::read(&folder.config())
    }

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
        let config = Self::parse(&text).map_err(|problem| ConfigError::Invalid {
            path: path.to_owned(),
            problem,
        })?;
        Ok(config.at_home(std::env::home_dir().as_deref()))
    }

    /// With the home folder in place of `~`, which no shell has put in here.
    fn at_home(mut self, home: Option<&Path>) -> Self {
        let paths = [
            &mut self.keys.keeper,
            &mut self.inputs.devices,
            &mut self.inputs.anchors,
            &mut self.inputs.ruleset,
        ];
        let peers = self.attest.source.iter_mut().chain(&mut self.inputs.epochs);
        for path in paths.into_iter().chain(peers) {
            if let Some(text) = path.to_str() {
                *path = cairn_spelling::home::path(text, home).into();
            }
        }
        self
    }

    /// Every place where other keepers publish, each once.
    pub(crate) fn peers(&self) -> Vec<PathBuf> {
        let mut places: Vec<PathBuf> = Vec::new();
        for place in self.attest.source.iter().chain(&self.inputs.epochs) {
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
        places
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
        for (key, places) in [
            ("[attest] source", &self.attest.source),
            ("[inputs] epochs", &self.inputs.epochs),
        ] {
            places_at(places, Path::new(""))
                .map_err(|fault| format!("{key}: {fault}; {}", fault.hint()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use solana_sdk::pubkey::Pubkey;

    use super::*;

    fn template() -> String {
        Template {
            rpc_url: "https://node.example/v1?api-key=SECRET",
            network: &Pubkey::new_from_array([1; 32]),
            pool: &Pubkey::new_from_array([2; 32]),
            keypair: Path::new("keeper-keypair.json"),
            grace_secs: 3_600,
        }
        .render()
    }

    #[test]
    fn the_template_is_a_valid_configuration_with_the_documented_defaults() {
        let config = Config::parse(&template()).unwrap();
        assert_eq!(config.schedule.grace_secs, 3_600);
        assert_eq!(config.inputs.ruleset, InputsConfig::default().ruleset);
        let defaults = (IngestConfig::default(), AnomalyConfig::default());
        assert_eq!(config.ingest.batch, defaults.0.batch);
        assert_eq!(config.ingest.epochs_ahead, defaults.0.epochs_ahead);
        assert_eq!(config.anomaly.limits(), defaults.1.limits());
        assert_eq!(config.inputs.devices, InputsConfig::default().devices);
        assert_eq!(config.run.poll_secs, RunConfig::default().poll_secs);
    }

    #[test]
    fn a_tilde_in_a_path_is_the_home_folder() {
        let text = template().replace("keeper-keypair.json", "~/keys/keeper.json");
        let config = Config::parse(&text).unwrap();
        let config = config.at_home(Some(Path::new("/home/ada")));
        assert_eq!(config.keys.keeper, Path::new("/home/ada/keys/keeper.json"));
        assert_eq!(config.inputs.ruleset, InputsConfig::default().ruleset);
    }

    #[test]
    fn places_of_others_are_one_or_several_and_a_scheme_that_nobody_speaks_is_refused() {
        let with = |line: &str| {
            template()
                .replace("# source = ", "# ")
                .replace("[attest]", &format!("[attest]\n{line}"))
        };
        for (line, count) in [
            ("source = \"/srv/other\"", 1),
            (
                "source = [\"/srv/other\", \"https://files.example/epochs\"]",
                2,
            ),
            ("source = []", 0),
        ] {
            let config = Config::parse(&with(line)).unwrap();
            assert_eq!(config.attest.source.len(), count, "{line}");
            assert_eq!(config.peers().len(), count, "{line}");
        }
        for (line, named) in [
            (
                "source = \"ftp://ada:SECRET@files.example\"",
                "[attest] source",
            ),
            ("source = 3", "a list of them"),
        ] {
            let problem = Config::parse(&with(line)).unwrap_err();
            assert!(
                problem.contains(named) && !problem.contains("SECRET"),
                "{problem}"
            );
        }
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
            ("grace_secs = 3600", "grace_secs = -1", "line "),
            // What decides pay stands in the ruleset, where all keepers see it; here it would be one keeper's word.
            (
                "grace_secs = 3600",
                "grace_secs = 3600\nepoch_hours = 168",
                "epoch_hours",
            ),
            ("batch = 50000", "batch = 0", "[ingest] batch"),
            (
                "max_tokens_percent = 300",
                "max_tokens_percent = 99",
                "anomaly",
            ),
            ("https://node.example", "node.example", "rpc_url"),
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
