use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use cairn_client::{
    AccountFilter, Block, Blockhash, ClientError, CommitmentLevel, Executed, HistoryEntry, Ledger,
    Simulation, Snapshot, TxStatus,
};
use solana_sdk::{
    account::Account,
    clock::Clock,
    hash::Hash,
    message::VersionedMessage,
    pubkey::Pubkey,
    signature::Signature,
    transaction::{TransactionError, VersionedTransaction},
};

use crate::{World, outcome::inner_calls};

/// Block heights that a blockhash stays valid for, as on a cluster.
const LIFETIME: u64 = 150;
/// What a signature costs, as on a cluster.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// A [`World`] behind the [`Ledger`] trait, so that what keeper and CLI do runs in memory. Clones share one world.
#[derive(Clone)]
pub struct LiteSvmLedger {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    world: World,
    height: u64,
    blockhash: Hash,
    /// In order of landing.
    landed: Vec<Signature>,
    records: HashMap<Signature, Executed>,
    /// By slot, the blocks it tells of.
    blocks: HashMap<u64, Block>,
}

impl LiteSvmLedger {
    pub fn new(world: World) -> Self {
        let mut world = world;
        let blockhash = world.svm().latest_blockhash();
        Self {
            shared: Arc::new(Mutex::new(Shared {
                world,
                height: 1,
                blockhash,
                landed: Vec::new(),
                records: HashMap::new(),
                blocks: HashMap::new(),
            })),
        }
    }

    /// Works on the world directly, between two calls of whatever is under test.
    pub fn with_world<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let mut shared = self.lock();
        let done = work(&mut shared.world);
        // The world renews its blockhash with each transaction; the ledger hands the newest one out.
        shared.blockhash = shared.world.svm().latest_blockhash();
        done
    }

    /// Lets blocks pass without anything landing; 151 make every blockhash handed out before expire.
    pub fn advance_blocks(&self, count: u64) {
        let mut shared = self.lock();
        shared.height += count;
        shared.world.svm().expire_blockhash();
        shared.blockhash = shared.world.svm().latest_blockhash();
    }

    /// Lets the ledger tell of a block, as a node does that keeps it.
    pub fn keep_block(&self, slot: u64, block: Block) {
        self.lock().blocks.insert(slot, block);
    }

    /// Lets the ledger keep no block at all, as a node does that keeps none so old.
    pub fn forget_blocks(&self) {
        self.lock().blocks.clear();
    }

    /// How many transactions have landed through this ledger, failed ones included.
    pub fn landed(&self) -> usize {
        self.lock().landed.len()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // A test that panicked while holding the lock has failed already; the others may go on.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Runs unsigned and without committing.
    fn simulate(&mut self, transaction: &VersionedTransaction) -> Simulation {
        let mut transaction = transaction.clone();
        transaction
            .message
            .set_recent_blockhash(self.world.svm().latest_blockhash());
        let svm = self.world.svm();
        *svm = mem::take(svm).with_sigverify(false);
        let outcome = svm.simulate_transaction(transaction);
        *svm = mem::take(svm).with_sigverify(true);
        match outcome {
            Ok(done) => Simulation {
                error: None,
                logs: done.meta.logs,
                compute_units: done.meta.compute_units_consumed,
            },
            Err(failed) => Simulation {
                error: Some(failed.err),
                logs: failed.meta.logs,
                compute_units: failed.meta.compute_units_consumed,
            },
        }
    }

    /// Runs and remembers what would be in a block. What would be in none is dropped without a word, as a cluster does
    /// with a transaction that was forwarded without preflight.
    fn execute(&mut self, transaction: &VersionedTransaction) {
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        if self.records.contains_key(&signature) {
            return;
        }
        let outcome = self.world.svm().send_transaction(transaction.clone());
        let (meta, error) = match outcome {
            Ok(meta) => (meta, None),
            Err(failed) if matches!(failed.err, TransactionError::InstructionError(..)) => {
                (failed.meta, Some(failed.err))
            }
            Err(_) => return,
        };
        self.height += 1;
        let clock: Clock = self.world.svm().get_sysvar();
        self.records.insert(
            signature,
            Executed {
                signature,
                slot: self.height,
                block_time: Some(clock.unix_timestamp),
                error,
                fee: meta.fee,
                compute_units: meta.compute_units_consumed,
                inner: inner_calls(&meta, &transaction.message),
                logs: meta.logs,
                accounts: transaction.message.static_account_keys().to_vec(),
                transaction: transaction.clone(),
            },
        );
        self.landed.push(signature);
    }
}

#[async_trait]
impl Ledger for LiteSvmLedger {
    fn place(&self) -> String {
        "LiteSVM".into()
    }

    async fn snapshot(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError> {
        let shared = self.lock();
        Ok(Snapshot {
            slot: shared.height,
            accounts: addresses
                .iter()
                .map(|address| shared.world.account(address))
                .collect(),
        })
    }

    async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[AccountFilter],
    ) -> Result<Vec<(Pubkey, Account)>, ClientError> {
        let mut found = self.lock().world.svm().get_program_accounts(program);
        found.retain(|(_, account)| filters.iter().all(|filter| filter.admits(&account.data)));
        found.sort_by_key(|(address, _)| *address);
        Ok(found)
    }

    async fn clock(&self) -> Result<Clock, ClientError> {
        Ok(self.lock().world.svm().get_sysvar())
    }

    async fn slot(&self, _level: CommitmentLevel) -> Result<u64, ClientError> {
        Ok(self.lock().height)
    }

    async fn block(&self, slot: u64) -> Result<Option<Block>, ClientError> {
        Ok(self.lock().blocks.get(&slot).copied())
    }

    async fn block_height(&self, _level: CommitmentLevel) -> Result<u64, ClientError> {
        Ok(self.lock().height)
    }

    async fn latest_blockhash(&self) -> Result<Blockhash, ClientError> {
        let shared = self.lock();
        Ok(Blockhash {
            hash: shared.blockhash,
            last_valid_block_height: shared.height + LIFETIME,
        })
    }

    async fn minimum_balance(&self, length: usize) -> Result<u64, ClientError> {
        let mut shared = self.lock();
        Ok(shared
            .world
            .svm()
            .minimum_balance_for_rent_exemption(length))
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ClientError> {
        // Priority fees are left out: receipts carry what was really paid.
        Ok(u64::from(message.header().num_required_signatures) * LAMPORTS_PER_SIGNATURE)
    }

    async fn genesis_hash(&self) -> Result<Hash, ClientError> {
        Ok(Hash::new_from_array(*b"cairn-testkit-genesis-hash-00001"))
    }

    async fn simulate(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<Simulation, ClientError> {
        Ok(self.lock().simulate(transaction))
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Signature, ClientError> {
        self.lock().execute(transaction);
        Ok(transaction.signatures.first().copied().unwrap_or_default())
    }

    async fn status(&self, signature: &Signature) -> Result<Option<TxStatus>, ClientError> {
        Ok(self.lock().records.get(signature).map(|found| TxStatus {
            slot: found.slot,
            error: found.error.clone(),
            level: CommitmentLevel::Finalized,
        }))
    }

    async fn transaction(&self, signature: &Signature) -> Result<Option<Executed>, ClientError> {
        Ok(self.lock().records.get(signature).cloned())
    }

    async fn history(
        &self,
        address: &Pubkey,
        before: Option<Signature>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, ClientError> {
        let shared = self.lock();
        let end = before
            .and_then(|before| shared.landed.iter().position(|found| *found == before))
            .unwrap_or(shared.landed.len());
        Ok(shared.landed[..end]
            .iter()
            .rev()
            .filter_map(|signature| shared.records.get(signature))
            .filter(|found| found.accounts.contains(address))
            .take(limit)
            .map(|found| HistoryEntry {
                signature: found.signature,
                slot: found.slot,
                error: found.error.clone(),
                block_time: found.block_time,
            })
            .collect())
    }
}
