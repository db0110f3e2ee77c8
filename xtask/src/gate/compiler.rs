//! This program in rustc's place, for the workspace's own packages (docs/adr/0019).
//!
//! cargo calls it as `RUSTC_WORKSPACE_WRAPPER`: dependencies are compiled by rustc and stay what every other build uses, and each
//! of our crates is compiled once, by clippy's driver, which refuses whatever it would report. A library or program that compiled
//! is then read by rustdoc with the very arguments, which needs no second check of its dependencies.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::steps::{compile_through, compiler, target};

/// What this program is called where cargo takes it for the compiler; then what it does in that place, so that a change of it
/// makes cargo compile our crates again.
const NAME: &str = "cairn-compiler-";

/// From here on every cargo that this process starts compiles our crates through this module.
///
/// # Errors
/// Clippy is not installed.
pub fn choose() -> Result<()> {
    if compiler().is_some() {
        return Ok(());
    }
    driver()?;
    let folder = target().join("gate");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // A copy: the build that it takes part in replaces this program's own file.
    let means = hex::encode(Sha256::digest(include_str!("compiler.rs")));
    let copy = folder.join(format!("{NAME}{}", means.get(..12).unwrap_or(&means)));
    let this = std::env::current_exe().context("cannot find this program's own file")?;
    if fs::read(&copy).ok() != fs::read(&this).ok() {
        let fresh = copy.with_extension("new");
        fs::copy(&this, &fresh).with_context(|| format!("cannot write {}", fresh.display()))?;
        fs::rename(&fresh, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
    }
    compile_through(copy);
    Ok(())
}

/// If cargo called this program as its compiler, compiles and returns the outcome.
pub fn hook() -> Option<Result<ExitCode>> {
    let this = std::env::current_exe().ok()?;
    let is_compiler = this.file_name()?.to_str()?.starts_with(NAME);
    is_compiler.then(|| compile(&this, std::env::args_os().skip(1).collect()))
}

fn compile(this: &Path, mut arguments: Vec<OsString>) -> Result<ExitCode> {
    if arguments.is_empty() {
        bail!("cargo calls this program with rustc and its arguments");
    }
    let rustc = arguments.remove(0);
    let Some(name) = crate_name(&arguments) else {
        // A question about the compiler.
        return finish(Command::new(&rustc).args(&arguments));
    };
    let code = finish(
        Command::new(driver()?)
            .arg(&rustc)
            .args(&arguments)
            .args(["-D", "warnings"]),
    )?;
    if code != ExitCode::SUCCESS {
        return Ok(code);
    }
    let Some(kind) = Documented::of(&name, &arguments) else {
        return Ok(code);
    };
    let folder = this.with_file_name("doc").join(kind.folder());
    finish(
        Command::new(rustdoc())
            .args(documentation(&arguments))
            .args(kind.extra())
            .args(["-D", "warnings", "--out-dir"])
            .arg(folder),
    )
}

/// The name of the crate to be compiled; none when cargo only asks.
fn crate_name(arguments: &[OsString]) -> Option<String> {
    let at = arguments.iter().position(|it| it == "--crate-name")?;
    let name = arguments.get(at + 1)?.to_str()?;
    (name != "___").then(|| name.to_owned())
}

/// What has documentation: neither tests nor build scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Documented {
    Library,
    Program,
}

impl Documented {
    fn of(name: &str, arguments: &[OsString]) -> Option<Self> {
        let is_test = arguments.iter().any(|it| it == "--test");
        if is_test || name.starts_with("build_script_") {
            return None;
        }
        let is_program = arguments
            .windows(2)
            .any(|pair| pair[0] == "--crate-type" && pair[1] == "bin");
        Some(if is_program {
            Self::Program
        } else {
            Self::Library
        })
    }

    /// Programs and libraries of one name do not write over each other.
    const fn folder(self) -> &'static str {
        match self {
            Self::Library => "libraries",
            Self::Program => "programs",
        }
    }

    /// Nobody calls into a program: all of it is its inside.
    const fn extra(self) -> &'static [&'static str] {
        match self {
            Self::Library => &[],
            Self::Program => &["--document-private-items"],
        }
    }
}

/// rustc's arguments without those that say what to write, which rustdoc does not know or must not share.
fn documentation(arguments: &[OsString]) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut given = arguments.iter();
    while let Some(argument) = given.next() {
        let text = argument.to_string_lossy();
        if ["-C", "-l", "--out-dir"].contains(&&*text) {
            given.next();
        } else if text.starts_with("--json=") {
            kept.push("--json=diagnostic-rendered-ansi".into());
        } else if !["--emit=", "-C", "--out-dir="]
            .iter()
            .any(|start| text.starts_with(start))
        {
            kept.push(argument.clone());
        }
    }
    kept
}

fn finish(command: &mut Command) -> Result<ExitCode> {
    let status = command
        .status()
        .with_context(|| format!("{} can not be started", command.get_program().display()))?;
    Ok(match status.code() {
        Some(0) => ExitCode::SUCCESS,
        Some(code) => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
        None => ExitCode::FAILURE,
    })
}

/// Clippy's driver beside the compiler that builds this workspace.
fn driver() -> Result<PathBuf> {
    let driver = beside_rustc("clippy-driver");
    let is_there = Command::new(&driver)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        bail!("clippy is not installed; run: rustup component add clippy");
    }
    Ok(driver)
}

fn rustdoc() -> PathBuf {
    beside_rustc("rustdoc")
}

/// cargo says where it is itself; rustup keeps the rest of the toolchain in the same folder.
fn beside_rustc(name: &str) -> PathBuf {
    std::env::var_os("CARGO")
        .map(|cargo| Path::new(&cargo).with_file_name(name))
        .filter(|path| path.is_file())
        .unwrap_or_else(|| PathBuf::from(OsStr::new(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_question_of_cargo_compiles_nothing() {
        assert_eq!(crate_name(&words("-vV")), None);
        assert_eq!(crate_name(&words("- --crate-name ___ --print cfg")), None);
        assert_eq!(
            crate_name(&words("--crate-name cairn_tree src/lib.rs")).as_deref(),
            Some("cairn_tree")
        );
    }

    #[test]
    fn libraries_and_programs_have_documentation_tests_and_build_scripts_have_none() {
        let of = |name, text| Documented::of(name, &words(text));
        assert_eq!(
            of("cairn_tree", "--crate-type lib"),
            Some(Documented::Library)
        );
        assert_eq!(of("cairn", "--crate-type bin"), Some(Documented::Program));
        assert_eq!(of("cairn_tree", "--test src/lib.rs"), None);
        assert_eq!(of("build_script_build", "--crate-type bin"), None);
    }

    #[test]
    fn rustdoc_is_told_what_rustc_was_but_not_what_to_write() {
        let rustc = "--crate-name tree --edition=2024 src/lib.rs --error-format=json \
                     --json=diagnostic-rendered-ansi,artifacts,future-incompat --crate-type lib --emit=dep-info,metadata,link \
                     -C opt-level=1 --warn=unused --cfg feature=\"x\" --check-cfg cfg(docsrs) -C metadata=1 --out-dir deps -L \
                     dependency=deps --extern hex=libhex.rmeta -l static=z";
        let words: Vec<OsString> = rustc.split_whitespace().map(OsString::from).collect();
        let kept: Vec<String> = documentation(&words)
            .iter()
            .map(|it| it.to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            kept.join(" "),
            "--crate-name tree --edition=2024 src/lib.rs --error-format=json --json=diagnostic-rendered-ansi --crate-type lib \
             --warn=unused --cfg feature=\"x\" --check-cfg cfg(docsrs) -L dependency=deps --extern hex=libhex.rmeta"
        );
    }
}
