//! `cairn proof`.

use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod identity;
pub mod link;
pub mod simulate;

#[derive(Debug, Subcommand)]
pub enum ProofCommand {
    Identity(identity::Args),
    Link(link::Args),
    Simulate(simulate::Args),
}

impl ProofCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Identity(args) => boxed(identity::run(args)),
            Self::Link(args) => boxed(link::run(ctx, args).await),
            Self::Simulate(args) => boxed(simulate::run(ctx, args).await),
        }
    }
}
