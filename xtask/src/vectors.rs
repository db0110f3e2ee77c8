//! `cargo xtask vectors`: the golden vectors in fixtures/vectors.

use anyhow::Result;
use clap::Args;

use crate::steps::{built, root, step};

/// Write fixtures/vectors from the code that the conformance test shares, or check that they are up to date.
#[derive(Args)]
pub struct Vectors {
    /// Change nothing; fail when a file differs.
    #[arg(long)]
    pub check: bool,
}

impl Vectors {
    pub fn run(&self) -> Result<()> {
        let mut vectors = built("building what writes the golden vectors", "cairn-vectors")?;
        if self.check {
            vectors.arg("--check");
        }
        vectors.arg("fixtures/vectors").current_dir(root());
        step("golden vectors", &mut vectors, "cargo xtask vectors")
    }
}
