//! Whether an executable is up to date, decided without starting cargo.
//!
//! An executable is fresh when the files that went into it are those it was built from: the program's sources and those of
//! the workspace crates it uses, the lock file, this driver and the compiler. A hash over all of them is written beside the
//! executable's own hash when a build succeeds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::digest::digest;
use crate::toolchain;

/// Every source this driver consists of. A test compares the list with the folder.
const DRIVER: [(&str, &[u8]); 24] = [
    ("arithmetic.rs", include_bytes!("arithmetic.rs")),
    ("build.rs", include_bytes!("build.rs")),
    ("cache.rs", include_bytes!("cache.rs")),
    ("calls.rs", include_bytes!("calls.rs")),
    ("debian.rs", include_bytes!("debian.rs")),
    ("digest.rs", include_bytes!("digest.rs")),
    ("emit.rs", include_bytes!("emit.rs")),
    ("function.rs", include_bytes!("function.rs")),
    ("inlining.rs", include_bytes!("inlining.rs")),
    ("inputs.rs", include_bytes!("inputs.rs")),
    ("instruction.rs", include_bytes!("instruction.rs")),
    ("ir.rs", include_bytes!("ir.rs")),
    ("library.rs", include_bytes!("library.rs")),
    ("llvm.rs", include_bytes!("llvm.rs")),
    ("memory.rs", include_bytes!("memory.rs")),
    ("optimiser.rs", include_bytes!("optimiser.rs")),
    ("order.rs", include_bytes!("order.rs")),
    ("lib.rs", include_bytes!("lib.rs")),
    ("toolchain.rs", include_bytes!("toolchain.rs")),
    ("workspace.rs", include_bytes!("workspace.rs")),
    ("../Cargo.toml", include_bytes!("../Cargo.toml")),
    ("../wrappers.ll", include_bytes!("../wrappers.ll")),
    (
        "../sbpf-solana-solana.json",
        include_bytes!("../sbpf-solana-solana.json"),
    ),
    (
        "../../runtime/src/lib.rs",
        include_bytes!("../../runtime/src/lib.rs"),
    ),
];

/// The hash of this driver.
pub fn driver() -> String {
    digest(&DRIVER.map(|(_, bytes)| bytes))
}

/// The hash of everything `package` in `folder` is built from, `how` included: the way it is built.
pub fn fingerprint(root: &Path, folder: &Path, how: &str) -> Result<String> {
    let mut folders = BTreeSet::new();
    collect_crates(root, folder, &mut folders)?;
    let mut files = BTreeSet::from([root.join("Cargo.toml"), root.join("Cargo.lock")]);
    for folder in &folders {
        collect_files(folder, &mut files)?;
    }
    let mut hash = Sha256::new();
    hash.update(driver());
    hash.update(how);
    hash.update(toolchain::identity());
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        hash.update(digest(&[
            file.strip_prefix(root)
                .unwrap_or(&file)
                .to_string_lossy()
                .as_bytes(),
            &bytes,
        ]));
    }
    Ok(hex::encode(hash.finalize()))
}

/// Whether `executable` is the one recorded for `fingerprint`.
pub fn is_fresh(executable: &Path, stamp: &Path, fingerprint: &str) -> bool {
    let (Ok(bytes), Ok(found)) = (fs::read(executable), fs::read_to_string(stamp)) else {
        return false;
    };
    found == record(fingerprint, &bytes)
}

/// Records that `executable` was built from what `fingerprint` stands for.
pub fn remember(executable: &Path, stamp: &Path, fingerprint: &str) -> Result<()> {
    let bytes =
        fs::read(executable).with_context(|| format!("cannot read {}", executable.display()))?;
    toolchain::write_if_changed(stamp, record(fingerprint, &bytes).as_bytes())
}

fn record(fingerprint: &str, executable: &[u8]) -> String {
    format!("{fingerprint}\n{}\n", digest(&[executable]))
}

/// `folder` and the folders of the workspace crates it depends on, however far.
fn collect_crates(root: &Path, folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<()> {
    if !found.insert(folder.to_owned()) {
        return Ok(());
    }
    let manifest = read_toml(&folder.join("Cargo.toml"))?;
    let workspace = read_toml(&root.join("Cargo.toml"))?;
    let shared = workspace
        .get("workspace")
        .and_then(|table| table.get("dependencies"));
    let mut tables = Vec::new();
    for name in ["dependencies", "build-dependencies"] {
        tables.extend(manifest.get(name));
        for target in manifest
            .get("target")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flatten()
        {
            tables.extend(target.1.get(name));
        }
    }
    for (name, dependency) in tables
        .into_iter()
        .filter_map(toml::Value::as_table)
        .flatten()
    {
        let is_shared = dependency.get("workspace").and_then(toml::Value::as_bool) == Some(true);
        let (base, entry) = if is_shared {
            (root, shared.and_then(|shared| shared.get(name)))
        } else {
            (folder, Some(dependency))
        };
        if let Some(path) = entry
            .and_then(|entry| entry.get("path"))
            .and_then(toml::Value::as_str)
        {
            let path = base.join(path);
            let path = path
                .canonicalize()
                .with_context(|| format!("{name} should be at {}", path.display()))?;
            collect_crates(root, &path, found)?;
        }
    }
    Ok(())
}

fn collect_files(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if path.is_dir() {
            // Tests and benches do not end up in the program.
            if name != "tests" && name != "benches" {
                collect_files(&path, files)?;
            }
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

fn read_toml(path: &Path) -> Result<toml::Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_of_the_driver_is_part_of_the_fingerprint() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for entry in fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name == "tests" {
                continue;
            }
            assert!(
                DRIVER.iter().any(|(listed, _)| *listed == name),
                "{name} is missing from DRIVER"
            );
        }
    }
}
