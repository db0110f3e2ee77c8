//! Node.js and the app's packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::debian;
use crate::steps::{output, step, target};

/// Names, versions and hashes, in the form pip reads.
const WANTED: &str = include_str!("../../app/node.txt");
/// The oldest that runs the app's tools, and its tests without a compiler: major and minor.
const OLDEST: (u32, u32) = (22, 18);
const FIX: &str = "cargo xtask app once more, with a way to the Python index";

/// A Node.js that is new enough, with its npm.
pub struct Node {
    /// Where `node` and `npm` are; none for those on PATH.
    programs: Option<PathBuf>,
}

impl Node {
    /// The machine's own when it is new enough, else the one of the wheels, installed below the target folder.
    ///
    /// # Errors
    /// Python has no `venv`, or the wheels can not be fetched or have another hash.
    pub fn ready() -> Result<Self> {
        if debian::on_path("npm").is_some() && version().is_some_and(|found| found >= OLDEST) {
            return Ok(Self { programs: None });
        }
        let folder = target().join("node");
        let programs = folder.join("bin");
        let installed = folder.join("installed.txt");
        let node = Self {
            programs: Some(programs.clone()),
        };
        if fs::read_to_string(&installed).is_ok_and(|text| text == WANTED) {
            return Ok(node);
        }
        debian::need(debian::CHECKERS)?;
        let list = folder.with_extension("txt");
        if let Some(parent) = list.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&list, WANTED).with_context(|| format!("cannot write {}", list.display()))?;
        step(
            "a place for Node.js",
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
            "cargo xtask app once more, with a python3 that has venv",
        )?;
        step(
            "fetching Node.js (once, 61 MB)",
            Command::new(programs.join("python"))
                .args(["-m", "pip", "install", "--quiet", "--no-deps"])
                .args(["--disable-pip-version-check", "--require-hashes"])
                .args(["--only-binary", ":all:", "--requirement"])
                .arg(&list),
            FIX,
        )?;
        fs::write(&installed, WANTED)
            .with_context(|| format!("cannot write {}", installed.display()))?;
        Ok(node)
    }

    /// `node`, in `folder`.
    pub fn run(&self, folder: &Path) -> Command {
        self.command("node", folder)
    }

    /// Installs exactly what the lock file names, unless that is there. No package's own script is run.
    ///
    /// # Errors
    /// They can not be fetched, or have another hash.
    pub fn packages(&self, folder: &Path) -> Result<()> {
        let lock = fs::read_to_string(folder.join("package-lock.json"))
            .context("app/package-lock.json can not be read")?;
        let installed = folder.join("node_modules/.cairn-lock");
        if fs::read_to_string(&installed).is_ok_and(|text| text == lock) {
            return Ok(());
        }
        step(
            "fetching the app's packages (once, 90 MB)",
            // `npm ci` gives up where a package names an optional one that no registry has; this reads the same lock file.
            self.command("npm", folder)
                .args(["install", "--no-save", "--ignore-scripts"]),
            "cargo xtask app once more, with a way to the npm registry",
        )?;
        fs::write(&installed, lock).with_context(|| format!("cannot write {}", installed.display()))
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = match &self.programs {
            None => Command::new(program),
            Some(programs) => {
                let mut command = Command::new(programs.join(program));
                // What npm and the tests start must be this Node.js, too.
                let path = std::env::var_os("PATH").unwrap_or_default();
                let all = [programs.clone()]
                    .into_iter()
                    .chain(std::env::split_paths(&path));
                if let Ok(path) = std::env::join_paths(all) {
                    command.env("PATH", path);
                }
                command
            }
        };
        command.current_dir(folder);
        command
    }
}

/// The version of the `node` on PATH, if there is one.
fn version() -> Option<(u32, u32)> {
    debian::on_path("node")?;
    let text = output(
        "asking Node.js for its version",
        Command::new("node").arg("--version"),
    );
    parse(&text.ok()?)
}

/// `v24.19.0`.
fn parse(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_node_prints_it() {
        assert_eq!(parse("v24.19.0\n"), Some((24, 19)));
        assert_eq!(parse("24.19.0"), None);
        assert!(parse("v20.20.2").unwrap() < OLDEST);
    }
}
