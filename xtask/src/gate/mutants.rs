//! `cargo xtask mutants`: whether a test notices when money code is changed.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::steps::{cargo, root, step, target};

const VERSION: &str = "27.1.0";

/// Packages whose changed lines `.cargo/mutants.toml` chooses, quickest first.
const PACKAGES: [&str; 7] = [
    "cairn-merkle",
    "cairn-tree",
    "cairn-onchain",
    "airdrop",
    "reward-vault",
    "device-registry",
    "cairn-epoch",
];

/// Change money code in every small way, one at a time, and see whether a test fails. Minutes a package; not part of `test`.
#[derive(Args)]
pub struct Mutants {
    /// Only this package: cairn-merkle, cairn-tree, cairn-onchain, airdrop, reward-vault, device-registry or cairn-epoch.
    package: Option<String>,
    /// Passed on to cargo-mutants, for instance `--list`.
    #[arg(last = true)]
    arguments: Vec<String>,
}

impl Mutants {
    pub fn run(&self) -> Result<()> {
        let packages: Vec<&str> = match self.package.as_deref() {
            None => PACKAGES.to_vec(),
            Some(asked) if PACKAGES.contains(&asked) => vec![asked],
            Some(unknown) => bail!(
                "{unknown} moves no money; hint: there are {}",
                PACKAGES.join(", ")
            ),
        };
        let tools = target().join("gate").join("mutants");
        step(
            "cargo-mutants (compiled once, two minutes)",
            cargo(&[
                "install",
                "--quiet",
                "--locked",
                "cargo-mutants",
                "--version",
                VERSION,
            ])
            .arg("--root")
            .arg(&tools),
            "cargo xtask mutants once more, with a way to crates.io",
        )?;
        for package in packages {
            let mut command = Command::new(tools.join("bin").join("cargo-mutants"));
            command
                .current_dir(root())
                .args(["mutants", "--package", package, "--output"])
                .arg(tools.join(package))
                .args(&self.arguments);
            step(
                &format!("mutants of {package}"),
                &mut command,
                "a test that fails on each mutant named above, or its name and the reason in .cargo/mutants.toml",
            )?;
        }
        Ok(())
    }
}
