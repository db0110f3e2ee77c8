//! `cairn points`.

use clap::Subcommand;

use cairn_interface::vault::{PoolView, RoundView};

use super::boxed;
use crate::address::Address;
use crate::amount::{Amount, of_points, of_tokens};
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;
use crate::shown::shown;

pub mod burn;
pub mod round;
pub mod rounds;
pub mod settle;

#[derive(Debug, Subcommand)]
pub enum PointsCommand {
    Burn(burn::Args),
    Rounds(rounds::Args),
    /// Open and close burn rounds
    #[command(subcommand)]
    Round(round::RoundCommand),
    Settle(settle::Args),
}

impl PointsCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Burn(args) => boxed(burn::run(ctx, args).await),
            Self::Rounds(args) => boxed(rounds::run(ctx, args).await),
            Self::Round(command) => command.run(ctx).await,
            Self::Settle(args) => boxed(settle::run(ctx, args).await),
        }
    }
}

shown! {
    /// A burn round as it stands.
    RoundShown(round: &RoundView, pool: &PoolView, now: i64) {
        number: u64 = round.number,
        address: Address = round.address.into(),
        /// upcoming, open, ended or settled.
        status: &'static str = status(round, now),
        /// Shared by all burns.
        tokens: Amount = of_tokens(round.tokens(), pool.decimals),
        /// Least points of one burn.
        minimum: Amount = of_points(round.minimum()),
        /// Unix seconds.
        starts_at: i64 = round.starts_at,
        /// Unix seconds.
        ends_at: i64 = round.ends_at,
        burnt: Amount = of_points(round.burnt()),
        receipts: u32 = round.receipts,
        settled_receipts: u32 = round.settled_receipts,
        paid: Amount = of_tokens(round.paid(), pool.decimals),
    }
}

fn status(round: &RoundView, now: i64) -> &'static str {
    if now < round.starts_at {
        "upcoming"
    } else if round.is_open(now) {
        "open"
    } else if round.is_settled() {
        "settled"
    } else {
        "ended"
    }
}
