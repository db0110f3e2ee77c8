//! `cairn audit`.

use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

mod check;
pub mod epoch;
mod executable;
mod origins;
pub mod program;
mod recomputation;
mod replaced;
pub mod solvency;

pub use check::Check;
pub use recomputation::LeafDifference;
pub(super) use recomputation::{compared, scratch};

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    Epoch(epoch::Args),
    Solvency(solvency::Args),
    Program(program::Args),
}

impl AuditCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Epoch(args) => boxed(epoch::run(ctx, args).await),
            Self::Solvency(args) => boxed(solvency::run(ctx, args).await),
            Self::Program(args) => boxed(program::run(ctx, args).await),
        }
    }
}
