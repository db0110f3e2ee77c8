//! `cairn-merkle` needs neither the standard library nor an allocator, and nor does anything it depends on.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps::{cargo, root, step, target};

/// Compiles the crate with the features it asks for itself, not those that the workspace adds, and links it into a program
/// that has nothing else.
///
/// # Errors
/// Something in it asks for std or for an allocator.
pub fn check() -> Result<()> {
    let folder = target().join("gate").join("bare");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    step(
        "cairn-merkle by itself",
        cargo(&["build", "--quiet", "--locked", "--package", "cairn-merkle"])
            .arg("--target-dir")
            .arg(&folder),
        "cargo build --package cairn-merkle",
    )?;
    let built = folder.join("debug");
    let mut external = std::ffi::OsString::from("cairn_merkle=");
    external.push(built.join("libcairn_merkle.rlib"));
    let mut dependencies = std::ffi::OsString::from("dependency=");
    dependencies.push(built.join("deps"));
    step(
        "cairn-merkle without std and without an allocator",
        Command::new("rustc")
            .current_dir(root())
            .args(["--edition", "2024", "--crate-type", "staticlib"])
            .args(["-C", "panic=abort", "--extern"])
            .arg(external)
            .arg("-L")
            .arg(dependencies)
            .arg("--out-dir")
            .arg(&folder)
            .arg("xtask/gate/bare.rs"),
        "cargo tree --package cairn-merkle --edges features, and take std or alloc out",
    )
}
