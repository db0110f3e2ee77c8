//! Where settings come from: flags first, then the Solana CLI's own configuration file, then its defaults. Nothing is
//! written: `solana config set` stays the one place to change defaults.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

/// How far a block must have come before what it holds is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Commitment {
    Processed,
    Confirmed,
    Finalized,
}

impl From<Commitment> for cairn_client::CommitmentLevel {
    fn from(commitment: Commitment) -> Self {
        match commitment {
            Commitment::Processed => Self::Processed,
            Commitment::Confirmed => Self::Confirmed,
            Commitment::Finalized => Self::Finalized,
        }
    }
}

/// What a command needs to know before it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// JSON-RPC endpoint, as the Solana CLI takes it: a URL or a cluster's name.
    pub url: String,
    /// Where the signing key is: a file, `-`, `prompt:` or, with `--unsigned`, an address.
    pub keypair: String,
    pub commitment: Commitment,
}

/// What the flags said; `None` where they said nothing.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub config: Option<PathBuf>,
    pub url: Option<String>,
    pub keypair: Option<String>,
    pub commitment: Option<Commitment>,
}

/// The fields of the Solana CLI's file that matter here; it may hold others.
#[derive(Debug, Default, Deserialize)]
struct SolanaFile {
    json_rpc_url: Option<String>,
    keypair_path: Option<String>,
    commitment: Option<String>,
}

/// Why the settings could not be read.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("the configuration file {path} can not be read: {source}")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the configuration file {path} is not the Solana CLI's YAML: {reason}")]
    Malformed { path: PathBuf, reason: String },
    #[error("the configuration file names the commitment \"{0}\", which does not exist")]
    Commitment(String),
}

impl ConfigError {
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Unreadable { .. } => {
                "leave out --config (and CAIRN_CONFIG) to use the defaults, or name a file that exists".to_owned()
            }
            Self::Malformed { .. } => {
                "write it anew with `solana config set --url localhost`, or name another with --config".to_owned()
            }
            Self::Commitment(_) => "use processed, confirmed or finalized".to_owned(),
        }
    }
}

impl Settings {
    /// Flags over file over defaults. `home` is the person's home folder; without one only flags and defaults count.
    ///
    /// # Errors
    /// [`ConfigError`]; a default file that does not exist is no error, a named one is.
    pub fn resolve(wishes: &Wishes, home: Option<&Path>) -> Result<Self, ConfigError> {
        let file = read(wishes.config.as_deref(), home)?;
        let url = wishes.url.clone().or(file.json_rpc_url);
        let url = url.unwrap_or_else(|| "mainnet-beta".to_owned());
        let default_key = || {
            let key = Path::new(".config").join("solana").join("id.json");
            home.map_or_else(|| key.clone(), |home| home.join(&key))
                .display()
                .to_string()
        };
        let commitment = match (wishes.commitment, file.commitment.as_deref()) {
            (Some(wish), _) => wish,
            // The Solana CLI writes an empty string for its default.
            (None, None | Some("" | "confirmed")) => Commitment::Confirmed,
            (None, Some("processed")) => Commitment::Processed,
            (None, Some("finalized")) => Commitment::Finalized,
            (None, Some(other)) => return Err(ConfigError::Commitment(other.to_owned())),
        };
        Ok(Self {
            url,
            keypair: wishes
                .keypair
                .clone()
                .or_else(|| {
                    let written = file.keypair_path.as_deref()?;
                    Some(cairn_spelling::home::path(written, home))
                })
                .unwrap_or_else(default_key),
            commitment,
        })
    }
}

fn read(named: Option<&Path>, home: Option<&Path>) -> Result<SolanaFile, ConfigError> {
    let default = home.map(|home| home.join(".config/solana/cli/config.yml"));
    let Some(path) = named.map(Path::to_path_buf).or(default) else {
        return Ok(SolanaFile::default());
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(SolanaFile::default());
        }
        Err(source) => return Err(ConfigError::Unreadable { path, source }),
    };
    serde_yaml::from_str(&text).map_err(|reason| ConfigError::Malformed {
        path,
        reason: reason.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home_with(text: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".config/solana/cli");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.yml"), text).unwrap();
        home
    }

    #[test]
    fn flags_come_before_the_solana_file_and_that_before_the_defaults() {
        let home = home_with(
            "---\njson_rpc_url: http://127.0.0.1:8899\nwebsocket_url: ''\nkeypair_path: /keys/id.json\naddress_labels:\n  11111111111111111111111111111111: System Program\ncommitment: finalized\n",
        );
        let from_file = Settings::resolve(&Wishes::default(), Some(home.path())).unwrap();
        assert_eq!(from_file.url, "http://127.0.0.1:8899");
        assert_eq!(from_file.keypair, "/keys/id.json");
        assert_eq!(from_file.commitment, Commitment::Finalized);

        let wishes = Wishes {
            url: Some("devnet".to_owned()),
            keypair: Some("-".to_owned()),
            commitment: Some(Commitment::Processed),
            config: None,
        };
        let from_flags = Settings::resolve(&wishes, Some(home.path())).unwrap();
        assert_eq!(from_flags.url, "devnet");
        assert_eq!(from_flags.keypair, "-");
        assert_eq!(from_flags.commitment, Commitment::Processed);

        let empty = tempfile::tempdir().unwrap();
        let defaults = Settings::resolve(&Wishes::default(), Some(empty.path())).unwrap();
        assert_eq!(defaults.url, "mainnet-beta");
        assert!(defaults.keypair.ends_with(".config/solana/id.json"));
        assert_eq!(defaults.commitment, Commitment::Confirmed);
    }

    #[test]
    fn a_broken_file_is_an_error_and_a_missing_default_is_not() {
        let home = home_with("json_rpc_url: [1, 2\n");
        assert!(matches!(
            Settings::resolve(&Wishes::default(), Some(home.path())),
            Err(ConfigError::Malformed { .. })
        ));
        let home = home_with("commitment: soon\n");
        assert!(matches!(
            Settings::resolve(&Wishes::default(), Some(home.path())),
            Err(ConfigError::Commitment(_))
        ));
        let named = Wishes {
            config: Some(home.path().join("none.yml")),
            ..Wishes::default()
        };
        assert!(matches!(
            Settings::resolve(&named, Some(home.path())),
            Err(ConfigError::Unreadable { .. })
        ));
    }
}
