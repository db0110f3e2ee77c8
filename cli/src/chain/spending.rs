//! What members spend: burn rounds and receipts, carriers and redemptions.

use cairn_client::AccountFilter;
use cairn_interface::vault::{self, CarrierView, PoolView, ReceiptView, RedemptionView, RoundView};
use solana_sdk::pubkey::Pubkey;

use super::{find, find_all, listed};
use crate::context::Context;
use crate::error::CliError;

/// A pool's burn round of that number, if it is there.
///
/// # Errors
/// As [`find`].
pub async fn find_round(
    ctx: &Context,
    pool: &Pubkey,
    number: u64,
) -> Result<Option<RoundView>, CliError> {
    find(ctx, vault::round_address(pool, number).0).await
}

/// A pool's burn round of that number.
///
/// # Errors
/// As [`find_round`]; it was never opened, or is closed.
pub async fn round(ctx: &Context, pool: &PoolView, number: u64) -> Result<RoundView, CliError> {
    if let Some(round) = find_round(ctx, &pool.address, number).await? {
        return Ok(round);
    }
    Err(CliError::refused(
        "round-missing",
        if number < pool.next_round {
            format!("round {number} is settled and closed")
        } else {
            format!("pool {} has no round {number}", pool.address)
        },
        "see the rounds with `cairn points rounds`",
    ))
}

/// The rounds of a pool that are not closed, in order.
///
/// # Errors
/// As [`find_round`].
pub async fn rounds(ctx: &Context, pool: &PoolView) -> Result<Vec<RoundView>, CliError> {
    let numbers = 0..pool.next_round;
    let addresses = numbers.map(|number| vault::round_address(&pool.address, number).0);
    Ok(find_all(ctx, addresses)
        .await?
        .into_iter()
        .flatten()
        .collect())
}

/// What a member burnt in a round and was not settled yet.
///
/// # Errors
/// As [`find`].
pub async fn find_receipt(
    ctx: &Context,
    round: &Pubkey,
    owner: &Pubkey,
) -> Result<Option<ReceiptView>, CliError> {
    find(ctx, vault::receipt_address(round, owner).0).await
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

/// A pool's carrier, if its admin named it.
///
/// # Errors
/// As [`find`].
pub async fn find_carrier(
    ctx: &Context,
    pool: &Pubkey,
    carrier: &Pubkey,
) -> Result<Option<CarrierView>, CliError> {
    find(ctx, vault::carrier_address(pool, carrier).0).await
}

/// A member's redemption, if it is open.
///
/// # Errors
/// As [`find`].
pub async fn find_redemption(
    ctx: &Context,
    pool: &Pubkey,
    owner: &Pubkey,
    nonce: u64,
) -> Result<Option<RedemptionView>, CliError> {
    find(ctx, vault::redemption_address(pool, owner, nonce).0).await
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
