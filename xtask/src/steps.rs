//! Running other programs so that a person can follow: each step says its name, and a failure names the one command
//! that shows or mends it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::debian;

/// The repository's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or_else(|| Path::new("."))
}

/// Where cargo puts what it builds: `CARGO_TARGET_DIR` or the repository's `target`.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The compiler that every cargo of this process uses for our crates, once chosen.
static COMPILER: OnceLock<PathBuf> = OnceLock::new();

/// What cargo is told to compile our crates with, if that was chosen.
pub fn compiler() -> Option<&'static Path> {
    COMPILER.get().map(PathBuf::as_path)
}

/// From here on every cargo of this process compiles our crates through `program`; the first that is named counts.
pub fn compile_through(program: PathBuf) {
    let _ = COMPILER.set(program);
}

/// The cargo that runs this task, in the repository's root.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    // What cargo told this task about itself. Build scripts of some dependencies watch these variables and would
    // compile half the tree again each time a person and a task take turns.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    if let Some(compiler) = compiler() {
        command.env("RUSTC_WORKSPACE_WRAPPER", compiler);
    }
    command
}

/// How our binaries are compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

/// Builds one of our binaries and returns the command that runs it, in the folder where the person stands.
///
/// # Errors
/// As [`build`].
pub fn built(doing: &str, binary: &str) -> Result<Command> {
    let folder = build(doing, &[binary], Profile::Debug)?;
    Ok(Command::new(folder.join(binary)))
}

/// Builds some of our binaries, with what Debian lacks for it, and returns the folder they lie in.
///
/// They are named in the whole workspace: with `--package` cargo would choose other features for the dependencies that the
/// package shares with the tests, and compile hundreds of them once more.
///
/// # Errors
/// When they do not compile, or a package can not be installed.
pub fn build(doing: &str, binaries: &[&str], profile: Profile) -> Result<PathBuf> {
    debian::need(debian::BUILD)?;
    let mut arguments = vec!["build", "--locked", "--workspace"];
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => {
            arguments.push("--release");
            "release"
        }
    };
    for binary in binaries {
        arguments.extend(["--bin", binary]);
    }
    let by_hand = format!("cargo {}", arguments.join(" "));
    step(doing, &mut cargo(&arguments), &by_hand)?;
    Ok(target().join(folder))
}

/// Runs `command` with its output passed through.
///
/// # Errors
/// When it can not be started or fails; the error says to run `fix`.
pub fn step(name: &str, command: &mut Command, fix: &str) -> Result<()> {
    eprintln!("==> {name}");
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).status().with_context(|| {
        format!(
            "{name}: {} can not be started",
            command.get_program().display()
        )
    })?;
    if !status.success() {
        bail!("{name} failed; run: {fix}");
    }
    eprintln!("    {name}: done in {} s", start.elapsed().as_secs());
    Ok(())
}

/// Runs `command` and returns what it printed.
///
/// # Errors
/// When it can not be started or fails; its standard error goes to the terminal.
pub fn output(name: &str, command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| {
        format!(
            "{name}: {} can not be started",
            command.get_program().display()
        )
    })?;
    if !output.status.success() {
        bail!("{name} failed");
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{name} printed something else than UTF-8"))
}
