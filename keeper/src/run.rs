//! `run`: every phase in its turn, as far as possible, again and again until told to stop. A phase that fails holds up no
//! other; what a person should know is said once.

use std::collections::BTreeMap;
use std::time::Duration;

use cairn_epoch::EpochError;
use cairn_merkle::EpochNumber;

use crate::attest::AttestSource;
use crate::chain::Fetched;
use crate::domain::agenda::{self, Facts, Next, Own, Role, Task};
use crate::domain::step::Wait;
use crate::{AttestOptions, CloseOptions, Ending, Keeper, KeeperError, ProposeOptions};

/// How long, by the chain's clock, before a phase that failed for good is tried again on the same facts. What it failed
/// on may have been mended where none of them shows it: a registry file, a publisher's folder.
const TRY_AGAIN_SECS: i64 = 3_600;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunReport {
    pub files: u64,
    pub proofs: u64,
    /// Files of the inbox that were set aside.
    pub refused_files: Vec<String>,
    pub closed: Vec<EpochNumber>,
    pub proposed: Vec<EpochNumber>,
    pub attested: Vec<EpochNumber>,
    /// Epochs that became active while it was away, whose files it fetched.
    pub fetched: Vec<EpochNumber>,
    /// Challenged leaves that it showed.
    pub answered: u64,
    pub activated: Vec<EpochNumber>,
    /// Why it stopped, or waits now.
    pub waiting_for: String,
}

/// What was said about a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Waits(Wait),
    Words(String),
}

impl Said {
    fn words(&self) -> String {
        match self {
            Self::Waits(wait) => wait.to_string(),
            Self::Words(words) => words.clone(),
        }
    }

    /// Without what changes from one second to the next.
    fn timeless(&self) -> Self {
        match self {
            Self::Waits(wait) => Self::Waits(wait.clone().timeless()),
            words @ Self::Words(_) => words.clone(),
        }
    }
}

/// What a run remembers from one round to the next; a restart forgets it, and looks at everything anew.
#[derive(Default)]
struct Memory {
    /// What was said last, by matter.
    said: BTreeMap<String, Said>,
    /// The phase that failed for good, and what it was decided from.
    stands: Option<Standing>,
    /// The epoch in which nobody had earned anything, with the records it had then.
    nothing: Option<(EpochNumber, u64)>,
    /// The active epoch that no mirror had, and when that was, unix seconds on the chain's clock.
    lacks: Option<(EpochNumber, i64)>,
}

struct Standing {
    facts: Facts,
    /// Unix seconds, the chain's clock.
    at: i64,
    problem: String,
}

/// What one round of all phases came to.
#[derive(Default)]
struct Round {
    /// Something was done: look again at once.
    did: bool,
    waits: Vec<String>,
    /// The first phase that failed for good.
    failure: Option<KeeperError>,
}

impl Keeper {
    /// Does whatever can be done. With `once`, returns when nothing can be done now; otherwise waits and looks again
    /// until the keeper is told to stop.
    ///
    /// With `[attest] source` in keeper.toml this keeper attests what is published there and proposes nothing itself;
    /// without, it proposes its own epochs.
    ///
    /// # Errors
    /// [`KeeperError`] of a journal that a person has to look at; with `once` also of a phase that failed for good, after
    /// the others had their turn.
    pub async fn run(&self, once: bool) -> Result<RunReport, KeeperError> {
        let mut report = RunReport::default();
        let mut memory = Memory::default();
        loop {
            if self.work().stop_switch().is_set() {
                "told to stop".clone_into(&mut report.waiting_for);
                return Ok(report);
            }
            let round = self.round_of_phases(&mut report, &mut memory).await?;
            if round.did {
                continue;
            }
            report.waiting_for = round.waits.join("; ");
            if once {
                return round.failure.map_or(Ok(report), Err);
            }
            let pause = Duration::from_secs(self.config().run.poll_secs.into());
            self.work().rest(pause).await;
        }
    }

    async fn round_of_phases(
        &self,
        report: &mut RunReport,
        memory: &mut Memory,
    ) -> Result<Round, KeeperError> {
        let mut round = Round::default();
        let anchored = self.record_anchor().await.map(|_| None);
        self.take(anchored, "anchors", memory, &mut round)?;
        let received = self.take_in_inbox(report, memory, &mut round).await;
        self.take(received.map(|()| None), "inbox", memory, &mut round)?;
        let published = self.publish_next(report, memory, &mut round).await;
        self.take(published, "epochs", memory, &mut round)?;
        Ok(round)
    }

    /// Takes what a phase came to into the round, and says it unless it was said already.
    fn take(
        &self,
        outcome: Result<Option<Said>, KeeperError>,
        matter: &str,
        memory: &mut Memory,
        round: &mut Round,
    ) -> Result<(), KeeperError> {
        let said = match outcome {
            Ok(None) => {
                memory.said.remove(matter);
                return Ok(());
            }
            Ok(Some(said)) => said,
            // Looked at where the next round would begin.
            Err(KeeperError::Stopped) => {
                round.did = true;
                return Ok(());
            }
            Err(error) if error.is_fatal() => return Err(error),
            Err(KeeperError::Wait(wait)) => Said::Waits(wait),
            Err(error) => {
                let words = match error.ending() {
                    Ending::Temporary => error.to_string(),
                    Ending::Refused | Ending::Usage => format!("{error} ({})", error.hint()),
                };
                if error.ending() != Ending::Temporary && round.failure.is_none() {
                    round.failure = Some(error);
                }
                Said::Words(words)
            }
        };
        let words = said.words();
        if !round.waits.contains(&words) {
            self.say(matter, &said, memory);
            round.waits.push(words);
        }
        Ok(())
    }

    fn say(&self, matter: &str, said: &Said, memory: &mut Memory) {
        let timeless = said.timeless();
        if memory.said.get(matter) != Some(&timeless) {
            self.work().progress().note(&said.words());
            memory.said.insert(matter.to_owned(), timeless);
        }
    }

    async fn take_in_inbox(
        &self,
        report: &mut RunReport,
        memory: &mut Memory,
        round: &mut Round,
    ) -> Result<(), KeeperError> {
        let look = self.intake.look_into_inbox().await?;
        round.did |= look.files > 0 || !look.refused.is_empty();
        report.files = report.files.saturating_add(look.files);
        report.proofs = report.proofs.saturating_add(look.proofs);
        report.refused_files.extend(look.refused);
        for (name, text) in look.said {
            let said = Said::Words(format!("inbox/{name}: {text}"));
            self.say(&format!("inbox/{name}"), &said, memory);
        }
        for (name, error) in look.waiting {
            self.take(Err(error), &format!("inbox/{name}"), memory, round)?;
        }
        Ok(())
    }

    /// The next phase of the pool's next epoch.
    async fn publish_next(
        &self,
        report: &mut RunReport,
        memory: &mut Memory,
        round: &mut Round,
    ) -> Result<Option<Said>, KeeperError> {
        let fetched = self.outlook.fetch_next().await?;
        // Whoever was away goes on from what became active meanwhile. That it is not to be had holds up no veto and no activation.
        let (active, now) = (fetched.pool.active_epoch(), fetched.now);
        if memory
            .lacks
            .is_none_or(|(epoch, at)| epoch != active || now.saturating_sub(at) >= TRY_AGAIN_SECS)
        {
            let caught_up = self.catch_up(active).await;
            let lasting = |error: &KeeperError| error.ending() != Ending::Temporary;
            memory.lacks = caught_up
                .as_ref()
                .err()
                .filter(|error| lasting(error))
                .map(|_| (active, now));
            let caught_up = caught_up.map(|fetched| {
                round.did |= !fetched.is_empty();
                report.fetched.extend(fetched);
                None
            });
            self.take(caught_up, "mirrors", memory, round)?;
        }
        let facts = self.run_facts(&fetched, memory).await?;
        let task = match agenda::next(&facts) {
            Next::Do(task) => task,
            Next::Wait(wait) => return Ok(Some(Said::Waits(wait))),
            Next::Refuse(refusal) => return Err(refusal.into()),
        };
        if let Some(stands) = memory.stands.as_ref().filter(|stands| stands.hold(&facts)) {
            return Ok(Some(Said::Words(stands.problem.clone())));
        }
        memory.stands = None;
        let number = facts.chain.number;
        match self.carry_out(task, number, report).await {
            Ok(()) => {
                round.did = true;
                Ok(None)
            }
            Err(KeeperError::Epoch(EpochError::NoMembers)) => {
                memory.nothing = Some((number, self.work().journal().records(number).await?));
                // What follows from that is decided where everything else is.
                round.did = true;
                Ok(None)
            }
            Err(error) => {
                let lasting = error.ending() != Ending::Temporary && !error.is_fatal();
                memory.stands = lasting.then(|| Standing {
                    at: facts.chain.now,
                    problem: format!("{error} ({})", error.hint()),
                    facts: timeless(facts),
                });
                Err(error)
            }
        }
    }

    /// As `Publisher::facts`, with what this run remembers.
    async fn run_facts(&self, fetched: &Fetched, memory: &Memory) -> Result<Facts, KeeperError> {
        let number = fetched.pool.next_epoch();
        let mut facts = self.publisher.facts(number, fetched).await?;
        if let Some((epoch, records)) = memory.nothing
            && facts.own == Own::Open
            && epoch == number
            && self.work().journal().records(number).await? == records
        {
            facts.own = Own::Nothing;
        }
        Ok(facts)
    }

    async fn carry_out(
        &self,
        task: Task,
        number: EpochNumber,
        report: &mut RunReport,
    ) -> Result<(), KeeperError> {
        match task {
            Task::Close => {
                self.close(number, CloseOptions::default()).await?;
                report.closed.push(number);
            }
            Task::Propose => {
                self.propose(number, ProposeOptions::default()).await?;
                report.proposed.push(number);
            }
            Task::Attest => {
                let source = match self.role() {
                    Role::Attests => AttestSource::Configured,
                    Role::Proposes => AttestSource::Own,
                };
                self.attest_with(number, source, AttestOptions::default())
                    .await?;
                report.attested.push(number);
            }
            Task::Answer => {
                let shown = self.publisher.answer(number).await?;
                if shown == 0 {
                    // The node that lists them lags behind the one that counts them.
                    return Err(KeeperError::StaleChallenges { number });
                }
                report.answered = report.answered.saturating_add(shown);
            }
            Task::Activate => {
                self.activate(number).await?;
                report.activated.push(number);
            }
        }
        Ok(())
    }
}

impl Standing {
    /// Whether trying again on these facts would end in the same.
    fn hold(&self, facts: &Facts) -> bool {
        let waited = facts.chain.now.saturating_sub(self.at);
        waited < TRY_AGAIN_SECS && self.facts == timeless(facts.clone())
    }
}

fn timeless(mut facts: Facts) -> Facts {
    facts.chain.now = 0;
    facts
}
