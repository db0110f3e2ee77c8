//! `cairn pool roles`.

use clap::Subcommand;

use crate::command::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod apply;
pub mod cancel;

/// Announced guardians and keepers: put them in office, or withdraw them
#[derive(Debug, Subcommand)]
pub enum RolesCommand {
    Apply(apply::Args),
    Cancel(cancel::Args),
}

impl RolesCommand {
    pub(in crate::command) async fn run(
        &self,
        ctx: &Context,
    ) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Apply(args) => boxed(apply::run(ctx, args).await),
            Self::Cancel(args) => boxed(cancel::run(ctx, args).await),
        }
    }
}
