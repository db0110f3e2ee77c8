//! `cargo xtask lint`: the form of the code, and what clippy has against it.

use anyhow::Result;
use clap::Args;

use crate::steps::{cargo, step};

/// Formatting and clippy over everything. Not part of `test`: clippy checks every dependency once more.
#[derive(Args)]
pub struct Lint;

/// The first step of every check.
pub fn formatting() -> Result<()> {
    step(
        "formatting",
        &mut cargo(&["fmt", "--all", "--check"]),
        "cargo fmt --all",
    )
}

impl Lint {
    pub fn run(&self) -> Result<()> {
        formatting()?;
        step(
            "clippy",
            &mut cargo(&[
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
            "cargo xtask lint",
        )
    }
}
