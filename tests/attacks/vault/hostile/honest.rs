//! Who stands by the members: a watcher that asks for leaves, an answerer that shows them. Neither has a role.

use std::rc::Rc;

use cairn_interface::vault::{
    AnswerChallenge, ChallengeView, EpochStatus, ExpireChallenge, OpenChallenge,
};
use cairn_merkle::{EpochNumber, LeafIndex};

use super::{Arena, Root, actors::address_of, address, is_kept, leaf_of, proof_of};

/// One of them.
#[derive(Clone)]
pub enum Honest {
    /// Knows the leaves of the active epoch that it guards, and those of the proposed one when they are published.
    Watcher { published: bool, guards: Vec<u32> },
    /// Has the leaves of an honest proposed epoch.
    Answerer,
}

/// Who pays what a watcher deposits.
const WATCHER: &str = "sponsor";
const ANSWERER: &str = "delegate";

impl Arena {
    pub fn look(&mut self) {
        match self.honest.clone() {
            Honest::Watcher { published, guards } => self.watch(published, &guards),
            Honest::Answerer => self.answer_all(),
        }
        self.settle();
    }

    /// Ends what nobody answered in time; asks for whatever shrank, moved or can not be seen.
    fn watch(&mut self, published: bool, guards: &[u32]) {
        let asked = self.asked();
        if let Some(late) = asked.iter().find(|it| self.now() > it.deadline) {
            self.expire(late);
            return;
        }
        let Some(epoch) = self.pending() else {
            return;
        };
        let pool = self.scene.pool();
        let is_late = epoch.activatable_at(&pool);
        if !epoch.facts.canopy.complete || is_late.is_some_and(|at| self.now() >= at) {
            return;
        }
        let active = self.active();
        // Published leaves that do not make the root are none.
        let seen = self
            .proposed
            .clone()
            .filter(|root| published && root.forged.is_none());
        for index in guards {
            let suspect = seen
                .as_ref()
                .is_none_or(|root| !is_kept(&active, root, *index));
            if !suspect || asked.iter().any(|it| it.index == *index) {
                continue;
            }
            let open = self.question(&active, *index, WATCHER);
            self.must(&[open.instruction()]);
            self.tell("a watcher asked");
            if let Some(root) = &seen {
                // What takes from a member falls by what it shows itself.
                let challenge = self.asked();
                let challenge = challenge.iter().find(|it| it.index == *index).unwrap();
                let show = self.answer_of(challenge, root, ANSWERER);
                self.must(&[show.instruction()]);
                return;
            }
        }
    }

    pub fn expire(&mut self, challenge: &ChallengeView) {
        let expire = ExpireChallenge {
            challenger: challenge.challenger,
            pool: self.scene.pool,
            number: EpochNumber::new(self.next_number()),
            challenge: challenge.address,
        };
        self.must(&[expire.instruction()]);
    }

    /// Shows every leaf that is asked for. None of these answers can be refused.
    fn answer_all(&mut self) {
        let Some(root) = self.proposed.clone() else {
            return;
        };
        for challenge in self.asked() {
            let answer = self.answer_of(&challenge, &root, ANSWERER);
            self.must(&[answer.instruction()]);
            self.tell("answered");
        }
    }

    /// "Show me that leaf", asked of the active epoch's `root`.
    pub fn question(&self, root: &Root, index: u32, who: &str) -> OpenChallenge {
        let leaf = leaf_of(root, index);
        let number = self.next_number();
        OpenChallenge {
            challenger: address_of(who),
            pool: self.scene.pool,
            active: EpochNumber::new(number - 1),
            number: EpochNumber::new(number),
            attempt: self.scene.epoch(number).attempt,
            index: LeafIndex::new(index),
            owner: leaf.owner.into(),
            tokens: leaf.tokens,
            points: leaf.points,
            credits: leaf.credits,
            proof: proof_of(root, index, self.scene.terms.canopy_depth),
        }
    }

    /// What stands in `root` where `challenge` asks.
    pub fn answer_of(&self, challenge: &ChallengeView, root: &Root, who: &str) -> AnswerChallenge {
        let leaf = leaf_of(root, challenge.index);
        let owner = leaf.owner.into();
        AnswerChallenge {
            answerer: address(who),
            challenger: challenge.challenger,
            pool: self.scene.pool,
            number: EpochNumber::new(self.next_number()),
            challenge: challenge.address,
            owner: (owner != challenge.owner).then_some(owner),
            tokens: leaf.tokens,
            points: leaf.points,
            credits: leaf.credits,
            proof: proof_of(root, challenge.index, self.scene.terms.canopy_depth),
        }
    }

    /// Notes what became of what stood proposed, and holds the properties against it.
    pub fn settle(&mut self) {
        let pool = self.scene.pool();
        let Some(proposed) = self.proposed.clone() else {
            return;
        };
        if pool.active_epoch == self.next_number() {
            self.check_active(&proposed);
            self.roots.push(proposed);
            self.proposed = None;
        } else if pool.pending_epoch == 0 {
            self.fallen(&proposed);
            self.proposed = None;
        }
    }

    /// A root that became active took nothing of anybody guarded, and stood open for a whole window, for half of it in
    /// full.
    fn check_active(&mut self, root: &Rc<Root>) {
        let (before, number) = (self.active(), self.next_number());
        let epoch = self.scene.epoch(number);
        assert!(epoch.activated_at - epoch.proposed_at >= super::WINDOW);
        assert!(epoch.activated_at - epoch.complete_at >= super::HALF);
        let stolen: Vec<u32> = (0..super::MEMBERS)
            .filter(|index| !is_kept(&before, root, *index))
            .collect();
        if let Honest::Watcher { guards, .. } = &self.honest {
            for index in guards {
                assert!(!stolen.contains(index), "member {index} was robbed");
            }
        } else {
            assert!(stolen.is_empty());
        }
        self.tell(if stolen.is_empty() {
            "an honest root was active"
        } else {
            "a theft of nobody's was active"
        });
    }

    fn fallen(&mut self, root: &Rc<Root>) {
        let (number, before) = (self.next_number(), self.active());
        let epoch = self.scene.epoch(number);
        assert_eq!(epoch.status(), EpochStatus::Vetoed);
        assert!(
            !matches!(self.honest, Honest::Answerer),
            "an honest epoch fell, for reason {:#x}",
            epoch.veto_reason
        );
        let stolen = (0..super::MEMBERS).any(|index| !is_kept(&before, root, index));
        self.tell(match epoch.veto_reason {
            cairn_interface::vault::REASON_LEAF_TAKEN => {
                assert!(stolen, "nothing was taken");
                "a theft was shown"
            }
            cairn_interface::vault::REASON_LEAF_WITHHELD if stolen => "a theft was not shown",
            cairn_interface::vault::REASON_LEAF_WITHHELD => "a leaf was withheld",
            cairn_interface::vault::REASON_LAPSED => "a root lapsed",
            _ => "vetoed by the admin",
        });
    }
}
