//! `cargo xtask lint`: what can be said about the code without building it.

use anyhow::Result;
use clap::Args;

use crate::gate;

/// The checks that need no build: form, the laws, lengths, the documents' places, spelling, dependencies, licences. Seconds; `clippy` is the rest.
#[derive(Args)]
pub struct Lint;

impl Lint {
    pub fn run(&self) -> Result<()> {
        gate::without_building()
    }
}
