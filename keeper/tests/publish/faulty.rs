//! A ledger between the keeper and LiteSVM that fails the way real nodes and real machines do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cairn_client::{
    AccountFilter, Block, Blockhash, ClientError, CommitmentLevel, Executed, HistoryEntry, Ledger,
    Simulation, Snapshot, TxStatus,
};
use solana_sdk::account::Account;
use solana_sdk::clock::Clock;
use solana_sdk::hash::Hash;
use solana_sdk::message::VersionedMessage;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::transaction::VersionedTransaction;
use tokio::sync::Notify;

/// What befalls one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The machine dies before the call leaves.
    KilledBefore,
    /// The call takes effect, the machine dies before it hears of it.
    KilledAfter,
    /// The connection breaks before the call arrives.
    Dropped,
    /// The call takes effect, its answer never arrives.
    TimedOut,
}

/// What the node does all the time, until told otherwise.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// Accepts transactions and forwards none.
    pub swallows: bool,
    /// Says it does not know a transaction this many more times, whatever the truth.
    pub forgets_statuses: u32,
    /// Answers account reads with the state of this long ago, this many more times.
    pub stale_reads: u32,
    /// Hands every transaction over twice.
    pub doubles: bool,
}

/// One call as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    Read,
    Simulate,
    Blockhash,
    Submit(Signature),
    Status,
    Other,
}

#[derive(Default)]
struct Script {
    /// Faults by the number of the call.
    faults: BTreeMap<usize, Fault>,
    habits: Habits,
    calls: Vec<Call>,
    /// Every account state ever read, oldest first, by address.
    past: BTreeMap<Pubkey, VecDeque<Option<Account>>>,
}

pub struct Faulty {
    inner: Arc<dyn Ledger>,
    script: Mutex<Script>,
    /// Signals that the machine died. The call that killed it never returns.
    pub died: Notify,
}

impl Faulty {
    pub fn new(inner: Arc<dyn Ledger>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            script: Mutex::default(),
            died: Notify::new(),
        })
    }

    /// The call with this number (from 0, counted since the last [`Self::forget_calls`]) meets this fault.
    pub fn plan(&self, call: usize, fault: Fault) {
        self.script.lock().unwrap().faults.insert(call, fault);
    }

    pub fn behave(&self, habits: Habits) {
        self.script.lock().unwrap().habits = habits;
    }

    pub fn calls(&self) -> Vec<Call> {
        self.script.lock().unwrap().calls.clone()
    }

    /// Distinct transactions that were handed over.
    pub fn submitted(&self) -> Vec<Signature> {
        let mut seen = Vec::new();
        for call in self.calls() {
            if let Call::Submit(signature) = call
                && !seen.contains(&signature)
            {
                seen.push(signature);
            }
        }
        seen
    }

    pub fn forget_calls(&self) {
        let mut script = self.script.lock().unwrap();
        script.calls.clear();
        script.faults.clear();
    }

    /// Notes the call and says what befalls it.
    fn note(&self, call: Call) -> Option<Fault> {
        let mut script = self.script.lock().unwrap();
        let number = script.calls.len();
        script.calls.push(call);
        script.faults.get(&number).copied()
    }

    async fn die(&self) -> ! {
        self.died.notify_one();
        std::future::pending().await
    }

    async fn before(&self, fault: Option<Fault>) -> Result<(), ClientError> {
        match fault {
            Some(Fault::KilledBefore) => self.die().await,
            Some(Fault::Dropped) => Err(ClientError::Unreachable {
                url: "faulty".into(),
                reason: "connection reset".into(),
            }),
            _ => Ok(()),
        }
    }

    async fn after<T>(
        &self,
        fault: Option<Fault>,
        answer: Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        match fault {
            Some(Fault::KilledAfter) => self.die().await,
            Some(Fault::TimedOut) => Err(ClientError::TimedOut {
                url: "faulty".into(),
                method: "any".into(),
                after: std::time::Duration::from_secs(30),
            }),
            _ => answer,
        }
    }

    /// Remembers what was read, and answers with the first state it ever saw while the node lags.
    fn age(&self, address: Pubkey, account: Option<Account>) -> Option<Account> {
        let mut script = self.script.lock().unwrap();
        let stale = script.habits.stale_reads > 0;
        let past = script.past.entry(address).or_default();
        if stale && let Some(first) = past.front() {
            return first.clone();
        }
        past.push_back(account.clone());
        account
    }
}

macro_rules! faulty {
    ($self:ident, $call:expr, $inner:expr) => {{
        let fault = $self.note($call);
        $self.before(fault).await?;
        let answer = $inner.await;
        $self.after(fault, answer).await
    }};
}

#[async_trait]
impl Ledger for Faulty {
    fn place(&self) -> String {
        self.inner.place()
    }

    async fn snapshot(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError> {
        let mut snapshot = faulty!(self, Call::Read, self.inner.snapshot(addresses))?;
        for (address, account) in addresses.iter().zip(&mut snapshot.accounts) {
            *account = self.age(*address, account.take());
        }
        let mut script = self.script.lock().unwrap();
        script.habits.stale_reads = script.habits.stale_reads.saturating_sub(1);
        Ok(snapshot)
    }

    async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[AccountFilter],
    ) -> Result<Vec<(Pubkey, Account)>, ClientError> {
        faulty!(
            self,
            Call::Read,
            self.inner.program_accounts(program, filters)
        )
    }

    async fn clock(&self) -> Result<Clock, ClientError> {
        faulty!(self, Call::Other, self.inner.clock())
    }

    async fn slot(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        faulty!(self, Call::Other, self.inner.slot(level))
    }

    async fn block(&self, slot: u64) -> Result<Option<Block>, ClientError> {
        faulty!(self, Call::Other, self.inner.block(slot))
    }

    async fn block_height(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        faulty!(self, Call::Other, self.inner.block_height(level))
    }

    async fn latest_blockhash(&self) -> Result<Blockhash, ClientError> {
        faulty!(self, Call::Blockhash, self.inner.latest_blockhash())
    }

    async fn minimum_balance(&self, length: usize) -> Result<u64, ClientError> {
        faulty!(self, Call::Other, self.inner.minimum_balance(length))
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ClientError> {
        faulty!(self, Call::Other, self.inner.fee(message))
    }

    async fn genesis_hash(&self) -> Result<Hash, ClientError> {
        faulty!(self, Call::Other, self.inner.genesis_hash())
    }

    async fn simulate(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<Simulation, ClientError> {
        faulty!(self, Call::Simulate, self.inner.simulate(transaction))
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Signature, ClientError> {
        let signature = transaction.signatures[0];
        let fault = self.note(Call::Submit(signature));
        self.before(fault).await?;
        let habits = self.script.lock().unwrap().habits.clone();
        let answer = if habits.swallows {
            Ok(signature)
        } else {
            let answer = self.inner.submit(transaction).await;
            if habits.doubles {
                // The second delivery's answer reaches nobody.
                let _ = self.inner.submit(transaction).await;
            }
            answer
        };
        self.after(fault, answer).await
    }

    async fn status(&self, signature: &Signature) -> Result<Option<TxStatus>, ClientError> {
        let answer = faulty!(self, Call::Status, self.inner.status(signature))?;
        let mut script = self.script.lock().unwrap();
        if answer.is_some() && script.habits.forgets_statuses > 0 {
            script.habits.forgets_statuses -= 1;
            return Ok(None);
        }
        Ok(answer)
    }

    async fn transaction(&self, signature: &Signature) -> Result<Option<Executed>, ClientError> {
        faulty!(self, Call::Other, self.inner.transaction(signature))
    }

    async fn history(
        &self,
        address: &Pubkey,
        before: Option<Signature>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, ClientError> {
        faulty!(
            self,
            Call::Other,
            self.inner.history(address, before, limit)
        )
    }
}
