//! `cairn wifi`.

use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod offer;
pub mod show;
pub mod speaker;
pub mod statement;

#[derive(Debug, Subcommand)]
pub enum WifiCommand {
    Offer(offer::Args),
    Show(show::Args),
}

impl WifiCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Offer(args) => boxed(offer::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
        }
    }
}
