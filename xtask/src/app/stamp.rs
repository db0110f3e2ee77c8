//! Whether something was done already with these very sources.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::debian;
use crate::steps::{output, root, target};

/// A file that holds the hash of what something was last done with.
pub struct Stamp {
    path: PathBuf,
    hash: String,
}

impl Stamp {
    /// Hashes what git knows or would take below `sources`, names included; nothing that a build leaves there.
    ///
    /// # Errors
    /// git can not be had, or the sources can not be listed or read.
    pub fn new(name: &str, sources: &[&str]) -> Result<Self> {
        debian::need(debian::SOURCES)?;
        let listed = output(
            "listing sources",
            Command::new("git")
                .args([
                    "ls-files",
                    "--cached",
                    "--others",
                    "--exclude-standard",
                    "-z",
                    "--",
                ])
                .args(sources)
                .current_dir(root()),
        )?;
        let mut hash = Sha256::new();
        let mut names: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let path = root().join(name);
            if !path.is_file() {
                continue;
            }
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            hash.update(name);
            hash.update([0]);
            hash.update(Sha256::digest(&bytes));
        }
        Ok(Self {
            path: target().join("stamps").join(name),
            hash: hex::encode(hash.finalize()),
        })
    }

    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|found| found == self.hash)
    }

    /// Notes that it is done.
    ///
    /// # Errors
    /// The note can not be written.
    pub fn remember(&self) -> Result<()> {
        let folder = self.path.parent().context("a stamp has no folder")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(&self.path, &self.hash)
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}
