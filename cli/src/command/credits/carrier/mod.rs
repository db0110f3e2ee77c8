//! `cairn credits carrier`.

use clap::Subcommand;

use crate::command::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod set;

#[derive(Debug, Subcommand)]
pub enum CarrierCommand {
    Set(set::Args),
}

impl CarrierCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Set(args) => boxed(set::run(ctx, args).await),
        }
    }
}
