//! `cairn points`.

use clap::Subcommand;
use serde::Serialize;

use cairn_interface::vault::{PoolView, RoundView};

use super::boxed;
use crate::address::Address;
use crate::amount::{Amount, POINT_DECIMALS};
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

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

/// A burn round as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct RoundShown {
    pub number: u64,
    pub address: Address,
    /// upcoming, open, ended or settled.
    pub status: &'static str,
    /// Shared by all burns.
    pub tokens: Amount,
    /// Least points of one burn.
    pub minimum: Amount,
    /// Unix seconds.
    pub starts_at: i64,
    /// Unix seconds.
    pub ends_at: i64,
    pub burnt: Amount,
    pub receipts: u32,
    pub settled_receipts: u32,
    pub paid: Amount,
}

impl RoundShown {
    fn new(round: &RoundView, pool: &PoolView, now: i64) -> Self {
        let tokens = |base| Amount::new(base, pool.decimals);
        Self {
            number: round.number,
            address: round.address.into(),
            status: status(round, now),
            tokens: tokens(round.tokens),
            minimum: Amount::milli_points(round.minimum),
            starts_at: round.starts_at,
            ends_at: round.ends_at,
            burnt: Amount::milli_points(round.burnt),
            receipts: round.receipts,
            settled_receipts: round.settled_receipts,
            paid: tokens(round.paid),
        }
    }
}

fn status(round: &RoundView, now: i64) -> &'static str {
    if now < round.starts_at {
        "upcoming"
    } else if round.is_open(now) {
        "open"
    } else if round.receipts == round.settled_receipts {
        "settled"
    } else {
        "ended"
    }
}

/// Points as a person typed them, in thousandths.
fn points(what: &'static str, text: &str) -> Result<Amount, CliError> {
    Amount::parse(text, POINT_DECIMALS).map_err(|source| CliError::Amount { what, source })
}
