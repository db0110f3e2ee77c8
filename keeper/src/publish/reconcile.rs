//! Reconcile: what became of a journaled transaction. The same signed bytes are handed over until the chain holds them
//! or provably never will; only then may anything else be signed.

use cairn_client::{ClientError, Receipt, Signed, land};
use cairn_merkle::EpochNumber;

use super::Publisher;
use crate::KeeperError;
use crate::domain::step::Action;
use crate::progress::Publishing;
use crate::store::journal::{Outcome, Submission, SubmissionState};

/// A transaction of this keeper that landed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Sent {
    /// What it did.
    pub action: String,
    pub signature: String,
    pub slot: u64,
    pub compute_units: u64,
    pub fee_lamports: u64,
}

/// How a transaction ended.
pub(crate) enum Settled {
    Landed(Sent),
    /// It is on chain and changed nothing.
    Failed(ClientError),
    /// It can never land.
    Gone(ClientError),
}

impl Publisher {
    /// Follows the transaction whose end an earlier run, or round, did not see.
    pub(crate) async fn resolve_pending(&self) -> Result<Option<Sent>, KeeperError> {
        let Some(pending) = self.work.journal().pending_submission().await? else {
            return Ok(None);
        };
        let Submission {
            id, action, signed, ..
        } = pending;
        self.work.progress().publishing(&Publishing::Resolving {
            signature: signed.signature().to_string(),
        });
        Ok(
            match self
                .settle(id, action, &signed, SubmissionState::Pending)
                .await?
            {
                Settled::Landed(sent) => Some(sent),
                Settled::Failed(error) | Settled::Gone(error) => {
                    tracing::info!(%error, "an earlier transaction ended without effect");
                    None
                }
            },
        )
    }

    /// Follows one journaled transaction to its end and writes the end down.
    pub(crate) async fn settle(
        &self,
        id: i64,
        action: Action,
        signed: &Signed,
        before: SubmissionState,
    ) -> Result<Settled, KeeperError> {
        let signature = signed.signature().to_string();
        self.work.progress().publishing(&Publishing::Submitted {
            signature: signature.clone(),
        });
        let landing = land(self.outlook.ledger(), signed, &self.send);
        let (outcome, settled) = match self.work.to_its_end(landing).await? {
            Ok(receipt) => (
                Outcome::Landed { slot: receipt.slot },
                Settled::Landed(sent(action, &receipt)),
            ),
            Err(error @ ClientError::Expired { .. }) => {
                // What was once seen on chain and can not land any more went down with its fork.
                let outcome = match before {
                    SubmissionState::Landed => Outcome::Lost,
                    _ => Outcome::Expired,
                };
                (outcome, Settled::Gone(error))
            }
            // Not known: the row stays pending, and nothing else is signed before it is.
            Err(error @ ClientError::Unresolved { .. }) => return Err(error.into()),
            // `land` reports a refusal only after it has seen the transaction on chain.
            Err(error) => (
                Outcome::Failed {
                    problem: error.to_string(),
                },
                Settled::Failed(error),
            ),
        };
        self.work.journal().resolve(id, &outcome).await?;
        self.work.progress().publishing(&Publishing::Resolved {
            signature,
            outcome: outcome.state().name(),
        });
        Ok(settled)
    }

    /// The chain shows less than this landed action did: looks whether it still stands, and returns its signature.
    pub(crate) async fn recheck(
        &self,
        number: EpochNumber,
        action: Action,
    ) -> Result<String, KeeperError> {
        let landed = self
            .own_submissions(number)
            .await?
            .into_iter()
            .rfind(|submission| {
                submission.state == SubmissionState::Landed && submission.action == action
            });
        let Some(submission) = landed else {
            return Ok(String::new());
        };
        let state = SubmissionState::Landed;
        self.settle(submission.id, action, &submission.signed, state)
            .await?;
        Ok(submission.signed.signature().to_string())
    }

    /// This keeper's landed actions for an epoch number.
    pub(crate) async fn landed(&self, number: EpochNumber) -> Result<Vec<Action>, KeeperError> {
        Ok(self
            .own_submissions(number)
            .await?
            .into_iter()
            .filter(|submission| submission.state == SubmissionState::Landed)
            .map(|submission| submission.action)
            .collect())
    }

    async fn own_submissions(&self, number: EpochNumber) -> Result<Vec<Submission>, KeeperError> {
        let pool = self.outlook.config().pool.to_string();
        Ok(self.work.journal().submissions(&pool, number).await?)
    }
}

fn sent(action: Action, receipt: &Receipt) -> Sent {
    Sent {
        action: action.to_string(),
        signature: receipt.signature.to_string(),
        slot: receipt.slot,
        compute_units: receipt.compute_units,
        fee_lamports: receipt.fee,
    }
}
