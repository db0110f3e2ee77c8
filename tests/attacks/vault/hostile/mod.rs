//! Any m keepers are thieves, and strangers are at their side: what they can do to members whom one honest party stands
//! by, played at random on the built program.
//!
//! Three properties, each over many plays: a theft is stopped by one watcher that looks twice in a window, whether leaves are
//! published or withheld; an honest epoch is never vetoed by anybody without a role, as long as one answerer that has its
//! leaves looks once in the time to answer; and thieves who hold the admin's key as well get one emission cap an interval,
//! seen for a whole window, while members get all that they were granted. `CAIRN_STEPS` and `CAIRN_SEED` as in the
//! [machine](super::machine): a play of either counts for 500 steps.

mod honest;
mod strangers;
mod thieves;

use std::{collections::BTreeMap, rc::Rc};

use cairn_interface::{
    spl,
    vault::{CHALLENGE_KIND, ChallengeView, EpochView, epoch_address},
};
use cairn_merkle::{EpochNumber, LeafIndex, Node, RewardLeaf};
use cairn_testkit::{Member, Rewards};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use solana_sdk::instruction::Instruction;

use super::{
    machine::{actors, model::Root},
    plays::number,
    scene::{DAY, Ran, Scene, Terms, address, member},
};
use honest::Honest;

/// Who has earned something before keepers turn.
const MEMBERS: u32 = 6;
/// Whose wallet thieves fill.
const THIEF: &str = "carrier 1";
/// Base units a day.
const CAP: u64 = 10_000;
const WINDOW: i64 = 3 * DAY;
/// Half a window, less than which lies between two looks of a watcher.
const HALF: i64 = WINDOW / 2;
/// Steps of the machine that a play here counts for.
const PLAY: u64 = 500;

/// A pool in bad hands, and whoever stands by its members.
struct Arena {
    scene: Scene,
    dice: ChaCha8Rng,
    honest: Honest,
    /// Unix seconds at which somebody honest looks next, and the longest time between two looks.
    look_at: i64,
    look_secs: i64,
    /// Roots that became active, in order of their number.
    roots: Vec<Rc<Root>>,
    proposed: Option<Rc<Root>>,
    /// Up to when intervals were spent when keepers turned.
    turned_at: i64,
    /// How often each thing came about.
    told: BTreeMap<&'static str, u32>,
}

impl Arena {
    /// Everybody has earned something in an honest first epoch.
    fn new(seed: u64, honest: Honest, look_secs: i64) -> Self {
        let mut scene = Scene::with(Terms {
            canopy_depth: 1,
            emission_cap: CAP,
            epoch_interval_secs: DAY,
            challenge_window_secs: WINDOW,
            params_delay_secs: WINDOW + DAY,
            ..Terms::default()
        });
        for actor in actors::ALL {
            scene.world.actor(actor);
        }
        for wallet in (0..MEMBERS).map(member).chain([address(THIEF)]) {
            scene.open_wallet(&wallet);
        }
        scene.open_page(0).unwrap();
        scene.fund(10_000_000).unwrap();
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let earned: Vec<u64> = (0..MEMBERS)
            .map(|_| 100 + u64::from(dice.next_u32() % 1_000))
            .collect();
        let first = scene.rewards(&earned);
        scene.run_epoch(1, &first);
        let now = scene.world.now();
        Self {
            turned_at: scene.pool().emission_anchor,
            scene,
            dice,
            honest,
            look_at: now,
            look_secs,
            roots: vec![Rc::new(truthful(first))],
            proposed: None,
            told: BTreeMap::new(),
        }
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.next_u32() % sides
    }

    fn one_of<T: Copy, const N: usize>(&mut self, of: [T; N]) -> T {
        let sides = u32::try_from(N).unwrap();
        of[usize::try_from(self.roll(sides)).unwrap()]
    }

    /// So many seconds or fewer.
    fn some_secs(&mut self, most: i64) -> i64 {
        i64::from(self.roll(u32::try_from(most).unwrap() + 1))
    }

    fn now(&self) -> i64 {
        self.scene.world.now()
    }

    fn tell(&mut self, what: &'static str) {
        *self.told.entry(what).or_default() += 1;
    }

    /// Runs instructions that everybody signs whose signature they ask for.
    fn send(&mut self, instructions: &[Instruction]) -> Ran {
        let signers = actors::signers_of(instructions);
        self.scene.world.send(instructions, &signers)
    }

    #[track_caller]
    fn must(&mut self, instructions: &[Instruction]) {
        let ran = self.send(instructions);
        assert!(ran.is_ok(), "{ran:?}");
    }

    /// Lets time pass, in which whoever is honest looks.
    fn wait(&mut self, secs: i64) {
        let end = self.now() + secs;
        while self.look_at <= end {
            let at = self.look_at.max(self.now());
            self.scene.world.set_time(at);
            self.look();
            self.look_at = at + 1 + self.some_secs(self.look_secs - 1);
        }
        self.scene.world.set_time(end);
    }

    /// The number of the proposed epoch, or of the next one.
    fn next_number(&self) -> u64 {
        u64::try_from(self.roots.len()).unwrap() + 1
    }

    fn active(&self) -> Rc<Root> {
        Rc::clone(self.roots.last().unwrap())
    }

    /// What stands proposed.
    fn pending(&self) -> Option<EpochView> {
        let pending = self.scene.pool().pending_epoch;
        (pending != 0).then(|| self.scene.epoch(pending))
    }

    /// Challenges of what stands proposed.
    fn asked(&mut self) -> Vec<ChallengeView> {
        let number = EpochNumber::new(self.next_number());
        let Some(epoch) = self.pending() else {
            return Vec::new();
        };
        let place = epoch_address(&self.scene.pool, number).0;
        let all = self.scene.world.svm();
        let all = all.get_program_accounts(&cairn_interface::ids::REWARD_VAULT);
        let asked = all
            .into_iter()
            .filter(|(_, account)| account.data.starts_with(CHALLENGE_KIND))
            .map(|(address, account)| ChallengeView::decode(address, &account).unwrap())
            .filter(|it| it.epoch == place && it.attempt == epoch.attempt);
        asked.collect()
    }

    /// Base units that the thieves hold.
    fn loot(&self) -> u64 {
        let mint = self.scene.mint;
        let program = self.scene.token_program();
        let wallet = spl::associated_token_address(&address(THIEF), &mint, &program);
        self.scene.world.tokens(&wallet)
    }
}

/// A root that is what its leaves say.
fn truthful(rewards: Rewards) -> Root {
    let total = |field: fn(&RewardLeaf) -> u64| -> u64 { rewards.leaves().iter().map(field).sum() };
    Root {
        points: total(|leaf| leaf.points.get()),
        credits: total(|leaf| leaf.credits.get()),
        forged: None,
        unprovable: Default::default(),
        rewards,
    }
}

/// A root's members, to be changed.
fn members_of(root: &Root) -> Vec<Member> {
    let leaves = root.rewards.leaves().iter();
    leaves
        .map(|leaf| Member {
            owner: leaf.owner.into(),
            tokens: leaf.tokens.get(),
            points: leaf.points.get(),
            credits: leaf.credits.get(),
        })
        .collect()
}

fn leaf_of(root: &Root, index: u32) -> RewardLeaf {
    root.rewards.leaves()[usize::try_from(index).unwrap()]
}

fn proof_of(root: &Root, index: u32, wish: u8) -> Vec<Node> {
    let proof = root.tree().proof(LeafIndex::new(index), root.depth(wish));
    proof.unwrap()
}

/// Whether the leaf at `index` is what it was or more, and can be shown.
fn is_kept(before: &Root, after: &Root, index: u32) -> bool {
    let (old, new) = (leaf_of(before, index), leaf_of(after, index));
    !after.unprovable.contains(&index)
        && new.owner == old.owner
        && new.tokens >= old.tokens
        && new.points >= old.points
        && new.credits >= old.credits
}

/// Plays of a property, as many as are asked for, and what came about in all of them.
fn plays(usual: u64, play: fn(u64) -> BTreeMap<&'static str, u32>) -> BTreeMap<&'static str, u32> {
    let count = number("CAIRN_STEPS").map_or(usual, |steps| steps.div_ceil(PLAY));
    let first = number("CAIRN_SEED").unwrap_or(1);
    let mut told: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in (first..).take(usize::try_from(count).unwrap()) {
        // Shown with the failure of any assertion in this play.
        println!("CAIRN_SEED={seed}");
        for (what, count) in play(seed) {
            *told.entry(what).or_default() += count;
        }
    }
    println!("{told:#?}");
    told
}

/// A property over plays in which something never happens proves nothing about it.
#[track_caller]
fn assert_told(told: &BTreeMap<&str, u32>, all: &[&str]) {
    for what in all {
        assert!(told.contains_key(what), "it never came to this: {what}");
    }
}

#[test]
fn a_planted_theft_is_always_stopped_when_one_honest_watcher_runs() {
    let told = plays(24, |seed| {
        let published = seed % 2 == 0;
        let mut guards: Vec<u32> = (0..MEMBERS).collect();
        let mut arena = Arena::new(seed, Honest::Answerer, HALF - 1);
        if !published {
            guards.retain(|index| *index == 0 || arena.roll(2) == 0);
        }
        arena.honest = Honest::Watcher { published, guards };
        for _ in 0..150 {
            arena.theft();
        }
        arena.told
    });
    assert_told(
        &told,
        &[
            "a theft was shown",
            "a theft was not shown",
            "a theft of nobody's was active",
            "an honest root was active",
            "a root lapsed",
            "a leaf was shown by the thieves",
        ],
    );
}

#[test]
fn thieves_with_the_admins_key_get_one_cap_an_interval_and_members_all_they_were_granted() {
    let told = plays(16, |seed| {
        let watcher = Honest::Watcher {
            published: seed % 2 == 0,
            guards: (0..MEMBERS).collect(),
        };
        let mut arena = Arena::new(seed, watcher, HALF - 1);
        for _ in 0..150 {
            if arena.roll(6) == 0 {
                arena.misrule();
            } else {
                arena.theft();
            }
        }
        arena.pay_everybody();
        arena.told
    });
    assert_told(
        &told,
        &[
            "a theft was shown",
            "a theft was not shown",
            "an honest root was active",
            "thieves were paid",
            "crooks took office",
            "everybody was paid",
        ],
    );
}

#[test]
fn an_honest_epoch_is_never_vetoed_by_anybody_without_a_role() {
    let told = plays(16, |seed| {
        let answer_secs = DAY;
        let mut arena = Arena::new(seed, Honest::Answerer, answer_secs);
        for _ in 0..3 {
            arena.besieged_epoch();
        }
        arena.told
    });
    assert_told(
        &told,
        &[
            "an honest root was active",
            "asked in the last second",
            "asked beside",
            "answered",
            "asked before the canopy",
            "paused",
        ],
    );
}
