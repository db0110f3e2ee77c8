//! `cairn pool`.

use clap::Subcommand;
use serde::Serialize;

use super::boxed;
use crate::address::Address;
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::{Outcome, Verdict};
use crate::transact::Transactions;

pub mod accept_admin;
pub mod create;
pub mod fund;
pub mod pause;
pub mod propose_admin;
pub mod set_guardian;
pub mod set_keepers;
pub mod show;
pub mod unpause;

#[derive(Debug, Subcommand)]
pub enum PoolCommand {
    Create(create::Args),
    Show(show::Args),
    Fund(fund::Args),
    SetKeepers(set_keepers::Args),
    SetGuardian(set_guardian::Args),
    ProposeAdmin(propose_admin::Args),
    AcceptAdmin(accept_admin::Args),
    Pause(pause::Args),
    Unpause(unpause::Args),
}

impl PoolCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Create(args) => boxed(create::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Fund(args) => boxed(fund::run(ctx, args).await),
            Self::SetKeepers(args) => boxed(set_keepers::run(ctx, args).await),
            Self::SetGuardian(args) => boxed(set_guardian::run(ctx, args).await),
            Self::ProposeAdmin(args) => boxed(propose_admin::run(ctx, args).await),
            Self::AcceptAdmin(args) => boxed(accept_admin::run(ctx, args).await),
            Self::Pause(args) => boxed(pause::run(ctx, args).await),
            Self::Unpause(args) => boxed(unpause::run(ctx, args).await),
        }
    }
}

/// The result of changing a pool's roles or state.
#[derive(Clone, Debug, Serialize)]
pub struct PoolChanged {
    pub pool: Address,
    pub transactions: Transactions,
}

impl Verdict for PoolChanged {}

impl Show for PoolChanged {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("pool", self.pool.to_string());
        self.transactions.show(page);
    }
}
