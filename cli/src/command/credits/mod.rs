//! `cairn credits`.

use cairn_interface::vault::{CarrierView, RedemptionView};
use clap::Subcommand;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::address::{Address, Hash};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod carrier;
pub mod fulfil;
pub mod redeem;
pub mod refund;
pub mod show;

#[derive(Debug, Subcommand)]
pub enum CreditsCommand {
    /// Who delivers what credits are redeemed for
    #[command(subcommand)]
    Carrier(carrier::CarrierCommand),
    Redeem(redeem::Args),
    Fulfil(fulfil::Args),
    Refund(refund::Args),
    Show(show::Args),
}

impl CreditsCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Carrier(command) => command.run(ctx).await,
            Self::Redeem(args) => boxed(redeem::run(ctx, args).await),
            Self::Fulfil(args) => boxed(fulfil::run(ctx, args).await),
            Self::Refund(args) => boxed(refund::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
        }
    }
}

/// The redemption a command is about.
#[derive(Clone, Debug, clap::Args)]
pub struct RedemptionArg {
    /// The redemption's number, as `cairn credits redeem` told it
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    /// The member
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Pubkey,
    #[command(flatten)]
    pub pool: PoolArg,
}

impl RedemptionArg {
    async fn read(&self, ctx: &Context) -> Result<RedemptionView, CliError> {
        let pool = &self.pool.pool;
        let found = chain::find_redemption(ctx, pool, &self.owner, self.number).await?;
        found.ok_or_else(|| {
            CliError::refused(
                "redemption-missing",
                format!(
                    "{} has no open redemption {} in pool {pool}",
                    self.owner, self.number
                ),
                "it was fulfilled or refunded, or never made: see `cairn credits show`",
            )
        })
    }
}

/// Credits given up for a delivery.
#[derive(Clone, Debug, Serialize)]
pub struct RedemptionShown {
    pub number: u64,
    pub address: Address,
    pub owner: Address,
    pub carrier: Address,
    pub credits: u64,
    /// What is to be delivered, as a hash that only member and carrier can open.
    pub commitment: Hash,
    /// Unix seconds up to which it may be fulfilled.
    pub deadline: i64,
    /// waiting, or refundable once the deadline is over.
    pub status: &'static str,
}

impl RedemptionShown {
    fn new(redemption: &RedemptionView, now: i64) -> Self {
        Self {
            number: redemption.nonce,
            address: redemption.address.into(),
            owner: redemption.owner.into(),
            carrier: redemption.carrier.into(),
            credits: redemption.credits,
            commitment: redemption.commitment.into(),
            deadline: redemption.deadline,
            status: if now > redemption.deadline {
                "refundable"
            } else {
                "waiting"
            },
        }
    }
}

/// A carrier of a pool.
#[derive(Clone, Debug, Serialize)]
pub struct CarrierShown {
    pub carrier: Address,
    /// Whether members may redeem with it.
    pub active: bool,
    /// Time it has to deliver.
    pub period_secs: u64,
    /// Credits redeemed with it that wait.
    pub pending: u64,
    pub fulfilled: u64,
}

impl From<&CarrierView> for CarrierShown {
    fn from(carrier: &CarrierView) -> Self {
        Self {
            carrier: carrier.carrier.into(),
            active: carrier.active,
            period_secs: carrier.period_secs,
            pending: carrier.pending,
            fulfilled: carrier.fulfilled,
        }
    }
}
