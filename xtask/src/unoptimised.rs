//! `cargo xtask unoptimised`: the programs' suite on another code generation of the same source.
//!
//! What is deployed went through LLVM's passes, its backend's and the linker's optimiser. Built without them the programs must do
//! the same: what one of the three miscompiled shows wherever the suite looks.

use anyhow::{Result, bail};
use clap::Args;

use crate::programs::BuildPrograms;
use crate::steps::{cargo, root, step};

/// Units enough for the slowest build of the dearest transaction.
const COMPUTE_UNITS: &str = "1000000000";

/// Build the programs with every optimiser off and run their suite on them, but for what measures compute units.
#[derive(Args)]
pub struct Unoptimised;

impl Unoptimised {
    pub fn run(&self) -> Result<()> {
        if let Some(solana) = cairn_sbf::solana_toolchain() {
            bail!(
                "{} builds the programs here, and its optimisers can not be told to stay out; hint: take it off PATH",
                solana.display()
            );
        }
        BuildPrograms::without_optimisers().run()?;
        let mut suite = cargo(&[
            "test",
            "--locked",
            "--workspace",
            "--test",
            "svm",
            "--no-fail-fast",
            "--",
            "--skip",
            "cost::",
        ]);
        suite
            .env("CAIRN_DEPLOY_DIR", root().join("target/sbf/unoptimised"))
            .env("CAIRN_COMPUTE_UNITS", COMPUTE_UNITS);
        step(
            "the programs' suite without optimisers",
            &mut suite,
            "cargo xtask unoptimised",
        )
    }
}
