//! The module's start: folders as the page names them, lines on the standard output.
// What stands in for a system library is found by names that are not mangled, which counts as unsafe because two could collide.
#![deny(unsafe_code)]

#[cfg(target_family = "wasm")]
mod threads;

use std::io::{Result, stdout};
use std::path::Path;

use cairn_auditor::{Folders, audit};

fn main() -> Result<()> {
    let folders = Folders {
        epoch: Path::new("/epoch"),
        previous: Path::new("/previous"),
        scratch: Path::new("/scratch"),
    };
    audit(&folders, &mut stdout())
}
