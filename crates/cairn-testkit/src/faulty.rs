use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
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

/// What happens to the next submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Accepted, and never seen again.
    Lost,
    /// Delivered, but the answer never came back.
    Unanswered,
    /// Never delivered, and no answer came back.
    Cut,
    /// Never delivered, and nothing is answered any more.
    Down,
}

/// A ledger whose way to the node breaks as a test says, to show that nothing is done twice or forgotten.
pub struct Faulty<L> {
    ledger: L,
    plan: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    submissions: VecDeque<Fault>,
    simulations: VecDeque<TransactionError>,
    blind_looks: u32,
    down: bool,
    meanwhile: Option<Box<dyn FnOnce() + Send>>,
    signatures: Vec<Signature>,
}

impl<L: Ledger> Faulty<L> {
    pub fn new(ledger: L) -> Self {
        Self {
            ledger,
            plan: Mutex::default(),
        }
    }

    /// What becomes of the next submissions, in order; later ones work.
    pub fn fail_submissions(&self, faults: &[Fault]) {
        self.plan().submissions.extend(faults);
    }

    /// What the next simulations say, in order; later ones say what is.
    pub fn refuse_simulations(&self, errors: &[TransactionError]) {
        self.plan().simulations.extend(errors.iter().cloned());
    }

    /// The next `count` looks at a status find nothing, whatever has landed.
    pub fn hide_status(&self, count: u32) {
        self.plan().blind_looks = count;
    }

    /// Nothing is answered any more, or everything again.
    pub fn set_down(&self, down: bool) {
        self.plan().down = down;
    }

    /// Does `what` after the next transaction was tried out and signed, and before it is handed over: somebody else was
    /// faster.
    pub fn meanwhile(&self, what: impl FnOnce() + Send + 'static) {
        self.plan().meanwhile = Some(Box::new(what));
    }

    /// Every submission that was tried, in order.
    pub fn submitted(&self) -> Vec<Signature> {
        self.plan().signatures.clone()
    }

    pub const fn inner(&self) -> &L {
        &self.ledger
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn up(&self) -> Result<(), ClientError> {
        if self.plan().down {
            Err(self.unreachable())
        } else {
            Ok(())
        }
    }

    fn unreachable(&self) -> ClientError {
        ClientError::Unreachable {
            url: self.ledger.place(),
            reason: "the test cut the line".into(),
        }
    }
}

#[async_trait]
impl<L: Ledger> Ledger for Faulty<L> {
    fn place(&self) -> String {
        self.ledger.place()
    }

    async fn snapshot(&self, addresses: &[Pubkey]) -> Result<Snapshot, ClientError> {
        self.up()?;
        self.ledger.snapshot(addresses).await
    }

    async fn program_accounts(
        &self,
        program: &Pubkey,
        filters: &[AccountFilter],
    ) -> Result<Vec<(Pubkey, Account)>, ClientError> {
        self.up()?;
        self.ledger.program_accounts(program, filters).await
    }

    async fn clock(&self) -> Result<Clock, ClientError> {
        self.up()?;
        self.ledger.clock().await
    }

    async fn slot(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        self.up()?;
        self.ledger.slot(level).await
    }

    async fn block(&self, slot: u64) -> Result<Option<Block>, ClientError> {
        self.up()?;
        self.ledger.block(slot).await
    }

    async fn block_height(&self, level: CommitmentLevel) -> Result<u64, ClientError> {
        self.up()?;
        self.ledger.block_height(level).await
    }

    async fn latest_blockhash(&self) -> Result<Blockhash, ClientError> {
        self.up()?;
        self.ledger.latest_blockhash().await
    }

    async fn minimum_balance(&self, length: usize) -> Result<u64, ClientError> {
        self.up()?;
        self.ledger.minimum_balance(length).await
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ClientError> {
        self.up()?;
        self.ledger.fee(message).await
    }

    async fn genesis_hash(&self) -> Result<Hash, ClientError> {
        self.up()?;
        self.ledger.genesis_hash().await
    }

    async fn simulate(
        &self,
        transaction: &VersionedTransaction,
    ) -> Result<Simulation, ClientError> {
        self.up()?;
        let refused = self.plan().simulations.pop_front();
        if let Some(error) = refused {
            return Ok(Simulation {
                error: Some(error),
                logs: Vec::new(),
                compute_units: 0,
            });
        }
        self.ledger.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Signature, ClientError> {
        self.up()?;
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        let (fault, meanwhile) = {
            let mut plan = self.plan();
            plan.signatures.push(signature);
            (plan.submissions.pop_front(), plan.meanwhile.take())
        };
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
        match fault {
            None => self.ledger.submit(transaction).await,
            Some(Fault::Lost) => Ok(signature),
            Some(Fault::Cut) => Err(self.unreachable()),
            Some(Fault::Down) => {
                self.set_down(true);
                Err(self.unreachable())
            }
            Some(Fault::Unanswered) => {
                self.ledger.submit(transaction).await?;
                Err(ClientError::TimedOut {
                    url: self.place(),
                    method: "sendTransaction".into(),
                    after: Duration::from_secs(30),
                })
            }
        }
    }

    async fn status(&self, signature: &Signature) -> Result<Option<TxStatus>, ClientError> {
        self.up()?;
        {
            let mut plan = self.plan();
            if plan.blind_looks > 0 {
                plan.blind_looks -= 1;
                return Ok(None);
            }
        }
        self.ledger.status(signature).await
    }

    async fn transaction(&self, signature: &Signature) -> Result<Option<Executed>, ClientError> {
        self.up()?;
        self.ledger.transaction(signature).await
    }

    async fn history(
        &self,
        address: &Pubkey,
        before: Option<Signature>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, ClientError> {
        self.up()?;
        self.ledger.history(address, before, limit).await
    }
}
