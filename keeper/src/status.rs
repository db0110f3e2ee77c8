//! `status`: where this keeper and its pool stand, and what comes next. Reads only; works beside a running keeper.

use std::path::Path;

use cairn_client::{ClientError, Ledger, RpcLedger};
use cairn_interface::vault::{EpochView, PoolView, epoch_address};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::config::Config;
use crate::folder::{DataFolder, FolderError};
use crate::journal::{EpochRow, EpochState, Journal};
use crate::{KeeperError, read_key, text};

/// Where a keeper stands.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub keeper: String,
    pub folder: String,
    pub rpc: String,
    pub network: String,
    pub pool: String,
    /// Records with a receipt.
    pub received: u64,
    /// The epoch evidence is filed under now.
    pub open_epoch: u64,
    /// Epochs in this folder, ascending.
    pub epochs: Vec<LocalEpoch>,
    /// The transaction whose end is not known.
    pub pending_transaction: Option<String>,
    /// What the chain shows; `None` when it could not be reached.
    pub chain: Option<ChainStatus>,
    pub chain_problem: Option<String>,
    /// What to do next, in words.
    pub next: String,
}

/// One epoch in the folder.
#[derive(Clone, Debug, Serialize)]
pub struct LocalEpoch {
    pub number: u64,
    pub state: EpochState,
    pub revision: u32,
    pub records: u64,
    pub manifest_hash: Option<String>,
}

/// What the chain shows.
#[derive(Clone, Debug, Serialize)]
pub struct ChainStatus {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// Lamports of this keeper's key.
    pub balance: u64,
    pub is_keeper: bool,
    pub active_epoch: u64,
    pub next_epoch: u64,
    pub paused: bool,
    /// The next epoch's account, when it was proposed.
    pub epoch: Option<EpochView>,
    pub threshold: u8,
}

/// Reads a keeper's folder and the chain it is configured for.
///
/// # Errors
/// [`KeeperError`] for a folder, configuration, key or journal that can not be read. A chain that can not be reached
/// is part of the answer.
pub async fn read(folder: &Path) -> Result<Status, KeeperError> {
    let folder = DataFolder::new(folder);
    if !folder.config().is_file() {
        let path = folder.root().to_owned();
        return Err(FolderError::NotAKeeper { path }.into());
    }
    let config = Config::read(&folder.config())?;
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
        .unwrap_or(0)
        .saturating_add(1);
    let (chain, chain_problem) = match chain(config, key, ledger).await {
        Ok(chain) => (Some(chain), None),
        Err(problem) => (None, Some(problem.to_string())),
    };
    let next = advice(config, &rows, pending.as_deref(), chain.as_ref());
    Ok(Status {
        keeper: key.to_string(),
        folder: folder.root().display().to_string(),
        rpc: config.chain.rpc_url.to_string(),
        network: config.chain.network.to_string(),
        pool: config.chain.pool.to_string(),
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
                manifest_hash: row.manifest_hash.as_ref().map(text::hash),
            })
            .collect(),
        pending_transaction: pending,
        chain,
        chain_problem,
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
        let segments = journal.segments(row.number).await?;
        records.push(segments.iter().map(|segment| segment.records).sum());
    }
    let received = journal.received().await?;
    let pending = journal
        .pending_submission()
        .await?
        .map(|submission| submission.signed.signature().to_string());
    journal.close().await;
    Ok((rows, records, received, pending))
}

async fn chain(
    config: &Config,
    key: Pubkey,
    ledger: &dyn Ledger,
) -> Result<ChainStatus, KeeperError> {
    let address = config.chain.pool;
    let Some(account) = ledger.account(&address).await? else {
        return Err(KeeperError::NoAccount {
            what: "pool",
            address,
            place: ledger.place(),
        });
    };
    let pool = PoolView::decode(address, &account).map_err(ClientError::from)?;
    let epoch_address = epoch_address(&address, pool.next_epoch).0;
    let epoch = ledger
        .account(&epoch_address)
        .await?
        .map(|account| EpochView::decode(epoch_address, &account))
        .transpose()
        .map_err(ClientError::from)?;
    Ok(ChainStatus {
        now: ledger.clock().await?.unix_timestamp,
        balance: ledger
            .account(&key)
            .await?
            .map_or(0, |account| account.lamports),
        is_keeper: pool.keepers.contains(&key),
        active_epoch: pool.active_epoch,
        next_epoch: pool.next_epoch,
        paused: pool.paused,
        threshold: pool.threshold,
        epoch,
    })
}

fn advice(
    config: &Config,
    rows: &[EpochRow],
    pending: Option<&str>,
    chain: Option<&ChainStatus>,
) -> String {
    use cairn_interface::vault::EpochStatus as On;
    if pending.is_some() {
        return "run the last command again: it resolves the pending transaction first".to_owned();
    }
    let Some(chain) = chain else {
        return "check [chain] in keeper.toml: the chain could not be read".to_owned();
    };
    if !chain.is_keeper {
        return "let the pool's admin add this key to its keepers".to_owned();
    }
    let number = chain.next_epoch;
    let state = rows
        .iter()
        .find(|row| row.number == number)
        .map(|row| row.state);
    match chain.epoch.as_ref().map(|epoch| (epoch.status, epoch)) {
        None => match (state, config.schedule.schedule().closable_at(number)) {
            (Some(EpochState::Closed), _) => format!("propose {number}"),
            (_, Ok(at)) if chain.now < at => {
                format!("ingest; close {number} after {}", text::instant(at))
            }
            _ => format!("close {number}"),
        },
        Some((On::Vetoed, _)) => format!(
            "epoch {number} was vetoed: find out why, then close {number} --again and propose {number}"
        ),
        Some((_, epoch)) if !epoch.canopy_complete => {
            format!("propose {number}: its canopy is not complete")
        }
        Some((_, epoch)) => {
            let need = usize::from(epoch.threshold.max(chain.threshold));
            let have = epoch.attested_by.len();
            if have < need {
                format!("attest {number}: it has {have} of {need} attestations")
            } else if chain.now < epoch.activatable_at {
                format!(
                    "activate {number} after {}",
                    text::instant(epoch.activatable_at)
                )
            } else {
                format!("activate {number}")
            }
        }
    }
}
