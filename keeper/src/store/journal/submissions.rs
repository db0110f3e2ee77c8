//! Transactions: written before they are submitted, resolved before another is signed.

use cairn_client::Signed;
use cairn_merkle::EpochNumber;
use sqlx::FromRow;

use super::{Journal, JournalError, epoch_column, failed, hash, integer, one_row, unsigned};
use crate::domain::step::Action;

/// Where a journaled transaction stands. The migration says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    Pending,
    Landed,
    Failed,
    Expired,
    Lost,
}

impl SubmissionState {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Landed => "landed",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Lost => "lost",
        }
    }

    fn parse(name: &str) -> Result<Self, JournalError> {
        [
            Self::Pending,
            Self::Landed,
            Self::Failed,
            Self::Expired,
            Self::Lost,
        ]
        .into_iter()
        .find(|state| state.name() == name)
        .ok_or_else(|| JournalError::Damaged {
            what: format!("submission state \"{name}\""),
        })
    }
}

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Landed { slot: u64 },
    Failed { problem: String },
    Expired,
    Lost,
}

impl Outcome {
    #[must_use]
    pub const fn state(&self) -> SubmissionState {
        match self {
            Self::Landed { .. } => SubmissionState::Landed,
            Self::Failed { .. } => SubmissionState::Failed,
            Self::Expired => SubmissionState::Expired,
            Self::Lost => SubmissionState::Lost,
        }
    }
}

/// What is written before a submission.
#[derive(Clone, Debug)]
pub struct NewSubmission<'a> {
    /// Base58.
    pub pool: &'a str,
    pub epoch: EpochNumber,
    pub action: Action,
    pub manifest_hash: [u8; 32],
    pub signed: &'a Signed,
}

/// A journaled transaction.
#[derive(Clone, Debug)]
pub struct Submission {
    pub id: i64,
    pub pool: String,
    pub epoch: EpochNumber,
    pub action: Action,
    pub manifest_hash: [u8; 32],
    pub signed: Signed,
    pub state: SubmissionState,
    pub problem: Option<String>,
}

#[derive(FromRow)]
struct Raw {
    id: i64,
    pool: String,
    epoch: i64,
    attempt: i64,
    action: String,
    part: i64,
    part_len: i64,
    manifest_hash: Vec<u8>,
    signed: String,
    state: String,
    problem: Option<String>,
}

const COLUMNS: &str =
    "id, pool, epoch, attempt, action, part, part_len, manifest_hash, signed, state, problem";

impl TryFrom<Raw> for Submission {
    type Error = JournalError;

    fn try_from(raw: Raw) -> Result<Self, JournalError> {
        let attempt = unsigned("attempt", raw.attempt)?;
        let action = match raw.action.as_str() {
            "propose" => Action::Propose { attempt },
            "put_canopy" => Action::PutCanopy {
                attempt,
                offset: unsigned("canopy offset", raw.part)?,
                len: unsigned("canopy length", raw.part_len)?,
            },
            "attest" => Action::Attest { attempt },
            "activate" => Action::Activate { attempt },
            other => {
                return Err(JournalError::Damaged {
                    what: format!("action \"{other}\""),
                });
            }
        };
        Ok(Self {
            id: raw.id,
            pool: raw.pool,
            epoch: EpochNumber::new(unsigned("submission epoch", raw.epoch)?),
            action,
            manifest_hash: hash("manifest hash", raw.manifest_hash)?,
            // Reading checks every signature: a torn or edited row is not mistaken for what was submitted.
            signed: serde_json::from_str(&raw.signed).map_err(|error| JournalError::Damaged {
                what: format!("transaction of submission {}: {error}", raw.id),
            })?,
            state: SubmissionState::parse(&raw.state)?,
            problem: raw.problem,
        })
    }
}

const fn name(action: Action) -> &'static str {
    match action {
        Action::Propose { .. } => "propose",
        Action::PutCanopy { .. } => "put_canopy",
        Action::Attest { .. } => "attest",
        Action::Activate { .. } => "activate",
    }
}

impl Journal {
    /// Writes a signed transaction, synced, before it is submitted.
    ///
    /// # Errors
    /// [`JournalError::StillPending`] while another one is unresolved: the table itself allows one.
    /// [`JournalError::SameBytes`] when these very bytes have been tried before.
    pub async fn write_submission(&self, new: NewSubmission<'_>) -> Result<i64, JournalError> {
        let (part, part_len) = match new.action {
            Action::PutCanopy { offset, len, .. } => (i64::from(offset), i64::from(len)),
            _ => (0, 0),
        };
        let signed = serde_json::to_string(new.signed).map_err(|error| JournalError::Damaged {
            what: format!("a transaction that can not be written down: {error}"),
        })?;
        let written = sqlx::query_scalar::<_, i64>(
            "INSERT INTO submissions (pool, epoch, attempt, action, part, part_len, manifest_hash, signature, signed, \
             state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending') RETURNING id",
        )
        .bind(new.pool)
        .bind(epoch_column(new.epoch)?)
        .bind(i64::from(new.action.attempt()))
        .bind(name(new.action))
        .bind(part)
        .bind(part_len)
        .bind(new.manifest_hash.to_vec())
        .bind(new.signed.signature().to_string())
        .bind(signed)
        .fetch_one(&self.db)
        .await;
        match written {
            Ok(id) => Ok(id),
            Err(sqlx::Error::Database(refused)) if refused.is_unique_violation() => {
                Err(match self.pending_submission().await? {
                    Some(pending) => JournalError::StillPending {
                        signature: pending.signed.signature().to_string(),
                    },
                    // The same act as of the same blockhash: its bytes have already had their one chance.
                    None => JournalError::SameBytes {
                        signature: new.signed.signature().to_string(),
                    },
                })
            }
            Err(source) => Err(failed("write a transaction")(source)),
        }
    }

    /// The one transaction whose end is not known.
    ///
    /// # Errors
    /// [`JournalError`] when the file can not be read or the row is damaged.
    pub async fn pending_submission(&self) -> Result<Option<Submission>, JournalError> {
        sqlx::query_as::<_, Raw>(&format!(
            "SELECT {COLUMNS} FROM submissions WHERE state = 'pending'"
        ))
        .fetch_optional(&self.db)
        .await
        .map_err(failed("read the pending transaction"))?
        .map(Submission::try_from)
        .transpose()
    }

    /// All transactions for an epoch number, first to last.
    ///
    /// # Errors
    /// As [`Journal::pending_submission`].
    pub async fn submissions(
        &self,
        pool: &str,
        epoch: EpochNumber,
    ) -> Result<Vec<Submission>, JournalError> {
        sqlx::query_as::<_, Raw>(&format!(
            "SELECT {COLUMNS} FROM submissions WHERE pool = ? AND epoch = ? ORDER BY id"
        ))
        .bind(pool)
        .bind(epoch_column(epoch)?)
        .fetch_all(&self.db)
        .await
        .map_err(failed("read the transactions of an epoch"))?
        .into_iter()
        .map(Submission::try_from)
        .collect()
    }

    /// Writes down how a transaction ended. A landed one may still turn out lost with its fork, or be asked again.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when its end is written down already; others when it can not be written.
    pub async fn resolve(&self, id: i64, outcome: &Outcome) -> Result<(), JournalError> {
        let (slot, problem) = match outcome {
            Outcome::Landed { slot } => (Some(integer("slot", *slot)?), None),
            Outcome::Failed { problem } => (None, Some(problem.as_str())),
            Outcome::Expired | Outcome::Lost => (None, None),
        };
        let done = sqlx::query(
            "UPDATE submissions SET state = ?, slot = COALESCE(?, slot), problem = ? \
             WHERE id = ? AND state IN ('pending', 'landed')",
        )
        .bind(outcome.state().name())
        .bind(slot)
        .bind(problem)
        .bind(id)
        .execute(&self.db)
        .await
        .map_err(failed("resolve a transaction"))?;
        one_row(&done, "resolve a transaction")
    }
}
