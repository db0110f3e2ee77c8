//! `status`: where this keeper and its pool stand, and what comes next. Reads only; works beside a running keeper.

use std::path::{Path, PathBuf};

use cairn_client::{Ledger, RpcLedger};
use cairn_interface::vault::EpochView;
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::attest::newest_of;
use crate::chain::{Fetched, fetch_next};
use crate::config::Config;
use crate::domain::agenda::{self, Facts, Next};
use crate::peers::{Peer, noted};
use crate::publish::Standpoint;
use crate::store::folder::DataFolder;
use crate::store::journal::{EpochRow, EpochState, Journal};
use crate::{KeeperError, read_key};

/// Where a keeper stands.
#[derive(Debug)]
pub struct Status {
    pub keeper: Pubkey,
    pub folder: PathBuf,
    /// Without credentials.
    pub rpc: String,
    pub network: Pubkey,
    pub pool: Pubkey,
    /// Records with a receipt.
    pub received: u64,
    /// The epoch evidence is filed under now.
    pub open_epoch: EpochNumber,
    /// Epochs in this folder, ascending.
    pub epochs: Vec<LocalEpoch>,
    /// The transaction whose end is not known.
    pub pending_transaction: Option<String>,
    /// The newest epoch whose files are here, this keeper's own or another's.
    pub newest_files: Option<EpochNumber>,
    /// What each mirror of others' files came to when it was asked last.
    pub mirrors: Vec<Peer>,
    /// What the chain shows; `None` when it could not be reached.
    pub chain: Option<ChainStatus>,
    pub chain_problem: Option<String>,
    /// Why, for the exit code.
    pub unread: Option<KeeperError>,
    /// What to do next, in words.
    pub next: String,
}

/// One epoch in the folder.
#[derive(Clone, Debug)]
pub struct LocalEpoch {
    pub number: EpochNumber,
    pub state: EpochState,
    pub revision: u32,
    pub records: u64,
    pub manifest_hash: Option<[u8; 32]>,
}

/// What the chain shows.
#[derive(Clone, Debug)]
pub struct ChainStatus {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// Of this keeper's key.
    pub balance_lamports: u64,
    pub is_keeper: bool,
    /// Of the pool's token.
    pub decimals: u8,
    pub active_epoch: EpochNumber,
    pub next_epoch: EpochNumber,
    pub paused: bool,
    /// Whether the active epoch was revoked and its correction is due.
    pub correction_due: bool,
    /// The next epoch's account, when it was proposed.
    pub epoch: Option<EpochView>,
    /// Unix seconds from which it may be activated; while it is not complete, the earliest there can be.
    pub activatable_at: Option<i64>,
    /// Of keys that are keepers now; `None` when it was not proposed.
    pub attestations: Option<usize>,
    /// Attestations it needs now.
    pub threshold: u8,
}

/// Reads a keeper's folder and the chain it is configured for.
///
/// # Errors
/// [`KeeperError`] for a folder, configuration, key or journal that can not be read. A chain that can not be reached
/// is part of the answer.
pub async fn read(folder: &Path) -> Result<Status, KeeperError> {
    let folder = DataFolder::new(folder);
    let config = Config::of_folder(&folder)?;
    let key = read_key(&folder.resolve(&config.keys.keeper))?.pubkey();
    let ledger = RpcLedger::new(config.chain.rpc_url.reveal())?;
    read_with(&folder, &config, key, &ledger).await
}

/// As [`read`], from parts.
///
/// # Errors
/// As [`read`].
pub async fn read_with(
    folder: &DataFolder,
    config: &Config,
    key: Pubkey,
    ledger: &dyn Ledger,
) -> Result<Status, KeeperError> {
    let (rows, records, received, pending) = local(folder).await?;
    let open_epoch = rows
        .iter()
        .filter(|row| row.state != EpochState::Open)
        .map(|row| row.number)
        .max()
        .unwrap_or_default()
        .next()
        .unwrap_or(EpochNumber::MAX);
    let seen = async {
        let fetched = fetch_next(ledger, &config.chain).await?;
        let number = fetched.pool.next_epoch();
        let row = rows.iter().find(|row| row.number == number);
        let standpoint = Standpoint::of(folder, config, key);
        let facts = standpoint.facts(row, number, &fetched)?;
        let balance = balance(key, ledger).await?;
        Ok::<_, KeeperError>((chain_status(&fetched, &facts, balance), advice(&facts)))
    };
    let (chain, next, unread) = match seen.await {
        Ok((chain, next)) => (Some(chain), next, None),
        Err(error) => (None, error.hint(), Some(error)),
    };
    let next = match pending {
        Some(_) => {
            "run the last command again: it resolves the pending transaction first".to_owned()
        }
        None => next,
    };
    Ok(Status {
        keeper: key,
        folder: folder.root().to_owned(),
        rpc: config.chain.rpc_url.to_string(),
        network: config.chain.network,
        pool: config.chain.pool,
        received,
        open_epoch,
        epochs: rows
            .iter()
            .zip(records)
            .map(|(row, records)| LocalEpoch {
                number: row.number,
                state: row.state,
                revision: row.revision,
                records,
                manifest_hash: row.manifest_hash,
            })
            .collect(),
        pending_transaction: pending,
        newest_files: newest_of(folder)?,
        mirrors: noted(folder),
        chain,
        chain_problem: unread.as_ref().map(ToString::to_string),
        unread,
        next,
    })
}

type Local = (Vec<EpochRow>, Vec<u64>, u64, Option<String>);

async fn local(folder: &DataFolder) -> Result<Local, KeeperError> {
    // Before its first start a keeper has no journal.
    if !folder.journal().is_file() {
        return Ok((Vec::new(), Vec::new(), 0, None));
    }
    let journal = Journal::open_read_only(&folder.journal()).await?;
    let rows = journal.epochs().await?;
    let mut records = Vec::with_capacity(rows.len());
    for row in &rows {
        records.push(journal.records(row.number).await?);
    }
    let received = journal.received().await?;
    let pending = journal
        .pending_submission()
        .await?
        .map(|submission| submission.signed.signature().to_string());
    journal.close().await;
    Ok((rows, records, received, pending))
}

async fn balance(key: Pubkey, ledger: &dyn Ledger) -> Result<u64, KeeperError> {
    // A key that nobody has sent anything has no account.
    let account = ledger.account(&key).await?;
    Ok(account.map_or(0, |account| account.lamports))
}

fn chain_status(fetched: &Fetched, facts: &Facts, balance: u64) -> ChainStatus {
    let pool = &fetched.pool;
    ChainStatus {
        now: fetched.now,
        balance_lamports: balance,
        decimals: pool.decimals,
        is_keeper: facts.chain.i_am_keeper,
        active_epoch: pool.active_epoch(),
        next_epoch: pool.next_epoch(),
        paused: pool.is_paused(fetched.now),
        correction_due: pool.is_correction_due(),
        activatable_at: fetched.epoch.as_ref().map(|epoch| {
            let complete = epoch.activatable_at(pool);
            complete.unwrap_or_else(|| epoch.window_over_at(pool))
        }),
        attestations: facts.chain.epoch.as_ref().map(|epoch| epoch.attestations),
        threshold: fetched
            .epoch
            .as_ref()
            .map_or(pool.threshold, |epoch| epoch.needed(pool)),
        epoch: fetched.epoch.clone(),
    }
}

/// What [`agenda::next`] decides, as a sentence.
fn advice(facts: &Facts) -> String {
    let number = facts.chain.number;
    match agenda::next(facts) {
        Next::Do(task) => format!("{task} {number}"),
        Next::Wait(wait) => {
            let hint = KeeperError::from(wait.clone()).hint();
            format!("{wait}; {hint}")
        }
        Next::Refuse(refusal) => {
            let hint = KeeperError::from(refusal.clone()).hint();
            format!("{refusal}; {hint}")
        }
    }
}
