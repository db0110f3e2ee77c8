//! `cairn proof`.

use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod simulate;

#[derive(Debug, Subcommand)]
pub enum ProofCommand {
    Simulate(simulate::Args),
}

impl ProofCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Simulate(args) => boxed(simulate::run(ctx, args).await),
        }
    }
}
