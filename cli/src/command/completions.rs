//! `cairn completions`: the shell learns the commands.

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;

use crate::args::Cli;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Print completions for your shell.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn completions bash > ~/.local/share/bash-completion/completions/cairn
  cairn completions zsh > ~/.zfunc/_cairn
  cairn completions fish > ~/.config/fish/completions/cairn.fish")]
pub struct Args {
    #[arg(value_enum)]
    pub shell: Shell,
}

/// A script that the shell reads.
#[derive(Debug, Serialize)]
pub struct Completions {
    pub shell: String,
    pub script: String,
}

/// # Errors
/// None today: generation can not fail.
pub fn run(args: &Args) -> Result<Completions, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cairn", &mut script);
    Ok(Completions {
        shell: args.shell.to_string(),
        script: String::from_utf8_lossy(&script).into_owned(),
    })
}

impl Verdict for Completions {}

impl Show for Completions {
    fn show(&self, page: &mut Page) {
        page.line(self.script.trim_end());
    }
}
