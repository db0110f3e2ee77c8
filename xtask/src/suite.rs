//! `cargo xtask test`: everything, in the order in which a failure is found soonest.

use anyhow::Result;
use clap::Args;

use crate::{
    bench::Bench,
    debian,
    dependencies::Deps,
    idl::MakeIdl,
    lint::formatting,
    programs::BuildPrograms,
    steps::{cargo, step},
    vectors::Vectors,
};

/// Run every check and every test; CI runs exactly this.
#[derive(Args)]
pub struct Suite;

impl Suite {
    pub fn run(&self) -> Result<()> {
        formatting()?;
        Deps.run()?;
        BuildPrograms::with_tests().run()?;
        debian::need(debian::BUILD)?;
        step(
            "building everything (the first time compiles 1,200 crates: 27 minutes on two cores)",
            &mut cargo(&["build", "--locked", "--workspace", "--all-targets"]),
            "cargo build --locked --workspace --all-targets",
        )?;
        MakeIdl { check: true }.run()?;
        Vectors { check: true }.run()?;
        Bench::check().run()?;
        step(
            "tests",
            &mut cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]),
            "cargo test --locked --workspace",
        )
    }
}
