use cairn_client::{
    ClientError, LAMPORTS_PER_SIGNATURE, Ledger, SendOptions, fee_for, send_counted,
};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::{Findings, MigrationError, Step};

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
    pub error: ClientError,
}

/// Hears what is being done.
pub trait Progress: Send + Sync {
    /// `most_fees` are lamports: what the step's transactions cost at most.
    fn step(&self, step: &dyn Step, tasks: usize, most_fees: u64);
    /// `done` of the step's tasks are behind us; `what` was the last.
    fn task(&self, what: &str, done: usize, tasks: usize);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _step: &dyn Step, _tasks: usize, _most_fees: u64) {}
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
        let each = fee_for(
            1,
            LAMPORTS_PER_SIGNATURE,
            MOST_UNITS,
            options.priority_micro_lamports,
        );
        let most = each.saturating_mul(tasks as u64);
        progress.step(step.as_ref(), tasks, most);
        if tasks > 0 {
            afford(ledger, &key, most).await?;
        }
        let options = SendOptions {
            most_fee: Some(each),
            ..options.clone()
        };
        let (mut failed, mut fees) = (Vec::new(), 0_u64);
        for (at, task) in found.tasks.iter().enumerate() {
            let instructions = std::slice::from_ref(&task.instruction);
            match send_counted(ledger, instructions, &key, &[payer], &options).await {
                Ok(receipt) => fees = fees.saturating_add(receipt.fee),
                Err(failure) => {
                    fees = fees.saturating_add(failure.landed.map_or(0, |landed| landed.fee));
                    failed.push(Failure {
                        what: task.what.clone(),
                        error: about_this_alone(failure.error, &key)?,
                    });
                }
            }
            progress.task(&task.what, at.saturating_add(1), tasks);
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

/// Compute units of one task at most; a priority fee is paid for no more.
const MOST_UNITS: u32 = 200_000;

/// A refusal is about one account; a node that is gone, or a payer that ran dry, is about all of them.
fn about_this_alone(error: ClientError, payer: &Pubkey) -> Result<ClientError, ClientError> {
    match &error {
        ClientError::InsufficientLamports { key, .. } if key == payer => Err(error),
        _ if error.class() == cairn_client::Class::User => Ok(error),
        _ => Err(error),
    }
}

/// Whether the payer can pay `fees` and keep its account.
async fn afford(ledger: &dyn Ledger, payer: &Pubkey, fees: u64) -> Result<(), ClientError> {
    let account = ledger.account(payer).await?;
    let have = account.map_or(0, |account| account.lamports);
    let need = fees.saturating_add(ledger.minimum_balance(0).await?);
    if have >= need {
        return Ok(());
    }
    Err(ClientError::InsufficientLamports {
        key: *payer,
        have,
        need,
    })
}
