//! Bringing an epoch onto the chain: Fetch → Decide → Journal → Act → Reconcile, until the goal is reached, refused or
//! has to wait. Every round starts from the chain; the journal only knows what was tried and never what is true.
//!
//! [`Publisher`] alone holds the keeper's key: nothing else in this crate can sign.

mod activate;
mod answer;
mod facts;
mod fault;
mod instruction;
mod leaves;
mod propose;
mod reconcile;

use std::time::Duration;

use cairn_client::{Class, ClientError, SendOptions, prepare};
use cairn_epoch::Manifest;
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

pub use activate::Activated;
pub(crate) use facts::Standpoint;
pub use fault::LeafFault;
pub(crate) use leaves::verify_leaves;
pub(crate) use propose::is_vetoed;
pub use propose::{ProposeOptions, Proposed};
pub use reconcile::Sent;
use reconcile::Settled;

use crate::KeeperError;
use crate::chain::{Fetched, Outlook};
use crate::config::{AnomalyConfig, Config};
use crate::domain::agenda::{Facts, Role};
use crate::domain::step::{Action, Content, Goal, Step, next};
use crate::progress::Publishing;
use crate::store::journal::{NewSubmission, SubmissionState};
use crate::work::Work;

/// Rounds that may fail to reach the chain, or find it behind itself, before the command gives up for now.
const PATIENCE: u32 = 5;
/// How often one command signs anew after a blockhash has provably expired.
const SIGNINGS: u32 = 5;

/// What is published: what this keeper stands for, and the manifest it is described by. Activation needs no manifest.
pub(crate) struct Publication {
    pub number: EpochNumber,
    pub content: Content,
    pub manifest: Option<Manifest>,
}

/// How a drive ended well.
pub(crate) struct Driven {
    pub fetched: Fetched,
    pub sent: Vec<Sent>,
}

/// Brings epochs onto the chain, under this keeper's key.
pub(crate) struct Publisher {
    work: Work,
    outlook: Outlook,
    standpoint: Standpoint,
    key: Keypair,
    anomaly: AnomalyConfig,
    send: SendOptions,
}

/// Lamports that one of a keeper's transactions may cost: 0.01 SOL, a hundred times what a crowded cluster asks. Nobody is
/// asked before a keeper pays, so a slip in keeper.toml must not empty its wallet.
pub(crate) const MOST_FEE: u64 = 10_000_000;

/// What may go wrong how often before a drive ends.
struct Strikes {
    unreachable: u32,
    stale: u32,
    expired: u32,
    refused: Option<Action>,
}

impl Publisher {
    pub fn new(work: Work, outlook: Outlook, config: &Config, key: Keypair) -> Self {
        Self {
            standpoint: Standpoint::of(work.folder(), config, key.pubkey()),
            work,
            outlook,
            key,
            anomaly: config.anomaly,
            send: SendOptions {
                priority_micro_lamports: config.chain.priority_fee_micro_lamports,
                most_fee: Some(MOST_FEE),
                poll: Duration::from_millis(config.run.poll_transaction_ms.into()),
                ..SendOptions::default()
            },
        }
    }

    /// This keeper's address.
    pub const fn address(&self) -> Pubkey {
        self.standpoint.me
    }

    /// What this keeper is there for.
    pub const fn role(&self) -> Role {
        self.standpoint.role
    }

    /// The facts of an epoch that was fetched.
    pub async fn facts(
        &self,
        number: EpochNumber,
        fetched: &Fetched,
    ) -> Result<Facts, KeeperError> {
        let row = self.work.journal().epoch(number).await?;
        self.standpoint.facts(row.as_ref(), number, fetched)
    }

    /// Takes an epoch to `goal`.
    pub(crate) async fn drive(
        &self,
        goal: Goal,
        publication: &Publication,
    ) -> Result<Driven, KeeperError> {
        let mut sent = Vec::new();
        let mut strikes = Strikes {
            unreachable: 0,
            stale: 0,
            expired: 0,
            refused: None,
        };
        loop {
            match self.round(goal, publication, &mut sent, &mut strikes).await {
                Ok(Some(fetched)) => return Ok(Driven { fetched, sent }),
                Ok(None) => {}
                Err(KeeperError::Client(error)) if may_pass(&error) => {
                    strikes.unreachable = strikes.unreachable.saturating_add(1);
                    if strikes.unreachable >= PATIENCE {
                        return Err(error.into());
                    }
                    tracing::info!(%error, "trying again");
                    self.pause().await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// One round; `Some` when the goal is reached.
    async fn round(
        &self,
        goal: Goal,
        publication: &Publication,
        sent: &mut Vec<Sent>,
        strikes: &mut Strikes,
    ) -> Result<Option<Fetched>, KeeperError> {
        // Before anything is decided: what became of the transaction of the last run, or round.
        sent.extend(self.resolve_pending().await?);
        self.work.stop_if_told()?;

        let number = publication.number;
        let fetched = self.outlook.fetch(number).await?;
        let chain = fetched.chain(number, &self.address());
        let landed = self.landed(number).await?;
        match next(goal, &chain, &publication.content, &landed) {
            Step::Done => return Ok(Some(fetched)),
            Step::Wait(wait) => return Err(wait.into()),
            Step::Refuse(refusal) => return Err(refusal.into()),
            Step::Recheck(action) => {
                let signature = self.recheck(number, action).await?;
                strikes.stale = strikes.stale.saturating_add(1);
                if strikes.stale >= PATIENCE {
                    return Err(KeeperError::StaleChain { signature });
                }
                self.pause().await;
            }
            Step::Submit(action) => {
                self.act(action, publication, &fetched, sent, strikes)
                    .await?;
            }
        }
        Ok(None)
    }

    /// Signs, writes down, submits, and follows the transaction to its end.
    async fn act(
        &self,
        action: Action,
        publication: &Publication,
        fetched: &Fetched,
        sent: &mut Vec<Sent>,
        strikes: &mut Strikes,
    ) -> Result<(), KeeperError> {
        self.work
            .progress()
            .publishing(&Publishing::Decided { action });
        let instruction = instruction::build(action, publication, &fetched.pool, self.address());
        let signers: [&dyn Signer; 1] = [&self.key];
        let (instructions, me) = ([instruction], self.address());
        let prepared = prepare(
            self.outlook.ledger(),
            &instructions,
            &me,
            &signers,
            &self.send,
        );
        let prepared = self.work.unless_stopped(prepared).await;
        let signed = match prepared {
            Ok(signed) => signed,
            Err(KeeperError::Client(error)) => return self.refused(action, error, strikes).await,
            Err(error) => return Err(error),
        };
        let pool = self.outlook.config().pool.to_string();
        let id = self
            .work
            .journal()
            .write_submission(NewSubmission {
                pool: &pool,
                epoch: publication.number,
                action,
                manifest_hash: publication.content.manifest_hash,
                signed: &signed,
            })
            .await?;
        self.work.progress().publishing(&Publishing::Journaled {
            action,
            signature: signed.signature().to_string(),
        });
        match self
            .settle(id, action, &signed, SubmissionState::Pending)
            .await?
        {
            Settled::Landed(receipt) => {
                sent.push(receipt);
                Ok(())
            }
            Settled::Failed(error) => self.refused(action, error, strikes).await,
            Settled::Gone(error) => {
                strikes.expired = strikes.expired.saturating_add(1);
                if strikes.expired >= SIGNINGS {
                    return Err(error.into());
                }
                Ok(())
            }
        }
    }

    /// A refusal may only mean that another keeper was faster, or that the chain was read just before a transaction
    /// took effect. So the chain is asked once more, and only if the same action is still due the refusal stands.
    async fn refused(
        &self,
        action: Action,
        error: ClientError,
        strikes: &mut Strikes,
    ) -> Result<(), KeeperError> {
        if may_pass(&error) || strikes.refused == Some(action) {
            return Err(error.into());
        }
        tracing::info!(%error, "refused; looking at the chain again");
        strikes.refused = Some(action);
        self.pause().await;
        Ok(())
    }

    async fn pause(&self) {
        self.work.rest(self.send.poll).await;
    }
}

fn may_pass(error: &ClientError) -> bool {
    error.class() == Class::Retryable && !matches!(error, ClientError::Expired { .. })
}
