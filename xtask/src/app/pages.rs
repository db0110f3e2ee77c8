//! The app's tests in Chromium: one month of the demonstration, kept running, and pages that people use.

use std::path::Path;

use anyhow::{Context, Result};

use super::checked_out;
use super::stamp::Stamp;
use crate::debian;
use crate::programs::BuildPrograms;
use crate::steps::{Profile, build, root, step, target};

/// All that a month is made of: pages show what programs, keepers and commands did.
const SOURCES: &[&str] = &[
    "app",
    "cli",
    "crates",
    "demo",
    "fixtures",
    "idl",
    "keeper",
    "programs",
    "rules",
    "wasm",
    "Cargo.lock",
];

/// Runs them, unless they passed with these very sources.
///
/// # Errors
/// As [`run`].
pub fn check(app: &Path) -> Result<()> {
    if Stamp::new("app-pages", SOURCES)?.is_fresh() {
        eprintln!("    the app's pages passed with these sources");
        return Ok(());
    }
    run(app, &target().join("pictures"))
}

/// Runs them, and lets them take pictures of the main pages.
///
/// # Errors
/// Chromium can not be had; a test fails.
pub fn run(app: &Path, pictures: &Path) -> Result<()> {
    let passed = Stamp::new("app-pages", SOURCES)?;
    BuildPrograms::default().run()?;
    let binaries = build(
        "building the demonstration and the command line",
        &["cairn-demo", "cairn"],
        Profile::Debug,
    )?;
    debian::need(debian::BROWSER)?;
    let chromium = debian::on_path("chromium").context("chromium is not on PATH")?;
    let folder = root().join("app");
    let node = checked_out(&folder)?;
    step(
        "the app's pages in Chromium (a month of the demonstration first: a minute and a half)",
        node.run(&folder)
            .args(["--test", "tests/pages/*.test.ts"])
            .env("CAIRN_APP_OUT", app)
            .env("CAIRN_BINARIES", &binaries)
            .env("CAIRN_CHROMIUM", chromium)
            .env("CAIRN_PICTURES", pictures),
        "cargo xtask app --pages",
    )?;
    passed.remember()
}
