//! `watch`: one honest party is enough. Whoever has the active epoch's files holds every proposal to them, leaf by leaf, and
//! needs no role and nobody's permission for it: a leaf that shrank or moved is asked for and shown, which vetoes the epoch;
//! leaves that nobody publishes are asked for, and what nobody shows in time vetoes it as well. What is whole is shown for the
//! challenger's deposit, so that no honest epoch falls by neglect.
//!
//! Nothing is remembered between two starts: what this watcher asked for stands on chain under its key.

mod act;
mod decide;
mod files;
mod leaves;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cairn_client::{Ledger, SendOptions, challenges_of};
use cairn_interface::vault::{
    CHALLENGE_DEPOSIT, CHALLENGE_LEN, ChallengeView, EpochStatus, EpochView, epoch_address,
};
use cairn_merkle::{EpochNumber, LeafIndex, RewardLeaf};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::chain::{self, Fetched};
use crate::progress::Progress;
use crate::{Ending, KeeperError, StopSwitch};
use decide::{Sight, deeds, worst_taken};
use files::Files;
pub(crate) use leaves::Leaves;

/// What is watched, and how far this watcher goes.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    pub pool: Pubkey,
    /// Published files: a keeper's data folder, its epochs folder, or addresses of web servers with copies; several are mirrors of the
    /// same.
    pub files: Vec<PathBuf>,
    /// Where files from web servers are kept; `None` for this user's usual place.
    pub cache: Option<PathBuf>,
    /// Whose leaves are asked for when a proposal's files are withheld, in this order; none for all, largest first.
    pub members: Vec<Pubkey>,
    /// Lamports that may be out in rent and deposits at once.
    pub budget: u64,
    /// Seconds after a proposal from which files that are not there count as withheld; `None` for half the window.
    pub patience_secs: Option<u64>,
    /// Seconds between two looks.
    pub poll_secs: u32,
    /// Return when nothing can be done now.
    pub once: bool,
}

/// What a watch came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchReport {
    /// Challenges opened: epoch and leaf.
    pub opened: Vec<(EpochNumber, LeafIndex)>,
    /// Leaves shown that were whole.
    pub answered: u64,
    /// Challenges ended that nobody answered in time, or that were over.
    pub ended: u64,
    /// Epochs that fell by what this watcher showed or ended.
    pub vetoed: Vec<u64>,
    /// Why it stopped, or waits now.
    pub waiting_for: String,
}

/// Somebody who looks after a pool's proposals.
pub struct Watcher {
    ledger: Arc<dyn Ledger>,
    key: Keypair,
    options: WatchOptions,
    send: SendOptions,
    progress: Arc<dyn Progress>,
    stop: StopSwitch,
    files: Option<Files>,
    active: Option<Leaves>,
    proposed: Option<Leaves>,
    said: String,
}

/// What one look came to.
struct Look {
    did: bool,
    waits: String,
}

impl Watcher {
    /// A watcher who pays and signs with `key`.
    #[must_use]
    pub fn new(
        ledger: Arc<dyn Ledger>,
        key: Keypair,
        options: WatchOptions,
        send: SendOptions,
        progress: Arc<dyn Progress>,
    ) -> Self {
        Self {
            ledger,
            key,
            options,
            send,
            progress,
            stop: StopSwitch::default(),
            files: None,
            active: None,
            proposed: None,
            said: String::new(),
        }
    }

    /// The switch that stops this watcher.
    #[must_use]
    pub fn stop_switch(&self) -> StopSwitch {
        self.stop.clone()
    }

    /// Looks again and again until told to stop; with `once` until nothing can be done now.
    ///
    /// # Errors
    /// At the first look: no such pool; files of the active epoch that are not there or not its own, which leaves nothing to
    /// hold a proposal to. With `once` also a node that can not be asked, and what it refuses. A watch that began goes on
    /// whatever befalls it, and says so: one that a thief could end by being faster once would watch nothing.
    pub async fn watch(&mut self) -> Result<WatchReport, KeeperError> {
        let mut report = WatchReport::default();
        let mut began = false;
        loop {
            if self.stop.is_set() {
                "told to stop".clone_into(&mut report.waiting_for);
                return Ok(report);
            }
            match self.look(&mut report).await {
                Ok(look) if look.did => {
                    began = true;
                    continue;
                }
                Ok(look) => {
                    began = true;
                    self.say(&look.waits);
                    report.waiting_for = look.waits;
                    if self.options.once {
                        return Ok(report);
                    }
                }
                Err(error)
                    if self.options.once || !began && error.ending() != Ending::Temporary =>
                {
                    return Err(error);
                }
                Err(error) => self.say(&error.to_string()),
            }
            tokio::select! {
                () = self.stop.told() => {}
                () = tokio::time::sleep(Duration::from_secs(self.options.poll_secs.into())) => {}
            }
        }
    }

    /// Says what is waited for, unless it was said last.
    fn say(&mut self, words: &str) {
        if self.said != words {
            self.progress.note(words);
            words.clone_into(&mut self.said);
        }
    }

    /// Looks once and does what is due.
    async fn look(&mut self, report: &mut WatchReport) -> Result<Look, KeeperError> {
        let fetched = chain::next_of(self.ledger.as_ref(), self.options.pool).await?;
        let number = fetched.pool.next_epoch;
        let fetched_deposits = self.fetch_deposits(&fetched, report).await?;
        let waits = |words: String| Look {
            did: fetched_deposits,
            waits: words,
        };
        let Some(epoch) = fetched.epoch.as_ref().filter(|epoch| epoch.is_open()) else {
            let words = if fetched.pool.is_correction_due() {
                let revoked = fetched.pool.active_epoch;
                format!("epoch {revoked} was revoked, and its correction is not proposed yet")
            } else {
                format!("epoch {number} is not proposed yet")
            };
            return Ok(waits(words));
        };
        if fetched.pool.active_epoch() < EpochNumber::FIRST {
            return Ok(waits(
                "no epoch was active yet: nobody has anything that could be taken".to_owned(),
            ));
        }
        if epoch.correction != 0 {
            return Ok(waits(format!(
                "epoch {number} is a correction, which admin and guardian signed: it takes back on purpose, and is not challenged; audit it with `cairn audit epoch {number}`"
            )));
        }
        self.load_active(&fetched).await?;
        let missing = self.load_proposed(epoch).await?;
        let challenges = challenges_of(self.ledger.as_ref(), &epoch.address).await?;
        let Some(active) = &self.active else {
            return Ok(waits(String::new()));
        };
        let late = epoch
            .activatable_at(&fetched.pool)
            .is_some_and(|at| fetched.now >= at);
        let withheld_at = epoch.proposed_at.saturating_add(self.patience(&fetched));
        let seen: Vec<_> = challenges.iter().map(|one| self.seen(one)).collect();
        let guarded = match self.proposed {
            Some(_) => Vec::new(),
            None => self.guarded(active.all()),
        };
        let sight = Sight {
            now: fetched.now,
            attempt: epoch.attempt,
            canopy_complete: epoch.facts.canopy.complete,
            may_open: epoch.facts.canopy.complete && !late,
            withheld_at,
            active: active.all(),
            proposed: self.proposed.as_ref().map(Leaves::all),
            challenges: &seen,
            guarded: &guarded,
            affordable: self.affordable().await?,
        };
        let due = deeds(&sight);
        let words = standing(&sight, epoch, missing.as_deref());
        if let Some(index) = sight
            .proposed
            .and_then(|new| worst_taken(sight.active, new))
        {
            self.progress.note(&format!(
                "epoch {number} takes from member {index}: {}",
                if sight.may_open {
                    "it will be shown"
                } else {
                    "and its window is over; tell its guardian"
                }
            ));
        }
        let mut did = fetched_deposits;
        for deed in due {
            if self.stop.is_set() {
                break;
            }
            let fell = match self
                .carry_out(deed, &fetched, epoch, &challenges, report)
                .await
            {
                Ok(fell) => fell,
                // Somebody else was faster: what is due now the next look says.
                Err(KeeperError::Client(error)) if error.refusal().is_some() => {
                    self.progress.note(&error.to_string());
                    continue;
                }
                Err(error) => return Err(error),
            };
            did = true;
            if fell {
                report.vetoed.push(number);
                self.progress.note(&format!("epoch {number} has fallen"));
                break;
            }
        }
        Ok(Look { did, waits: words })
    }

    fn patience(&self, fetched: &Fetched) -> i64 {
        let half = fetched.pool.challenge_window_secs >> 1;
        let patience = self.options.patience_secs.unwrap_or(half);
        i64::try_from(patience).unwrap_or(i64::MAX)
    }

    fn seen(&self, challenge: &ChallengeView) -> decide::OpenChallenge {
        decide::OpenChallenge {
            index: LeafIndex::new(challenge.index),
            attempt: challenge.attempt,
            deadline: challenge.deadline,
            mine: challenge.challenger == self.key.pubkey(),
        }
    }

    /// Whom this watcher asks for when everything is withheld.
    fn guarded(&self, active: &[RewardLeaf]) -> Vec<LeafIndex> {
        let members = &self.options.members;
        if members.is_empty() {
            let mut all: Vec<&RewardLeaf> = active.iter().collect();
            all.sort_by_key(|leaf| (std::cmp::Reverse(leaf.tokens), leaf.index));
            return all.into_iter().map(|leaf| leaf.index).collect();
        }
        let of = |member: &Pubkey| active.iter().find(|leaf| leaf.owner == member.to_bytes());
        members
            .iter()
            .filter_map(of)
            .map(|leaf| leaf.index)
            .collect()
    }

    /// How many challenges the budget allows at once.
    async fn affordable(&self) -> Result<usize, KeeperError> {
        let rent = self.ledger.minimum_balance(CHALLENGE_LEN).await?;
        let each = rent.saturating_add(CHALLENGE_DEPOSIT);
        Ok(usize::try_from(self.options.budget / each.max(1)).unwrap_or(usize::MAX))
    }

    /// The active epoch's leaves.
    async fn load_active(&mut self, fetched: &Fetched) -> Result<(), KeeperError> {
        let number = fetched.pool.active_epoch();
        let found = chain::epoch_of(self.ledger.as_ref(), self.options.pool, number).await?;
        let Some(epoch) = found.epoch else {
            let address = epoch_address(&self.options.pool, number).0;
            return Err(KeeperError::NoAccount {
                what: "epoch",
                address,
                place: self.ledger.place(),
            });
        };
        if self
            .active
            .as_ref()
            .is_some_and(|leaves| leaves.are_of(&epoch))
        {
            return Ok(());
        }
        self.active = match self.read(number, &epoch).await? {
            Ok(leaves) => Some(leaves),
            Err(reason) => return Err(KeeperError::NoLeaves { number, reason }),
        };
        Ok(())
    }

    /// The proposed epoch's leaves. Returns why there are none.
    async fn load_proposed(&mut self, epoch: &EpochView) -> Result<Option<String>, KeeperError> {
        if self
            .proposed
            .as_ref()
            .is_some_and(|leaves| leaves.are_of(epoch))
        {
            return Ok(None);
        }
        let (leaves, reason) = match self.read(epoch.number(), epoch).await? {
            Ok(leaves) => (Some(leaves), None),
            Err(reason) => (None, Some(reason)),
        };
        self.proposed = leaves;
        Ok(reason)
    }

    /// Where the files are, found out once.
    fn files(&mut self) -> Result<&Files, KeeperError> {
        if self.files.is_none() {
            let options = &self.options;
            self.files = Some(Files::of(&options.files, options.cache.as_deref())?);
        }
        self.files.as_ref().ok_or(KeeperError::Stopped)
    }

    async fn read(
        &mut self,
        number: EpochNumber,
        epoch: &EpochView,
    ) -> Result<Result<Leaves, String>, KeeperError> {
        let found = self.files()?.leaves(number, epoch.manifest_hash).await?;
        let (folder, epoch) = match found {
            Ok(folder) => (folder, epoch.clone()),
            Err(reason) => return Ok(Err(reason)),
        };
        let reading = tokio::task::spawn_blocking(move || Leaves::read(&folder, &epoch));
        reading
            .await
            .map_err(|error| KeeperError::Task(error.to_string()))
    }
}

/// Where an epoch in flight stands, in words that change only when it does.
fn standing(sight: &Sight<'_>, epoch: &EpochView, missing: Option<&str>) -> String {
    let number = epoch.number;
    let open = sight.challenges.len();
    let attested = epoch.status() == EpochStatus::Attested;
    let status = if attested { "attested" } else { "proposed" };
    match (missing, open) {
        (None, 0) => format!("epoch {number} is {status} and takes nothing from anybody"),
        (None, open) => format!("epoch {number} is {status}; {open} challenges are open"),
        (Some(reason), open) => {
            format!(
                "epoch {number} is {status} and not published here ({reason}); {open} challenges are open"
            )
        }
    }
}
