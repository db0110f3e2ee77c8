//! What commands read from the chain, each missing or foreign account told apart by a sentence of its own.

mod spending;

use cairn_client::{AccountFilter, Asked, ClientError, Read, Reading};
use cairn_interface::registry::{DeviceTreeView, NetworkView, tree_address};
use cairn_interface::spl::{MintView, TokenAccountView};
use cairn_interface::vault::{self, EpochRecord, EpochView, PoolView, RecipientView};
use cairn_interface::{State, View, ids};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

use crate::context::Context;
use crate::error::CliError;

pub use spending::{
    AskedRounds, ask_rounds, carriers, pool_and_round, receipts, redemptions, round_missing,
};

/// What `reading` asked for, of one moment.
///
/// # Errors
/// An unreachable node, or one that answers ever older.
pub async fn answer(ctx: &Context, reading: Reading) -> Result<Read, CliError> {
    Ok(reading.read(ctx.ledger.as_ref()).await?)
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

/// An account of the programs, if it is there. Lamports that somebody sent ahead leave an account of the system program, in
/// which the programs still create theirs.
///
/// # Errors
/// An unreachable node; an account of another kind.
pub async fn find<T: State>(ctx: &Context, address: Pubkey) -> Result<Option<View<T>>, CliError> {
    let mut reading = Reading::new();
    let asked = reading.state(address);
    Ok(answer(ctx, reading).await?.find(&asked)?)
}

/// Accounts of the programs in the order of their addresses, `None` where nothing is.
///
/// # Errors
/// As [`find`].
pub async fn find_all<T: State>(
    ctx: &Context,
    addresses: impl IntoIterator<Item = Pubkey>,
) -> Result<Vec<Option<View<T>>>, CliError> {
    let mut reading = Reading::new();
    let asked = reading.all(addresses, View::decode);
    Ok(answer(ctx, reading)
        .await?
        .all(&asked)
        .collect::<Result<_, _>>()?)
}

/// As [`find`], of what must be there.
async fn read<T: State>(ctx: &Context, address: &Pubkey) -> Result<View<T>, CliError> {
    let mut reading = Reading::new();
    let asked = reading.state(*address);
    Ok(answer(ctx, reading).await?.need(&asked)?)
}

/// An account of the programs that must be there, and unix seconds on the cluster's clock.
///
/// # Errors
/// See [`Read::need`]; an account of another kind.
pub async fn with_now<T: State>(
    ctx: &Context,
    address: &Pubkey,
) -> Result<(View<T>, i64), CliError> {
    let mut reading = Reading::new();
    let (asked, clock) = (reading.state(*address), reading.clock());
    let read = answer(ctx, reading).await?;
    Ok((read.need(&asked)?, read.need(&clock)?.unix_timestamp))
}

/// A pool, one more account if it is there, and unix seconds on the cluster's clock.
///
/// # Errors
/// As [`pool`]; something else lives where `ask` looks.
pub async fn pool_with<T>(
    ctx: &Context,
    pool: &Pubkey,
    ask: impl FnOnce(&mut Reading) -> Asked<T>,
) -> Result<(PoolView, Option<T>, i64), CliError> {
    let mut reading = Reading::new();
    let pool = reading.state(*pool);
    let (more, clock) = (ask(&mut reading), reading.clock());
    let read = answer(ctx, reading).await?;
    let pool = read.need(&pool)?;
    Ok((pool, read.find(&more)?, read.need(&clock)?.unix_timestamp))
}

/// # Errors
/// See [`Read::need`]; an account that is no pool.
pub async fn pool(ctx: &Context, address: &Pubkey) -> Result<PoolView, CliError> {
    read(ctx, address).await
}

/// # Errors
/// See [`Read::need`]; an account that is no network.
pub async fn network(ctx: &Context, address: &Pubkey) -> Result<NetworkView, CliError> {
    read(ctx, address).await
}

/// A network's device tree.
///
/// # Errors
/// The network has no tree of that number; an unreachable node.
pub async fn tree(ctx: &Context, network: &Pubkey, index: u16) -> Result<DeviceTreeView, CliError> {
    let found = find(ctx, tree_address(network, index).0).await?;
    found.ok_or_else(|| tree_missing(network, index))
}

/// A network and one of its device trees.
///
/// # Errors
/// As [`network`] and [`tree`].
pub async fn network_and_tree(
    ctx: &Context,
    network: &Pubkey,
    index: u16,
) -> Result<(NetworkView, DeviceTreeView), CliError> {
    let mut reading = Reading::new();
    let asked = reading.state(*network);
    let tree = reading.state(tree_address(network, index).0);
    let read = answer(ctx, reading).await?;
    let found = read.need(&asked)?;
    let tree = read.find(&tree)?;
    Ok((found, tree.ok_or_else(|| tree_missing(network, index))?))
}

fn tree_missing(network: &Pubkey, index: u16) -> CliError {
    CliError::refused(
        "tree-missing",
        format!("network {network} has no tree {index}"),
        "see its trees with `cairn network show`, or make one with `cairn device tree create`",
    )
}

/// Asks what the pool's epoch of that number left on chain: all of it, or its tombstone.
pub fn ask_record(reading: &mut Reading, pool: &Pubkey, number: EpochNumber) -> Asked<EpochRecord> {
    let (address, _) = vault::epoch_address(pool, number);
    reading.one(address, "an epoch", EpochRecord::decode)
}

/// What was found of the pool's epoch of that number, refused with the epochs there are.
///
/// # Errors
/// It was never proposed.
pub fn known(
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
/// An unreachable node; an account that is no epoch.
pub async fn find_epoch(
    ctx: &Context,
    pool: &Pubkey,
    number: EpochNumber,
) -> Result<Option<EpochView>, CliError> {
    let mut reading = Reading::new();
    let asked = ask_record(&mut reading, pool, number);
    let found = answer(ctx, reading).await?.find(&asked)?;
    Ok(found.and_then(EpochRecord::stored))
}

/// The pool, its epoch of that number, and unix seconds on the cluster's clock.
///
/// # Errors
/// As [`pool`] and [`stored`].
pub async fn pool_and_epoch(
    ctx: &Context,
    pool: &Pubkey,
    number: EpochNumber,
) -> Result<(PoolView, EpochView, i64), CliError> {
    let asked = pool_with(ctx, pool, |reading| ask_record(reading, pool, number));
    let (pool, record, now) = asked.await?;
    let epoch = stored(&pool, number, record)?;
    Ok((pool, epoch, now))
}

/// As [`known`], of an epoch that is not closed.
///
/// # Errors
/// As [`known`]; the epoch is closed.
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

/// A token account, if it is there.
///
/// # Errors
/// An unreachable node; an account that holds no tokens.
pub async fn find_token_account(
    ctx: &Context,
    address: Pubkey,
) -> Result<Option<TokenAccountView>, CliError> {
    let mut reading = Reading::new();
    let asked = reading.token_account(address);
    Ok(answer(ctx, reading).await?.find(&asked)?)
}

/// Token accounts in order: `None` where nothing is, an error of its own for each that holds no tokens.
///
/// # Errors
/// An unreachable node.
pub async fn token_accounts(
    ctx: &Context,
    addresses: impl IntoIterator<Item = Pubkey>,
) -> Result<Vec<Result<Option<TokenAccountView>, CliError>>, CliError> {
    let mut reading = Reading::new();
    let asked = reading.all(addresses, TokenAccountView::decode);
    let read = answer(ctx, reading).await?;
    let found = read.all(&asked);
    Ok(found.map(|one| one.map_err(Into::into)).collect())
}

/// # Errors
/// A missing account or one that is no mint.
pub async fn mint(ctx: &Context, address: &Pubkey) -> Result<MintView, CliError> {
    let mut reading = Reading::new();
    let asked = ask_mint(&mut reading, *address);
    Ok(answer(ctx, reading).await?.need(&asked)?)
}

/// Asks for a mint: where not even SPL Token is, no cluster of tokens is there.
pub fn ask_mint(reading: &mut Reading, address: Pubkey) -> Asked<MintView> {
    let program = ids::TOKEN_PROGRAM;
    reading.of(program, address, "a token mint", MintView::decode)
}

/// Unix seconds on the cluster's clock.
///
/// # Errors
/// An unreachable node.
pub async fn now(ctx: &Context) -> Result<i64, CliError> {
    Ok(ctx.ledger.clock().await?.unix_timestamp)
}
