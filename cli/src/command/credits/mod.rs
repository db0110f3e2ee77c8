//! `cairn credits`.

use cairn_client::Reading;
use cairn_interface::vault::{self, CarrierView, RedemptionView};
use cairn_merkle::Credits;
use clap::Subcommand;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::address::{Address, Hash};
use crate::args::{PoolArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;
use crate::shown::shown;

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
    /// The redemption, and unix seconds on the cluster's clock.
    async fn read(&self, ctx: &Context) -> Result<(RedemptionView, i64), CliError> {
        let pool = &self.pool.pool;
        let mut reading = Reading::new();
        let address = vault::redemption_address(pool, &self.owner, self.number).0;
        let (asked, clock) = (reading.state(address), reading.clock());
        let read = chain::answer(ctx, reading).await?;
        let redemption = read.find(&asked)?.ok_or_else(|| {
            CliError::refused(
                "redemption-missing",
                format!(
                    "{} has no open redemption {} in pool {pool}",
                    self.owner, self.number
                ),
                "it was fulfilled or refunded, or never made: see `cairn credits show`",
            )
        })?;
        Ok((redemption, read.need(&clock)?.unix_timestamp))
    }
}

shown! {
    /// Credits given up for a delivery.
    RedemptionShown(redemption: &RedemptionView, now: i64) {
        number: u64 = redemption.nonce,
        address: Address = redemption.address.into(),
        owner: Address = redemption.owner.into(),
        carrier: Address = redemption.carrier.into(),
        credits: Credits = redemption.credits(),
        /// What is to be delivered, as a hash that only member and carrier can open.
        commitment: Hash = redemption.commitment.into(),
        /// Unix seconds up to which it may be fulfilled.
        deadline: i64 = redemption.deadline,
        /// waiting, or refundable once the deadline is over.
        status: &'static str = if now > redemption.deadline { "refundable" } else { "waiting" },
    }
}

shown! {
    /// A carrier of a pool.
    CarrierShown(carrier: &CarrierView) {
        carrier: Address = carrier.carrier.into(),
        /// Whether members may redeem with it.
        active: bool = carrier.is_active(),
        /// Time it has to deliver.
        period_secs: u64 = carrier.period_secs,
        /// Credits redeemed with it that wait.
        pending: Credits = carrier.pending(),
        fulfilled: Credits = carrier.fulfilled(),
    }
}
