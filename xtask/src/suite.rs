//! `cargo xtask test`: everything, in the order in which a failure is found soonest.

use anyhow::Result;
use clap::Args;

use crate::{
    app::App,
    bench::Bench,
    debian, demo,
    gate::{self, Clippy},
    idl::MakeIdl,
    programs::BuildPrograms,
    reproduce::Reproduce,
    steps::{cargo, step},
    vectors::Vectors,
};

/// Run every check and every test; CI runs exactly this.
#[derive(Args)]
pub struct Suite;

impl Suite {
    pub fn run(&self) -> Result<()> {
        gate::without_building()?;
        BuildPrograms::with_tests().run()?;
        Reproduce::smallest().run()?;
        App::tests().run()?;
        debian::need(debian::BUILD)?;
        // From here on our crates go through clippy, also where a check below builds them: nothing is compiled twice.
        Clippy.run()?;
        MakeIdl { check: true }.run()?;
        Vectors { check: true }.run()?;
        Bench::check().run()?;
        step(
            "tests",
            &mut cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]),
            "cargo test --locked --workspace",
        )?;
        demo::check()?;
        App::pages().run()
    }
}
