//! `cargo xtask clippy`: our crates through clippy and rustdoc, which is also how `cargo xtask test` builds them.

use anyhow::Result;
use clap::Args;

use super::compiler;
use crate::steps::{cargo, step};

/// Build everything through clippy and rustdoc; whatever they report is refused.
#[derive(Args)]
pub struct Clippy;

impl Clippy {
    pub fn run(&self) -> Result<()> {
        compiler::choose()?;
        step(
            "building everything, through clippy and rustdoc",
            &mut cargo(&["build", "--locked", "--workspace", "--all-targets"]),
            "cargo xtask clippy (what stands above it is to be mended)",
        )
    }
}
