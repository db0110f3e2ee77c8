use std::path::PathBuf;

/// Why a simulation came to no end.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    #[error(transparent)]
    Epoch(#[from] cairn_epoch::EpochError),
    #[error(transparent)]
    Rules(#[from] cairn_rules::RulesError),
    #[error("{path}: {source}")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("fixtures/data: {0}")]
    Places(#[from] csv::Error),
    #[error("fixtures/data: {0}")]
    Place(&'static str),
    #[error("prices.toml: {0}")]
    Prices(String),
    #[error("the rule to switch off is not there: {0}")]
    Variant(String),
    #[error(
        "not an attacker: {0}; hint: name = number, as bench/SIM.md lists the names and their bounds"
    )]
    Attacker(String),
    #[error("{towns} towns are too many: there are {room}")]
    Room { towns: usize, room: usize },
    #[error("nobody honest earned anything in the pot {0}, so nothing can be compared with it")]
    NoControl(&'static str),
}
