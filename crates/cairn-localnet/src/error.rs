use std::{io, path::PathBuf};

use cairn_client::ClientError;
use thiserror::Error;

/// Why the local network could not start or do what it was asked.
#[derive(Debug, Error)]
pub enum LocalnetError {
    #[error("{path} is missing: the program is not built")]
    ProgramMissing { path: PathBuf },
    #[error("{path} is not a program: it does not start like an ELF file")]
    NotAProgram { path: PathBuf },
    #[error("can not read or write {path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is not a Solana key file: {reason}")]
    KeyFile { path: PathBuf, reason: String },
    #[error("port {port} on 127.0.0.1 can not be taken: {source}")]
    Port { port: u16, source: io::Error },
    #[error("the local network did not start: {reason}")]
    Start { reason: String },
    #[error("the local network stopped answering: {reason}")]
    Stopped { reason: String },
    #[error("time moves forward only: it is {now} on chain, {target} was asked for")]
    Past { now: i64, target: i64 },
    #[error("no key is called `{name}`")]
    NoKey { name: String },
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl LocalnetError {
    /// One sentence on what to do next.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::ProgramMissing { .. } | Self::NotAProgram { .. } => {
                "run `cargo xtask build-programs`, or name the folder of the .so files with --programs".into()
            }
            Self::File { .. } => "check that the folder exists and may be written".into(),
            Self::KeyFile { path, .. } => format!(
                "remove {} and start again: a new key is made (its old tokens lived in memory only)",
                path.display()
            ),
            Self::Port { .. } => {
                "another local network may be running: stop it, or choose another port with --port".into()
            }
            Self::Start { .. } | Self::Stopped { .. } => "start it again; RUST_LOG=info says more".into(),
            Self::Past { .. } => "give a later time, or start a new network with --start-at".into(),
            Self::NoKey { .. } => "name the key in the configuration".into(),
            Self::Client(error) => error.hint(),
        }
    }
}
