//! `cairn network`.

use clap::Subcommand;

use super::boxed;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod accept_authority;
pub mod add_issuer;
pub mod configure;
pub mod create;
pub mod propose_authority;
pub mod retire_issuer;
pub mod show;

#[derive(Debug, Subcommand)]
pub enum NetworkCommand {
    Create(create::Args),
    Show(show::Args),
    Configure(configure::Args),
    AddIssuer(add_issuer::Args),
    RetireIssuer(retire_issuer::Args),
    ProposeAuthority(propose_authority::Args),
    AcceptAuthority(accept_authority::Args),
}

impl NetworkCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Create(args) => boxed(create::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Configure(args) => boxed(configure::run(ctx, args).await),
            Self::AddIssuer(args) => boxed(add_issuer::run(ctx, args).await),
            Self::RetireIssuer(args) => boxed(retire_issuer::run(ctx, args).await),
            Self::ProposeAuthority(args) => boxed(propose_authority::run(ctx, args).await),
            Self::AcceptAuthority(args) => boxed(accept_authority::run(ctx, args).await),
        }
    }
}

/// Who may register devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Policy {
    /// Nobody: the authority imports
    Closed,
    /// Devices that an active issuer endorses
    Endorsed,
    /// Any device that consents
    Open,
}

impl From<Policy> for cairn_interface::registry::Registration {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Closed => Self::Closed,
            Policy::Endorsed => Self::Endorsed,
            Policy::Open => Self::Open,
        }
    }
}

impl Policy {
    /// The policy in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Closed => "closed: only the authority imports",
            Self::Endorsed => "endorsed: an active issuer vouches for each device",
            Self::Open => "open: any device that consents",
        }
    }
}

impl From<cairn_interface::registry::Registration> for Policy {
    fn from(registration: cairn_interface::registry::Registration) -> Self {
        use cairn_interface::registry::Registration;
        match registration {
            Registration::Closed => Self::Closed,
            Registration::Endorsed => Self::Endorsed,
            Registration::Open => Self::Open,
        }
    }
}
