//! The compiler of the on-chain programs: cargo to bitcode, bitcode to executables (docs/sbf-build.md).
//!
//! Solana's own toolchain (`cargo-build-sbf`) is used where it is installed. Everywhere else the programs are built from
//! Debian's packages and crates.io alone. How, and why it is right, is told in `docs/sbf-build.md`; the modules here are its
//! chapters, in the order a program passes through them.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stderr,
    reason = "a person at a terminal is told what is compiled, and how long it takes"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "starts compilers: it passes the environment on, and says how long it took"
)]

mod arithmetic;
mod build;
mod cache;
mod calls;
mod debian;
mod digest;
mod emit;
mod function;
mod inlining;
mod inputs;
mod instruction;
mod ir;
mod library;
mod llvm;
mod memory;
mod optimiser;
mod order;
mod toolchain;
mod workspace;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::Result;

pub use build::{build, executable, last_ir};
pub use emit::Arch;
pub use optimiser::Optimiser;
pub use workspace::Program;

/// Set for rustc, which passes it on to its linker: tells the program that links this crate that it is called as one.
const LINKER_HOOK_VARIABLE: &str = "CAIRN_SBF_LINKER";

/// Solana's own builder, which is used instead of this driver where it is installed.
#[must_use]
pub fn solana_toolchain() -> Option<PathBuf> {
    cairn_debian::on_path("cargo-build-sbf")
}

/// If rustc called this program as its linker, does that and returns the outcome. A program that calls [`build`] asks this before
/// anything else: it is its own linker.
#[must_use]
pub fn linker_hook() -> Option<Result<()>> {
    std::env::var_os(LINKER_HOOK_VARIABLE)?;
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    Some(inputs::link(&arguments))
}
