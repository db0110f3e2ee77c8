//! `cairn device tree`.

use clap::Subcommand;

use crate::command::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod create;
pub mod import;
mod staged;

#[derive(Debug, Subcommand)]
pub enum TreeCommand {
    Create(create::Args),
    Import(import::Args),
}

impl TreeCommand {
    pub(in crate::command) async fn run(
        &self,
        ctx: &Context,
    ) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Create(args) => boxed(create::run(ctx, args).await),
            Self::Import(args) => boxed(import::run(ctx, args).await),
        }
    }
}
