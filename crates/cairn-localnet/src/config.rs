use std::{path::PathBuf, time::Duration};

/// When blocks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    /// One for each transaction, at once; the chain's clock stands still in between. Fast, for tests and the demo.
    OnDemand,
    /// One every so often; the chain's clock runs like the wall's. For trying things out by hand.
    Every(Duration),
}

/// What a local network is made of.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder with `reward_vault.so`, `airdrop.so` and `device_registry.so`.
    pub programs: PathBuf,
    /// The folder that keeps the keys between runs, and `localnet.json`, which says where everything is.
    pub state: PathBuf,
    /// The RPC port on 127.0.0.1; the next one carries WebSockets. `None` takes any free ones.
    pub port: Option<u16>,
    pub blocks: Blocks,
    /// Unix seconds that the chain's clock starts at; may lie in the past. `None` is now.
    pub start_at: Option<i64>,
    /// Names of the keys that get [`Config::lamports`] each. Read from the state folder, or made and written there.
    pub keys: Vec<String>,
    pub lamports: u64,
    /// Decimals of the mint.
    pub decimals: u8,
}

impl Config {
    /// Keys that every network has: `payer` creates the mint, `mint-authority` mints.
    pub const PAYER: &'static str = "payer";
    pub const MINT_AUTHORITY: &'static str = "mint-authority";

    /// What `cargo xtask localnet` starts, with its files in these folders.
    #[must_use]
    pub fn new(programs: impl Into<PathBuf>, state: impl Into<PathBuf>) -> Self {
        let names = [
            "admin",
            "guardian",
            "keeper-1",
            "keeper-2",
            "keeper-3",
            "alice",
            "bob",
            "hotspot-1",
            "hotspot-2",
        ];
        Self {
            programs: programs.into(),
            state: state.into(),
            port: None,
            blocks: Blocks::OnDemand,
            start_at: None,
            keys: names.map(String::from).to_vec(),
            lamports: 1_000_000_000_000,
            decimals: 6,
        }
    }
}
