//! `cargo xtask app`: the web app, from a fresh machine to a folder that any web server serves.
//!
//! ```text
//! wasm/cairn-web ──▶ app/public/cairn_web.wasm ─────────┐
//! wasm/cairn-auditor ──▶ app/public/cairn_auditor.wasm.gz ─┤
//! idl/*.json, docs/rules ──generate──▶ app/src/generated ─┼──▶ types ──▶ target/app, SHA256SUMS in it
//! package-lock.json ──npm ci──▶ node_modules ───────────┘
//! ```

mod node;
mod pages;
mod stamp;
mod wasm;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use sha2::{Digest, Sha256};

use crate::steps::{root, step, target};
use node::Node;
use stamp::Stamp;

/// Build the web app into target/app, with all that this needs.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct App {
    /// Run its tests that need no browser, too.
    #[arg(long)]
    test: bool,
    /// Run its tests in Chromium, against a month of the demonstration, too.
    #[arg(long)]
    pages: bool,
    /// The same, and let the run take the pictures in docs/pictures anew.
    #[arg(long)]
    pictures: bool,
}

/// What a built app is made of. The command line's texts and the programs' interfaces are in it.
const SOURCES: &[&str] = &[
    "app",
    "idl",
    "wasm",
    "crates/cairn-device-tree",
    "crates/cairn-epoch",
    "crates/cairn-merkle",
    "crates/cairn-proof",
    "crates/cairn-rules",
    "crates/cairn-spelling",
    "crates/cairn-tree",
    "docs/rules",
    "fixtures/vectors",
    "rules",
];
const FIX: &str = "cargo xtask app";

impl App {
    /// What needs no browser, as `cargo xtask test` runs it early.
    pub const fn tests() -> Self {
        Self {
            test: true,
            pages: false,
            pictures: false,
        }
    }

    /// Its pages, as `cargo xtask test` ends with them.
    pub const fn pages() -> Self {
        Self {
            test: false,
            pages: true,
            pictures: false,
        }
    }

    pub fn run(&self) -> Result<()> {
        let folder = self.build()?;
        eprintln!("    the web app is in {}", folder.display());
        if self.pictures {
            pages::run(&folder, &root().join("docs/pictures"))?;
        } else if self.pages {
            pages::check(&folder)?;
        }
        Ok(())
    }

    /// The folder of the built app.
    ///
    /// # Errors
    /// Something of it can not be had, does not type-check or does not pass its tests.
    pub fn build(self) -> Result<PathBuf> {
        let folder = target().join("app");
        let built = Stamp::new("app-built", SOURCES)?;
        let tested = Stamp::new("app-tested", SOURCES)?;
        let stale = !built.is_fresh() || !folder.join("index.html").is_file();
        if !stale && (!self.test || tested.is_fresh()) {
            return Ok(folder);
        }
        let (module, auditor) = (wasm::web()?, wasm::auditor()?);
        let app = root().join("app");
        let public = app.join("public/cairn_web.wasm");
        fs::copy(&module, &public).with_context(|| format!("cannot write {}", public.display()))?;
        let node = checked_out(&app)?;
        step(
            "packing the auditor",
            node.run(&app).arg("scripts/pack.mjs").arg(&auditor),
            FIX,
        )?;
        step(
            "the app's types",
            node.run(&app)
                .args(["node_modules/typescript/bin/tsc", "--noEmit"]),
            FIX,
        )?;
        if stale {
            let vite = [
                "node_modules/vite/bin/vite.js",
                "build",
                "--logLevel",
                "warn",
            ];
            step(
                "building the app",
                node.run(&app).args(vite).env("CAIRN_APP_OUT", &folder),
                FIX,
            )?;
            write_sums(&folder)?;
            built.remember()?;
        }
        if self.test && !tested.is_fresh() {
            step(
                "the app's tests",
                node.run(&app)
                    .args(["--test", "tests/unit/*.test.ts"])
                    .env("CAIRN_APP_OUT", &folder),
                "cargo xtask app --test",
            )?;
            tested.remember()?;
        }
        Ok(folder)
    }
}

/// Node.js, with what it needs beside the app's sources: packages and generated clients. They lie in the checkout, so no stamp in
/// the target folder, which several checkouts may share, says whether they are there.
///
/// # Errors
/// Node.js or the packages can not be had.
fn checked_out(app: &Path) -> Result<Node> {
    let node = Node::ready()?;
    node.packages(app)?;
    step(
        "the app's clients of the programs",
        node.run(app).arg("scripts/generate.mjs"),
        FIX,
    )?;
    Ok(node)
}

/// `SHA256SUMS`, in the form that `sha256sum --check` reads: whoever mirrors the app can be checked. cairn.json is left out, because
/// each host writes its own.
fn write_sums(folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut sums = String::new();
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(&file).display();
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        // Writing into a String can not fail.
        let _ = writeln!(sums, "{}  {name}", hex::encode(Sha256::digest(&bytes)));
    }
    let path = folder.join("SHA256SUMS");
    fs::write(&path, sums).with_context(|| format!("cannot write {}", path.display()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            collect(&path, files)?;
        } else if name != "SHA256SUMS" && name != "cairn.json" {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_name_every_file_but_those_that_a_host_writes() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("assets")).unwrap();
        for (name, text) in [
            ("index.html", "a"),
            ("assets/b.js", "b"),
            ("cairn.json", "{}"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        write_sums(folder.path()).unwrap();
        write_sums(folder.path()).unwrap();
        let sums = fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap();
        let names: Vec<&str> = sums
            .lines()
            .filter_map(|line| line.split("  ").nth(1))
            .collect();
        assert_eq!(names, ["assets/b.js", "index.html"]);
        assert!(sums.ends_with(&format!(
            "{}  index.html\n",
            hex::encode(Sha256::digest(b"a"))
        )));
    }
}
