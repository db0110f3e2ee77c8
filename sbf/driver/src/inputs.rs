//! What rustc hands to its linker.
//!
//! rustc compiles every crate to LLVM bitcode (the target says so), packs each crate's into an `.rlib`, an `ar` archive, and
//! calls the linker with all of them. Our linker is this program: it takes the bitcode out and joins it into one file, which
//! stands where cargo expects the library. The rest of the work starts from there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use object::read::archive::ArchiveFile;

use crate::llvm;

/// What bitcode starts with: plain, or wrapped for Apple's tools.
const MAGIC: [&[u8]; 2] = [b"BC\xc0\xde", b"\xde\xc0\x17\x0b"];

/// Acts as the linker: `arguments` are what rustc passes.
pub fn link(arguments: &[OsString]) -> Result<()> {
    let (inputs, output) = parse(arguments)?;
    let folder = output.with_extension("bitcode");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let has_builtins = inputs
        .iter()
        .any(|path| file_name(path).contains("solana_compiler_builtins"));
    let mut bitcode = Vec::new();
    for input in &inputs {
        // Both define memcpy and the like; Solana's use its system calls.
        if has_builtins && file_name(input).starts_with("libcompiler_builtins") {
            continue;
        }
        for (name, bytes) in modules(input)? {
            let path = folder.join(format!("{:04}-{name}.bc", bitcode.len()));
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
            bitcode.push(path);
        }
    }
    llvm::link(&bitcode, &output)?;
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))
}

/// The bitcode modules of an object file or archive, with their names. rustc's own metadata and empty objects are passed over.
pub fn modules(input: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let bytes = fs::read(input).with_context(|| format!("cannot read {}", input.display()))?;
    let is_bitcode = |bytes: &[u8]| MAGIC.iter().any(|magic| bytes.starts_with(magic));
    if is_bitcode(&bytes) {
        return Ok(vec![(file_name(input), bytes)]);
    }
    if !bytes.starts_with(b"!<arch>\n") {
        // The crate's metadata comes as an object of its own.
        return Ok(Vec::new());
    }
    let archive = ArchiveFile::parse(&*bytes)
        .with_context(|| format!("cannot read the archive {}", input.display()))?;
    let mut modules = Vec::new();
    for member in archive.members() {
        let member =
            member.with_context(|| format!("cannot read the archive {}", input.display()))?;
        let data = member.data(&*bytes)?;
        if is_bitcode(data) {
            let name = String::from_utf8_lossy(member.name()).replace('/', "_");
            modules.push((name, data.to_owned()));
        }
    }
    Ok(modules)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Inputs and output among rustc's arguments. Options that only steer a real linker are known and passed over; an unknown one
/// may matter, so it is an error.
pub fn parse(arguments: &[OsString]) -> Result<(Vec<PathBuf>, PathBuf)> {
    let (mut inputs, mut output) = (Vec::new(), None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        match &*text {
            "-o" => output = rest.next().map(PathBuf::from),
            "-L" | "--export-symbols" | "--export" | "--cpu" | "--cpu-features" | "--target" => {
                rest.next();
            }
            "--debug" => {}
            _ if text.starts_with("-O") || text.starts_with("-L") => {}
            _ if [
                "--cpu=",
                "--cpu-features=",
                "--target=",
                "--export-symbols=",
                "--export=",
            ]
            .iter()
            .any(|option| text.starts_with(option)) => {}
            _ if text.starts_with('-') => {
                bail!("rustc passes the linker an option this driver does not know: {text}")
            }
            _ => inputs.push(PathBuf::from(argument)),
        }
    }
    let output = output.context("rustc names no output")?;
    if inputs.is_empty() {
        bail!("rustc names no input");
    }
    Ok((inputs, output))
}
