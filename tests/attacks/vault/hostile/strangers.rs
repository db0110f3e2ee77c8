//! What anybody without a role tries against an honest epoch, and a guardian who pauses.

use std::rc::Rc;

use cairn_interface::vault::{
    ActivateEpoch, AttestEpoch, CloseEpoch, ExpireChallenge, LapseEpoch, OpenChallenge, Pause,
    ProposeEpoch, PutCanopy, VaultError,
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_testkit::{Rewards, assert_refused, assert_refused_among};

use super::super::challenging::opening_beside;
use super::{Arena, DAY, MEMBERS, Root, WINDOW, actors::address_of, members_of, truthful};

/// Lamports that somebody leaves where an account is to be.
pub const SQUAT: u64 = 1_000_000;

impl Arena {
    /// An honest epoch from proposal to activation, in spite of all that strangers do meanwhile. Its keepers take their
    /// time: canopy and second word come at any moment of the window.
    pub fn besieged_epoch(&mut self) {
        let secs = DAY + self.some_secs(DAY);
        self.wait(secs);
        let root = self.propose_honestly();
        let proposed_at = self.now();
        let mut duties: Vec<(i64, bool)> = Vec::new();
        for is_canopy in [true, false] {
            let secs = self.some_secs(WINDOW - 1);
            duties.push((proposed_at + secs, is_canopy));
        }
        duties.sort_unstable();
        for (at, is_canopy) in duties {
            while self.now() < at {
                self.molest();
                let left = at - self.now();
                let secs = self.some_secs(DAY / 2).min(left);
                self.wait(secs);
            }
            self.do_duty(&root, is_canopy);
        }
        for _ in 0..12 {
            self.molest();
            let secs = self.some_secs(DAY);
            self.wait(secs);
        }
        self.ask_in_the_last_second();
        // Whatever was asked is answered at the next look; then nobody can ask any more.
        self.wait(2 * DAY);
        while self.scene.pool().is_paused(self.now()) {
            self.wait(DAY);
        }
        if self.proposed.is_some() {
            let activation = self.activation();
            self.must(&[activation]);
            self.settle();
        }
        assert!(Rc::ptr_eq(&root, &self.active()));
    }

    fn activation(&self) -> solana_sdk::instruction::Instruction {
        let number = self.next_number();
        let activation = ActivateEpoch {
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            previous: Some(EpochNumber::new(number - 1)),
        };
        activation.instruction()
    }

    fn propose_honestly(&mut self) -> Rc<Root> {
        let mut leaves = members_of(&self.active());
        for leaf in &mut leaves {
            leaf.tokens += u64::from(self.roll(100));
            leaf.points += u64::from(self.roll(100));
        }
        let root = Rc::new(truthful(Rewards::new(&self.scene.pool, &leaves)));
        let proposal = ProposeEpoch {
            points: MilliPoints::new(root.points),
            credits: Credits::new(root.credits),
            ..self.scene.proposal(self.next_number(), &root.rewards)
        };
        self.must(&[proposal.instruction()]);
        self.proposed = Some(Rc::clone(&root));
        root
    }

    /// Canopy, or the second keeper's word.
    fn do_duty(&mut self, root: &Root, is_canopy: bool) {
        let (pool, number) = (self.scene.pool, EpochNumber::new(self.next_number()));
        if is_canopy {
            let depth = root.depth(self.scene.terms.canopy_depth);
            let canopy = root.tree().canopy(depth).unwrap();
            let parts = PutCanopy::all(address_of("keeper 0"), pool, number, &canopy);
            let all: Vec<_> = parts.iter().map(PutCanopy::instruction).collect();
            self.must(&all);
        } else {
            let word = AttestEpoch {
                keeper: address_of("keeper 1"),
                pool,
                number,
                proposal: self.scene.epoch(number.get()).proposal,
            };
            self.must(&[word.instruction()]);
        }
    }

    /// One random act of somebody without a role; or a pause.
    fn molest(&mut self) {
        if self.proposed.is_none() {
            return;
        }
        let pool = self.scene.pool;
        let number = EpochNumber::new(self.next_number());
        match self.roll(8) {
            0..=2 => self.ask(),
            3 => self.answer_falsely(),
            4 => self.expire_early(),
            5 => {
                let sender = address_of("stranger");
                let lapse = LapseEpoch {
                    sender,
                    pool,
                    number,
                };
                assert_refused(
                    self.send(&[lapse.instruction()]),
                    VaultError::EpochNotLapsed,
                );
            }
            6 => {
                let pause = Pause {
                    authority: address_of("guardian"),
                    pool,
                };
                if self.roll(3) == 0 && self.send(&[pause.instruction()]).is_ok() {
                    self.tell("paused");
                }
            }
            _ => {
                let close = CloseEpoch {
                    pool,
                    number: EpochNumber::new(number.get() - 1),
                    rent_payer: address_of("keeper 0"),
                };
                let ran = self.send(&[close.instruction()]);
                assert_refused(ran, VaultError::EpochStillClaimable);
                let activation = self.activation();
                let _ = self.send(&[activation]);
            }
        }
        self.settle();
    }

    /// Any leaf, at any address, with lamports there already or not.
    fn ask(&mut self) {
        let (active, index) = (self.active(), self.roll(MEMBERS));
        let open = self.question(&active, index, "stranger");
        if self.roll(4) == 0 {
            self.scene.world.airdrop(&open.challenge(), SQUAT);
        }
        self.ask_at(&open);
    }

    fn ask_at(&mut self, open: &OpenChallenge) {
        let beside = self.roll(3) == 0;
        let instruction = if beside {
            opening_beside(open).0
        } else {
            open.instruction()
        };
        let canopy = self.pending().unwrap().facts.canopy.complete;
        match self.send(&[instruction]) {
            Ok(_) if beside => self.tell("asked beside"),
            Ok(_) => self.tell("asked"),
            refused if !canopy => {
                self.tell("asked before the canopy");
                assert_refused(refused, VaultError::CanopyIncomplete);
            }
            refused => assert_refused_among(refused, &["ChallengeOpen", "ChallengeLate"]),
        }
    }

    /// Somebody shows less than the epoch holds, so that it would fall.
    fn answer_falsely(&mut self) {
        let root = self.proposed.clone().unwrap();
        let asked = self.asked();
        let Some(challenge) = asked.first() else {
            return;
        };
        let mut answer = self.answer_of(challenge, &root, "stranger");
        if self.roll(2) == 0 {
            answer.tokens = Tokens::new(answer.tokens.get().saturating_sub(1));
        } else {
            answer.owner = Some(address_of("stranger"));
        }
        let ran = self.send(&[answer.instruction()]);
        assert_refused_among(ran, &["ProofHashMismatch", "ProofSumMismatch"]);
    }

    /// A look away from its deadline no challenge has expired.
    fn expire_early(&mut self) {
        for challenge in self.asked() {
            let expire = ExpireChallenge {
                challenger: challenge.challenger,
                pool: self.scene.pool,
                number: EpochNumber::new(self.next_number()),
                challenge: challenge.address,
            };
            let ran = self.send(&[expire.instruction()]);
            assert_refused(ran, VaultError::ChallengeAnswerable);
        }
    }

    /// Every leaf is asked for in the last second in which any may be.
    fn ask_in_the_last_second(&mut self) {
        let Some(epoch) = self.pending() else {
            return;
        };
        let at = epoch.activatable_at(&self.scene.pool()).unwrap();
        if self.now() >= at {
            return;
        }
        self.wait(at - 1 - self.now());
        if self.proposed.is_none() {
            return;
        }
        let active = self.active();
        for index in 0..MEMBERS {
            let open = self.question(&active, index, "stranger");
            self.ask_at(&open);
            let (beside, _) = opening_beside(&open);
            let _ = self.send(&[beside]);
        }
        self.tell("asked in the last second");
        self.scene.world.warp(1);
        if !self.asked().is_empty() {
            let activation = self.activation();
            assert_refused_among(self.send(&[activation]), &["ChallengesOpen", "Paused"]);
        }
    }
}
