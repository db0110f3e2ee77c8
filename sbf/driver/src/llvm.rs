//! LLVM's command line tools, and the passes a program goes through.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::optimiser::Optimiser;
use crate::toolchain::LLVM_BIN;
use crate::workspace::Program;
use crate::{arithmetic, calls, emit, inlining, memory, order};

/// What a program must keep by name: where the machine starts it, and the comparisons that LLVM's backend may call by itself
/// after everything else has been decided.
const KEPT: &str = "-internalize-public-api-list=entrypoint,memcmp,bcmp";

/// Links bitcode files into one.
pub fn link(inputs: &[PathBuf], output: &Path) -> Result<()> {
    // Hundreds of paths: through a response file, so that no command line limit matters.
    let list = output.with_extension("inputs");
    let quoted: String = inputs
        .iter()
        .map(|path| format!("\"{}\"\n", path.display()))
        .collect();
    fs::write(&list, quoted).with_context(|| format!("cannot write {}", list.display()))?;
    run(
        "llvm-link",
        &[
            OsStr::new("-o"),
            output.as_os_str(),
            OsStr::new(&format!("@{}", list.display())),
        ],
    )
}

/// Turns the linked bitcode of a program into a machine-code object, in `work`. Every intermediate form stays there, to be read.
pub fn compile(bitcode: &Path, program: &Program, runtime: &Path, work: &Path) -> Result<PathBuf> {
    let not_inlined = !program.not_inlined().is_empty();
    fs::create_dir_all(work).with_context(|| format!("cannot create {}", work.display()))?;
    let file = |name: &str| work.join(name);

    // There is one thread, so atomic operations are plain ones. Whatever the entry point does not reach goes.
    optimise(
        bitcode,
        &file("1-whole.bc"),
        "internalize,globaldce,function(lower-atomic)",
        &[KEPT, "-strip-debug"],
    )?;
    if not_inlined {
        let text = disassemble(&file("1-whole.bc"), &file("1-whole.ll"))?;
        fs::write(file("1-relaxed.ll"), inlining::relax(&text)?)?;
        assemble(&file("1-relaxed.ll"), &file("1-whole.bc"))?;
    }
    let options: &[&str] = if not_inlined {
        &[order::KEEP_APART, inlining::THRESHOLD]
    } else {
        &[order::KEEP_APART]
    };
    let passes = match program.optimiser {
        Optimiser::On => "default<O3>,mergefunc,globaldce,instnamer",
        Optimiser::Off => "globaldce,instnamer",
    };
    // Everything at once, and names for what has none (calls::legalise needs them).
    optimise(
        &file("1-whole.bc"),
        &file("2-optimised.bc"),
        passes,
        options,
    )?;

    let text = disassemble(&file("2-optimised.bc"), &file("2-optimised.ll"))?;
    emit::check_entry_point(&text)?;
    let text = calls::legalise(&text)?;
    fs::write(file("3-calls.ll"), &text)?;
    let text = arithmetic::legalise(&text)?;
    let text = memory::legalise(&text)?;
    fs::write(file("4-legal.ll"), arithmetic::with_wrappers(&text))?;

    let runtime_text = disassemble(runtime, &file("runtime.ll"))?;
    if arithmetic::needs_legalising(&runtime_text)? {
        bail!(
            "the arithmetic runtime (sbf/runtime) uses an operation it is there to provide; see {}",
            file("runtime.ll").display()
        );
    }
    assemble(&file("4-legal.ll"), &file("4-legal.bc"))?;
    link(
        &[file("4-legal.bc"), runtime.to_owned()],
        &file("5-linked.bc"),
    )?;
    // Only passes that simplify: anything cleverer might invent the operations that were just taken out.
    optimise(
        &file("5-linked.bc"),
        &file("6-final.bc"),
        "always-inline,internalize,globaldce,function(sroa,early-cse,simplifycfg,adce),globaldce",
        &[KEPT],
    )?;
    let final_text = disassemble(&file("6-final.bc"), &file("6-final.ll"))?;
    if arithmetic::needs_legalising(&final_text)? {
        bail!(
            "LLVM's passes brought back an operation the machine does not have; see {}",
            file("6-final.ll").display()
        );
    }
    emit::check_statics(&final_text)?;
    order::check(&final_text)?;

    let object = file("7-program.o");
    backend(&[
        OsStr::new("-march=bpfel"),
        OsStr::new("-mcpu=v2"),
        // The machine reads and writes at any address, aligned or not.
        OsStr::new("-mattr=+allows-misaligned-mem-access"),
        OsStr::new(match program.optimiser {
            Optimiser::On => "-O3",
            Optimiser::Off => "-O0",
        }),
        OsStr::new("-bpf-stack-size=4096"),
        // No `abort` behind what cannot be reached: every panic already ends in one.
        OsStr::new("-bpf-disable-trap-unreachable"),
        OsStr::new("-filetype=obj"),
        OsStr::new("-o"),
        object.as_os_str(),
        file("6-final.bc").as_os_str(),
    ])?;
    Ok(object)
}

fn optimise(from: &Path, to: &Path, passes: &str, more: &[&str]) -> Result<()> {
    let passes = format!("-passes={passes}");
    let mut arguments: Vec<&OsStr> =
        vec![OsStr::new(&passes), OsStr::new("-relocation-model=static")];
    arguments.extend(more.iter().map(OsStr::new));
    arguments.extend([OsStr::new("-o"), to.as_os_str(), from.as_os_str()]);
    run("opt", &arguments)
}

fn disassemble(from: &Path, to: &Path) -> Result<String> {
    run(
        "llvm-dis",
        &[OsStr::new("-o"), to.as_os_str(), from.as_os_str()],
    )?;
    fs::read_to_string(to).with_context(|| format!("cannot read {}", to.display()))
}

fn assemble(from: &Path, to: &Path) -> Result<()> {
    run(
        "llvm-as",
        &[OsStr::new("-o"), to.as_os_str(), from.as_os_str()],
    )
}

/// Runs the backend. It may report what it cannot lower and still write a file; nothing it complains about may pass.
fn backend(arguments: &[&OsStr]) -> Result<()> {
    let (succeeded, said) = call("llc", arguments)?;
    if !succeeded || said.lines().any(|line| line.contains("error:")) {
        bail!("{}", emit::explain_backend(&said));
    }
    Ok(())
}

fn run(tool: &str, arguments: &[&OsStr]) -> Result<()> {
    let (succeeded, said) = call(tool, arguments)?;
    if !succeeded {
        let shown: Vec<&str> = said
            .lines()
            .filter(|line| !line.trim().is_empty())
            .take(5)
            .collect();
        bail!("LLVM's {tool} refused the program: {}", shown.join("; "));
    }
    Ok(())
}

/// Whether a tool succeeded, and what it said.
fn call(tool: &str, arguments: &[&OsStr]) -> Result<(bool, String)> {
    let path = Path::new(LLVM_BIN).join(tool);
    let output = Command::new(&path)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {}", path.display()))?;
    Ok((
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    ))
}
