//! `cargo xtask build-programs`: the on-chain programs, as executables.
//!
//! Solana's own toolchain (`cargo-build-sbf`) is used where it is installed. Everywhere else the programs are built from
//! Debian's packages and crates.io alone. How, and why it is right, is told in `docs/sbf-build.md`; the modules here are its
//! chapters, in the order a program passes through them.

mod arithmetic;
mod cache;
mod calls;
mod debian;
mod emit;
mod inlining;
mod inputs;
mod instruction;
mod ir;
mod library;
mod llvm;
mod memory;
mod toolchain;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use debian::DebianBuild;
pub use emit::Arch;

/// Set for rustc, which passes it on to its linker: tells this program that it is called as one.
const LINKER_HOOK_VARIABLE: &str = "CAIRN_SBF_LINKER";

/// The package whose program is measured beside ours.
const PEERS: &str = "peer-program";

/// The package with the arithmetic of `wrappers.ll`.
const RUNTIME: &str = "cairn-sbf-runtime";

/// Build the on-chain programs into target/deploy (version 3 executables: target/deploy/v3).
#[derive(clap::Args)]
pub struct BuildPrograms {
    /// Only these packages; all programs if none is named.
    packages: Vec<String>,
    /// Version of the machine to build for; give it twice for both.
    #[arg(long, value_enum, default_values_t = [Arch::V0])]
    arch: Vec<Arch>,
    /// Also build the programs of the tests and of the benchmarks, into target/sbf/tests.
    #[arg(long)]
    test_programs: bool,
}

impl Default for BuildPrograms {
    fn default() -> Self {
        Self {
            packages: Vec::new(),
            arch: vec![Arch::V0],
            test_programs: false,
        }
    }
}

impl BuildPrograms {
    /// What the tests need: the programs, the one that tests this build and the one of the benchmarks, for both
    /// versions of the machine.
    pub fn with_tests() -> Self {
        Self {
            arch: vec![Arch::V0, Arch::V3],
            test_programs: true,
            ..Self::default()
        }
    }

    /// What the benchmarks measure: the programs and the models of others.
    pub fn with_peers() -> Self {
        Self {
            packages: PROGRAMS
                .iter()
                .filter(|program| !program.is_test || program.package == PEERS)
                .map(|program| program.package.to_owned())
                .collect(),
            ..Self::default()
        }
    }
}

/// A program of this workspace.
struct Program {
    package: &'static str,
    folder: &'static str,
    is_test: bool,
    /// Whether a byte is worth more than a compute unit: see `inlining.rs`. The registry hashes millions of devices in and
    /// is small; the vault has forty instructions and does little in each.
    for_size: bool,
}

const PROGRAMS: [Program; 4] = [
    Program {
        package: "device-registry",
        folder: "programs/device-registry",
        is_test: false,
        for_size: false,
    },
    Program {
        package: "reward-vault",
        folder: "programs/reward-vault",
        is_test: false,
        for_size: true,
    },
    Program {
        package: "legalise-program",
        folder: "tests/sbf/legalise-program",
        is_test: true,
        for_size: false,
    },
    Program {
        package: PEERS,
        folder: "bench/peer-program",
        is_test: true,
        for_size: false,
    },
];

/// Solana's own builder, which is used instead of this driver where it is installed.
pub fn solana_toolchain() -> Option<PathBuf> {
    crate::debian::on_path("cargo-build-sbf")
}

/// If rustc called this program as its linker, does that and returns the outcome.
pub fn linker_hook() -> Option<Result<()>> {
    std::env::var_os(LINKER_HOOK_VARIABLE)?;
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    Some(inputs::link(&arguments))
}

impl BuildPrograms {
    /// What to build: every asked program for every asked version.
    fn jobs(&self) -> Result<Vec<(&'static Program, Arch)>> {
        if let Some(unknown) = self
            .packages
            .iter()
            .find(|name| !PROGRAMS.iter().any(|program| program.package == **name))
        {
            let known: Vec<&str> = PROGRAMS.iter().map(|program| program.package).collect();
            bail!(
                "there is no program {unknown}; hint: there are {}",
                known.join(", ")
            );
        }
        let is_asked = |program: &&Program| match &self.packages[..] {
            [] => self.test_programs || !program.is_test,
            named => named.iter().any(|name| name == program.package),
        };
        Ok(PROGRAMS
            .iter()
            .filter(is_asked)
            .flat_map(|program| self.arch.iter().map(move |&arch| (program, arch)))
            .collect())
    }

    /// Builds whatever is not up to date.
    pub fn run(&self) -> Result<()> {
        let workspace = Workspace::here()?;
        let started = Instant::now();
        let jobs = self.jobs()?;
        fs::create_dir_all(&workspace.sbf)
            .with_context(|| format!("cannot create {}", workspace.sbf.display()))?;
        let lock_path = workspace.sbf.join("lock");
        let lock = fs::File::create(&lock_path)
            .with_context(|| format!("cannot create {}", lock_path.display()))?;
        if lock.try_lock().is_err() {
            eprintln!("Waiting for another build of the programs ...");
            lock.lock()
                .with_context(|| format!("cannot lock {}", lock_path.display()))?;
        }
        let solana = solana_toolchain();
        let mut stale = Vec::new();
        for (program, arch) in jobs {
            let job = Job::new(&workspace, program, arch, solana.as_deref());
            if cache::is_fresh(&job.executable, &job.stamp, &job.fingerprint(&workspace)?) {
                eprintln!("{} is up to date", workspace.shown(&job.executable));
            } else {
                stale.push(job);
            }
        }
        let mut debian = match (&solana, &stale[..]) {
            (None, [_, ..]) => Some(DebianBuild::prepare(&workspace)?),
            _ => None,
        };
        // Taken again before anything is compiled: the compiler may just have been installed, and what is edited from here on
        // must count as a change.
        let fingerprints: Vec<String> = stale
            .iter()
            .map(|job| job.fingerprint(&workspace))
            .collect::<Result<_>>()?;
        for (job, fingerprint) in stale.iter().zip(&fingerprints) {
            let begun = Instant::now();
            match (&solana, &mut debian) {
                (Some(tool), _) => {
                    workspace.build_with_solana(tool, job.program, job.arch, &job.executable)?;
                }
                (None, Some(debian)) => {
                    debian.build(&workspace, job.program, job.arch, &job.executable)?;
                }
                (None, None) => bail!("no toolchain was prepared"),
            }
            cache::remember(&job.executable, &job.stamp, fingerprint)?;
            let size = fs::metadata(&job.executable)?.len();
            eprintln!(
                "{}: {} KiB in {:.1} s",
                workspace.shown(&job.executable),
                size.div_ceil(1024),
                begun.elapsed().as_secs_f32()
            );
        }
        eprintln!("Programs ready in {:.1} s", started.elapsed().as_secs_f32());
        Ok(())
    }
}

/// One executable to be made.
struct Job {
    program: &'static Program,
    arch: Arch,
    executable: PathBuf,
    stamp: PathBuf,
    /// What besides the sources decides over the outcome.
    how: String,
}

impl Job {
    fn new(
        workspace: &Workspace,
        program: &'static Program,
        arch: Arch,
        solana: Option<&Path>,
    ) -> Self {
        Self {
            program,
            arch,
            executable: workspace.executable(program, arch),
            stamp: workspace.sbf.join("stamps").join(format!(
                "{}-{}",
                program.package,
                arch.name()
            )),
            how: format!("{} {solana:?}", arch.name()),
        }
    }

    fn fingerprint(&self, workspace: &Workspace) -> Result<String> {
        cache::fingerprint(
            &workspace.root,
            &workspace.root.join(self.program.folder),
            &self.how,
        )
    }
}

/// Where things are.
struct Workspace {
    root: PathBuf,
    /// `target/deploy`.
    deploy: PathBuf,
    /// `target/sbf`: the programs' own target folder and everything this build keeps.
    sbf: PathBuf,
}

impl Workspace {
    fn here() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask has no parent folder")?
            .to_owned();
        if !root.join("Cargo.lock").exists() {
            bail!(
                "the repository is no longer at {}; hint: run `cargo xtask` from its new place",
                root.display()
            );
        }
        let target = root.join("target");
        Ok(Self {
            deploy: target.join("deploy"),
            sbf: target.join("sbf"),
            root,
        })
    }

    fn executable(&self, program: &Program, arch: Arch) -> PathBuf {
        let base = if program.is_test {
            self.sbf.join("tests")
        } else {
            self.deploy.clone()
        };
        let folder = match arch {
            Arch::V0 => base,
            Arch::V3 => base.join("v3"),
        };
        folder.join(format!("{}.so", library_name(program.package)))
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    fn build_with_solana(
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
    fn built(&self) -> PathBuf {
        self.sbf.join(toolchain::TARGET).join("release")
    }
}

/// The name cargo gives a package's library.
fn library_name(package: &str) -> String {
    package.replace('-', "_")
}
