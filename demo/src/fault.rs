//! Why the demonstration stopped, in one sentence with a hint.

use cairn::error::CliError;
use cairn_client::ClientError;
use cairn_epoch::EpochError;
use cairn_keeper::KeeperError;
use cairn_localnet::LocalnetError;
use thiserror::Error;

use crate::input::InputError;

#[derive(Debug, Error)]
pub enum DemoError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Localnet(#[from] LocalnetError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Keeper(Box<KeeperError>),
    #[error(transparent)]
    Cli(#[from] CliError),
    #[error(transparent)]
    Epoch(#[from] EpochError),
    #[error("{what} {path}: {source}")]
    Io {
        what: &'static str,
        path: String,
        #[source]
        source: std::io::Error,
    },
    /// What the demonstration shows did not happen: a fault of Cairn, not of its user.
    #[error("{0}")]
    Unexpected(String),
}

/// Boxed: a keeper's errors are many times the size of the others, and every result here would carry that room.
impl From<KeeperError> for DemoError {
    fn from(error: KeeperError) -> Self {
        Self::Keeper(Box::new(error))
    }
}

impl DemoError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Input(error) => error.hint().to_owned(),
            Self::Localnet(error) => error.hint(),
            Self::Client(error) => error.hint(),
            Self::Keeper(error) => error.hint(),
            Self::Cli(error) => error
                .hint()
                .unwrap_or_else(|| "see `cairn --help`".to_owned()),
            Self::Epoch(error) => error.hint(),
            Self::Io { .. } => "check that the folder exists and belongs to this user".to_owned(),
            Self::Unexpected(_) => {
                "this is a fault in Cairn; please report it with the input folder and --seed"
                    .to_owned()
            }
        }
    }

    /// For `map_err` on a file operation.
    pub fn io(
        what: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |source| Self::Io { what, path, source }
    }
}
