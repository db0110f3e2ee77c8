//! The compiler side of the build: Debian's rustc, cargo and LLVM.
//!
//! Nothing of Solana's own toolchain is downloaded. Debian's `rustc-web` is a stock Rust compiler whose LLVM has the BPF
//! backend; its standard library needs a few edits, which are in `library.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::library;
use cairn_debian::{Package, Sign};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
/// Where Debian puts the LLVM tools that match rustc's own LLVM.
pub const LLVM_BIN: &str = "/usr/lib/llvm-22/bin";

/// What the build of the programs needs of Debian.
const PACKAGES: &[Package] = &[
    Package {
        name: "rustc-web",
        why: "compiling the programs: a stock rustc whose LLVM has the BPF backend",
        shown_by: &[Sign::File(RUSTC)],
    },
    Package {
        name: "cargo-web",
        why: "the same",
        shown_by: &[Sign::File(CARGO)],
    },
    Package {
        name: "rust-web-src",
        why: "the programs' standard library",
        shown_by: &[Sign::File(library::INSTALLED)],
    },
    Package {
        name: "llvm-22",
        why: "linking and translating the programs",
        shown_by: &[
            Sign::File("/usr/lib/llvm-22/bin/llvm-link"),
            Sign::File("/usr/lib/llvm-22/bin/llvm-as"),
            Sign::File("/usr/lib/llvm-22/bin/llvm-dis"),
            Sign::File("/usr/lib/llvm-22/bin/opt"),
            Sign::File("/usr/lib/llvm-22/bin/llc"),
        ],
    },
];
const LLVM_MAJOR: &str = "22";
/// The oldest rustc whose `-Cpanic=immediate-abort` and build-std this driver was written against.
const RUSTC_MINOR: u32 = 96;

/// Name of the target, and of its description in `sbf/driver`.
pub const TARGET: &str = "sbpf-solana-solana";
const TARGET_SPEC: &str = include_str!("../sbpf-solana-solana.json");

/// A toolchain that is installed, checked and ready to build programs.
pub struct Toolchain {
    rustc: PathBuf,
    target_spec: PathBuf,
}

impl Toolchain {
    /// Installs what is missing, then prepares the patched library and the target description in `sbf_dir`.
    pub fn prepare(sbf_dir: &Path) -> Result<Self> {
        cairn_debian::need(PACKAGES).context(
            "the programs can not be built from Debian's packages; hint: Solana's own `cargo-build-sbf` is used when it is on PATH",
        )?;
        let version = check_versions()?;
        let system_root = library::patched(sbf_dir, &version)?;
        let rustc = sbf_dir.join("rustc");
        write_if_changed(&rustc, rustc_in(&system_root)?.as_bytes())?;
        fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot make {} executable", rustc.display()))?;
        let target_spec = sbf_dir.join(format!("{TARGET}.json"));
        write_if_changed(&target_spec, TARGET_SPEC.as_bytes())?;
        Ok(Self { rustc, target_spec })
    }

    /// Builds `package` of the workspace at `root`; rustc calls `linker` where it would call `ld`.
    ///
    /// The release profile the programs need is given on the command line, so that the workspace's own profiles, which
    /// every host build shares, stay as they are.
    pub fn build(
        &self,
        root: &Path,
        sbf_dir: &Path,
        package: &str,
        not_inlined: &[&str],
        linker: &Path,
    ) -> Result<()> {
        let mut cargo = Command::new(CARGO);
        clear_rustup(&mut cargo);
        cargo
            .current_dir(root)
            .env("RUSTC", &self.rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
            .env(crate::LINKER_HOOK_VARIABLE, "1")
            .args([
                "build",
                "--locked",
                "--release",
                "--package",
                package,
                "--target",
            ])
            .arg(&self.target_spec)
            .arg("--target-dir")
            .arg(sbf_dir)
            .args([
                "-Zbuild-std=core,alloc,std,panic_abort",
                "-Zbuild-std-features=",
                "-Zjson-target-spec",
                "-Zprofile-rustflags",
            ]);
        for setting in [
            "profile.release.opt-level=3",
            "profile.release.overflow-checks=true",
            "profile.release.codegen-units=1",
            "profile.release.lto=\"off\"",
            "profile.release.debug=0",
            "profile.release.incremental=false",
        ] {
            cargo.args(["--config", setting]);
        }
        for package in not_inlined {
            // Nothing inlined yet: see inlining.rs.
            for setting in ["opt-level=\"s\"", "rustflags=[\"-Cno-prepopulate-passes\"]"] {
                let setting = format!("profile.release.package.{package}.{setting}");
                cargo.args(["--config", &setting]);
            }
        }
        let flags = r#"["-Zunstable-options", "-Cpanic=immediate-abort", "-Crelocation-model=static", "-Ctarget-cpu=v2"]"#;
        cargo.args(["--config", &format!("target.{TARGET}.rustflags={flags}")]);
        let linker = linker
            .to_str()
            .context("the path of the target folder is not UTF-8")?;
        cargo.args(["--config", &format!("target.{TARGET}.linker={linker:?}")]);
        let status = cargo
            .status()
            .with_context(|| format!("cannot run {CARGO}"))?;
        if !status.success() {
            bail!("{package} does not compile for Solana (see the compiler's messages above)");
        }
        Ok(())
    }
}

/// Debian's rustc over another system root, as a script: cargo takes rustc's word for where the standard library is.
///
/// Every symbol holds a hash over the paths of the crates that it comes from, the library's as seen from the system root, and the
/// order of a program's functions follows from the symbols. A library outside of the root would give every folder its own programs.
pub(crate) fn rustc_in(system_root: &Path) -> Result<String> {
    let root = system_root
        .to_str()
        .context("the path of the target folder is not UTF-8")?;
    let quoted = root.replace('\'', r"'\''");
    Ok(format!(
        "#!/bin/sh\nexec {RUSTC} --sysroot '{quoted}' \"$@\"\n"
    ))
}

/// Takes away what `cargo xtask`, running under rustup's cargo, puts into the environment: it would steer another cargo. What
/// people set to reach the registry (proxies, certificates, mirrors) stays.
pub fn clear_rustup(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_users = ["HOME", "HTTP_", "NET_", "REGISTR", "SOURCE_", "TERM_"];
        let is_steering = match text.strip_prefix("CARGO") {
            Some(rest) => !is_users
                .iter()
                .any(|start| rest.trim_start_matches('_').starts_with(start)),
            None => [
                "RUSTC",
                "RUSTDOC",
                "RUSTFLAGS",
                "RUSTUP_TOOLCHAIN",
                "RUST_RECURSION",
            ]
            .iter()
            .any(|start| text.starts_with(start)),
        };
        if is_steering {
            command.env_remove(&name);
        }
    }
}

/// The tools' own version lines; part of what decides whether an executable is fresh.
pub fn identity() -> String {
    let stamp = |path: &str| {
        let meta = fs::metadata(path).ok()?;
        let modified = meta
            .modified()
            .ok()?
            .duration_since(std::time::UNIX_EPOCH)
            .ok()?;
        Some(format!("{path} {} {}\n", meta.len(), modified.as_secs()))
    };
    [
        RUSTC,
        CARGO,
        &format!("{LLVM_BIN}/llc"),
        &format!("{LLVM_BIN}/opt"),
    ]
    .iter()
    .filter_map(|path| stamp(path))
    .collect()
}

/// Checks that rustc is new enough and writes bitcode the LLVM tools read. Returns rustc's version text.
fn check_versions() -> Result<String> {
    let version = run_text(RUSTC, &["-vV"])?;
    let field = |name: &str| {
        version
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
            .unwrap_or_default()
    };
    let minor = field("release:")
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse::<u32>().ok())
        .unwrap_or(0);
    if minor < RUSTC_MINOR {
        bail!(
            "{RUSTC} is version {}, the programs need 1.{RUSTC_MINOR} or later; hint: `apt-get install rustc-web cargo-web rust-web-src` replaces it",
            field("release:")
        );
    }
    if field("LLVM version:").split('.').next() != Some(LLVM_MAJOR) {
        bail!(
            "{RUSTC} writes the bitcode of LLVM {}, the tools in {LLVM_BIN} read that of {LLVM_MAJOR}; hint: `apt-get install rustc-web llvm-22`",
            field("LLVM version:")
        );
    }
    Ok(version)
}

/// Writes `bytes` unless the file already holds them: cargo rebuilds whatever has a newer time stamp.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn run_text(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!(
            "`{program} {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
