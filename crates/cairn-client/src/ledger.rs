use std::ops::RangeInclusive;

use async_trait::async_trait;
use cairn_interface::ids;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{
    account::Account,
    clock::Clock,
    hash::Hash,
    message::VersionedMessage,
    pubkey::Pubkey,
    signature::Signature,
    transaction::{TransactionError, VersionedTransaction},
};

use crate::{ClientError, sysvar};

/// A recent blockhash and the last block height at which a transaction that names it can still land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blockhash {
    pub hash: Hash,
    pub last_valid_block_height: u64,
}

/// Most accounts one [`Ledger::snapshot`] holds: what a node answers in one request.
pub const MAX_SNAPSHOT: usize = 100;

/// Accounts as they stood together.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub slot: u64,
    /// One entry per address asked for, in order; `None` where nothing lives.
    pub accounts: Vec<Option<Account>>,
}

/// Accounts in order, and the slots that they were read at.
pub type Gathered = (Vec<Option<Account>>, RangeInclusive<u64>);

/// Why parts are no answer: behind one address stand nodes that are not as far as others.
pub(crate) const OLDER: &str = "it showed a state, and then an older one";

/// Parts one behind the other; `None` where a later one is older.
pub(crate) fn joined(parts: Vec<Snapshot>) -> Option<Gathered> {
    let oldest = parts.first().map_or(0, |part| part.slot);
    let mut newest = oldest;
    let mut accounts = Vec::new();
    for part in parts {
        if part.slot < newest {
            return None;
        }
        newest = part.slot;
        accounts.extend(part.accounts);
    }
    Some((accounts, oldest..=newest))
}

/// A block, as far as an anchor needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The blockhash.
    pub hash: [u8; 32],
    /// Unix seconds, as the validators voted.
    pub unix_timestamp: i64,
}

/// What running a transaction against the present state would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// `None` when it would succeed.
    pub error: Option<TransactionError>,
    pub logs: Vec<String>,
    pub compute_units: u64,
}

/// Where a submitted transaction stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TxStatus {
    pub slot: u64,
    /// `None` when it succeeded.
    pub error: Option<TransactionError>,
    /// The highest level it has reached.
    pub level: CommitmentLevel,
}

/// One instruction that a program called while a transaction ran. Programs publish their events this way, because a
/// validator may truncate logs but never these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InnerCall {
    /// Position of the outer instruction in the transaction.
    pub outer: u8,
    pub program: Pubkey,
    pub accounts: Vec<Pubkey>,
    pub data: Vec<u8>,
}

/// A transaction that is on the ledger, with what it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Executed {
    pub signature: Signature,
    pub slot: u64,
    /// Unix seconds, when the node knows.
    pub block_time: Option<i64>,
    pub error: Option<TransactionError>,
    /// Lamports.
    pub fee: u64,
    pub compute_units: u64,
    pub logs: Vec<String>,
    /// Every account the message names, static keys first.
    pub accounts: Vec<Pubkey>,
    pub transaction: VersionedTransaction,
    /// In order of execution.
    pub inner: Vec<InnerCall>,
}

/// One line of an address's past, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    pub signature: Signature,
    pub slot: u64,
    pub error: Option<TransactionError>,
    /// Unix seconds, when the node knows.
    pub block_time: Option<i64>,
}

/// Narrows [`Ledger::program_accounts`] on the node's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountFilter {
    /// Data length in bytes.
    Length(u64),
    /// These bytes stand at this offset.
    Bytes { offset: usize, bytes: Vec<u8> },
}

impl AccountFilter {
    /// Whether an account's data passes.
    #[must_use]
    pub fn admits(&self, data: &[u8]) -> bool {
        match self {
            Self::Length(length) => data.len() as u64 == *length,
            Self::Bytes { offset, bytes } => data
                .get(*offset..)
                .is_some_and(|rest| rest.starts_with(bytes)),
        }
    }
}

/// A Solana ledger. Reads see the `confirmed` level unless a level is named.
///
/// Every method fails with a [`ClientError`] whose class says whether asking again can help.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Where this ledger is, for messages: a URL without credentials, or "LiteSVM".
    fn place(&self) -> String;

    /// Up to [`MAX_SNAPSHOT`] accounts as they stood together in one slot. More is refused.
    async fn snapshot(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError>;

    /// The account, or `None` when nothing lives at `address`.
    async fn account(&self, address: &Pubkey) -> Result<Option<Account>, ClientError> {
        let mut snapshot = self.snapshot(std::slice::from_ref(address)).await?;
        Ok(snapshot.accounts.pop().flatten())
    }

    /// One entry per address, in order, with the oldest and the newest slot. Any number of addresses; more than fit into one
    /// request are fetched in several, none of which shows an older slot than the one before: who acts on the last of them
    /// never acts on what the first had left behind.
    async fn gather(&self, addresses: &[Pubkey]) -> Result<Gathered, ClientError> {
        let mut parts = Vec::new();
        for part in addresses.chunks(MAX_SNAPSHOT) {
            parts.push(self.snapshot(part).await?);
        }
        joined(parts).ok_or_else(|| ClientError::Down {
            url: self.place(),
            method: "getMultipleAccounts".to_owned(),
            reason: OLDER.to_owned(),
        })
    }

    /// The accounts of [`Ledger::gather`].
    async fn accounts(&self, addresses: &[Pubkey]) -> Result<Vec<Option<Account>>, ClientError> {
        Ok(self.gather(addresses).await?.0)
    }

    /// Every account of `program` that passes all filters, ordered by address.
    async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[AccountFilter],
    ) -> Result<Vec<(Pubkey, Account)>, ClientError>;

    /// The clock as programs see it. It differs from this machine's clock, and only it decides windows and expiries.
    async fn clock(&self) -> Result<Clock, ClientError> {
        let address = ids::CLOCK_SYSVAR;
        match self.account(&address).await? {
            Some(account) => Ok(sysvar::clock(address, &account)?),
            None => Err(ClientError::AccountMissing {
                address,
                what: sysvar::CLOCK,
                url: self.place(),
            }),
        }
    }

    async fn slot(&self, level: CommitmentLevel) -> Result<u64, ClientError>;

    /// The finalized block at `slot`. `None` when the node does not tell: it keeps no block that old, or never had one there.
    async fn block(&self, slot: u64) -> Result<Option<Block>, ClientError>;

    async fn block_height(&self, level: CommitmentLevel) -> Result<u64, ClientError>;

    async fn latest_blockhash(&self) -> Result<Blockhash, ClientError>;

    /// Lamports that keep an account of `length` bytes alive. Always asked, never computed: the rate may change.
    async fn minimum_balance(&self, length: usize) -> Result<u64, ClientError>;

    /// Lamports the fee payer pays for `message`.
    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ClientError>;

    /// The hash that names the cluster for ever.
    async fn genesis_hash(&self) -> Result<Hash, ClientError>;

    /// Runs without committing. Signatures are not checked and the blockhash may be stale.
    async fn simulate(&self, transaction: &VersionedTransaction)
    -> Result<Simulation, ClientError>;

    /// Hands the transaction over, without preflight. `Ok` means accepted for forwarding, not landed; an error of
    /// class `Retryable` leaves open whether it was delivered.
    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Signature, ClientError>;

    /// `None` while the ledger does not know the transaction. Looks into history, not only recent slots.
    async fn status(&self, signature: &Signature) -> Result<Option<TxStatus>, ClientError>;

    /// The transaction with all it did, once confirmed.
    async fn transaction(&self, signature: &Signature) -> Result<Option<Executed>, ClientError>;

    /// Up to `limit` (≤ 1,000) transactions that name `address`, newest first, older than `before` when given.
    async fn history(
        &self,
        address: &Pubkey,
        before: Option<Signature>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, ClientError>;
}
