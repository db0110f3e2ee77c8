//! `cargo xtask clippy`: our crates through clippy and rustdoc, which is also how `cargo xtask test` builds them.

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use super::compiler;
use crate::steps::{cargo, output, step};

/// Build everything through clippy and rustdoc; whatever they report is refused.
#[derive(Args)]
pub struct Clippy;

impl Clippy {
    pub fn run(&self) -> Result<()> {
        compiler::choose()?;
        step(
            "building everything, through clippy and rustdoc",
            &mut cargo(&["build", "--locked", "--workspace", "--all-targets"]),
            "cargo xtask clippy (what stands above it is to be mended)",
        )?;
        compiled_once()
    }
}

/// Programs alone are made of what was compiled for the tests. A feature that only a test asks for, of our packages or of
/// others', makes cargo compile its package and everything above it a second time, in each build after the other: minutes.
///
/// # Errors
/// Names what was compiled again.
fn compiled_once() -> Result<()> {
    let built = output(
        "looking for what is compiled twice",
        &mut cargo(&[
            "build",
            "--locked",
            "--workspace",
            "--bins",
            "--message-format",
            "json",
        ]),
    )?;
    let again = compiled_again(&built)?;
    if let Some(first) = again.first() {
        bail!(
            "programs are made of other builds than tests, from {first} on ({} in all): a test's dependency asks for features that \
             nothing else asks for; run: cargo tree --workspace -e features -i {first}",
            again.len()
        );
    }
    Ok(())
}

/// Packages that were not there yet, in the order in which they were compiled; of ours the programs are linked once more.
fn compiled_again(messages: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for line in messages.lines().filter(|line| line.starts_with('{')) {
        let message: Value = serde_json::from_str(line).context("cargo's messages are not JSON")?;
        if message["reason"] == "compiler-artifact" && message["fresh"] == false {
            let name = message["target"]["name"].as_str();
            names.push(name.context("an artifact has no name")?.to_owned());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_is_not_compiled_again() {
        let messages = "{\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"cairn_tree\"},\"fresh\":true}\n\
                        {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"cairn_facts\"},\"fresh\":false}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(compiled_again(messages).unwrap(), ["cairn_facts"]);
    }
}
