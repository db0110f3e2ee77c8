//! The app's Rust as WebAssembly, by Debian's compiler: the one that builds the programs, with its standard library's source.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cairn_debian::{Package, Sign};

use super::stamp::Stamp;
use crate::debian;
use crate::steps::{root, step, target};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/wasm-ld-22";
const CLANG: &str = "/usr/bin/clang-22";
const ARCHIVER: &str = "/usr/bin/llvm-ar-22";
/// How a module with a `main` starts.
const START: &str = "/usr/lib/wasm32-wasi/crt1-command.o";

/// What it needs of Debian.
const PACKAGES: &[Package] = &[
    Package {
        name: "rustc-web",
        why: "compiling the app's Rust to WebAssembly",
        shown_by: &[Sign::File(RUSTC)],
    },
    Package {
        name: "cargo-web",
        why: "the same",
        shown_by: &[Sign::File(CARGO)],
    },
    Package {
        name: "rust-web-src",
        why: "its standard library",
        shown_by: &[Sign::File("/usr/src/rustc-1.96.0/library/std/Cargo.toml")],
    },
    Package {
        name: "lld-22",
        why: "linking WebAssembly",
        shown_by: &[Sign::File(LINKER)],
    },
    Package {
        name: "wasi-libc",
        why: "the auditor's system library",
        shown_by: &[Sign::File(START)],
    },
    Package {
        name: "clang-22",
        why: "zstd for the auditor, which is C",
        shown_by: &[Sign::File(CLANG)],
    },
    Package {
        name: "llvm-22",
        why: "the same",
        shown_by: &[Sign::File(ARCHIVER)],
    },
];

/// A module of the app.
struct Module {
    package: &'static str,
    /// Which of the package's targets, as cargo names it.
    of: &'static [&'static str],
    /// What the machine is called that it runs on.
    machine: &'static str,
    file: &'static str,
    /// What it is made of.
    sources: &'static [&'static str],
    rustflags: &'static [&'static str],
    words: &'static str,
}

/// Proofs, trees and cells: what every page checks with.
const WEB: Module = Module {
    package: "cairn-web",
    of: &["--lib"],
    machine: "wasm32-unknown-unknown",
    file: "cairn_web.wasm",
    sources: &[
        "wasm/cairn-web",
        "crates/cairn-device-tree",
        "crates/cairn-merkle",
        "Cargo.lock",
    ],
    // A panic stops the module without a word: nothing here panics on purpose, and words would be half of its bytes.
    rustflags: &["-Zunstable-options", "-Cpanic=immediate-abort"],
    words: "the app's Rust as WebAssembly",
};

/// A whole epoch's computation, DataFusion included: loaded by who asks for it.
const AUDITOR: Module = Module {
    package: "cairn-auditor",
    of: &["--bin", "cairn-auditor"],
    machine: "wasm32-wasip1",
    file: "cairn-auditor.wasm",
    sources: &[
        "wasm/cairn-auditor",
        "crates/cairn-epoch",
        "crates/cairn-merkle",
        "crates/cairn-proof",
        "crates/cairn-rules",
        "crates/cairn-spelling",
        "crates/cairn-tree",
        "rules",
        "Cargo.lock",
    ],
    // The system library is Debian's: the compiler's own comes only with a target that Debian does not have. Plans of long CASE
    // expressions are walked recursively, on a stack as large as the keepers' (`Engine::run`).
    rustflags: &[
        "-Clink-self-contained=no",
        "-Lnative=/usr/lib/wasm32-wasi",
        "-Clink-arg=/usr/lib/wasm32-wasi/crt1-command.o",
        "-Clink-arg=-zstack-size=16777216",
    ],
    words: "the keepers' computation as WebAssembly (the first time a quarter of an hour)",
};

/// How C is compiled for the auditor, as the `cc` crate reads it.
const C: [(&str, &str); 3] = [
    ("CC_wasm32_wasip1", CLANG),
    ("AR_wasm32_wasip1", ARCHIVER),
    (
        "CFLAGS_wasm32_wasip1",
        "--sysroot=/usr -I/usr/include/wasm32-wasi",
    ),
];

/// Of the environment, what a compiler and its way to the registry need. The rest would steer this cargo as it steers the one of
/// `cargo xtask`.
const KEPT: &[&str] = &[
    "HOME",
    "PATH",
    "CARGO_HOME",
    "LANG",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

/// How the names of what people set to reach the registry begin.
const WAYS_OUT: &[&str] = &[
    "CARGO_HTTP_",
    "CARGO_NET_",
    "CARGO_REGISTRY_",
    "CARGO_REGISTRIES_",
    "CARGO_SOURCE_",
];

/// What every page checks with, built unless it is there.
///
/// # Errors
/// The compiler can not be had; the crate does not compile.
pub fn web() -> Result<PathBuf> {
    WEB.build()
}

/// What recomputes epochs, built unless it is there.
///
/// # Errors
/// As [`web`].
pub fn auditor() -> Result<PathBuf> {
    AUDITOR.build()
}

impl Module {
    fn build(&self) -> Result<PathBuf> {
        let folder = target().join("wasm");
        let module = folder.join(self.machine).join("release").join(self.file);
        let stamp = Stamp::new(self.package, self.sources)?;
        if stamp.is_fresh() && module.is_file() {
            return Ok(module);
        }
        debian::need(PACKAGES)?;
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        step(self.words, &mut self.cargo(&folder), "cargo xtask app")?;
        stamp.remember()?;
        Ok(module)
    }

    fn cargo(&self, folder: &Path) -> Command {
        let mut cargo = Command::new(CARGO);
        cargo.env_clear().envs(kept());
        cargo
            .current_dir(root())
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .envs(C)
            .args(["build", "--locked", "--release"])
            .args(["--package", self.package])
            .args(self.of)
            .args(["--target", self.machine, "-Zbuild-std=std,panic_abort"])
            .arg("--target-dir")
            .arg(folder);
        for setting in [
            "profile.release.opt-level=\"s\"",
            "profile.release.lto=\"fat\"",
            "profile.release.codegen-units=1",
            "profile.release.strip=true",
            "profile.release.debug=0",
            "profile.release.panic=\"abort\"",
        ] {
            cargo.args(["--config", setting]);
        }
        for setting in [
            format!("linker=\"{LINKER}\""),
            format!("rustflags={:?}", self.rustflags),
        ] {
            let setting = format!("target.{}.{setting}", self.machine);
            cargo.args(["--config", &setting]);
        }
        cargo
    }
}

/// What of the environment a compiler is given.
fn kept() -> impl Iterator<Item = (OsString, OsString)> {
    std::env::vars_os().filter(|(name, _)| {
        let text = name.to_string_lossy();
        let leads_out = WAYS_OUT.iter().any(|start| text.starts_with(start))
            || text.to_ascii_lowercase().ends_with("_proxy");
        leads_out || KEPT.contains(&text.as_ref())
    })
}
