//! Funds, and epochs by keepers of every kind.

use std::{collections::BTreeSet, rc::Rc};

use cairn_interface::{
    spl,
    vault::{
        ActivateEpoch, ApplyRoles, CloseEpoch, ProposeEpoch, PutCanopy, SetKeepers, VaultError,
        vault_address,
    },
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, Tokens};
use cairn_testkit::{Member, Rewards, assert_refused, assert_refused_among};
use cairn_tree::Tree;

use super::{
    DAY, MEMBERS, Play,
    actors::KEEPERS,
    address, key, member,
    model::{Proposed, Root},
};

/// The hours and days that keepers wait for, bounded.
fn secs(span: u64) -> i64 {
    i64::try_from(span).unwrap()
}

impl Play {
    pub fn fund(&mut self) {
        let amount = self.units(9_000);
        let ran = self.scene.fund(amount);
        if self.note("fund", &ran) {
            let yard = self.yard();
            yard.arrived += yard.after_fee(amount);
        }
    }

    pub fn donate(&mut self) {
        let amount = self.units(1_000);
        let from = self.scene.mint_to(&address("stranger"), amount);
        let (mint, program) = (self.scene.mint, self.scene.token_program());
        let vault = vault_address(&self.scene.pool).0;
        let stranger = address("stranger");
        let gift = spl::transfer(&program, &mint, 6, &from, &vault, &stranger, amount);
        let ran = self.scene.world.send(&[gift], &[&key("stranger")]);
        assert!(self.note("donate", &ran), "{ran:?}");
        let yard = self.yard();
        yard.arrived += yard.after_fee(amount);
    }

    /// What a keeper says everybody has: mostly honest growth; sometimes tokens moved between members, taken back,
    /// given to another owner, beyond the cap, or sums that lie.
    pub fn propose(&mut self) {
        let secs = self.secs(7 * DAY);
        self.scene.world.warp(secs);
        let mut leaves = self.grown();
        let forgery = self.roll(12);
        let (from, to) = (self.some_of(&leaves), self.some_of(&leaves));
        match forgery {
            0 => {
                let moved = std::mem::take(&mut leaves[from].tokens);
                leaves[to].tokens += moved;
            }
            1 => leaves[from].tokens /= 2,
            2 => leaves[to].tokens += 20_000,
            3 => leaves[from].owner = leaves[to].owner,
            4 => (leaves[from].points, leaves[to].credits) = (0, 1_000),
            _ => {}
        }
        let root = self.root(&leaves, forgery);
        self.propose_root(root, forgery <= 6);
    }

    fn grown(&mut self) -> Vec<Member> {
        let mut leaves: Vec<Member> = match self.yard().active() {
            Some(root) => root.rewards.leaves().iter().map(member_of).collect(),
            None => (0..3)
                .map(|index| Member::with_tokens(member(index), 0))
                .collect(),
        };
        let count = u32::try_from(leaves.len()).unwrap();
        if count < MEMBERS && self.roll(3) == 0 {
            leaves.push(Member::with_tokens(member(count), 0));
        }
        for leaf in &mut leaves {
            leaf.tokens += u64::from(self.roll(900));
            leaf.points += u64::from(self.roll(5_000));
            leaf.credits += u64::from(self.roll(20));
        }
        leaves
    }

    fn some_of(&mut self, leaves: &[Member]) -> usize {
        let count = u32::try_from(leaves.len()).unwrap();
        usize::try_from(self.roll(count)).unwrap()
    }

    fn root(&mut self, leaves: &[Member], forgery: u32) -> Root {
        let rewards = Rewards::new(&self.scene.pool, leaves);
        let mut unprovable = BTreeSet::new();
        let forged = matches!(forgery, 5 | 6).then(|| {
            // One leaf stands in the tree with another sum than its own: more room for others, or less.
            let mut nodes: Vec<Node> = rewards.leaves().iter().map(|leaf| leaf.node()).collect();
            let at = self.some_of(leaves);
            let sum = nodes[at].sum().get();
            let lie = if forgery == 5 {
                sum / 2
            } else {
                sum + self.units(500)
            };
            nodes[at] = Node::new(nodes[at].hash, Tokens::new(lie));
            if lie != sum {
                unprovable.insert(u32::try_from(at).unwrap());
            }
            Tree::from_nodes(&self.scene.pool.to_bytes(), nodes).unwrap()
        });
        let total = |field: fn(&Member) -> u64| -> u64 { leaves.iter().map(field).sum() };
        // A root's points and credits are words alone: sometimes they promise less than the leaves.
        let shy = u64::from(self.roll(8) == 0);
        Root {
            points: total(|leaf| leaf.points) >> shy,
            credits: total(|leaf| leaf.credits) >> shy,
            rewards,
            forged,
            unprovable,
        }
    }

    fn propose_root(&mut self, root: Root, forged: bool) {
        let number = self.yard().active_number() + 1;
        let proposal = ProposeEpoch {
            root: root.node(),
            points: MilliPoints::new(root.points),
            credits: Credits::new(root.credits),
            ..self.scene.proposal(number, &root.rewards)
        };
        let now = self.now();
        let yard = self.yard();
        let interval_secs = secs(yard.params.epoch_interval_secs);
        let intervals = (now - yard.anchor).max(0) / interval_secs;
        let allowance = u128::from(yard.params.emission_cap) * intervals.unsigned_abs() as u128;
        let growth = root.node().sum().get().saturating_sub(yard.cumulative());
        let before = yard.proposed.is_some();
        let window_ends_at = now + secs(yard.params.challenge_window_secs);
        let paused_before = yard.paused_secs_at(now);
        let ran = self.scene.run(&[proposal.instruction()], &["keeper 0"]);
        if !self.note("propose", &ran) {
            return;
        }
        assert!(!before, "a proposal was replaced");
        assert!(
            u128::from(growth) <= allowance,
            "{growth} above {allowance}"
        );
        if forged {
            self.note("propose a forgery", &ran);
        }
        self.yard().proposed = Some(Proposed {
            root: Rc::new(root),
            allowance: u64::try_from(allowance).unwrap(),
            intervals,
            interval_secs,
            window_ends_at,
            paused_before,
        });
    }

    pub fn put_canopy(&mut self) {
        let number = self.yard().active_number() + 1;
        let Some(proposed) = &self.yard().proposed else {
            return;
        };
        let root = Rc::clone(&proposed.root);
        let depth = root.depth(self.scene.terms.canopy_depth);
        if depth == 0 {
            return;
        }
        let canopy = root.tree().canopy(depth).unwrap();
        let pool = self.scene.pool;
        let parts = PutCanopy::all(address("keeper 0"), pool, EpochNumber::new(number), &canopy);
        let all: Vec<_> = parts.iter().map(PutCanopy::instruction).collect();
        let ran = self.scene.run(&all, &["keeper 0"]);
        self.note("canopy", &ran);
    }

    pub fn attest(&mut self) {
        let number = self.yard().active_number() + 1;
        let keeper = KEEPERS[usize::try_from(self.roll(3)).unwrap()];
        if self.yard().proposed.is_some() {
            let ran = self.scene.attest(keeper, number);
            self.note("attest", &ran);
        }
    }

    pub fn veto(&mut self) {
        let number = self.yard().active_number() + 1;
        if self.yard().proposed.is_none() || self.roll(3) > 0 {
            return;
        }
        let ran = self.scene.veto("guardian", number);
        assert!(self.note("veto", &ran), "{ran:?}");
        self.yard().proposed = None;
    }

    pub fn activate(&mut self) {
        if self.yard().proposed.is_none() {
            return;
        }
        let number = self.yard().active_number() + 1;
        // Mostly with all that an activation needs, sometimes without.
        if self.roll(4) > 0 {
            self.put_canopy();
            for keeper in ["keeper 1", "keeper 2"] {
                let ran = self.scene.attest(keeper, number);
                self.note("attest", &ran);
            }
        }
        if self.roll(4) > 0 {
            let window = secs(self.yard().params.challenge_window_secs);
            self.scene.world.warp(window);
        }
        let previous = (number > 1).then(|| EpochNumber::new(number - 1));
        let pool = self.scene.pool;
        let activation = ActivateEpoch {
            pool,
            number: EpochNumber::new(number),
            previous,
        };
        let ran = self.scene.run(&[activation.instruction()], &[]);
        let (now, yard) = (self.now(), self.yard());
        // Half a window after the last word as well, which the model does not follow: it only knows what is too early.
        let paused = yard.paused_secs();
        let due = yard
            .proposed
            .as_ref()
            .is_some_and(|it| now >= it.window_ends_at + paused - it.paused_before);
        let covered = yard
            .proposed
            .as_ref()
            .is_some_and(|it| yard.balance() + yard.left >= it.root.node().sum().get());
        if !due || !covered || yard.is_paused(now) {
            assert_refused_among(
                ran.clone(),
                &[
                    "AttestationsShort",
                    "CanopyIncomplete",
                    "ChallengeWindowOpen",
                    "Paused",
                    "VaultShort",
                ],
            );
        }
        if !self.note("activate", &ran) {
            return;
        }
        let yard = self.yard();
        let proposed = yard.proposed.take().unwrap();
        let growth = proposed.root.node().sum().get() - yard.cumulative();
        assert!(growth <= proposed.allowance, "{growth} above the cap");
        // The interval is the one of the proposal, whatever has been announced since.
        yard.anchor += proposed.intervals * proposed.interval_secs;
        let forged = proposed.root.forged.is_some();
        yard.roots.push(proposed.root);
        if forged {
            self.note("activate a forgery", &ran);
        }
    }

    pub fn close_epoch(&mut self) {
        let active = self.yard().active_number();
        if active == 0 {
            return;
        }
        let number = 1 + u64::from(self.roll(u32::try_from(active).unwrap()));
        let close = CloseEpoch {
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            rent_payer: address("keeper 0"),
        };
        let ran = self.scene.run(&[close.instruction()], &[]);
        if self.yard().closed_epochs.contains(&number) {
            assert_refused(ran, VaultError::EpochClosed);
        } else if number + 1 >= active {
            assert_refused(ran, VaultError::EpochStillClaimable);
        } else if self.now() < self.yard().kept.get(&number).copied().unwrap_or(0) {
            assert_refused(ran, VaultError::EpochKept);
        } else {
            assert!(self.note("close epoch", &ran), "{ran:?}");
            self.yard().closed_epochs.insert(number);
        }
    }

    pub fn set_keepers(&mut self) {
        let first = usize::from(self.roll(4) == 0);
        let change = SetKeepers {
            admin: address("admin"),
            pool: self.scene.pool,
            keepers: KEEPERS[first..].iter().map(|name| address(name)).collect(),
            threshold: if self.roll(3) == 0 { 1 } else { 2 },
        };
        let ran = self.scene.run(&[change.instruction()], &["admin"]);
        assert!(self.note("set keepers", &ran), "{ran:?}");
        // Fewer are in office already, others once somebody applies them after the delay.
        if self.roll(2) == 0 {
            let delay = secs(self.yard().params.params_delay_secs);
            self.scene.world.warp(delay);
        }
        let pool = self.scene.pool;
        let ran = self.scene.run(&[ApplyRoles { pool }.instruction()], &[]);
        if !self.note("apply roles", &ran) {
            assert_refused_among(
                ran,
                &["RolesNotPending", "RolesNotDue", "RolesEpochPending"],
            );
        }
    }
}

fn member_of(leaf: &cairn_merkle::RewardLeaf) -> Member {
    Member {
        owner: solana_sdk::pubkey::Pubkey::new_from_array(leaf.owner),
        tokens: leaf.tokens.get(),
        points: leaf.points.get(),
        credits: leaf.credits.get(),
    }
}
