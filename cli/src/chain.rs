//! What commands read from the chain, each missing or foreign account told apart by a sentence of its own.

use cairn_client::ClientError;
use cairn_interface::registry::{DeviceTreeView, NetworkView, tree_address};
use cairn_interface::spl::{MintView, TokenAccountView};
use cairn_interface::vault::{self, EpochView, PageView, PoolView};
use cairn_interface::{DecodeError, ids};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;

use crate::context::Context;
use crate::error::CliError;

/// The account at `address`, which must be there.
///
/// # Errors
/// [`ClientError::ProgramMissing`] when not even `program` is deployed there: the wrong cluster explains more than a
/// missing account; else [`ClientError::AccountMissing`].
pub async fn required(
    ctx: &Context,
    address: &Pubkey,
    what: &'static str,
    program: &Pubkey,
) -> Result<Account, CliError> {
    let mut found = ctx.ledger.snapshot(&[*address, *program]).await?.accounts;
    let program_account = found.pop().flatten();
    if let Some(account) = found.pop().flatten() {
        return Ok(account);
    }
    let url = ctx.ledger.place();
    Err(
        if program_account.is_some_and(|account| account.executable) {
            ClientError::AccountMissing {
                address: *address,
                what,
                url,
            }
        } else {
            ClientError::ProgramMissing {
                program: *program,
                url,
            }
        }
        .into(),
    )
}

/// Decodes what is there; `None` where nothing is.
fn decoded<T>(
    address: Pubkey,
    account: Option<&Account>,
    decode: impl FnOnce(Pubkey, &Account) -> Result<T, DecodeError>,
) -> Result<Option<T>, CliError> {
    account
        .map(|account| decode(address, account))
        .transpose()
        .map_err(|error| ClientError::from(error).into())
}

/// # Errors
/// See [`required`]; an account that is no pool.
pub async fn pool(ctx: &Context, address: &Pubkey) -> Result<PoolView, CliError> {
    let account = required(ctx, address, "a pool", &ids::REWARD_VAULT).await?;
    Ok(PoolView::decode(*address, &account).map_err(ClientError::from)?)
}

/// # Errors
/// See [`required`]; an account that is no network.
pub async fn network(ctx: &Context, address: &Pubkey) -> Result<NetworkView, CliError> {
    let account = required(ctx, address, "a network", &ids::DEVICE_REGISTRY).await?;
    Ok(NetworkView::decode(*address, &account).map_err(ClientError::from)?)
}

/// A network's device tree.
///
/// # Errors
/// The network has no tree of that number; an unreachable node.
pub async fn tree(ctx: &Context, network: &Pubkey, index: u16) -> Result<DeviceTreeView, CliError> {
    let (address, _) = tree_address(network, index);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), DeviceTreeView::decode)?.ok_or_else(|| {
        CliError::refused(
            "tree-missing",
            format!("network {network} has no tree {index}"),
            "see its trees with `cairn network show`, or make one with `cairn device tree create`",
        )
    })
}

/// The pool's epoch of that number, if it was ever proposed.
///
/// # Errors
/// An unreachable node; an account that is no epoch.
pub async fn find_epoch(
    ctx: &Context,
    pool: &Pubkey,
    number: u64,
) -> Result<Option<EpochView>, CliError> {
    let (address, _) = vault::epoch_address(pool, number);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), EpochView::decode)
}

/// The pool's epoch of that number.
///
/// # Errors
/// As [`find_epoch`]; a refusal that names the epochs there are.
pub async fn epoch(ctx: &Context, pool: &PoolView, number: u64) -> Result<EpochView, CliError> {
    if let Some(epoch) = find_epoch(ctx, &pool.address, number).await? {
        return Ok(epoch);
    }
    let hint = match pool.pending_epoch.max(pool.active_epoch) {
        0 => "no epoch was proposed yet; keepers propose the first with cairn-keeper".to_owned(),
        last => format!("its epochs are 1 to {last}: see `cairn epoch list`"),
    };
    Err(CliError::refused(
        "epoch-missing",
        format!("pool {} has no epoch {number}", pool.address),
        hint,
    ))
}

/// A page of member counters, if it was opened.
///
/// # Errors
/// An unreachable node; an account that is no page.
pub async fn find_page(
    ctx: &Context,
    pool: &Pubkey,
    page: u32,
) -> Result<Option<PageView>, CliError> {
    let (address, _) = vault::page_address(pool, page);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), PageView::decode)
}

/// Pages of member counters in order, `None` where one was not opened.
///
/// # Errors
/// An unreachable node; an account that is no page.
pub async fn pages(
    ctx: &Context,
    pool: &Pubkey,
    pages: impl IntoIterator<Item = u32>,
) -> Result<Vec<Option<PageView>>, CliError> {
    let addresses: Vec<_> = pages
        .into_iter()
        .map(|page| vault::page_address(pool, page).0)
        .collect();
    let accounts = ctx.ledger.accounts(&addresses).await?;
    addresses
        .into_iter()
        .zip(&accounts)
        .map(|(address, account)| decoded(address, account.as_ref(), PageView::decode))
        .collect()
}

/// A token account, if it is there.
///
/// # Errors
/// An unreachable node; an account that holds no tokens.
pub async fn find_token_account(
    ctx: &Context,
    address: &Pubkey,
) -> Result<Option<TokenAccountView>, CliError> {
    let account = ctx.ledger.account(address).await?;
    decoded(*address, account.as_ref(), TokenAccountView::decode)
}

/// Token accounts in order: `None` where nothing is, an error of its own for each that holds no tokens.
///
/// # Errors
/// An unreachable node.
pub async fn token_accounts(
    ctx: &Context,
    addresses: &[Pubkey],
) -> Result<Vec<Result<Option<TokenAccountView>, CliError>>, CliError> {
    let accounts = ctx.ledger.accounts(addresses).await?;
    let found = addresses.iter().zip(&accounts);
    Ok(found
        .map(|(address, account)| decoded(*address, account.as_ref(), TokenAccountView::decode))
        .collect())
}

/// # Errors
/// A missing account or one that is no mint.
pub async fn mint(ctx: &Context, address: &Pubkey) -> Result<MintView, CliError> {
    let account = required(ctx, address, "a token mint", &ids::TOKEN_PROGRAM).await?;
    Ok(MintView::decode(*address, &account).map_err(ClientError::from)?)
}

/// Unix seconds on the cluster's clock.
///
/// # Errors
/// An unreachable node.
pub async fn now(ctx: &Context) -> Result<i64, CliError> {
    Ok(ctx.ledger.clock().await?.unix_timestamp)
}
