use std::cell::Cell;
use std::sync::Arc;

use cairn_client::{
    Batch, Became, Bill, Class, ClientError, Estimate, Frame, Ledger, Limits, Payment, SendOptions,
    Sender, Stop,
};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::{Findings, MigrationError, Step, Task};

/// What became of one step.
#[derive(Debug)]
pub struct Outcome {
    pub step: u16,
    pub goal: &'static str,
    /// As found before anything was sent.
    pub found: Findings,
    /// Tasks that were done.
    pub done: usize,
    /// Lamports that all transactions cost, refused ones too.
    pub fees: u64,
    pub failed: Vec<Failure>,
}

impl Outcome {
    /// Whether the step's goal holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.failed.is_empty() && self.done == self.found.tasks.len()
    }
}

/// A task that the chain refused. It does not stop the others.
#[derive(Debug)]
pub struct Failure {
    pub what: String,
    pub error: Arc<ClientError>,
}

/// Hears what is being done.
pub trait Progress: Send + Sync {
    /// `most` are lamports: what the step's transactions cost at most, in fees and rent.
    fn step(&self, step: &dyn Step, tasks: usize, most: u64);
    /// `done` of the step's tasks are behind us; `what` was the last.
    fn task(&self, what: &str, done: usize, tasks: usize);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _step: &dyn Step, _tasks: usize, _most: u64) {}
    fn task(&self, _what: &str, _done: usize, _tasks: usize) {}
}

/// Looks at every step and sends nothing.
///
/// # Errors
/// The first step that finds what no task can put right.
pub async fn plan(
    ledger: &dyn Ledger,
    steps: &[Box<dyn Step>],
) -> Result<Vec<Outcome>, MigrationError> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        outcomes.push(Outcome {
            step: step.number(),
            goal: step.goal(),
            found: step.look(ledger).await?,
            done: 0,
            fees: 0,
            failed: Vec::new(),
        });
    }
    Ok(outcomes)
}

/// Does every step in order; `payer` signs and pays the fees, and needs no right over anything. A step with a failed task ends
/// the run after its other tasks, because later steps may rely on it.
///
/// # Errors
/// What no task can put right; a payer with too little for a step, before its first task; a node that does not answer;
/// [`MigrationError::StillOpen`].
pub async fn apply(
    ledger: &dyn Ledger,
    steps: &[Box<dyn Step>],
    payer: &Keypair,
    options: &SendOptions,
    progress: &dyn Progress,
) -> Result<Vec<Outcome>, MigrationError> {
    let key = payer.pubkey();
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let found = step.look(ledger).await?;
        let tasks = found.tasks.len();
        let frame = Frame::new(key, options.priority_micro_lamports);
        let bill = Estimate::of(&frame, 1, &LIMITS, &found.tasks, Bill::default()).bill();
        progress.step(step.as_ref(), tasks, bill.sum());
        if tasks > 0 {
            bill.means(ledger, key).await?.require()?;
        }
        let sender = Sender {
            ledger,
            payer: key,
            signers: vec![payer],
            options: options.clone(),
        };
        let batch = Batch::new(sender, LIMITS, bill.sum());
        let done = Cell::new(0_usize);
        let settled = batch.pay(&found.tasks, |_| {
            if let Some(task) = found.tasks.get(done.get()) {
                done.set(done.get().saturating_add(1));
                progress.task(&task.what, done.get(), tasks);
            }
        });
        let settled = settled.await;
        match batch.stopped() {
            Some(Stop::Failed(error)) => return Err(MigrationError::Stopped(error.clone())),
            Some(Stop::Dry { payer }) => {
                let means = bill.means(ledger, *payer).await?;
                return Err(ClientError::InsufficientLamports {
                    key: means.payer,
                    have: means.have,
                    need: means.need,
                }
                .into());
            }
            None => {}
        }
        let fees = settled.landed.iter().map(|one| one.receipt.fee);
        let fees = fees.fold(0, u64::saturating_add);
        let mut failed = Vec::new();
        for (task, became) in found.tasks.iter().zip(settled.payments) {
            match became {
                Became::Refused(error) if error.class() == Class::User => failed.push(Failure {
                    what: task.what.clone(),
                    error,
                }),
                // About more than this task: the node, or a transaction whose end is not known.
                Became::Refused(error) | Became::Unknown(error) => {
                    return Err(MigrationError::Stopped(error));
                }
                Became::Paid | Became::MadeBefore | Became::NotReached => {}
            }
        }
        let stop = !failed.is_empty();
        outcomes.push(Outcome {
            step: step.number(),
            goal: step.goal(),
            done: tasks.saturating_sub(failed.len()),
            fees,
            found,
            failed,
        });
        if stop {
            break;
        }
        if tasks > 0 {
            let left = step.look(ledger).await?.tasks.len();
            if left > 0 {
                let step = step.number();
                return Err(MigrationError::StillOpen { step, left });
            }
        }
    }
    Ok(outcomes)
}

/// Each task in a transaction of its own, one after the other: any of them may be done already when it is sent.
const LIMITS: Limits = Limits {
    at_once: 1,
    packed: 1,
    units_each: 200_000,
};

impl Payment for Task {
    fn steps(&self, payer: Pubkey) -> Vec<Vec<Instruction>> {
        vec![vec![self.act.instruction(payer)]]
    }

    fn rent(&self) -> u64 {
        self.rent
    }
}
