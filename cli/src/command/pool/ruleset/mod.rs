//! `cairn pool ruleset`.

use clap::Subcommand;

use crate::command::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod announce;
pub mod cancel;
pub mod named;

/// The rules that epochs are scored by: announce others, or withdraw them
#[derive(Debug, Subcommand)]
pub enum RulesetCommand {
    Announce(announce::Args),
    Cancel(cancel::Args),
}

impl RulesetCommand {
    pub(in crate::command) async fn run(
        &self,
        ctx: &Context,
    ) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Announce(args) => boxed(announce::run(ctx, args).await),
            Self::Cancel(args) => boxed(cancel::run(ctx, args).await),
        }
    }
}
