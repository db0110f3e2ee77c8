//! `cairn pool`.

use cairn_interface::vault::{PoolParams, PoolView};
use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::printer::Outcome;

pub mod accept_admin;
pub mod apply_params;
pub mod cancel_params;
pub mod create;
pub mod fund;
pub mod migrate;
mod params;
pub mod pause;
pub mod propose_admin;
pub mod roles;
pub mod ruleset;
pub mod set_guardian;
pub mod set_keepers;
pub mod set_params;
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
    SetParams(set_params::Args),
    ApplyParams(apply_params::Args),
    CancelParams(cancel_params::Args),
    #[command(subcommand)]
    Roles(roles::RolesCommand),
    #[command(subcommand)]
    Ruleset(ruleset::RulesetCommand),
    Migrate(migrate::Args),
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
            Self::SetParams(args) => boxed(set_params::run(ctx, args).await),
            Self::ApplyParams(args) => boxed(apply_params::run(ctx, args).await),
            Self::CancelParams(args) => boxed(cancel_params::run(ctx, args).await),
            Self::Roles(command) => command.run(ctx).await,
            Self::Ruleset(command) => command.run(ctx).await,
            Self::Migrate(args) => boxed(migrate::run(ctx, args).await),
        }
    }
}

pub use params::ParamsShown;

/// Refuses a pool of an older layout where the program would.
///
/// # Errors
/// [`CliError::Refused`] that names the way out.
pub(crate) fn current(pool: &PoolView) -> Result<(), CliError> {
    if pool.is_current() {
        return Ok(());
    }
    Err(CliError::refused(
        "pool-outdated",
        format!("pool {} has the layout of an older program", pool.address),
        format!(
            "anyone can bring it up to date: cairn pool migrate --pool {}",
            pool.address
        ),
    ))
}

/// Refuses a pool from which members take nothing out now.
///
/// # Errors
/// It is paused, or of an older layout.
pub(crate) fn running(pool: &PoolView, now: i64) -> Result<(), CliError> {
    if pool.is_paused(now) {
        return Err(CliError::refused(
            "paused",
            format!(
                "pool {} is paused: its members take nothing out",
                pool.address
            ),
            format!(
                "what was earned stays earned; the pause ends {}, or when its admin {} ends it",
                utc_from(pool.paused_until, now),
                pool.admin
            ),
        ));
    }
    current(pool)
}

/// The parameters that wait for their moment.
fn announced(pool: &PoolView) -> Result<PoolParams, CliError> {
    pool.pending_params.params().ok_or_else(|| {
        CliError::refused(
            "no-params-announced",
            format!("no parameters of pool {} are announced", pool.address),
            "its admin announces them with `cairn pool set-params`",
        )
    })
}
