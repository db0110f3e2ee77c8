//! `cargo xtask demo`: builds what it needs, then hands over to the demonstration.

use std::fs;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{
    app::App,
    programs::BuildPrograms,
    steps::{built, target},
};

/// One network's month, from signed proofs to paid claims and an audit, on an embedded local network.
//
// No help of its own: what a person wants to know are the demonstration's options, and only it knows them.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Demo {
    /// Passed on: --input DIR, --json, --keep and more; `cargo xtask demo --help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Demo {
    pub fn run(&self) -> Result<()> {
        if !self.asks_for_help() {
            BuildPrograms::default().run()?;
        }
        let mut demo = built(
            "building keeper, client and local network (the first time compiles 1,000 crates: ten minutes on two cores)",
            "cairn-demo",
        )?;
        if self.is_kept() {
            match App::default().build() {
                Ok(folder) => {
                    demo.arg("--app").arg(folder);
                }
                // A month without its pages is still a month: whoever is offline sees it run.
                Err(error) => eprintln!("the web app is left out: {error:#}"),
            }
        }
        // The demonstration takes over the terminal, so that an interrupt reaches it and its exit code is ours.
        let status = demo
            .args(&self.arguments)
            .status()
            .with_context(|| format!("{} can not be started", demo.get_program().display()))?;
        std::process::exit(status.code().unwrap_or(1));
    }

    /// Whether the month is looked at afterwards, and nobody named an app to do it with.
    fn is_kept(&self) -> bool {
        let has = |name: &str| self.arguments.iter().any(|argument| argument == name);
        has("--keep") && !has("--app") && !self.asks_for_help()
    }

    /// Help needs the demonstration, but none of the programs that it would run.
    fn asks_for_help(&self) -> bool {
        let asks = |argument: &String| matches!(argument.as_str(), "--help" | "-h" | "--version");
        self.arguments.iter().any(asks)
    }
}

/// Plays the month once, in a folder of its own so that a person's stays as it is, and says what happened only where it failed.
///
/// # Errors
/// A month that does not come out as it must.
pub fn check() -> Result<()> {
    let name = "the demonstration's month (a minute)";
    let mut demo = built("building the demonstration", "cairn-demo")?;
    let state = target().join("gate").join("demo");
    eprintln!("==> {name}");
    let start = Instant::now();
    let played = demo
        .arg("--json")
        .arg("--state")
        .arg(&state)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} can not be started", demo.get_program().display()))?;
    if !played.status.success() {
        eprint!("{}", String::from_utf8_lossy(&played.stderr));
        bail!("{name} failed; run: cargo xtask demo");
    }
    let _ = fs::remove_dir_all(&state);
    eprintln!("    {name}: done in {} s", start.elapsed().as_secs());
    Ok(())
}
