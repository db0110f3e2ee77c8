//! The commands: one file each. A file holds the command's arguments, a function that does it and returns a typed
//! result, and how that result is shown.

use clap::Subcommand;

use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod audit;
pub mod campaign;
pub mod claim;
pub mod completions;
pub mod credits;
pub mod device;
pub mod epoch;
pub mod network;
pub mod points;
pub mod pool;
pub mod proof;
pub mod recipient;
pub mod rules;
pub mod why;
pub mod wifi;

/// What `cairn` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Device networks and the issuers they trust
    #[command(subcommand)]
    Network(network::NetworkCommand),
    /// Reward pools: roles, limits, funds
    #[command(subcommand)]
    Pool(pool::PoolCommand),
    /// The devices of a network
    #[command(subcommand)]
    Device(device::DeviceCommand),
    /// The epochs of a pool: one root of all rewards each
    #[command(subcommand)]
    Epoch(epoch::EpochCommand),
    /// Claim what you earned, or see it
    Claim(claim::ClaimCommand),
    /// Where you are paid and who may claim for you
    #[command(subcommand)]
    Recipient(recipient::RecipientCommand),
    /// Burn points for a share of tokens
    #[command(subcommand)]
    Points(points::PointsCommand),
    /// Redeem data credits with a carrier
    #[command(subcommand)]
    Credits(credits::CreditsCommand),
    /// Airdrop campaigns: from a table or from points to claims, vesting and their end
    #[command(subcommand)]
    Campaign(campaign::CampaignCommand),
    /// Explain why a proof was or was not paid, or what a device or owner earned
    Why(why::Args),
    /// What a proof would earn, before there is one
    #[command(subcommand)]
    Proof(proof::ProofCommand),
    /// The rules that decide what a proof earns: read them, compare them, try other ones on past epochs
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// What people see of access points: names, how they get in, terms
    #[command(subcommand)]
    Wifi(wifi::WifiCommand),
    /// Recompute and compare: trust nobody
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Print completions for your shell
    Completions(completions::Args),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// Whatever keeps it from a result.
    pub async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Network(command) => command.run(ctx).await,
            Self::Pool(command) => command.run(ctx).await,
            Self::Device(command) => command.run(ctx).await,
            Self::Epoch(command) => command.run(ctx).await,
            Self::Claim(command) => command.run(ctx).await,
            Self::Recipient(command) => command.run(ctx).await,
            Self::Points(command) => command.run(ctx).await,
            Self::Credits(command) => command.run(ctx).await,
            Self::Campaign(command) => command.run(ctx).await,
            Self::Why(args) => boxed(why::run(ctx, args).await),
            Self::Proof(command) => command.run(ctx).await,
            Self::Rules(command) => command.run(ctx).await,
            Self::Wifi(command) => command.run(ctx).await,
            Self::Audit(command) => command.run(ctx).await,
            Self::Completions(args) => boxed(completions::run(args)),
        }
    }
}

/// A command's own result as any command's.
pub(crate) fn boxed<T: Outcome + 'static>(
    result: Result<T, CliError>,
) -> Result<Box<dyn Outcome>, CliError> {
    result.map(|result| Box::new(result) as Box<dyn Outcome>)
}
