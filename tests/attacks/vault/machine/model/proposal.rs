//! An epoch from its proposal to its activation or fall, and the challenges of it.

use std::{collections::BTreeSet, rc::Rc};

use cairn_interface::vault::{CORRECTION_WINDOW_SECS, VaultError};
use solana_sdk::pubkey::Pubkey;

use super::{Root, Totals, Yard, secs};

/// The epoch in flight.
pub struct Proposed {
    pub root: Rc<Root>,
    pub proposer: &'static str,
    pub attempt: u32,
    pub rules: [u8; 32],
    /// Most that its totals may be above the active ones.
    pub allowance: [u64; 3],
    pub intervals: i64,
    pub interval_secs: i64,
    pub window: i64,
    pub proposed_at: i64,
    /// Seconds of pauses before the proposal.
    pub paused_before: i64,
    /// When attestations and canopy were complete, and the seconds of pauses before.
    pub complete: Option<(i64, i64)>,
    pub threshold: u8,
    /// Keepers that stand behind it, the proposer among them.
    pub words: BTreeSet<&'static str>,
    pub canopy: bool,
    pub correction: bool,
}

/// "Show me my leaf".
#[derive(Clone, Copy)]
pub struct Challenge {
    pub place: Pubkey,
    pub number: u64,
    pub attempt: u32,
    pub index: u32,
    pub owner: Pubkey,
    pub tokens: u64,
    pub points: u64,
    pub credits: u64,
    pub deadline: i64,
    pub challenger: &'static str,
}

impl Yard {
    /// What epoch `next` may add when it is proposed at `now`, and in how many intervals; or why it may not be proposed.
    pub fn expect_proposal(
        &self,
        now: i64,
        proposer: &str,
        root: &Root,
        rules: [u8; 32],
        signed: bool,
    ) -> Result<([u64; 3], i64), VaultError> {
        use VaultError as E;
        let roles = &self.roles;
        if !roles.is_keeper(proposer) {
            return Err(E::NotKeeper);
        }
        if self.proposed.is_some() {
            return Err(E::EpochInFlight);
        }
        if roles.keepers.len() > 1 && now < roles.rests_until(proposer) {
            return Err(E::KeeperRests);
        }
        if self.correction_due && !signed {
            return Err(E::CorrectionUnsigned);
        }
        if let Some(refusal) = self.rules.refusal(self.next_number(), rules, now) {
            return Err(refusal);
        }
        let (new, old) = (root.totals(), self.totals);
        if new.tokens < old.tokens {
            return Err(E::TokensBelowActive);
        }
        if new.points < old.points {
            return Err(E::PointsBelowActive);
        }
        if new.credits < old.credits {
            return Err(E::CreditsBelowActive);
        }
        if new.members < old.members {
            return Err(E::LeafCountBelowActive);
        }
        let intervals = (now - old.anchor).max(0) / secs(self.params.epoch_interval_secs);
        let caps = [
            (self.params.emission_cap, E::EmissionCapExceeded),
            (self.params.points_cap, E::PointsCapExceeded),
            (self.params.credits_cap, E::CreditsCapExceeded),
        ];
        let growth = [
            new.tokens - old.tokens,
            new.points - old.points,
            new.credits - old.credits,
        ];
        for ((cap, refusal), growth) in caps.into_iter().zip(growth) {
            if u128::from(growth) > u128::from(cap) * intervals.unsigned_abs() as u128 {
                return Err(refusal);
            }
        }
        let allowance = caps.map(|(cap, _)| cap.saturating_mul(intervals.unsigned_abs()));
        Ok((allowance, intervals))
    }

    /// The window of what is proposed now.
    pub fn window(&self) -> i64 {
        let window = self.params.challenge_window_secs;
        secs(if self.correction_due {
            window.max(CORRECTION_WINDOW_SECS)
        } else {
            window
        })
    }

    pub fn is_attested(&self, proposed: &Proposed) -> bool {
        let words = proposed.words.iter();
        let words = words.filter(|name| self.roles.is_keeper(name)).count();
        words >= usize::from(proposed.threshold.max(self.roles.threshold))
    }

    pub fn is_complete(&self, proposed: &Proposed) -> bool {
        proposed.canopy && self.is_attested(proposed)
    }

    /// Notes since when it is complete, after words or canopy changed.
    pub fn refresh(&mut self, now: i64) {
        let paused = self.paused_secs_at(now);
        let Some(proposed) = &self.proposed else {
            return;
        };
        let complete = self.is_complete(proposed);
        let proposed = self.proposed.as_mut().unwrap();
        if !complete {
            proposed.complete = None;
        } else if proposed.complete.is_none() {
            proposed.complete = Some((now, paused));
        }
    }

    /// When its window is over; pauses after the proposal do not count.
    pub fn window_over(&self, proposed: &Proposed) -> i64 {
        proposed.proposed_at + proposed.window + self.paused_secs() - proposed.paused_before
    }

    /// From when it may be activated.
    pub fn activatable_at(&self, proposed: &Proposed) -> Option<i64> {
        let (complete_at, paused) = proposed.complete?;
        let half = (proposed.window + 1) / 2;
        let last_word = complete_at + half + self.paused_secs() - paused;
        Some(self.window_over(proposed).max(last_word))
    }

    /// Why what is proposed can not be activated at `now`.
    pub fn expect_activation(&self, now: i64, proposed: &Proposed) -> Result<(), VaultError> {
        use VaultError as E;
        if self.is_paused(now) {
            return Err(E::Paused);
        }
        if !proposed.canopy {
            return Err(E::CanopyIncomplete);
        }
        if !self.is_attested(proposed) {
            return Err(E::AttestationsShort);
        }
        if self.activatable_at(proposed).is_none_or(|at| now < at) {
            return Err(E::ChallengeWindowOpen);
        }
        if self.live_challenges() > 0 {
            return Err(E::ChallengesOpen);
        }
        if let Some(refusal) = self.rules.refusal(self.next_number(), proposed.rules, now) {
            return Err(refusal);
        }
        if self.balance() + self.left < proposed.root.node().sum().get() {
            return Err(E::VaultShort);
        }
        Ok(())
    }

    /// Makes what is proposed the active epoch.
    pub fn advance(&mut self) -> Proposed {
        let number = self.next_number();
        let proposed = self.proposed.take().unwrap();
        let spent = proposed.intervals * proposed.interval_secs;
        self.before = Some(self.totals);
        self.totals = Totals {
            // The interval is the one of the proposal, whatever has been announced since.
            anchor: self.totals.anchor + spent,
            ..proposed.root.totals()
        };
        self.rules.adopt(number, proposed.rules);
        self.correction_due = false;
        self.attempt = None;
        self.roots.push(Rc::clone(&proposed.root));
        proposed
    }

    /// What is proposed falls, and its proposer rests.
    pub fn fall(&mut self, now: i64) -> &'static str {
        let proposed = self.proposed.take().unwrap();
        let until = now + secs(self.params.challenge_window_secs);
        self.roles.rest(proposed.proposer, until);
        proposed.proposer
    }

    /// Takes the active epoch back: what was taken stays counted.
    pub fn fall_back(&mut self) {
        let before = self.before.unwrap();
        let redeemed = self.redeemed();
        self.totals = Totals {
            tokens: before.tokens.max(self.left),
            points: before.points.max(self.burnt),
            credits: before.credits.max(redeemed),
            ..before
        };
        self.revoked.insert(self.active_number());
        self.correction_due = true;
    }

    pub fn is_live(&self, challenge: &Challenge) -> bool {
        let attempt = self.proposed.as_ref().map(|proposed| proposed.attempt);
        challenge.number == self.next_number() && attempt == Some(challenge.attempt)
    }

    pub fn live_challenges(&self) -> usize {
        let live = self.challenges.iter().filter(|it| self.is_live(it));
        live.count()
    }

    /// Why the proposed epoch can not be asked for a leaf of epoch `asked_of`.
    pub fn expect_challenge(&self, now: i64, asked_of: u64) -> Option<VaultError> {
        use VaultError as E;
        let Some(proposed) = &self.proposed else {
            return Some(E::EpochNotOpen);
        };
        if proposed.correction {
            return Some(E::ChallengeOfCorrection);
        }
        if self.activatable_at(proposed).is_some_and(|at| now >= at) {
            return Some(E::ChallengeLate);
        }
        if asked_of != self.active_number() {
            return Some(E::ChallengeActiveEpoch);
        }
        (!proposed.canopy).then_some(E::CanopyIncomplete)
    }
}
