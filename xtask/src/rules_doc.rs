//! `cargo xtask rules-doc`: the pages in docs/rules.

use anyhow::Result;
use clap::Args;

use crate::debian;
use crate::steps::{cargo, step};

/// Write docs/rules from the rules that ship and their cases, which are played, or check that they are up to date.
///
/// Plays each case with each number that it shows one less and one more, too, which takes some minutes: a case that no such change
/// changes shows nothing. All else is in the suite.
#[derive(Args)]
pub struct RulesDoc {
    /// Change nothing; fail when a page differs.
    #[arg(long)]
    pub check: bool,
}

impl RulesDoc {
    pub fn run(&self) -> Result<()> {
        debian::need(debian::BUILD)?;
        let arguments = [
            "test",
            "--locked",
            "--package",
            "cairn-epoch",
            "--test",
            "rules",
        ];
        let mut command = cargo(&arguments);
        command.env(
            "CAIRN_RULES_DOC",
            if self.check { "check" } else { "update" },
        );
        step("pages of the rules", &mut command, "cargo xtask rules-doc")
    }
}
