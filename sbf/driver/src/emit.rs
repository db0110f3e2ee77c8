//! From LLVM's object file to the executable that is deployed, and the last checks on the way.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget, SymbolKind};
use sbpf_linker::{OptimizationConfig, ProgramOptions, SbpfArch, SbpfLinkerError};

use crate::function;
use crate::optimiser::Optimiser;

/// Bytes of stack a function may use.
const STACK_FRAME: i32 = 4096;

/// The machine's instruction set version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Arch {
    /// Runs on every cluster.
    V0,
    /// Runs where the cluster has activated sBPF version 3.
    V3,
}

impl Arch {
    /// `v0` or `v3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V0 => "v0",
            Self::V3 => "v3",
        }
    }
}

/// Makes the executable's bytes from LLVM's object file.
pub fn executable(object: &Path, arch: Arch, optimiser: Optimiser) -> Result<Vec<u8>> {
    let bytes = fs::read(object).with_context(|| format!("cannot read {}", object.display()))?;
    check_undefined(&bytes)?;
    let arch = match arch {
        Arch::V0 => SbpfArch::V0,
        Arch::V3 => SbpfArch::V3,
    };
    let optimisation = match optimiser {
        Optimiser::On => OptimizationConfig::enabled(),
        Optimiser::Off => OptimizationConfig::disabled(),
    };
    let options = ProgramOptions::new(optimisation, arch, STACK_FRAME);
    sbpf_linker::link_program(&bytes, options).map_err(|errors| {
        let unknown = errors.iter().find_map(|error| match error {
            SbpfLinkerError::MissingExportSymbol { symbol } => Some(function::readable(symbol)),
            _ => None,
        });
        match unknown {
            Some(name) => anyhow!("`{name}` is called and is not a system call of Solana's"),
            None => anyhow!(
                "the object cannot become a Solana program: {}",
                SbpfLinkerError::format_errors(&errors)
            ),
        }
    })
}

/// Refuses every undefined function that is not a system call: it is something LLVM wanted to call and nobody provides, like
/// `__ashlti3`. Left alone it would fail on chain, or call the wrong thing.
fn check_undefined(bytes: &[u8]) -> Result<()> {
    let object = object::File::parse(bytes).context("cannot read LLVM's object file")?;
    let mut missing: BTreeMap<String, String> = BTreeMap::new();
    for section in object.sections() {
        for (offset, relocation) in section.relocations() {
            let RelocationTarget::Symbol(index) = relocation.target() else {
                continue;
            };
            let symbol = object.symbol_by_index(index)?;
            let name = symbol.name()?;
            if !symbol.is_undefined() || is_system_call(name) {
                continue;
            }
            let caller = object
                .symbols()
                .filter(|caller| {
                    caller.kind() == SymbolKind::Text
                        && caller.section_index() == Some(section.index())
                })
                .find(|caller| {
                    (caller.address()..caller.address() + caller.size()).contains(&offset)
                })
                .and_then(|caller| caller.name().ok())
                .map_or_else(
                    || section.name().unwrap_or("?").to_owned(),
                    function::readable,
                );
            missing.entry(name.to_owned()).or_insert(caller);
        }
    }
    let Some((name, caller)) = missing.first_key_value() else {
        return Ok(());
    };
    let hint = if ["memcpy", "memmove", "memset", "memcmp", "bcmp"].contains(&name.as_str()) {
        "the program must depend on solana-compiler-builtins and say `use solana_compiler_builtins as _;`"
    } else if name.ends_with("f2") || name.ends_with("f3") || name.contains("sf") {
        "that is floating point; programs should compute in integers"
    } else if name.starts_with("__") {
        "the driver does not know this operation yet, see docs/sbf-build.md"
    } else {
        "it is neither part of the program nor a system call"
    };
    bail!("in function `{caller}`: `{name}` is called and does not exist on Solana; hint: {hint}")
}

fn is_system_call(name: &str) -> bool {
    // LLVM's trap is a call to __bpf_trap; the next step binds it to `abort`.
    name.starts_with("sol_") || matches!(name, "abort" | "__bpf_trap")
}

/// Refuses a module without an entry point, of which nothing would be left.
pub fn check_entry_point(module: &str) -> Result<()> {
    if !module
        .lines()
        .any(|line| function::defined_name(line) == Some("@entrypoint"))
    {
        bail!(
            "the program has no function `entrypoint`; hint: it must be built without the feature no-entrypoint"
        );
    }
    Ok(())
}

/// Refuses statics that can be written to: a program has none, its memory is the stack, the heap and the accounts.
pub fn check_statics(module: &str) -> Result<()> {
    for line in module.lines().filter(|line| line.starts_with('@')) {
        let Some((name, definition)) = line.split_once(" = ") else {
            continue;
        };
        let words: Vec<&str> = definition.split(' ').take(8).collect();
        // `llvm.compiler.used` and its like are lists for the optimiser, not memory.
        let is_global = words.contains(&"global") && !name.starts_with("@llvm.");
        if is_global && !words.contains(&"external") {
            bail!(
                "the static `{}` can be written to, and a Solana program has no writable statics; hint: keep state in accounts, \
                 or make it a constant",
                function::readable(name)
            );
        }
    }
    Ok(())
}

/// What the backend complained about, in the terms of the program. `said` is what it printed.
pub fn explain_backend(said: &str) -> String {
    // "error: <unknown>:0:0: in function NAME TYPE: REASON", or the reason alone and the function in the trace behind it.
    let named = said
        .lines()
        .find_map(|line| line.split_once("in function "))
        .map(|(_, rest)| rest);
    let traced = said
        .lines()
        .find_map(|line| line.split_once("on function '@"))
        .map(|(_, rest)| rest);
    let function = named
        .and_then(|rest| rest.split(' ').next())
        .or_else(|| traced.and_then(|rest| rest.split('\'').next()))
        .map_or_else(
            || "an unnamed function".to_owned(),
            |name| format!("function `{}`", function::readable(name)),
        );
    if said.contains("stack limit is exceeded") {
        return format!(
            "{function} needs more than the {STACK_FRAME} bytes of stack a function has; hint: box large values, or split the function"
        );
    }
    let reason = named
        .and_then(|rest| rest.split_once("): "))
        .map(|(_, reason)| reason)
        .or_else(|| {
            said.lines()
                .find_map(|line| line.strip_prefix("LLVM ERROR: "))
        })
        .unwrap_or(said)
        .trim();
    format!(
        "in {function}: LLVM's backend cannot lower it: {reason}; hint: docs/sbf-build.md says what is supported"
    )
}
