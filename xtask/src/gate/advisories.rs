//! `cargo xtask advisories`: known weaknesses of what Cairn is made of.

use anyhow::Result;
use clap::Args;

use super::tools::Tools;
use crate::steps::step;

/// Compare Cargo.lock with the RustSec database. Needs the network, and its answer changes from day to day: no part of `test`.
#[derive(Args)]
pub struct Advisories {
    /// Use the database that was fetched last time.
    #[arg(long)]
    offline: bool,
}

impl Advisories {
    pub fn run(&self) -> Result<()> {
        let tools = Tools::ready()?;
        let mut command = tools.run("cargo-deny");
        if self.offline {
            command.arg("--offline");
        }
        step(
            "advisories",
            command.args(["--locked", "check", "--hide-inclusion-graph", "advisories"]),
            "cargo update --package CRATE, or give deny.toml the exception, its reason and what ends it",
        )
    }
}
