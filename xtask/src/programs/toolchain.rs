//! The compiler side of the build: Debian's rustc, cargo and LLVM, and a copy of the standard library taught about Solana.
//!
//! Nothing of Solana's own toolchain is downloaded. Debian's `rustc-web` is a stock Rust compiler whose LLVM has the BPF
//! backend; its library source needs five small edits before `std` builds for `target_os = "solana"`. The edits are made
//! on a copy under `target/sbf`, never on the installed files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Debian packages the build needs: compiler, cargo, the standard library's source, and the LLVM tools.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "llvm-22"];
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LIBRARY: &str = "/usr/lib/rustlib/src/rust/library";
/// Where Debian puts the LLVM tools that match rustc's own LLVM.
pub const LLVM_BIN: &str = "/usr/lib/llvm-22/bin";
const LLVM_TOOLS: [&str; 5] = ["llvm-link", "llvm-as", "llvm-dis", "opt", "llc"];
const LLVM_MAJOR: &str = "22";
/// The oldest rustc whose `-Cpanic=immediate-abort` and build-std this driver was written against.
const RUSTC_MINOR: u32 = 96;

/// Name of the target, and of its description below `xtask/sbf`.
pub const TARGET: &str = "sbpf-solana-solana";
const TARGET_SPEC: &str = include_str!("../../sbf/sbpf-solana-solana.json");

/// A toolchain that is installed, checked and ready to build programs.
pub struct Toolchain {
    library: PathBuf,
    target_spec: PathBuf,
}

impl Toolchain {
    /// Installs what is missing, then prepares the patched library and the target description in `sbf_dir`.
    pub fn prepare(sbf_dir: &Path) -> Result<Self> {
        let missing = missing_files();
        if !missing.is_empty() {
            install()?;
            let still = missing_files();
            if !still.is_empty() {
                bail!(
                    "{} was installed, yet {} is not there; hint: `apt-get install --reinstall {}`",
                    PACKAGES.join(" "),
                    still.join(", "),
                    PACKAGES.join(" ")
                );
            }
        }
        let version = check_versions()?;
        let library = patched_library(sbf_dir, &version)?;
        let target_spec = sbf_dir.join(format!("{TARGET}.json"));
        write_if_changed(&target_spec, TARGET_SPEC.as_bytes())?;
        Ok(Self {
            library,
            target_spec,
        })
    }

    /// Builds `package` of the workspace at `root`; rustc calls `linker` where it would call `ld`.
    ///
    /// The release profile the programs need is given on the command line, so that the workspace's own profiles, which
    /// every host build shares, stay as they are.
    pub fn build(&self, root: &Path, sbf_dir: &Path, package: &str, linker: &Path) -> Result<()> {
        let mut cargo = Command::new(CARGO);
        // `cargo xtask` runs under rustup's cargo, whose variables would steer Debian's. What people set to reach the
        // registry (proxies, certificates, mirrors) stays.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let is_users = [
                "CARGO_HOME",
                "CARGO_HTTP_",
                "CARGO_NET_",
                "CARGO_REGISTR",
                "CARGO_SOURCE_",
                "CARGO_TERM_",
            ]
            .iter()
            .any(|start| text.starts_with(start));
            if text.starts_with("RUST") || text.starts_with("CARGO") && !is_users {
                cargo.env_remove(&name);
            }
        }
        cargo
            .current_dir(root)
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
            .env("__CARGO_TESTS_ONLY_SRC_ROOT", &self.library)
            .env(super::LINKER_HOOK_VARIABLE, "1")
            .args(["build", "--release", "--package", package, "--target"])
            .arg(&self.target_spec)
            .arg("--target-dir")
            .arg(sbf_dir)
            .args([
                "-Zbuild-std=core,alloc,std,panic_abort",
                "-Zbuild-std-features=",
                "-Zjson-target-spec",
            ]);
        for setting in [
            "profile.release.opt-level=3",
            "profile.release.overflow-checks=true",
            "profile.release.codegen-units=1",
            "profile.release.lto=\"off\"",
            "profile.release.debug=0",
            "profile.release.incremental=false",
        ] {
            cargo.args(["--config", setting]);
        }
        let flags = r#"["-Zunstable-options", "-Cpanic=immediate-abort", "-Crelocation-model=static", "-Ctarget-cpu=v2"]"#;
        cargo.args(["--config", &format!("target.{TARGET}.rustflags={flags}")]);
        let linker = linker
            .to_str()
            .context("the path of the target folder is not UTF-8")?;
        cargo.args(["--config", &format!("target.{TARGET}.linker={linker:?}")]);
        let status = cargo
            .status()
            .with_context(|| format!("cannot run {CARGO}"))?;
        if !status.success() {
            bail!("{package} does not compile for Solana (see the compiler's messages above)");
        }
        Ok(())
    }
}

/// The tools' own version lines; part of what decides whether an executable is fresh.
pub fn identity() -> String {
    let stamp = |path: &str| {
        let meta = fs::metadata(path).ok()?;
        let modified = meta
            .modified()
            .ok()?
            .duration_since(std::time::UNIX_EPOCH)
            .ok()?;
        Some(format!("{path} {} {}\n", meta.len(), modified.as_secs()))
    };
    [
        RUSTC,
        CARGO,
        &format!("{LLVM_BIN}/llc"),
        &format!("{LLVM_BIN}/opt"),
    ]
    .iter()
    .filter_map(|path| stamp(path))
    .collect()
}

fn missing_files() -> Vec<String> {
    let tools = LLVM_TOOLS.iter().map(|tool| format!("{LLVM_BIN}/{tool}"));
    [RUSTC, CARGO, LIBRARY]
        .iter()
        .map(|path| (*path).to_owned())
        .chain(tools)
        .filter(|path| !Path::new(path).exists())
        .collect()
}

/// Installs [`PACKAGES`] with apt, as root or through sudo.
fn install() -> Result<()> {
    let by_hand = format!("apt-get install -y {}", PACKAGES.join(" "));
    if find_in_path("apt-get").is_none() {
        bail!(
            "the programs are built with Debian's packages {} and this system has no apt-get; hint: install Solana's own \
             toolchain instead, `cargo-build-sbf` is used when it is on PATH",
            PACKAGES.join(", ")
        );
    }
    let is_root = run_text("id", &["-u"]).is_ok_and(|id| id.trim() == "0");
    let prefix: &[&str] = if is_root {
        &[]
    } else if find_in_path("sudo").is_some() {
        eprintln!(
            "The programs need Debian's {}; sudo asks for your password to run `{by_hand}`.",
            PACKAGES.join(", ")
        );
        &["sudo"]
    } else {
        bail!(
            "the programs need Debian's {}; hint: as root, run `{by_hand}`",
            PACKAGES.join(", ")
        );
    };
    eprintln!(
        "Installing {} with apt-get (a few hundred megabytes, once) ...",
        PACKAGES.join(", ")
    );
    let apt = |arguments: &[&str]| -> Result<bool> {
        let words: Vec<&str> = prefix
            .iter()
            .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .chain(arguments)
            .copied()
            .collect();
        // apt talks a lot; stdout stays clean for whoever called us.
        let output = Command::new(words[0])
            .args(&words[1..])
            .stdout(Stdio::null())
            .status();
        Ok(output
            .with_context(|| format!("cannot run {}", words[0]))?
            .success())
    };
    let install: Vec<&str> = ["install", "-y"].iter().chain(&PACKAGES).copied().collect();
    // Package lists may be absent or stale on a fresh machine: refresh them first, and let the install itself decide.
    if !apt(&["update", "-q"])? {
        eprintln!("`apt-get update` failed; trying with the package lists that are there.");
    }
    if !apt(&install)? {
        bail!(
            "apt-get could not install {}; hint: run `{by_hand}` and read what it says",
            PACKAGES.join(", ")
        );
    }
    Ok(())
}

/// Checks that rustc is new enough and writes bitcode the LLVM tools read. Returns rustc's version text.
fn check_versions() -> Result<String> {
    let version = run_text(RUSTC, &["-vV"])?;
    let field = |name: &str| {
        version
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
            .unwrap_or_default()
    };
    let minor = field("release:")
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse::<u32>().ok())
        .unwrap_or(0);
    if minor < RUSTC_MINOR {
        bail!(
            "{RUSTC} is version {}, the programs need 1.{RUSTC_MINOR} or later; hint: `apt-get install {}` replaces it",
            field("release:"),
            PACKAGES.join(" ")
        );
    }
    if field("LLVM version:").split('.').next() != Some(LLVM_MAJOR) {
        bail!(
            "{RUSTC} writes the bitcode of LLVM {}, the tools in {LLVM_BIN} read that of {LLVM_MAJOR}; hint: `apt-get install {}`",
            field("LLVM version:"),
            PACKAGES.join(" ")
        );
    }
    Ok(version)
}

/// One edit of one library file: after the `occurrence`-th line that is exactly `anchor` inside the file, put `insert`.
struct Edit {
    file: &'static str,
    /// Text that must occur exactly once; the insertion goes right behind it.
    anchor: &'static str,
    insert: &'static str,
}

/// What makes `std` build for Solana: where it asks "which system is this?", Solana answers like the other systems that
/// have no threads, no random numbers and no input and output. Memory comes from the program's own allocator; the
/// library's default one therefore has nothing to give.
const EDITS: [Edit; 7] = [
    Edit {
        file: "std/src/sys/alloc/mod.rs",
        anchor: "    target_arch = \"riscv64\",\n",
        insert: "    target_arch = \"bpf\",\n",
    },
    Edit {
        file: "std/src/sys/alloc/mod.rs",
        anchor: "    target_os = \"zkvm\" => {\n        mod zkvm;\n    }\n",
        insert: "    target_os = \"solana\" => {\n        mod solana;\n    }\n",
    },
    Edit {
        file: "std/src/sys/io/error/mod.rs",
        anchor: "        target_os = \"zkvm\",\n",
        insert: "        target_os = \"solana\",\n",
    },
    Edit {
        file: "std/src/sys/random/mod.rs",
        anchor: "        target_os = \"xous\",\n        target_os = \"vexos\",\n",
        insert: "        target_os = \"solana\",\n",
    },
    Edit {
        file: "std/src/sys/random/mod.rs",
        anchor: "    target_os = \"xous\",\n    target_os = \"vexos\",\n)))]\n",
        insert: "#[cfg(not(target_os = \"solana\"))]\n",
    },
    Edit {
        file: "std/src/sys/thread_local/mod.rs",
        anchor: "        target_os = \"uefi\",\n        target_os = \"zkvm\",\n",
        insert: "        target_os = \"solana\",\n",
    },
    Edit {
        file: "std/src/sys/thread_local/mod.rs",
        anchor: "            target_os = \"uefi\",\n            target_os = \"zkvm\",\n",
        insert: "            target_os = \"solana\",\n",
    },
];

const SOLANA_ALLOC: &str = "\
use crate::alloc::{GlobalAlloc, Layout, System};

#[stable(feature = \"alloc_system_type\", since = \"1.28.0\")]
unsafe impl GlobalAlloc for System {
    #[inline]
    unsafe fn alloc(&self, _layout: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }
    #[inline]
    unsafe fn dealloc(&self, _ptr: *mut u8, _layout: Layout) {}
}
";

/// Returns a library folder with [`EDITS`] applied, copying and patching it when there is none for this rustc.
fn patched_library(sbf_dir: &Path, rustc_version: &str) -> Result<PathBuf> {
    let source = sbf_dir.join("std");
    let library = source.join("library");
    let stamp = source.join("patched-for");
    let wanted = format!(
        "{rustc_version}\n{}",
        super::cache::digest(&[include_bytes!("toolchain.rs")])
    );
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(library);
    }
    eprintln!("Copying the standard library's source and teaching it about Solana ...");
    if source.exists() {
        fs::remove_dir_all(&source)
            .with_context(|| format!("cannot replace {}", source.display()))?;
    }
    copy_tree(Path::new(LIBRARY), &library)?;
    for edit in &EDITS {
        let path = library.join(edit.file);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        fs::write(&path, apply(edit, &text)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    fs::write(library.join("std/src/sys/alloc/solana.rs"), SOLANA_ALLOC)?;
    fs::write(&stamp, wanted)?;
    Ok(library)
}

fn apply(edit: &Edit, text: &str) -> Result<String> {
    let mut places = text.match_indices(edit.anchor);
    let (Some((at, _)), None) = (places.next(), places.next()) else {
        bail!(
            "the standard library's {} is not the one this driver knows (looked for {:?}); hint: this rustc is newer than the \
             driver, see docs/sbf-build.md on how to follow it",
            edit.file,
            edit.anchor
        );
    };
    let end = at + edit.anchor.len();
    Ok(format!("{}{}{}", &text[..end], edit.insert, &text[end..]))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        // Debian links some vendored files elsewhere: follow the links, so that the copy stands alone.
        if fs::metadata(entry.path())
            .with_context(|| format!("cannot read {}", entry.path().display()))?
            .is_dir()
        {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}

/// Writes `bytes` unless the file already holds them: cargo rebuilds whatever has a newer time stamp.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// The first `name` on PATH, if any.
pub fn find_in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

fn run_text(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        bail!(
            "`{program} {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
