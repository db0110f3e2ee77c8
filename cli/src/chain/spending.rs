//! What members spend: burn rounds and receipts, carriers and redemptions.

use cairn_client::AccountFilter;
use cairn_interface::ids;
use cairn_interface::vault::{self, CarrierView, PoolView, ReceiptView, RedemptionView, RoundView};
use solana_sdk::pubkey::Pubkey;

use super::{decoded, listed};
use crate::context::Context;
use crate::error::CliError;

/// A pool's burn round of that number, if it is there.
///
/// # Errors
/// An unreachable node; an account that is no round.
pub async fn find_round(
    ctx: &Context,
    pool: &Pubkey,
    number: u64,
) -> Result<Option<RoundView>, CliError> {
    let (address, _) = vault::round_address(pool, number);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), RoundView::decode)
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
    let addresses: Vec<_> = (0..pool.next_round)
        .map(|number| vault::round_address(&pool.address, number).0)
        .collect();
    let accounts = ctx.ledger.accounts(&addresses).await?;
    let found = addresses
        .into_iter()
        .zip(&accounts)
        .map(|(address, account)| decoded(address, account.as_ref(), RoundView::decode));
    Ok(found
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// What a member burnt in a round and was not settled yet.
///
/// # Errors
/// An unreachable node; an account that is no receipt.
pub async fn find_receipt(
    ctx: &Context,
    round: &Pubkey,
    owner: &Pubkey,
) -> Result<Option<ReceiptView>, CliError> {
    let (address, _) = vault::receipt_address(round, owner);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), ReceiptView::decode)
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
    let found = listed(
        ctx,
        &ids::REWARD_VAULT,
        &filters,
        ", or settle one owner with --owner, which needs no list",
    )
    .await?;
    let receipts = found
        .into_iter()
        .map(|(address, account)| ReceiptView::decode(address, &account));
    // Another kind of account may be as long and name the round too.
    Ok(receipts.filter_map(Result::ok).collect())
}

/// A pool's carrier, if its admin named it.
///
/// # Errors
/// An unreachable node; an account that is no carrier.
pub async fn find_carrier(
    ctx: &Context,
    pool: &Pubkey,
    carrier: &Pubkey,
) -> Result<Option<CarrierView>, CliError> {
    let (address, _) = vault::carrier_address(pool, carrier);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), CarrierView::decode)
}

/// A member's redemption, if it is open.
///
/// # Errors
/// An unreachable node; an account that is no redemption.
pub async fn find_redemption(
    ctx: &Context,
    pool: &Pubkey,
    owner: &Pubkey,
    nonce: u64,
) -> Result<Option<RedemptionView>, CliError> {
    let (address, _) = vault::redemption_address(pool, owner, nonce);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), RedemptionView::decode)
}

/// Every redemption of a pool that is open.
///
/// # Errors
/// An unreachable node, or one that does not list a program's accounts.
pub async fn redemptions(ctx: &Context, pool: &Pubkey) -> Result<Vec<RedemptionView>, CliError> {
    let filters = of_pool(vault::REDEMPTION_LEN, pool);
    let found = listed(ctx, &ids::REWARD_VAULT, &filters, "").await?;
    let redemptions = found
        .into_iter()
        .map(|(address, account)| RedemptionView::decode(address, &account));
    Ok(redemptions.filter_map(Result::ok).collect())
}

/// Every carrier of a pool.
///
/// # Errors
/// As [`redemptions`].
pub async fn carriers(ctx: &Context, pool: &Pubkey) -> Result<Vec<CarrierView>, CliError> {
    let filters = of_pool(vault::CARRIER_LEN, pool);
    let found = listed(ctx, &ids::REWARD_VAULT, &filters, "").await?;
    let carriers = found
        .into_iter()
        .map(|(address, account)| CarrierView::decode(address, &account));
    Ok(carriers.filter_map(Result::ok).collect())
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
