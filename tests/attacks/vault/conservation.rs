//! Money is conserved, whatever is sent in whatever order by whomever.
//!
//! Random instructions by random actors, keepers that forge trees among them, run on the built program. After every
//! step: Σ paid = total claimed ≤ root sum ≤ ever arrived, the vault holds the difference to the last unit, no
//! counter fell, and a member was paid exactly cumulative − claimed or nothing. `CAIRN_STEPS` sets the number of steps
//! of each play (2,000 unless told), `CAIRN_SEED` adds a play of another seed.

use std::rc::Rc;

use cairn_interface::{
    spl,
    vault::{Pause, SetKeepers, Slot, Unpause, vault_address},
};
use cairn_testkit::Rewards;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::scene::{Ran, Scene, Terms, address, key, member};

const MEMBERS: u32 = 6;
const STEPS: u32 = 2_000;

/// A play: the pool, what it should be, and the dice.
struct Play {
    scene: Scene,
    dice: ChaCha8Rng,
    /// Roots that became active, in order of their number.
    active: Vec<Rc<Rewards>>,
    /// The root of the last proposal, open or vetoed.
    proposed: Option<Rc<Rewards>>,
    /// Base units that ever arrived in the vault.
    arrived: u64,
    /// Members' counters after the last step.
    slots: Vec<Slot>,
    landed: u32,
    claims: u32,
}

impl Play {
    fn new(seed: u64) -> Self {
        let mut scene = Scene::with(Terms {
            emission_cap: 5_000,
            canopy_depth: 1,
            ..Terms::default()
        });
        scene.open_page(0).unwrap();
        for index in 0..MEMBERS {
            scene.open_wallet(&member(index));
        }
        let slots = scene.page(0).slots;
        Self {
            scene,
            dice: ChaCha8Rng::seed_from_u64(seed),
            active: Vec::new(),
            proposed: None,
            arrived: 0,
            slots,
            landed: 0,
            claims: 0,
        }
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.next_u32() % sides
    }

    fn keeper(&mut self) -> String {
        format!("keeper {}", self.roll(3))
    }

    /// One random act; refusals are part of the play.
    fn step(&mut self) {
        let done = match self.roll(24) {
            0..=6 => self.claim(),
            7 => self.forged_claim(),
            8..=9 => self.fund(),
            10 => self.donate(),
            11..=13 => self.propose(),
            14 => self.put_canopy(),
            15 => self.attest(),
            16 => self.veto(),
            17..=20 => self.activate(),
            21 => self.wait(),
            _ => self.meddle(),
        };
        self.landed += u32::from(done);
        self.check();
    }

    /// A leaf of any root that was ever active, or of one that is not yet.
    fn some_leaf(&mut self) -> Option<(u64, Rc<Rewards>, u32)> {
        let count = u32::try_from(self.active.len()).unwrap();
        // Three times of four one that may be claimable, else any.
        let at = if self.roll(4) > 0 {
            count.saturating_sub(1 + self.roll(2))
        } else {
            self.roll(count + 1)
        };
        let number = u64::from(at) + 1;
        let rewards = match self.active.get(usize::try_from(at).unwrap()) {
            Some(active) => Rc::clone(active),
            None => self.proposed.clone()?,
        };
        let index = self.roll(rewards.tree().leaf_count());
        Some((number, rewards, index))
    }

    fn claim(&mut self) -> bool {
        let Some((number, rewards, index)) = self.some_leaf() else {
            return false;
        };
        let before = (
            self.scene.balance(index),
            self.slots[at(index)].tokens_claimed,
        );
        let landed = self.scene.claim(number, &rewards, index).is_ok();
        let paid = self.scene.balance(index) - before.0;
        let granted = rewards.leaves()[at(index)].tokens;
        let due = if landed { granted - before.1 } else { 0 };
        assert_eq!(paid, due, "member {index} in epoch {number}");
        self.claims += u32::from(landed);
        landed
    }

    /// More than the leaf grants, or another's leaf: never paid.
    fn forged_claim(&mut self) -> bool {
        let Some((number, rewards, index)) = self.some_leaf() else {
            return false;
        };
        let mut claim = self.scene.claim_of(number, &rewards, index);
        if self.roll(2) == 0 {
            claim.tokens += u64::from(1 + self.roll(1_000));
        } else {
            claim.owner = member((index + 1) % MEMBERS);
        }
        let ran = self.scene.run(&[claim.instruction()], &[]);
        assert!(ran.is_err(), "a forged claim was paid: {ran:?}");
        false
    }

    fn fund(&mut self) -> bool {
        let amount = u64::from(1 + self.roll(6_000));
        self.scene.fund(amount).unwrap();
        self.arrived += amount;
        true
    }

    fn donate(&mut self) -> bool {
        let amount = u64::from(1 + self.roll(1_000));
        let from = self.scene.mint_to(&address("stranger"), amount);
        let vault = vault_address(&self.scene.pool).0;
        let gift = spl::transfer(
            &self.scene.token_program(),
            &self.scene.mint,
            6,
            &from,
            &vault,
            &address("stranger"),
            amount,
        );
        self.scene.world.must(&[gift], &[&key("stranger")]);
        self.arrived += amount;
        true
    }

    /// Mostly honest growth; sometimes tokens moved between members, lost, or beyond the cap.
    fn propose(&mut self) -> bool {
        self.wait();
        let mut tokens: Vec<u64> = self.active.last().map_or_else(
            || vec![0; 3],
            |last| last.leaves().iter().map(|leaf| leaf.tokens).collect(),
        );
        if tokens.len() < at(MEMBERS) && self.roll(3) == 0 {
            tokens.push(0);
        }
        for earned in &mut tokens {
            *earned += u64::from(self.dice.next_u32() % 900);
        }
        let (from, to) = (at(self.roll(3)), at(self.roll(3)));
        match self.roll(6) {
            0 => {
                let moved = std::mem::take(&mut tokens[from]);
                tokens[to] += moved;
            }
            1 => tokens[from] = 0,
            2 => tokens[to] += 20_000,
            _ => {}
        }
        let rewards = self.scene.rewards(&tokens);
        let number = self.scene.pool().next_epoch;
        let mut proposal = self.scene.proposal(number, &rewards);
        // Points and credits never fall here: tokens are what is tried.
        proposal.points = number * 1_000_000;
        let landed = self
            .scene
            .run(&[proposal.instruction()], &["keeper 0"])
            .is_ok();
        if landed {
            self.proposed = Some(Rc::new(rewards));
        }
        landed
    }

    fn put_canopy(&mut self) -> bool {
        let Some(rewards) = self.proposed.clone() else {
            return false;
        };
        let number = self.scene.pool().next_epoch;
        let parts = rewards.put_canopy(&address("keeper 0"), number, self.scene.terms.canopy_depth);
        let all: Vec<_> = parts.iter().map(|part| part.instruction()).collect();
        self.scene.run(&all, &["keeper 0"]).is_ok()
    }

    fn attest(&mut self) -> bool {
        let number = self.scene.pool().pending_epoch;
        let keeper = self.keeper();
        number != 0 && self.scene.attest(&keeper, number).is_ok()
    }

    fn veto(&mut self) -> bool {
        let number = self.scene.pool().pending_epoch;
        number != 0 && self.roll(3) == 0 && self.scene.veto("guardian", number).is_ok()
    }

    fn activate(&mut self) -> bool {
        let number = self.scene.pool().pending_epoch;
        if number == 0 {
            return false;
        }
        // Mostly with all that an activation needs, sometimes without.
        if self.roll(4) > 0 {
            self.put_canopy();
            for keeper in ["keeper 1", "keeper 2"] {
                self.landed += u32::from(self.scene.attest(keeper, number).is_ok());
            }
        }
        let window = self.scene.terms.challenge_window_secs;
        self.scene.world.warp(window);
        let landed = self.scene.activate(number).is_ok();
        if landed {
            self.active.push(self.proposed.clone().unwrap());
        }
        landed
    }

    fn wait(&mut self) -> bool {
        let days = i64::from(self.roll(15));
        self.scene.world.warp(days * 24 * 3_600);
        true
    }

    /// Pause, resume, and change of keepers.
    fn meddle(&mut self) -> bool {
        let (admin, pool) = (address("admin"), self.scene.pool);
        let act = match self.roll(6) {
            0 => Pause {
                authority: admin,
                pool,
            }
            .instruction(),
            1..=4 => Unpause { admin, pool }.instruction(),
            _ => {
                let first = u32::from(self.roll(4) == 0);
                SetKeepers {
                    admin,
                    pool,
                    keepers: (first..3)
                        .map(|n| address(&format!("keeper {n}")))
                        .collect(),
                    threshold: if self.roll(3) == 0 { 1 } else { 2 },
                }
                .instruction()
            }
        };
        let ran: Ran = self.scene.run(&[act], &["admin"]);
        ran.is_ok()
    }

    fn check(&mut self) {
        let pool = self.scene.pool();
        let slots = self.scene.page(0).slots;
        let paid: u64 = (0..MEMBERS).map(|index| self.scene.balance(index)).sum();
        let root = self.active.last().map_or(0, |last| last.root().sum());
        assert_eq!(paid, pool.total_claimed, "Σ paid = total claimed");
        assert!(pool.total_claimed <= root, "total claimed ≤ root sum");
        assert_eq!(pool.total_cumulative, root);
        assert!(root <= pool.total_funded, "root sum ≤ funded");
        assert!(pool.total_funded <= self.arrived, "funded ≤ ever arrived");
        assert_eq!(
            self.scene.vault_balance(),
            self.arrived - paid,
            "nothing leaks"
        );
        let counted: u64 = slots.iter().map(|slot| slot.tokens_claimed).sum();
        assert_eq!(counted, paid, "slots count what was paid");
        for (index, (before, after)) in self.slots.iter().zip(&slots).enumerate() {
            assert!(
                after.tokens_claimed >= before.tokens_claimed,
                "slot {index} fell"
            );
        }
        assert_eq!(pool.next_epoch, pool.active_epoch + 1);
        assert_eq!(u64::try_from(self.active.len()).unwrap(), pool.active_epoch);
        self.slots = slots;
    }
}

fn at(index: u32) -> usize {
    usize::try_from(index).unwrap()
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} must be a number: {text:?}")),
    )
}

fn play(seed: u64) -> (u32, u32, u64) {
    let steps = number("CAIRN_STEPS").unwrap_or(u64::from(STEPS));
    let mut play = Play::new(seed);
    for step in 0..steps {
        // Shown with the failure of any assertion in this step.
        println!("seed {seed}, step {step}");
        play.step();
    }
    (play.landed, play.claims, play.scene.pool().active_epoch)
}

#[test]
fn money_is_conserved_after_every_instruction() {
    let more = number("CAIRN_SEED");
    let plays: Vec<_> = (1..=3).chain(more).map(play).collect();
    // A play in which nothing happens proves nothing.
    let claims: u32 = plays.iter().map(|(_, claims, _)| claims).sum();
    let epochs: u64 = plays.iter().map(|(_, _, epochs)| epochs).sum();
    assert!(claims >= 300 && epochs >= 50, "{plays:?}");
}
