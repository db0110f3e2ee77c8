//! What keepers do who have enough words for any root, and the admin's key.

use std::rc::Rc;

use cairn_interface::vault::{
    ActivateEpoch, ApplyParams, ApplyRoles, AttestEpoch, LapseEpoch, Pause, ProposeAdmin,
    ProposeEpoch, PutCanopy, SetGuardian, SetKeepers, SetParams, Unpause, VetoEpoch,
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, RewardLeaf, Tokens};
use cairn_testkit::{Member, Rewards};
use cairn_tree::Tree;
use solana_sdk::pubkey::Pubkey;

use super::super::challenging::opening_beside;
use super::{
    Arena, CAP, DAY, MEMBERS, Root, THIEF, WINDOW, actors::address_of, address, is_kept, leaf_of,
    member, members_of, proof_of, strangers::SQUAT, truthful,
};

/// Keepers of whom every one is a thief, and one that may become a keeper.
const CROOKS: [&str; 4] = ["keeper 0", "keeper 1", "keeper 2", "keeper 3"];

impl Arena {
    /// One random act of keepers who may do anything that they can sign, in any order, and of their helpers.
    pub fn theft(&mut self) {
        match self.roll(14) {
            0..=1 => self.plant(),
            2..=3 => self.complete(),
            4..=5 => self.conclude(),
            6 => self.lapse(),
            7 => self.question_oneself(),
            8..=9 => self.show_what_is_kept(),
            10 => self.squat(),
            11 => self.take(),
            _ => {
                let secs = self.one_of([60, DAY, WINDOW / 2, WINDOW]);
                let secs = self.some_secs(secs);
                self.wait(secs);
            }
        }
        self.settle();
        self.check_loot();
    }

    /// Thieves never hold more than one cap for each interval since they turned, whatever they do.
    fn check_loot(&self) {
        let elapsed = self.now() - self.turned_at;
        let most = CAP * u64::try_from(elapsed / DAY).unwrap();
        let loot = self.loot();
        assert!(loot <= most, "{loot} of at most {most}");
    }

    /// Some root: growth for the thieves up to or above the cap, and mostly something taken from a member.
    fn plot(&mut self) -> Root {
        let active = self.active();
        let mut leaves = members_of(&active);
        let thief = usize::try_from(MEMBERS).unwrap();
        if leaves.len() == thief {
            leaves.push(Member::with_tokens(address(THIEF), 0));
        }
        let allowance = self.scene.pool().emission_allowance(self.now());
        let growth = match self.roll(4) {
            0 => 0,
            1 => allowance + 1,
            _ => allowance,
        };
        leaves[thief].tokens += growth;
        let victim = usize::try_from(self.roll(MEMBERS)).unwrap();
        let part = u64::from(1 + self.roll(3));
        let mut lie = false;
        match self.roll(9) {
            0 => {
                let taken = leaves[victim].tokens / part;
                leaves[victim].tokens -= taken;
                leaves[thief].tokens += taken;
            }
            1 => leaves[victim].owner = address(THIEF),
            2 => {
                let taken = leaves[victim].points / part;
                leaves[victim].points -= taken;
                leaves[thief].points += taken;
            }
            3 => {
                let taken = leaves[victim].credits.min(part);
                leaves[victim].credits -= taken;
                leaves[thief].credits += taken;
            }
            4 => {
                let (a, b) = (leaves[victim].owner, leaves[thief].owner);
                (leaves[victim].owner, leaves[thief].owner) = (b, a);
            }
            5 => lie = true,
            _ => {}
        }
        let rewards = Rewards::new(&self.scene.pool, &leaves);
        if !lie {
            return truthful(rewards);
        }
        // The victim's leaf stands there in full, with a smaller sum than its own: room for the thieves.
        let mut nodes: Vec<Node> = rewards.leaves().iter().map(RewardLeaf::node).collect();
        let sum = nodes[victim].sum().get() / (part + 1);
        nodes[victim] = Node::new(nodes[victim].hash, Tokens::new(sum));
        let forged = Tree::from_nodes(&self.scene.pool.to_bytes(), nodes).unwrap();
        Root {
            forged: Some(forged),
            unprovable: [u32::try_from(victim).unwrap()].into(),
            ..truthful(rewards)
        }
    }

    fn plant(&mut self) {
        let root = self.plot();
        let proposer = self.one_of(CROOKS);
        let proposal = ProposeEpoch {
            proposer: address_of(proposer),
            root: root.node(),
            points: MilliPoints::new(root.points),
            credits: Credits::new(root.credits),
            ..self.scene.proposal(self.next_number(), &root.rewards)
        };
        if self.send(&[proposal.instruction()]).is_ok() {
            self.proposed = Some(Rc::new(root));
        }
    }

    /// Canopy and words, all or some.
    fn complete(&mut self) {
        let (Some(root), Some(epoch)) = (self.proposed.clone(), self.pending()) else {
            return;
        };
        let (pool, number) = (self.scene.pool, EpochNumber::new(self.next_number()));
        if self.roll(4) > 0 {
            let depth = root.depth(self.scene.terms.canopy_depth);
            let canopy = root.tree().canopy(depth).unwrap();
            let proposer: Pubkey = epoch.proposer;
            let parts = PutCanopy::all(proposer, pool, number, &canopy);
            let all: Vec<_> = parts.iter().map(PutCanopy::instruction).collect();
            let _ = self.send(&all);
        }
        for keeper in CROOKS {
            if self.roll(2) == 0 {
                let word = AttestEpoch {
                    keeper: address_of(keeper),
                    pool,
                    number,
                    proposal: epoch.proposal,
                };
                let _ = self.send(&[word.instruction()]);
            }
        }
    }

    /// Activation, sometimes with what it still needs.
    fn conclude(&mut self) {
        let number = self.next_number();
        let activation = ActivateEpoch {
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            previous: Some(EpochNumber::new(number - 1)),
        };
        if self.proposed.is_some() && self.roll(2) == 0 {
            self.complete();
        }
        let _ = self.send(&[activation.instruction()]);
    }

    fn lapse(&mut self) {
        let lapse = LapseEpoch {
            sender: address_of("stranger"),
            pool: self.scene.pool,
            number: EpochNumber::new(self.next_number()),
        };
        if self.proposed.is_some() {
            let _ = self.send(&[lapse.instruction()]);
        }
    }

    /// Thieves ask for leaves themselves, so that nobody else can at that place.
    fn question_oneself(&mut self) {
        if self.proposed.is_none() {
            return;
        }
        let index = self.roll(MEMBERS);
        let active = self.active();
        let open = self.question(&active, index, "stranger");
        let instruction = if self.roll(3) == 0 {
            opening_beside(&open).0
        } else {
            open.instruction()
        };
        let _ = self.send(&[instruction]);
    }

    /// Answers of what stands there undiminished, by which thieves are paid; what does not, they rather withhold.
    fn show_what_is_kept(&mut self) {
        let Some(root) = self.proposed.clone() else {
            return;
        };
        let active = self.active();
        for challenge in self.asked() {
            if is_kept(&active, &root, challenge.index) {
                let answer = self.answer_of(&challenge, &root, "stranger");
                self.must(&[answer.instruction()]);
                self.tell("a leaf was shown by the thieves");
            }
        }
    }

    /// Lamports where a challenge is to be.
    fn squat(&mut self) {
        if self.proposed.is_none() {
            return;
        }
        let (active, index) = (self.active(), self.roll(MEMBERS));
        let place = self.question(&active, index, "stranger").challenge();
        self.scene.world.airdrop(&place, SQUAT);
    }

    /// Thieves claim what stands under their name.
    fn take(&mut self) {
        let number = self.next_number() - 1;
        let root = self.active();
        for index in 0..root.tree().leaf_count() {
            if leaf_of(&root, index).owner == address(THIEF).to_bytes()
                && self.claim(number, &root, index).is_ok()
            {
                self.tell("thieves were paid");
            }
        }
    }

    fn claim(&mut self, number: u64, root: &Root, index: u32) -> super::Ran {
        let mut claim = self.scene.claim_of(number, &root.rewards, index);
        claim.proof = proof_of(root, index, self.scene.terms.canopy_depth);
        self.send(&[claim.instruction()])
    }

    /// One random act of the stolen admin: roles, limits, pauses, vetoes.
    pub fn misrule(&mut self) {
        let (admin, pool) = (address_of("admin"), self.scene.pool);
        let instruction = match self.roll(8) {
            0 => {
                let keepers = CROOKS[usize::try_from(self.roll(3)).unwrap()..].iter();
                SetKeepers {
                    admin,
                    pool,
                    keepers: keepers.map(|name| address_of(name)).collect(),
                    threshold: 1,
                }
                .instruction()
            }
            1 => SetGuardian {
                admin,
                pool,
                outgoing: None,
                guardian: address_of("guardian 1"),
            }
            .instruction(),
            2 => ApplyRoles { pool }.instruction(),
            3 => ProposeAdmin {
                admin,
                pool,
                new_admin: address_of("admin 1"),
            }
            .instruction(),
            4 => {
                let mut params = self.scene.terms.params();
                match self.roll(4) {
                    0 => params.challenge_window_secs = 1,
                    1 => params.emission_cap *= 2,
                    2 => params.answer_secs *= 2,
                    _ => params.epoch_interval_secs /= 2,
                }
                let change = SetParams {
                    admin,
                    pool,
                    params,
                };
                change.instruction()
            }
            5 => ApplyParams { pool }.instruction(),
            6 => {
                let authority = admin;
                let stop = Pause { authority, pool }.instruction();
                let _ = self.send(&[stop]);
                let secs = self.some_secs(2 * DAY);
                self.wait(secs);
                Unpause { admin, pool }.instruction()
            }
            _ => VetoEpoch {
                guardian: admin,
                pool,
                number: EpochNumber::new(self.next_number()),
                reason: 1,
            }
            .instruction(),
        };
        let office = self.scene.pool().keepers().to_vec();
        let _ = self.send(&[instruction]);
        let keepers = self.scene.pool().keepers().to_vec();
        if keepers.iter().any(|key| !office.contains(key)) {
            self.tell("crooks took office");
        }
        self.settle();
        self.check_loot();
    }

    /// Whatever happened, each member gets everything that they were granted before the keepers turned.
    pub fn pay_everybody(&mut self) {
        let (admin, pool) = (address_of("admin"), self.scene.pool);
        let _ = self.send(&[Unpause { admin, pool }.instruction()]);
        let (granted, root) = (Rc::clone(&self.roots[0]), self.active());
        let number = self.next_number() - 1;
        for index in 0..MEMBERS {
            assert_eq!(leaf_of(&root, index).owner, member(index).to_bytes());
            self.claim(number, &root, index).unwrap();
            let due = leaf_of(&granted, index).tokens.get();
            assert!(self.scene.balance(index) >= due, "member {index}");
        }
        self.tell("everybody was paid");
    }
}
