//! What a fresh Debian 12 lacks: packages, why each is needed, what shows that it is there, and their installation. Nothing else
//! calls apt.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stderr,
    reason = "a person at a terminal is told what is installed, and why"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "looks along PATH, and starts apt"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A package of Debian's.
#[derive(Debug)]
pub struct Package {
    pub name: &'static str,
    /// Ends the sentence "It is needed for …".
    pub why: &'static str,
    /// What shows that it, or something as good, is there. All of it must be.
    pub shown_by: &'static [Sign],
}

/// What a package brings. Asked for instead of dpkg's list: a compiler from elsewhere is as good.
#[derive(Debug)]
pub enum Sign {
    /// A program on PATH.
    Program(&'static str),
    /// A file or folder.
    File(&'static str),
    /// A library that pkg-config knows, or whose place this variable names.
    Library(&'static str, &'static str),
    /// A module of python3.
    Module(&'static str),
}

/// Installs those of `packages` that are not there, as root or with sudo after saying so.
///
/// # Errors
/// They can not be installed here; the error says what a person has to run.
pub fn need(packages: &[Package]) -> Result<()> {
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    for package in &missing {
        eprintln!(
            "{} is missing: it is needed for {}",
            package.name, package.why
        );
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    install(&names)?;
    let still = self::missing(packages);
    if still.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = still.iter().map(|package| package.name).collect();
    bail!(
        "{} was installed, yet what it brings is not there: {:?}; hint: `apt-get install --reinstall {}`",
        names.join(" "),
        still
            .iter()
            .map(|package| package.shown_by)
            .collect::<Vec<_>>(),
        names.join(" ")
    )
}

fn missing(packages: &[Package]) -> Vec<&Package> {
    packages
        .iter()
        .filter(|package| !package.shown_by.iter().all(Sign::is_there))
        .collect()
}

impl Sign {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => on_path(name).is_some(),
            Self::File(path) => Path::new(path).exists(),
            Self::Library(name, variable) => {
                std::env::var_os(variable).is_some() || succeeds("pkg-config", &["--exists", name])
            }
            Self::Module(name) => succeeds("python3", &["-c", &format!("import {name}")]),
        }
    }
}

/// Installs `names` with apt.
fn install(names: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install -y {}", names.join(" "));
    if on_path("apt-get").is_none() {
        bail!(
            "this system has no apt-get; hint: install what Debian calls {} by its own means",
            names.join(", ")
        );
    }
    let prefix: &[&str] = if is_root() {
        &[]
    } else if on_path("sudo").is_some() {
        eprintln!("sudo may ask for your password to run `{by_hand}`.");
        &["sudo"]
    } else {
        bail!("only root may install it; hint: as root, run `{by_hand}`");
    };
    eprintln!("Installing {} with apt-get, once ...", names.join(", "));
    let apt = |arguments: &[&str]| -> Result<bool> {
        let mut words = prefix
            .iter()
            .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .chain(arguments);
        let program = words.next().copied().unwrap_or("env");
        // apt talks a lot; stdout stays clean for whoever called us.
        let status = Command::new(program)
            .args(words)
            .stdout(Stdio::null())
            .status();
        Ok(status
            .with_context(|| format!("cannot run {program}"))?
            .success())
    };
    // Package lists may be absent or stale on a fresh machine: refresh them first, and let the install itself decide.
    if !apt(&["update", "-q"])? {
        eprintln!("`apt-get update` failed; trying with the package lists that are there.");
    }
    let arguments: Vec<&str> = ["install", "-y"].iter().chain(names).copied().collect();
    if !apt(&arguments)? {
        bail!(
            "apt-get could not install {}; hint: run `{by_hand}` and read what it says",
            names.join(", ")
        );
    }
    Ok(())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The first `name` on PATH, if any.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_missing_while_any_of_what_it_brings_is() {
        const KNOWN: &[Package] = &[
            Package {
                name: "there",
                why: "a test",
                shown_by: &[Sign::Program("sh"), Sign::File("/")],
            },
            Package {
                name: "half",
                why: "a test",
                shown_by: &[Sign::File("/"), Sign::File("/nowhere/at/all")],
            },
            Package {
                name: "program",
                why: "a test",
                shown_by: &[Sign::Program("no-program-is-called-this")],
            },
            Package {
                name: "library",
                why: "a test",
                shown_by: &[Sign::Library(
                    "no-library-is-called-this",
                    "NO_VARIABLE_IS_CALLED_THIS",
                )],
            },
        ];
        let names: Vec<&str> = missing(KNOWN).iter().map(|package| package.name).collect();
        assert_eq!(names, ["half", "program", "library"]);
    }

    #[test]
    fn what_is_there_asks_for_nothing() {
        const SHELL: &[Package] = &[Package {
            name: "dash",
            why: "a test",
            shown_by: &[Sign::Program("sh")],
        }];
        need(SHELL).unwrap();
    }
}
