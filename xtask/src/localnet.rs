//! `cargo xtask localnet`: a local network with the programs, a mint and funded keys.

use anyhow::{Context, Result};
use clap::Args;

use crate::{programs::BuildPrograms, steps::built};

/// Start a local network on loopback with the programs deployed, a mint and funded keys; stop it with Ctrl-C.
#[derive(Args)]
pub struct Localnet {
    /// Passed on; `cargo xtask localnet -- --help` lists what there is.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Localnet {
    pub fn run(&self) -> Result<()> {
        BuildPrograms::default().run()?;
        let mut network = built("building the local network", "cairn-localnet")?;
        let status = network
            .args(&self.arguments)
            .status()
            .with_context(|| format!("{} can not be started", network.get_program().display()))?;
        std::process::exit(status.code().unwrap_or(1));
    }
}
