//! `cargo xtask vectors`: the golden vectors in fixtures/vectors.

use anyhow::Result;
use clap::Args;

use crate::steps::{cargo, step};

/// Write fixtures/vectors from the code that the conformance test shares, or check that they are up to date.
#[derive(Args)]
pub struct Vectors {
    /// Change nothing; fail when a file differs.
    #[arg(long)]
    pub check: bool,
}

impl Vectors {
    pub fn run(&self) -> Result<()> {
        let mut args = vec![
            "run",
            "--quiet",
            "--locked",
            "--package",
            "cairn-tests",
            "--bin",
            "cairn-vectors",
            "--",
        ];
        if self.check {
            args.push("--check");
        }
        args.push("fixtures/vectors");
        step("golden vectors", &mut cargo(&args), "cargo xtask vectors")
    }
}
