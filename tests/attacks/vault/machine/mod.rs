//! Money, points and credits are conserved, whatever is sent in whatever order by whomever.
//!
//! Random instructions by random actors run on the built program: keepers that forge trees, members who redirect their
//! payouts, carriers, an admin who changes every limit, campaigns that vest, strangers in everybody's place; one pool
//! pays a plain token, the other one that takes a fee of each transfer. After every step each account of the program is
//! asked for its own `invariant()`, and the chain is compared with a [`model`] in plain integers: Σ paid = total claimed
//! ≤ root sum ≤ ever arrived; the vault holds the difference to the last unit; a member was paid exactly what was due, to
//! where they wanted it, or refused for the reason that the model gives; no window lets out more than the breaker's share;
//! a round's payments and dust are its tokens; credits redeemed are those outstanding and those fulfilled; a drop is
//! paid once and what vests is paid to the last unit.
//!
//! `CAIRN_STEPS` sets the number of steps of all plays together (10,000 unless told), `CAIRN_SEED` plays another seed
//! instead of the usual ones. A failure prints both and the step.

mod actors;
mod campaigns;
mod check;
mod model;
mod steps_claim;
mod steps_epoch;
mod steps_params;
mod steps_spend;

use std::collections::BTreeMap;

use cairn_testkit::MintExtension;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use solana_sdk::pubkey::Pubkey;

use super::scene::{DAY, Ran, Scene, Terms, address, key, member};
use campaigns::Airdrop;
use model::{Counters, Yard};

/// Steps of all plays together when nothing else is asked for.
const STEPS: u64 = 10_000;
/// The usual plays.
const SEEDS: [u64; 4] = [1, 2, 3, 4];
const MEMBERS: u32 = 6;
/// What the fee-taking mint takes, in hundredths of a percent.
const FEE_BPS: u16 = 150;

/// A play: two pools, campaigns, what all of it should be, and the dice.
struct Play {
    scene: Scene,
    dice: ChaCha8Rng,
    yards: Vec<Yard>,
    /// The pool of this step.
    at: usize,
    airdrops: Vec<Airdrop>,
    nonce: u64,
    /// How often each act succeeded.
    tally: BTreeMap<&'static str, u32>,
}

impl Play {
    fn new(seed: u64) -> Self {
        let mut scene = Scene::without_pool(Terms {
            emission_cap: 5_000,
            canopy_depth: 1,
            ..Terms::default()
        });
        for actor in actors::ALL {
            scene.world.actor(actor);
        }
        let plain = scene.mint;
        let fee = MintExtension::TransferFee {
            bps: FEE_BPS,
            maximum: u64::MAX,
        };
        let taxed = scene.world.create_mint_2022(&key("treasurer"), 6, &[fee]);
        let yards = [(plain, 0), (taxed, u64::from(FEE_BPS))]
            .map(|(mint, fee_bps)| yard(&mut scene, mint, fee_bps))
            .into();
        Self {
            scene,
            dice: ChaCha8Rng::seed_from_u64(seed),
            yards,
            at: 0,
            airdrops: Vec::new(),
            nonce: 0,
            tally: BTreeMap::new(),
        }
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.next_u32() % sides
    }

    fn units(&mut self, below: u32) -> u64 {
        u64::from(1 + self.roll(below))
    }

    fn now(&self) -> i64 {
        self.scene.world.now()
    }

    fn yard(&mut self) -> &mut Yard {
        &mut self.yards[self.at]
    }

    /// Goes on with that pool.
    fn turn_to(&mut self, at: usize) {
        self.at = at;
        (self.scene.pool, self.scene.mint) = (self.yard().pool, self.yard().mint);
    }

    /// Notes that `act` succeeded, when it did.
    fn note(&mut self, act: &'static str, ran: &Ran) -> bool {
        if ran.is_ok() {
            *self.tally.entry(act).or_default() += 1;
        }
        ran.is_ok()
    }

    /// One random act on a random pool; refusals are part of the play.
    fn step(&mut self) {
        let at = usize::try_from(self.roll(2)).unwrap();
        self.turn_to(at);
        match self.roll(60) {
            0..=11 => self.claim(),
            12 => self.claim_at_once(),
            13..=14 => self.forged_claim(),
            15..=17 => self.fund(),
            18 => self.donate(),
            19..=21 => self.propose(),
            22 => self.put_canopy(),
            23 => self.attest(),
            24 => self.veto(),
            25..=28 => self.activate(),
            29 => self.close_epoch(),
            30..=31 => self.wait(),
            32..=33 => self.pause_or_resume(),
            34 => self.set_keepers(),
            35..=36 => self.params(),
            37..=39 => self.will(),
            40..=43 => self.burn_or_open(),
            44..=45 => self.settle_or_close(),
            46..=50 => self.credits(),
            _ => self.airdrop(),
        }
        self.check();
    }

    /// Lets up to a week pass, mostly much less.
    fn wait(&mut self) {
        let spans = [60, 600, 3_600, 3_600, DAY, DAY, DAY, 7 * DAY];
        let span = spans[usize::try_from(self.roll(8)).unwrap()];
        let secs = self.secs(span);
        self.scene.world.warp(secs);
    }

    /// So many seconds or fewer.
    fn secs(&mut self, span: i64) -> i64 {
        i64::from(self.roll(u32::try_from(span).unwrap() + 1))
    }
}

/// A pool of `mint` with its first page, and wallets of everybody who may be paid.
fn yard(scene: &mut Scene, mint: Pubkey, fee_bps: u64) -> Yard {
    scene.mint = mint;
    let creation = scene.create_pool();
    scene.pool = creation.pool();
    scene.must(&[creation.instruction()], &["admin"]);
    scene.open_page(0).unwrap();
    let mut wallets = BTreeMap::new();
    for owner in actors::paid() {
        scene.open_wallet(&owner);
        wallets.insert(owner, 0);
    }
    let interval = scene.terms.epoch_interval_secs;
    Yard {
        pool: scene.pool,
        mint,
        fee_bps,
        params: scene.terms.params(),
        created: scene.terms.params(),
        announced: None,
        pause: (0, 0),
        paused_before: 0,
        kept: BTreeMap::new(),
        anchor: scene.world.now() - interval,
        roots: Vec::new(),
        proposed: None,
        closed_epochs: Default::default(),
        arrived: 0,
        left: 0,
        outflow: Vec::new(),
        slots: vec![Counters::default(); usize::try_from(MEMBERS).unwrap()],
        wills: BTreeMap::new(),
        next_round: 0,
        rounds: Vec::new(),
        burnt: 0,
        redemptions: Vec::new(),
        fulfilled: 0,
        carriers: vec![None; actors::CARRIERS.len()],
        wallets,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test has no command line to be told seed and steps on"
)]
fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let parsed = text.parse();
    Some(parsed.unwrap_or_else(|_| panic!("{variable} must be a number: {text:?}")))
}

fn play(seed: u64, steps: u64) -> BTreeMap<&'static str, u32> {
    let mut play = Play::new(seed);
    for step in 0..steps {
        // Shown with the failure of any assertion in this step.
        println!("CAIRN_SEED={seed} CAIRN_STEPS={steps}, step {step}");
        play.step();
    }
    play.tally
}

#[test]
fn money_points_and_credits_are_conserved_after_every_instruction() {
    let steps = number("CAIRN_STEPS").unwrap_or(STEPS);
    let mut tally: BTreeMap<&str, u32> = BTreeMap::new();
    if let Some(seed) = number("CAIRN_SEED") {
        play(seed, steps);
        return;
    }
    let each = steps.div_ceil(SEEDS.len().try_into().unwrap());
    for seed in SEEDS {
        for (act, count) in play(seed, each) {
            *tally.entry(act).or_default() += count;
        }
    }
    // A play in which something never happens proves nothing about it.
    println!("{tally:#?}");
    if steps >= STEPS {
        for act in actors::ACTS.iter().chain(actors::REFUSALS) {
            assert!(tally.contains_key(act), "it never came to this: {act}");
        }
    }
}
