//! `cargo xtask bench`: what the programs cost, measured and compared with what is promised.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{
    programs::BuildPrograms,
    steps::{built, root, step},
};

/// Measure the built programs and write bench/REPORT.md, bench/report.json and README.md's table, or check them.
#[derive(Args)]
pub struct Bench {
    /// What to measure.
    what: What,
    /// Change nothing; fail when a limit is exceeded or the committed report is more than 2 % away.
    #[arg(long)]
    pub check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Compute units, transaction bytes, rent and program size, beside other distributors' designs.
    Cu,
}

impl Bench {
    /// The check that belongs to the tests.
    pub const fn check() -> Self {
        Self {
            what: What::Cu,
            check: true,
        }
    }

    pub fn run(&self) -> Result<()> {
        // The committed report is about what this repository's own driver builds.
        if self.check
            && let Some(solana) = cairn_sbf::solana_toolchain()
        {
            eprintln!(
                "compute units, rent and sizes are not compared: {} builds the programs here",
                solana.display()
            );
            return Ok(());
        }
        BuildPrograms::with_peers().run()?;
        let What::Cu = self.what;
        let mut bench = built("building the measurements", "cairn-bench")?;
        bench.arg("cu").current_dir(root());
        if self.check {
            bench.arg("--check");
        }
        step(
            "compute units, rent and sizes",
            &mut bench,
            "cargo xtask bench cu",
        )
    }
}
