//! `cargo xtask sim`: builds the simulation of attackers, then hands over to it.

use anyhow::{Context, Result};
use clap::Args;

use crate::steps::built;

/// Attackers against the rules that ship, a search for better ones, and bench/SIM.md.
//
// No help of its own: what a person wants to know are the simulation's options, and only it knows them.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Sim {
    /// Passed on: --seed N, --quick and more; `cargo xtask sim --help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Sim {
    pub fn run(&self) -> Result<()> {
        let mut sim = built("building the simulation of attackers", "cairn-sim")?;
        let status = sim
            .args(&self.arguments)
            .status()
            .with_context(|| format!("{} can not be started", sim.get_program().display()))?;
        std::process::exit(status.code().unwrap_or(1));
    }
}
