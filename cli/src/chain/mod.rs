//! What commands read from the chain, each missing or foreign account told apart by a sentence of its own.

mod spending;

use cairn_client::{AccountFilter, ClientError};
use cairn_interface::registry::{DeviceTreeView, NetworkView, tree_address};
use cairn_interface::spl::{MintView, TokenAccountView};
use cairn_interface::vault::{
    self, EpochRecord, EpochView, MemberPageView, PoolView, RecipientView,
};
use cairn_interface::{DecodeError, State, View, ids};
use cairn_merkle::{EpochNumber, Tokens};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;

use crate::context::Context;
use crate::error::CliError;

pub use spending::{
    carriers, find_carrier, find_receipt, find_redemption, find_round, receipts, redemptions,
    round, rounds,
};

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

/// The accounts of one kind that pass `filters`; `instead` says what works on nodes that list none.
///
/// # Errors
/// An unreachable node, or one that does not list a program's accounts.
pub async fn listed<T: State>(
    ctx: &Context,
    filters: &[AccountFilter],
    instead: &str,
) -> Result<Vec<View<T>>, CliError> {
    let found = ctx.ledger.program_accounts(&T::PROGRAM, filters);
    let found = found.await.map_err(|error| match error {
        ClientError::NotOffered { .. } => CliError::refused(
            "rpc-not-offered",
            error.to_string(),
            format!("name a node that lists a program's accounts with -u{instead}"),
        ),
        error => error.into(),
    })?;
    // Another kind may be as long and pass the filters too.
    let views = found
        .into_iter()
        .filter_map(|(address, account)| View::decode(address, &account).ok());
    Ok(views.collect())
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

/// An account of the programs, if it is there. Lamports that somebody sent ahead leave an account of the system program, in
/// which the programs still create theirs.
///
/// # Errors
/// An unreachable node; an account of another kind.
pub async fn find<T: State>(ctx: &Context, address: Pubkey) -> Result<Option<View<T>>, CliError> {
    let account = ctx.ledger.account(&address).await?;
    decoded(address, ours(account.as_ref()), View::decode)
}

fn ours(account: Option<&Account>) -> Option<&Account> {
    account.filter(|account| account.owner != ids::SYSTEM_PROGRAM)
}

/// Accounts of the programs in the order of their addresses, `None` where nothing is.
///
/// # Errors
/// As [`find`].
pub async fn find_all<T: State>(
    ctx: &Context,
    addresses: impl IntoIterator<Item = Pubkey>,
) -> Result<Vec<Option<View<T>>>, CliError> {
    let addresses: Vec<_> = addresses.into_iter().collect();
    let accounts = ctx.ledger.accounts(&addresses).await?;
    let found = addresses.into_iter().zip(&accounts);
    found
        .map(|(address, account)| decoded(address, ours(account.as_ref()), View::decode))
        .collect()
}

/// As [`find`], of what must be there.
async fn read<T: State>(ctx: &Context, address: &Pubkey) -> Result<View<T>, CliError> {
    let account = required(ctx, address, T::WHAT, &T::PROGRAM).await?;
    Ok(View::decode(*address, &account).map_err(ClientError::from)?)
}

/// # Errors
/// See [`required`]; an account that is no pool.
pub async fn pool(ctx: &Context, address: &Pubkey) -> Result<PoolView, CliError> {
    read(ctx, address).await
}

/// # Errors
/// See [`required`]; an account that is no network.
pub async fn network(ctx: &Context, address: &Pubkey) -> Result<NetworkView, CliError> {
    read(ctx, address).await
}

/// A network's device tree.
///
/// # Errors
/// The network has no tree of that number; an unreachable node.
pub async fn tree(ctx: &Context, network: &Pubkey, index: u16) -> Result<DeviceTreeView, CliError> {
    let found = find(ctx, tree_address(network, index).0).await?;
    found.ok_or_else(|| {
        CliError::refused(
            "tree-missing",
            format!("network {network} has no tree {index}"),
            "see its trees with `cairn network show`, or make one with `cairn device tree create`",
        )
    })
}

/// What the pool's epoch of that number left on chain, if it was ever proposed: all of it, or its tombstone.
///
/// # Errors
/// An unreachable node; an account that is no epoch.
pub async fn find_record(
    ctx: &Context,
    pool: &Pubkey,
    number: EpochNumber,
) -> Result<Option<EpochRecord>, CliError> {
    let (address, _) = vault::epoch_address(pool, number);
    let account = ctx.ledger.account(&address).await?;
    decoded(address, account.as_ref(), EpochRecord::decode)
}

/// As [`find_record`], refused with the epochs there are.
///
/// # Errors
/// As [`find_record`]; the epoch was never proposed.
pub async fn record(
    ctx: &Context,
    pool: &PoolView,
    number: EpochNumber,
) -> Result<EpochRecord, CliError> {
    known(pool, number, find_record(ctx, &pool.address, number).await?)
}

/// As [`record`], of what was read.
fn known(
    pool: &PoolView,
    number: EpochNumber,
    found: Option<EpochRecord>,
) -> Result<EpochRecord, CliError> {
    if let Some(record) = found {
        return Ok(record);
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

/// The pool's epoch of that number, if it was ever proposed and is not closed.
///
/// # Errors
/// As [`find_record`].
pub async fn find_epoch(
    ctx: &Context,
    pool: &Pubkey,
    number: EpochNumber,
) -> Result<Option<EpochView>, CliError> {
    Ok(find_record(ctx, pool, number)
        .await?
        .and_then(EpochRecord::stored))
}

/// The pool's epoch of that number.
///
/// # Errors
/// As [`record`]; the epoch is closed.
pub async fn epoch(
    ctx: &Context,
    pool: &PoolView,
    number: EpochNumber,
) -> Result<EpochView, CliError> {
    stored(pool, number, find_record(ctx, &pool.address, number).await?)
}

/// As [`epoch`], of what was read together with the pool.
///
/// # Errors
/// As [`epoch`].
pub fn stored(
    pool: &PoolView,
    number: EpochNumber,
    found: Option<EpochRecord>,
) -> Result<EpochView, CliError> {
    match known(pool, number, found)? {
        EpochRecord::Stored(epoch) => Ok(epoch),
        EpochRecord::Closed(_) => Err(CliError::refused(
            "epoch-closed",
            format!(
                "epoch {number} is closed: only its root and the hash of its files are still on chain"
            ),
            "claims are paid from the active epoch; `cairn audit epoch` still checks the files of a closed one",
        )),
    }
}

/// A member page, if it was opened.
///
/// # Errors
/// As [`find`].
pub async fn find_page(
    ctx: &Context,
    pool: &Pubkey,
    page: u32,
) -> Result<Option<MemberPageView>, CliError> {
    find(ctx, vault::member_page_address(pool, page).0).await
}

/// Member pages in order, `None` where one was not opened.
///
/// # Errors
/// As [`find`].
pub async fn pages(
    ctx: &Context,
    pool: &Pubkey,
    pages: impl IntoIterator<Item = u32>,
) -> Result<Vec<Option<MemberPageView>>, CliError> {
    let addresses = pages.into_iter();
    find_all(
        ctx,
        addresses.map(|page| vault::member_page_address(pool, page).0),
    )
    .await
}

/// A member's wishes about payouts, if they ever said any.
///
/// # Errors
/// As [`find`].
pub async fn find_recipient(
    ctx: &Context,
    pool: &Pubkey,
    owner: &Pubkey,
) -> Result<Option<RecipientView>, CliError> {
    find(ctx, vault::recipient_address(pool, owner).0).await
}

/// Members' wishes in the order of `owners`, `None` for who never said any.
///
/// # Errors
/// As [`find`].
pub async fn recipients(
    ctx: &Context,
    pool: &Pubkey,
    owners: impl IntoIterator<Item = Pubkey>,
) -> Result<Vec<Option<RecipientView>>, CliError> {
    let owners = owners.into_iter();
    find_all(
        ctx,
        owners.map(|owner| vault::recipient_address(pool, &owner).0),
    )
    .await
}

/// What is in a pool's vault.
///
/// # Errors
/// An unreachable node.
pub async fn vault_balance(ctx: &Context, pool: &PoolView) -> Result<Tokens, CliError> {
    let vault = find_token_account(ctx, &pool.vault).await?;
    Ok(vault.map_or(Tokens::ZERO, |vault| vault.tokens()))
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
    let account = token_mint(ctx, address).await?;
    Ok(MintView::decode(*address, &account).map_err(ClientError::from)?)
}

/// A mint's account as it stands.
///
/// # Errors
/// An unreachable node; nothing is there.
pub async fn token_mint(ctx: &Context, address: &Pubkey) -> Result<Account, CliError> {
    required(ctx, address, "a token mint", &ids::TOKEN_PROGRAM).await
}

/// Unix seconds on the cluster's clock.
///
/// # Errors
/// An unreachable node.
pub async fn now(ctx: &Context) -> Result<i64, CliError> {
    Ok(ctx.ledger.clock().await?.unix_timestamp)
}
