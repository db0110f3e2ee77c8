//! "Show me my leaf": asked by anybody, answered by anybody, and left unanswered.

use std::rc::Rc;

use cairn_interface::vault::{
    AnswerChallenge, CHALLENGE_DEPOSIT, ExpireChallenge, OpenChallenge, VaultError,
};
use cairn_merkle::{EpochNumber, LeafIndex, Tokens};
use cairn_testkit::{assert_refused, assert_refused_among};
use solana_sdk::pubkey::Pubkey;

use super::super::challenging::opening_beside;
use super::{
    Play,
    actors::{STRANGERS, address_of},
    model::{Challenge, Root, secs},
};

/// What refuses a leaf that stands in no tree.
const NO_LEAF: &[&str] = &["ProofHashMismatch", "ProofSumMismatch"];

impl Play {
    pub fn challenge(&mut self) {
        match self.roll(6) {
            0..=2 => {
                self.open_challenge();
                match self.roll(3) {
                    0 => self.answer_challenge(),
                    1 => self.expire_challenge(),
                    _ => {}
                }
            }
            3..=4 => self.answer_challenge(),
            _ => self.expire_challenge(),
        }
    }

    fn open_challenge(&mut self) {
        let number = self.yard().next_number();
        let (Some(attempt), Some((asked_of, root))) = (self.yard().attempt, self.asked_root())
        else {
            return;
        };
        if self.roll(2) == 0 && self.yard().proposed.as_ref().is_some_and(|it| !it.canopy) {
            self.put_canopy();
        }
        let index = LeafIndex::new(self.roll(root.tree().leaf_count()));
        let leaf = root.rewards.leaves()[usize::try_from(index.get()).unwrap()];
        let challenger = self.one_of(STRANGERS);
        let depth = root.depth(self.scene.terms.canopy_depth);
        let lie = self.roll(12) == 0;
        let open = OpenChallenge {
            challenger: address_of(challenger),
            pool: self.scene.pool,
            active: EpochNumber::new(asked_of),
            number: EpochNumber::new(number),
            attempt,
            index,
            owner: leaf.owner.into(),
            tokens: leaf.tokens.saturating_add(Tokens::new(u64::from(lie))),
            points: leaf.points,
            credits: leaf.credits,
            proof: root.tree().proof(index, depth).unwrap(),
        };
        // The bump is the challenger's choice.
        let beside = self.roll(6) == 0;
        let (instruction, place) = if beside {
            opening_beside(&open)
        } else {
            (open.instruction(), open.challenge())
        };
        let ran = self.send(std::slice::from_ref(&instruction));
        let (now, yard) = (self.now(), self.yard());
        let expected = yard.expect_challenge(now, asked_of);
        let no_leaf = lie || root.unprovable.contains(&index.get());
        if expected.is_none() && no_leaf {
            assert_refused_among(ran, NO_LEAF);
            return;
        }
        let stands = yard.challenges.iter().any(|it| it.place == place);
        let expected = expected.or(stands.then_some(VaultError::ChallengeOpen));
        let expected = expected.map_or(Ok(()), Err);
        let act = if beside {
            "open a challenge beside"
        } else {
            "open a challenge"
        };
        if self.as_expected(act, ran, expected).is_some() {
            let yard = self.yard();
            let deadline = now + secs(yard.params.answer_secs);
            yard.challenges.push(Challenge {
                place,
                number,
                attempt,
                index: index.get(),
                owner: open.owner,
                tokens: leaf.tokens.get(),
                points: leaf.points.get(),
                credits: leaf.credits.get(),
                deadline,
                challenger,
            });
            // Asked once is asked.
            let again = self.send(&[instruction]);
            assert_refused(again, VaultError::ChallengeOpen);
        }
    }

    /// The active epoch's root, or sometimes the one before it, of which nobody can ask.
    fn asked_root(&mut self) -> Option<(u64, Rc<Root>)> {
        let older = u64::from(self.roll(10) == 0);
        let yard = self.yard();
        let number = yard.active_number().checked_sub(older)?;
        let at = usize::try_from(number.checked_sub(1)?).unwrap();
        let is_there = !yard.closed_epochs.contains(&number);
        is_there.then(|| (number, Rc::clone(&yard.roots[at])))
    }

    fn some_challenge(&mut self) -> Option<Challenge> {
        // Mostly one that is still asked.
        let all = self.roll(3) == 0;
        let yard = self.yard();
        let found = yard.challenges.iter().filter(|it| all || yard.is_live(it));
        let found: Vec<Challenge> = found.copied().collect();
        let count = u32::try_from(found.len()).unwrap();
        (count > 0).then(|| found[usize::try_from(self.roll(count)).unwrap()])
    }

    fn forget(&mut self, place: &Pubkey) {
        self.yard().challenges.retain(|it| it.place != *place);
    }

    fn answer_challenge(&mut self) {
        let Some(challenge) = self.some_challenge() else {
            return;
        };
        let live = self.yard().is_live(&challenge);
        if self.yard().closed_epochs.contains(&challenge.number) {
            return;
        }
        // Of an attempt that is over whatever is shown counts for nothing.
        let root = match &self.yard().proposed {
            Some(proposed) if live => Rc::clone(&proposed.root),
            _ => Rc::clone(self.yard().active().unwrap()),
        };
        // Nor need the active root be as long as the one that was asked of: it may have been taken back.
        let last = root.tree().leaf_count() - 1;
        let index = LeafIndex::new(challenge.index.min(last));
        let leaf = root.rewards.leaves()[usize::try_from(index.get()).unwrap()];
        let owner: Pubkey = leaf.owner.into();
        let answerer = self.one_of(STRANGERS);
        let lie = self.roll(12) == 0;
        let depth = root.depth(self.scene.terms.canopy_depth);
        let answer = AnswerChallenge {
            answerer: address_of(answerer),
            challenger: address_of(challenge.challenger),
            pool: self.scene.pool,
            number: EpochNumber::new(challenge.number),
            challenge: challenge.place,
            owner: (owner != challenge.owner).then_some(owner),
            tokens: leaf.tokens.saturating_add(Tokens::new(u64::from(lie))),
            points: leaf.points,
            credits: leaf.credits,
            proof: root.tree().proof(index, depth).unwrap(),
        };
        let before = self.purses(answerer, &challenge);
        let ran = self.send(&[answer.instruction()]);
        if !live {
            *self.tally.entry("ChallengeAttempt").or_default() += 1;
            assert_refused(ran, VaultError::ChallengeAttempt);
            return;
        }
        if lie || root.unprovable.contains(&challenge.index) {
            assert_refused_among(ran, NO_LEAF);
            return;
        }
        let kept = owner == challenge.owner
            && leaf.tokens.get() >= challenge.tokens
            && leaf.points.get() >= challenge.points
            && leaf.credits.get() >= challenge.credits;
        let act = if kept {
            "answer a challenge"
        } else {
            "answer with a theft"
        };
        assert!(self.note(act, &ran), "{ran:?}");
        self.forget(&challenge.place);
        // Rent and deposit are whose the leaf shows.
        let paid = if kept { answerer } else { challenge.challenger };
        self.check_purses(answerer, &challenge, before, paid);
        if !kept {
            let now = self.now();
            self.yard().fall(now);
        }
    }

    fn expire_challenge(&mut self) {
        let Some(challenge) = self.some_challenge() else {
            return;
        };
        if self.roll(3) == 0 {
            let secs = self.secs(2 * super::DAY);
            self.scene.world.warp(secs);
        }
        let live = self.yard().is_live(&challenge);
        let expire = ExpireChallenge {
            challenger: address_of(challenge.challenger),
            pool: self.scene.pool,
            number: EpochNumber::new(challenge.number),
            challenge: challenge.place,
        };
        let before = self.purses(challenge.challenger, &challenge);
        let ran = self.send(&[expire.instruction()]);
        let now = self.now();
        let (act, expected) = match live {
            true if now <= challenge.deadline => ("", Err(VaultError::ChallengeAnswerable)),
            true => ("expire a challenge", Ok(())),
            false => ("expire a stale challenge", Ok(())),
        };
        if self.as_expected(act, ran, expected).is_none() {
            return;
        }
        self.forget(&challenge.place);
        self.check_purses(
            challenge.challenger,
            &challenge,
            before,
            challenge.challenger,
        );
        if live {
            self.yard().fall(now);
        }
    }

    /// Lamports of who answers, who asked, and what is at stake.
    fn purses(&self, answerer: &str, challenge: &Challenge) -> [u64; 3] {
        let lamports = |address: &Pubkey| self.scene.world.lamports(address);
        [
            lamports(&address_of(answerer)),
            lamports(&address_of(challenge.challenger)),
            lamports(&challenge.place),
        ]
    }

    /// All that was at stake went to `paid` and to nobody else.
    fn check_purses(&self, answerer: &str, challenge: &Challenge, before: [u64; 3], paid: &str) {
        let [answered, asked, staked] = before;
        assert!(staked > CHALLENGE_DEPOSIT);
        let due = |name: &str| if name == paid { staked } else { 0 };
        let now = self.purses(answerer, challenge);
        assert_eq!(
            now,
            [
                answered + due(answerer),
                asked + due(challenge.challenger),
                0
            ]
        );
    }
}
