//! The app's Rust as WebAssembly, by Debian's compiler: the one that builds the programs, with its standard library's source.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use cairn_debian::{Package, Sign};

use super::stamp::Stamp;
use crate::debian;
use crate::steps::{root, step, target};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/wasm-ld-22";

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
];

/// What the module is made of.
const SOURCES: &[&str] = &["wasm", "crates/cairn-merkle", "Cargo.lock"];

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

/// The module, built unless it is there.
///
/// # Errors
/// The compiler can not be had; the crate does not compile.
pub fn build() -> Result<PathBuf> {
    let folder = target().join("wasm");
    let module = folder.join("wasm32-unknown-unknown/release/cairn_web.wasm");
    let stamp = Stamp::new("wasm", SOURCES)?;
    if stamp.is_fresh() && module.is_file() {
        return Ok(module);
    }
    debian::need(PACKAGES)?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut cargo = Command::new(CARGO);
    cargo.env_clear();
    for (name, value) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let leads_out = WAYS_OUT.iter().any(|start| text.starts_with(start))
            || text.to_ascii_lowercase().ends_with("_proxy");
        if leads_out || KEPT.contains(&text.as_ref()) {
            cargo.env(&name, value);
        }
    }
    cargo
        .current_dir(root())
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .args([
            "build",
            "--locked",
            "--release",
            "--package",
            "cairn-web",
            "--lib",
        ])
        .args([
            "--target",
            "wasm32-unknown-unknown",
            "-Zbuild-std=std,panic_abort",
        ])
        .arg("--target-dir")
        .arg(&folder);
    for setting in [
        "profile.release.opt-level=\"s\"",
        "profile.release.lto=\"fat\"",
        "profile.release.codegen-units=1",
        "profile.release.strip=true",
        "profile.release.debug=0",
    ] {
        cargo.args(["--config", setting]);
    }
    // A panic stops the module without a word: nothing here panics on purpose, and words would be half of its bytes.
    let rustflags = r#"["-Zunstable-options", "-Cpanic=immediate-abort"]"#;
    for setting in [
        format!("linker=\"{LINKER}\""),
        format!("rustflags={rustflags}"),
    ] {
        let setting = format!("target.wasm32-unknown-unknown.{setting}");
        cargo.args(["--config", &setting]);
    }
    step(
        "the app's Rust as WebAssembly",
        &mut cargo,
        "cargo xtask app",
    )?;
    stamp.remember()?;
    Ok(module)
}
