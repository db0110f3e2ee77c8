//! The programs, and where everything of them is.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::emit::Arch;
use crate::optimiser::Optimiser;
use crate::toolchain;

/// The package with the arithmetic of `wrappers.ll`.
pub(crate) const RUNTIME: &str = "cairn-sbf-runtime";

/// A program of the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    pub package: &'static str,
    /// Below the workspace's root.
    pub folder: &'static str,
    /// Whether it is only there for tests: those go to `target/sbf/tests`.
    pub is_test: bool,
    /// The packages in which a byte is worth more than a compute unit (see `inlining.rs`); none when the whole program is
    /// built for speed.
    pub for_size: &'static [&'static str],
    pub optimiser: Optimiser,
}

impl Program {
    /// What the executable and everything kept for it are called: one package may be built both ways, for tests.
    pub(crate) fn name(&self) -> String {
        let mut name = self.package.to_owned();
        if self.is_test && !self.for_size.is_empty() {
            name.push_str("-small");
        }
        if self.optimiser == Optimiser::Off {
            name.push_str("-unoptimised");
        }
        name
    }

    /// The packages that rustc hands over before it inlines anything (see `inlining.rs`). Without an optimiser that would put
    /// values together again, what was inlined takes more stack than a function has.
    pub(crate) fn not_inlined(&self) -> Vec<&'static str> {
        let mut packages = self.for_size.to_vec();
        if self.optimiser == Optimiser::Off && !packages.contains(&self.package) {
            packages.push(self.package);
        }
        packages
    }

    /// The executable's file: folders tell the two optimisers apart, as whoever loads programs looks for them by name.
    fn file(&self) -> String {
        let as_deployed = Self {
            optimiser: Optimiser::On,
            ..*self
        };
        format!("{}.so", library_name(&as_deployed.name()))
    }
}

/// Where things are.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// `target/deploy`.
    pub(crate) deploy: PathBuf,
    /// `target/sbf`: the programs' own target folder and everything this build keeps.
    pub(crate) sbf: PathBuf,
}

impl Workspace {
    pub(crate) fn at(root: &Path) -> Self {
        let target = root.join("target");
        Self {
            deploy: target.join("deploy"),
            sbf: target.join("sbf"),
            root: root.to_owned(),
        }
    }

    pub(crate) fn executable(&self, program: &Program, arch: Arch) -> PathBuf {
        let base = match (program.is_test, program.optimiser) {
            (false, Optimiser::On) => self.deploy.clone(),
            (true, Optimiser::On) => self.sbf.join("tests"),
            (false, Optimiser::Off) => self.sbf.join("unoptimised"),
            (true, Optimiser::Off) => self.sbf.join("unoptimised/tests"),
        };
        let folder = match arch {
            Arch::V0 => base,
            Arch::V3 => base.join("v3"),
        };
        folder.join(program.file())
    }

    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    pub(crate) fn build_with_solana(
        &self,
        tool: &Path,
        program: &Program,
        arch: Arch,
        executable: &Path,
    ) -> Result<()> {
        let out = executable.parent().context("an executable has a folder")?;
        eprintln!(
            "Building {} ({}) with {} ...",
            program.package,
            arch.name(),
            tool.display()
        );
        let mut command = Command::new(tool);
        toolchain::clear_rustup(&mut command);
        let status = command
            .current_dir(&self.root)
            .arg("--manifest-path")
            .arg(self.root.join(program.folder).join("Cargo.toml"))
            .arg("--sbf-out-dir")
            .arg(out)
            .args(["--arch", arch.name()])
            .status()
            .with_context(|| format!("cannot run {}", tool.display()))?;
        if !status.success() {
            bail!(
                "{} failed on {} (see its messages above)",
                tool.display(),
                program.package
            );
        }
        Ok(())
    }
}

impl Workspace {
    /// Where Debian's cargo leaves what it builds.
    pub(crate) fn built(&self) -> PathBuf {
        self.sbf.join(toolchain::TARGET).join("release")
    }
}

/// The name cargo gives a package's library.
pub(crate) fn library_name(package: &str) -> String {
    package.replace('-', "_")
}
