//! `cairn points round`.

use clap::Subcommand;

use crate::command::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod close;
pub mod open;

#[derive(Debug, Subcommand)]
pub enum RoundCommand {
    Open(open::Args),
    Close(close::Args),
}

impl RoundCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Open(args) => boxed(open::run(ctx, args).await),
            Self::Close(args) => boxed(close::run(ctx, args).await),
        }
    }
}
