//! `cargo xtask rules-doc`: the pages in docs/rules.

use anyhow::Result;
use clap::Args;

use crate::debian;
use crate::steps::{cargo, step};

/// Write docs/rules from the rules that ship and their cases, which are played, or check that they are up to date.
///
/// The check is a test of `cairn-epoch` as well: the suite runs it.
#[derive(Args)]
pub struct RulesDoc {
    /// Change nothing; fail when a page differs.
    #[arg(long)]
    pub check: bool,
}

impl RulesDoc {
    pub fn run(&self) -> Result<()> {
        const TEST: &str = "the_pages_say_what_rules_and_cases_say";
        debian::need(debian::BUILD)?;
        let arguments = [
            "test",
            "--locked",
            "--package",
            "cairn-epoch",
            "--test",
            "rules",
            TEST,
        ];
        let mut command = cargo(&arguments);
        if !self.check {
            command.env("CAIRN_RULES_DOC", "update");
        }
        step("pages of the rules", &mut command, "cargo xtask rules-doc")
    }
}
