//! `cairn rules`.

use cairn_epoch::WrittenRules;
use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod backtest;
mod csv;
pub mod diff;
mod page;
mod publish;
mod report;
pub mod show;
mod source;
mod standing;
mod trust;

pub use report::Backtested;
pub use source::Which;
pub use standing::Standing;

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    Show(show::Args),
    Diff(diff::Args),
    Backtest(backtest::Args),
}

impl RulesCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Show(args) => match args.pool_alone() {
                Some(pool) => boxed(Standing::read(ctx, pool).await),
                None => boxed(show::run(ctx, args).await),
            },
            Self::Diff(args) => boxed(diff::run(ctx, args).await),
            Self::Backtest(args) => boxed(backtest::run(ctx, args).await),
        }
    }
}

/// The rules' hash, once they are a network's: without its terms no pool can name them.
fn hash_of(rules: &WrittenRules) -> Option<crate::address::Hash> {
    rules
        .is_complete()
        .then(|| crate::address::Hash(rules.ruleset().hash()))
}
