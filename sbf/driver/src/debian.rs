//! The build from Debian's packages: cargo to bitcode, bitcode to executable.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::emit::{self, Arch};
use crate::toolchain::{self, Toolchain};
use crate::workspace::{Program, RUNTIME, Workspace, library_name};
use crate::{inputs, llvm};

/// A prepared toolchain, and what it has made in this run.
pub struct DebianBuild {
    toolchain: Toolchain,
    /// A copy of this program at a fixed place: cargo rebuilds everything when the path of its linker changes.
    linker: PathBuf,
    runtime: PathBuf,
    /// Each program's object: the same for every version of the machine.
    objects: BTreeMap<String, PathBuf>,
}

impl DebianBuild {
    /// Gets the toolchain ready and compiles the arithmetic runtime, and with it the standard library.
    pub fn prepare(workspace: &Workspace) -> Result<Self> {
        let toolchain = Toolchain::prepare(&workspace.sbf)?;
        let linker = workspace.sbf.join("sbf-link");
        let this = std::env::current_exe().context("cannot find this program's own file")?;
        if fs::read(&linker).ok() != fs::read(&this).ok() {
            // Replaced as a whole: the old one may still be running.
            let fresh = linker.with_extension("new");
            fs::copy(&this, &fresh).with_context(|| format!("cannot write {}", fresh.display()))?;
            fs::rename(&fresh, &linker)
                .with_context(|| format!("cannot write {}", linker.display()))?;
        }
        let library = workspace
            .built()
            .join(format!("lib{}.rlib", library_name(RUNTIME)));
        if !library.exists() {
            eprintln!("Compiling the standard library for Solana, once (about two minutes) ...");
        }
        toolchain.build(&workspace.root, &workspace.sbf, RUNTIME, &[], &linker)?;
        let work = workspace.sbf.join("work");
        fs::create_dir_all(&work).with_context(|| format!("cannot create {}", work.display()))?;
        let runtime = work.join("runtime.bc");
        let mut files = Vec::new();
        for (at, (_, bytes)) in inputs::modules(&library)?.into_iter().enumerate() {
            let path = work.join(format!("runtime-{at}.bc"));
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
            files.push(path);
        }
        llvm::link(&files, &runtime)?;
        Ok(Self {
            toolchain,
            linker,
            runtime,
            objects: BTreeMap::new(),
        })
    }

    /// Builds `program` into `executable`.
    pub fn build(
        &mut self,
        workspace: &Workspace,
        program: &Program,
        arch: Arch,
        executable: &Path,
    ) -> Result<()> {
        let name = program.name();
        if !self.objects.contains_key(&name) {
            let object = self.object(workspace, program)?;
            self.objects.insert(name.clone(), object);
        }
        eprintln!("Linking {name} ({}) ...", arch.name());
        let bytes = emit::executable(&self.objects[&name], arch, program.optimiser)
            .with_context(|| format!("{name} cannot be built"))?;
        toolchain::write_if_changed(executable, &bytes)
    }

    fn object(&self, workspace: &Workspace, program: &Program) -> Result<PathBuf> {
        let name = format!("lib{}.so", library_name(program.package));
        let bitcode = workspace.built().join(&name);
        // cargo knows neither that its linker may be another one now, nor that both ways to build a package leave their outcome
        // under one name. It does link again what is not there.
        for stale in [&bitcode, &workspace.built().join("deps").join(&name)] {
            let _ = fs::remove_file(stale);
        }
        eprintln!("Compiling {} for Solana ...", program.name());
        self.toolchain.build(
            &workspace.root,
            &workspace.sbf,
            program.package,
            &program.not_inlined(),
            &self.linker,
        )?;
        eprintln!(
            "Optimising {} and fitting it to the machine ...",
            program.name()
        );
        let work = workspace.sbf.join("work").join(program.name());
        llvm::compile(&bitcode, program, &self.runtime, &work).with_context(|| {
            format!(
                "{} cannot be built; its intermediate forms are in {}",
                program.name(),
                workspace.shown(&work)
            )
        })
    }
}
