use cairn_client::{ClientError, Ledger, SendOptions, send};
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
    fn step(&self, step: &dyn Step, tasks: usize);
    /// `done` of the step's tasks are behind us; `what` was the last.
    fn task(&self, what: &str, done: usize, tasks: usize);
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _step: &dyn Step, _tasks: usize) {}
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
            failed: Vec::new(),
        });
    }
    Ok(outcomes)
}

/// Does every step in order; `payer` signs and pays the fees, and needs no right over anything. A step with a failed task ends
/// the run after its other tasks, because later steps may rely on it.
///
/// # Errors
/// What no task can put right; a node that does not answer; [`MigrationError::StillOpen`].
pub async fn apply(
    ledger: &dyn Ledger,
    steps: &[Box<dyn Step>],
    payer: &Keypair,
    options: &SendOptions,
    progress: &dyn Progress,
) -> Result<Vec<Outcome>, MigrationError> {
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in steps {
        let found = step.look(ledger).await?;
        let tasks = found.tasks.len();
        progress.step(step.as_ref(), tasks);
        let mut failed = Vec::new();
        for (at, task) in found.tasks.iter().enumerate() {
            let instructions = std::slice::from_ref(&task.instruction);
            match send(ledger, instructions, &payer.pubkey(), &[payer], options).await {
                Ok(_) => {}
                // A refusal is about this account alone; a node that is gone is about all of them.
                Err(error) if error.class() == cairn_client::Class::User => failed.push(Failure {
                    what: task.what.clone(),
                    error,
                }),
                Err(error) => return Err(error.into()),
            }
            progress.task(&task.what, at.saturating_add(1), tasks);
        }
        let stop = !failed.is_empty();
        outcomes.push(Outcome {
            step: step.number(),
            goal: step.goal(),
            done: tasks.saturating_sub(failed.len()),
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
