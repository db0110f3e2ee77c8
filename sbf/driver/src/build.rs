//! Which executables are to be made, and making those that are not up to date.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::debian::DebianBuild;
use crate::workspace::{Program, Workspace};
use crate::{Arch, cache, solana_toolchain};

/// Builds those of `jobs` that are not up to date, for the workspace whose root is `root`: `target/deploy/<package>.so`, version
/// 3 executables below `v3`.
///
/// # Errors
/// A program that does not compile or can not be translated, with what to do; a toolchain that can not be had.
pub fn build(root: &Path, jobs: &[(Program, Arch)]) -> Result<()> {
    if !root.join("Cargo.lock").exists() {
        bail!(
            "the repository is no longer at {}; hint: run `cargo xtask` from its new place",
            root.display()
        );
    }
    let workspace = Workspace::at(root);
    let started = Instant::now();
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
    for &(program, arch) in jobs {
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
                workspace.build_with_solana(tool, &job.program, job.arch, &job.executable)?;
            }
            (None, Some(debian)) => {
                debian.build(&workspace, &job.program, job.arch, &job.executable)?;
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

/// Where [`build`] leaves an executable.
#[must_use]
pub fn executable(root: &Path, program: &Program, arch: Arch) -> PathBuf {
    Workspace::at(root).executable(program, arch)
}

/// Where [`build`] leaves the last form of a program that a person can read; Solana's own toolchain leaves none.
#[must_use]
pub fn last_ir(root: &Path, program: &Program) -> PathBuf {
    let work = Workspace::at(root).sbf.join("work");
    work.join(program.name()).join("6-final.ll")
}

/// One executable to be made.
struct Job {
    program: Program,
    arch: Arch,
    executable: PathBuf,
    stamp: PathBuf,
    /// What besides the sources decides over the outcome.
    how: String,
}

impl Job {
    fn new(workspace: &Workspace, program: Program, arch: Arch, solana: Option<&Path>) -> Self {
        Self {
            program,
            arch,
            executable: workspace.executable(&program, arch),
            stamp: workspace
                .sbf
                .join("stamps")
                .join(format!("{}-{}", program.name(), arch.name())),
            how: format!(
                "{} {solana:?} {:?} {:?}",
                arch.name(),
                program.for_size,
                program.optimiser
            ),
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
