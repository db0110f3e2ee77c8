//! `cargo xtask reproduce`: the same programs out of two folders.
//!
//! Whoever compares what is deployed with what they built themselves builds in a folder of their own. Nothing of where that is may
//! be in the executable: no path, and no order that follows from a hash over one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cairn_sbf::{Arch, Program};
use clap::Args;

use crate::programs::BuildPrograms;
use crate::steps::root;

/// Build programs once more in another folder, compiler's library included, and compare every byte.
#[derive(Args)]
pub struct Reproduce {
    /// Only these packages; all programs if none is named.
    packages: Vec<String>,
    /// Where the second build is made; what else lies there is deleted.
    #[arg(long, default_value = "target/sbf/elsewhere/cairn")]
    folder: PathBuf,
}

impl Reproduce {
    /// Shows it with the smallest program that has all of the compiler in it: the part of the tests.
    pub fn smallest() -> Self {
        Self {
            packages: vec!["legalise-program".to_owned()],
            folder: PathBuf::from("target/sbf/elsewhere/cairn"),
        }
    }

    pub fn run(&self) -> Result<()> {
        let jobs = BuildPrograms::of(&self.packages).jobs()?;
        let elsewhere = root().join(&self.folder);
        cairn_sbf::build(root(), &jobs)?;
        copy_sources(root(), &elsewhere)?;
        cairn_sbf::build(&elsewhere, &jobs)?;
        let mut different = Vec::new();
        for (program, arch) in &jobs {
            let (first, second) = (
                executable(root(), program, *arch)?,
                executable(&elsewhere, program, *arch)?,
            );
            let name = cairn_sbf::executable(Path::new(""), program, *arch);
            match difference(&first, &second) {
                None => eprintln!("    {}: the same {} bytes", name.display(), first.len()),
                Some(how) => different.push(format!("{}: {how}", name.display())),
            }
            // Functions are called by hashes here. Where those differ, equal executables are luck, and the next change ends it.
            if cairn_sbf::solana_toolchain().is_none() {
                let name = cairn_sbf::last_ir(Path::new(""), program);
                let text = |root: &Path| {
                    let path = root.join(&name);
                    fs::read_to_string(&path)
                        .with_context(|| format!("{} can not be read", path.display()))
                };
                let how = other_line(&text(root())?, &text(&elsewhere)?);
                different.extend(how.map(|how| format!("{}: {how}", name.display())));
            }
        }
        if different.is_empty() {
            return Ok(());
        }
        bail!(
            "{} and {} give different executables: {}; hint: compare target/sbf/work of both, a step at a time",
            root().display(),
            elsewhere.display(),
            different.join("; ")
        )
    }
}

fn executable(root: &Path, program: &Program, arch: Arch) -> Result<Vec<u8>> {
    let path = cairn_sbf::executable(root, program, arch);
    fs::read(&path).with_context(|| format!("{} can not be read", path.display()))
}

/// How two executables differ, if they do.
fn difference(first: &[u8], second: &[u8]) -> Option<String> {
    if first == second {
        return None;
    }
    let at = first.iter().zip(second).position(|(a, b)| a != b);
    let at = at.unwrap_or_else(|| first.len().min(second.len()));
    Some(format!(
        "{} and {} bytes, different from byte {at} on",
        first.len(),
        second.len()
    ))
}

/// What stands for a line behind the last.
const END: &str = "nothing";

/// The first line of two programs in LLVM's language that differs, but for the line that names the file.
fn other_line(first: &str, second: &str) -> Option<String> {
    fn lines(text: &str) -> impl Iterator<Item = &str> {
        let told = text.lines().filter(|line| !line.starts_with("; ModuleID"));
        told.chain([END])
    }
    let mut pairs = lines(first).zip(lines(second));
    let (a, b) = pairs.find(|(a, b)| a != b)?;
    Some(format!("`{a}` and `{b}`"))
}

/// Everything of the repository but what was built and what is hidden, in place of whatever sources were there. What was
/// built there before stays: only a change compiles again.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in entries(to)? {
        if entry.file_name().is_some_and(|name| name != "target") {
            let removed = if entry.is_dir() {
                fs::remove_dir_all(&entry)
            } else {
                fs::remove_file(&entry)
            };
            removed.with_context(|| format!("cannot replace {}", entry.display()))?;
        }
    }
    copy(from, to)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in entries(from)? {
        let name = entry.file_name().unwrap_or_default().to_owned();
        if name == "target" || name.to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.is_dir() {
            copy(&entry, &to.join(name))?;
        } else {
            fs::copy(&entry, to.join(name))
                .with_context(|| format!("cannot copy {}", entry.display()))?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executables_differ_in_a_byte_or_in_length() {
        assert_eq!(difference(b"abc", b"abc"), None);
        assert_eq!(
            difference(b"abc", b"axc").unwrap(),
            "3 and 3 bytes, different from byte 1 on"
        );
        assert_eq!(
            difference(b"abc", b"abcd").unwrap(),
            "3 and 4 bytes, different from byte 3 on"
        );
    }

    #[test]
    fn programs_in_llvms_language_differ_in_a_line_but_not_in_the_name_of_their_file() {
        let text = |file: &str, rest: &str| format!("; ModuleID = '{file}'\n{rest}");
        let define = "define void @_RNvCsjQG2nnwWYCz_4core3run() {\n}\n";
        assert_eq!(other_line(&text("a", define), &text("b", define)), None);
        let other = define.replace("Csj", "Csk");
        let how = other_line(&text("a", define), &text("a", &other)).unwrap();
        assert!(how.contains("CsjQG") && how.contains("CskQG"), "{how}");
        let longer = format!("{define}}}\n");
        assert_eq!(other_line(define, &longer).unwrap(), "`nothing` and `}`");
    }

    #[test]
    fn sources_are_replaced_and_what_was_built_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for file in [
            "from/Cargo.toml",
            "from/src/lib.rs",
            "from/target/built",
            "from/.git/config",
            "to/src/old.rs",
            "to/target/kept",
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        copy_sources(&from, &to).unwrap();
        let stands = |file: &str| to.join(file).exists();
        assert!(stands("Cargo.toml") && stands("src/lib.rs") && stands("target/kept"));
        assert!(!stands("src/old.rs") && !stands("target/built") && !stands(".git"));
    }
}
