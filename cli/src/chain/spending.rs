//! What members spend: burn rounds and receipts, carriers and redemptions.

use std::ops::Range;

use cairn_client::{AccountFilter, AskedAll, ClientError, Read, Reading};
use cairn_interface::vault::{self, CarrierView, PoolView, ReceiptView, RedemptionView, RoundView};
use solana_sdk::pubkey::Pubkey;

use super::{listed, pool_with};
use crate::context::Context;
use crate::error::CliError;

/// The pool, its burn round of that number, and unix seconds on the cluster's clock.
///
/// # Errors
/// As [`pool`](super::pool); the round was never opened, or is closed.
pub async fn pool_and_round(
    ctx: &Context,
    pool: &Pubkey,
    number: u64,
) -> Result<(PoolView, RoundView, i64), CliError> {
    let address = vault::round_address(pool, number).0;
    let (pool, round, now) = pool_with(ctx, pool, |reading| reading.state(address)).await?;
    let round = round.ok_or_else(|| round_missing(&pool, number))?;
    Ok((pool, round, now))
}

/// The refusal of a round that is not there.
pub fn round_missing(pool: &PoolView, number: u64) -> CliError {
    CliError::refused(
        "round-missing",
        if number < pool.next_round {
            format!("round {number} is settled and closed")
        } else {
            format!("pool {} has no round {number}", pool.address)
        },
        "see the rounds with `cairn points rounds`",
    )
}

/// Rounds of a pool that were asked for, and what one member burnt in each and was not settled yet.
pub struct AskedRounds {
    rounds: AskedAll<RoundView>,
    /// As many, or none where no member was named.
    receipts: AskedAll<ReceiptView>,
}

/// Asks for the pool's rounds of these numbers.
pub fn ask_rounds(
    reading: &mut Reading,
    pool: &Pubkey,
    numbers: Range<u64>,
    owner: Option<Pubkey>,
) -> AskedRounds {
    let rounds: Vec<Pubkey> = numbers
        .map(|number| vault::round_address(pool, number).0)
        .collect();
    let receipts = rounds
        .iter()
        .filter_map(|round| Some(vault::receipt_address(round, &owner?).0));
    AskedRounds {
        receipts: reading.all(receipts, ReceiptView::decode),
        rounds: reading.all(rounds.iter().copied(), RoundView::decode),
    }
}

impl AskedRounds {
    /// Those that are not closed, in order.
    ///
    /// # Errors
    /// Something else lives there.
    pub fn found(&self, read: &Read) -> Result<Vec<(RoundView, Option<ReceiptView>)>, ClientError> {
        let receipts = read
            .all(&self.receipts)
            .chain(std::iter::repeat_with(|| Ok(None)));
        let mut found = Vec::new();
        for (round, receipt) in read.all(&self.rounds).zip(receipts) {
            let receipt = receipt?;
            found.extend(round?.map(|round| (round, receipt)));
        }
        Ok(found)
    }
}

/// Every receipt of a round that is not settled.
///
/// # Errors
/// An unreachable node, or one that does not list a program's accounts.
pub async fn receipts(ctx: &Context, round: &Pubkey) -> Result<Vec<ReceiptView>, CliError> {
    let filters = [
        AccountFilter::Length(vault::RECEIPT_LEN as u64),
        // The round stands first, behind the discriminator.
        AccountFilter::Bytes {
            offset: 8,
            bytes: round.to_bytes().to_vec(),
        },
    ];
    let instead = ", or settle one owner with --owner, which needs no list";
    listed(ctx, &filters, instead).await
}

/// Every redemption of a pool that is open.
///
/// # Errors
/// An unreachable node, or one that does not list a program's accounts.
pub async fn redemptions(ctx: &Context, pool: &Pubkey) -> Result<Vec<RedemptionView>, CliError> {
    listed(ctx, &of_pool(vault::REDEMPTION_LEN, pool), "").await
}

/// Every carrier of a pool.
///
/// # Errors
/// As [`redemptions`].
pub async fn carriers(ctx: &Context, pool: &Pubkey) -> Result<Vec<CarrierView>, CliError> {
    listed(ctx, &of_pool(vault::CARRIER_LEN, pool), "").await
}

/// Accounts of that length that name the pool first, behind the discriminator.
fn of_pool(length: usize, pool: &Pubkey) -> [AccountFilter; 2] {
    [
        AccountFilter::Length(length as u64),
        AccountFilter::Bytes {
            offset: 8,
            bytes: pool.to_bytes().to_vec(),
        },
    ]
}
