//! `cargo xtask guides`: the walks of docs/guide, every command of them.

use anyhow::Result;
use clap::Args;

use crate::{
    programs::BuildPrograms,
    steps::{Profile, build, cargo, step},
};

/// Run every command of docs/guide against a local network, and compare what it prints with what stands there.
#[derive(Args)]
pub struct Guides {
    /// Write what the commands print now into the guides; read the difference.
    #[arg(long)]
    update: bool,
}

impl Guides {
    pub fn run(&self) -> Result<()> {
        BuildPrograms::default().run()?;
        build(
            "building the commands",
            &["cairn", "cairn-keeper", "cairn-localnet"],
            Profile::Debug,
        )?;
        let mut walk = cargo(&["test", "--locked", "--workspace", "--test", "guide"]);
        if self.update {
            walk.env("CAIRN_UPDATE_GUIDES", "1");
        }
        step("walking the guides", &mut walk, "cargo xtask guides")
    }
}
