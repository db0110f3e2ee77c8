//! Rust's standard library, taught about Solana.
//!
//! The edits are made on a copy of the source that Debian installs, never on the installed files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Where Debian puts what rustc has for each target.
const TARGETS: &str = "/usr/lib/rustlib";
/// Where Debian puts the library's source.
pub const INSTALLED: &str = "/usr/lib/rustlib/src/rust/library";
/// The same below a system root.
const LIBRARY: &str = "lib/rustlib/src/rust/library";

/// One edit of one library file.
pub struct Edit {
    pub file: &'static str,
    /// Text that must occur exactly once; the insertion goes right behind it.
    pub anchor: &'static str,
    pub insert: &'static str,
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

/// Returns a system root whose library has [`EDITS`] applied, copying and patching it when there is none for this rustc. For
/// what runs on the host while programs are compiled it has what Debian installed.
pub fn patched(sbf_dir: &Path, rustc_version: &str) -> Result<PathBuf> {
    let root = sbf_dir.join("std");
    let library = root.join(LIBRARY);
    let stamp = root.join("patched-for");
    let wanted = format!(
        "{rustc_version}\n{}",
        crate::digest::digest(&[include_bytes!("library.rs")])
    );
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(root);
    }
    eprintln!("Copying the standard library's source and teaching it about Solana ...");
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("cannot replace {}", root.display()))?;
    }
    copy_tree(Path::new(INSTALLED), &library)?;
    for edit in &EDITS {
        let path = library.join(edit.file);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        fs::write(&path, apply(edit, &text)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    fs::write(library.join("std/src/sys/alloc/solana.rs"), SOLANA_ALLOC)?;
    link_targets(&root.join("lib/rustlib"))?;
    fs::write(&stamp, wanted)?;
    Ok(root)
}

/// Everything that Debian has for targets but the library's source.
fn link_targets(to: &Path) -> Result<()> {
    for entry in fs::read_dir(TARGETS).with_context(|| format!("cannot read {TARGETS}"))? {
        let entry = entry?;
        if entry.file_name() != "src" {
            let link = to.join(entry.file_name());
            symlink(entry.path(), &link)
                .with_context(|| format!("cannot write {}", link.display()))?;
        }
    }
    Ok(())
}

/// `text` with the edit made, if its place is there exactly once.
pub fn apply(edit: &Edit, text: &str) -> Result<String> {
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
