//! `cargo xtask test`: everything, in the order in which a failure is found soonest.

use std::path::Path;
use std::process::Command;

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
    steps::{cargo, output, step},
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
        let mut tests = cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
        if let Some(folder) = memory() {
            tests.env("TMPDIR", folder);
        }
        step("tests", &mut tests, "cargo test --locked --workspace")?;
        demo::check()?;
        App::pages().run()
    }
}

/// A folder in memory with room for what tests write. Keepers sync every file that they answer for, so on a disk the tests are
/// mostly waiting for it.
fn memory() -> Option<&'static Path> {
    let folder = Path::new("/dev/shm");
    if !folder.is_dir() {
        return None;
    }
    let asked = output(
        "asking for memory to write to",
        Command::new("df")
            .args(["--output=avail", "--block-size=1M"])
            .arg(folder),
    );
    (available(&asked.ok()?)? >= SCRATCH_MIB).then_some(folder)
}

/// Several times what the tests have at once.
const SCRATCH_MIB: u64 = 4_096;

/// `df`'s one number, below its title.
fn available(printed: &str) -> Option<u64> {
    printed.lines().nth(1)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_read_as_df_prints_it() {
        assert_eq!(available("  Avail\n  23951\n"), Some(23_951));
        assert_eq!(available("df: /dev/shm: No such file or directory\n"), None);
    }
}
