//! Money, points and credits are conserved, whatever is sent in whatever order by whomever.
//!
//! Random instructions by random actors run on the built program: keepers that forge trees, strangers who challenge and
//! answer, members who redirect their payouts, carriers, an admin who changes every limit, role and rule, admin and guardian
//! who take roots back and correct them, campaigns that vest, strangers in everybody's place; one pool pays a plain token,
//! the other one that takes a fee of each transfer. After every step each account of the program is asked for its own
//! `invariant()`, and the chain is compared with a [`model`] in plain integers: Σ paid = total claimed ≤ root sum ≤ ever
//! arrived; the vault holds the difference to the last unit; a member was paid exactly what was due, to where they wanted
//! it, or refused for the reason that the model gives; an epoch was proposed, activated, vetoed, lapsed, challenged or taken
//! back exactly when the model says so, and refused by its code when not; a challenge's stake went to whom it belongs; no
//! total grew by more than its cap; no window lets out more than the breaker's share; a round's payments and dust are its
//! tokens; credits redeemed are those outstanding and those fulfilled; a drop is paid once and what vests is paid to the last
//! unit.
//!
//! `CAIRN_STEPS` sets the number of steps of all plays together (20,000 unless told), `CAIRN_SEED` the seed of the first
//! play; each play has a seed of its own, one more than the last. A failure prints the play's seed and the step.

pub mod actors;
mod campaigns;
mod check;
mod forgery;
pub mod model;
mod places;
mod steps_challenge;
mod steps_claim;
mod steps_epoch;
mod steps_funds;
mod steps_params;
mod steps_roles;
mod steps_spend;

use std::collections::BTreeMap;

use cairn_interface::vault::VaultError;
use cairn_testkit::RULESET_HASH;

use cairn_testkit::{MintExtension, assert_refused};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{
    plays::number,
    scene::{DAY, Ran, Scene, Terms, address, key, member},
};
use campaigns::Airdrop;
use model::{Counters, Roles, Rules, Totals, Yard};
use places::Places;

/// Steps of all plays together when nothing else is asked for.
const STEPS: u64 = 20_000;
/// Steps of one play. A short run of many plays sees more than a long one of few: what is over stays in the way.
const PLAY: u64 = 2_500;
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
    places: Places,
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
            places: Places::default(),
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

    fn one_of<T: Copy, const N: usize>(&mut self, of: [T; N]) -> T {
        let sides = u32::try_from(N).unwrap();
        of[usize::try_from(self.roll(sides)).unwrap()]
    }

    /// Runs instructions that everybody signs whose signature they ask for.
    fn send(&mut self, instructions: &[Instruction]) -> Ran {
        let signers = actors::signers_of(instructions);
        self.scene.world.send(instructions, &signers)
    }

    /// Notes that something came about.
    fn tell(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }

    /// Notes that `act` succeeded, when it did.
    fn note(&mut self, act: &'static str, ran: &Ran) -> bool {
        if ran.is_ok() {
            self.tell(act);
        }
        ran.is_ok()
    }

    /// Compares what an act came to with the model's verdict; what the model knows of one that succeeded.
    #[track_caller]
    fn as_expected<T>(
        &mut self,
        act: &'static str,
        ran: Ran,
        expected: Result<T, VaultError>,
    ) -> Option<T> {
        match expected {
            Ok(value) => {
                assert!(self.note(act, &ran), "{act}: {ran:?}");
                Some(value)
            }
            Err(refusal) => {
                self.tell(refusal.name());
                assert_refused(ran, refusal);
                None
            }
        }
    }

    /// One random act on a random pool; refusals are part of the play.
    fn step(&mut self) {
        let at = usize::try_from(self.roll(2)).unwrap();
        self.turn_to(at);
        match self.roll(80) {
            0..=11 => self.claim(),
            12 => self.claim_at_once(),
            13..=14 => self.forged_claim(),
            15..=17 => self.fund(),
            18 => self.donate(),
            19..=24 => self.propose(),
            25 => self.put_canopy(),
            26 => self.attest(),
            27 => self.veto(),
            28..=33 => self.activate(),
            34 => self.close_epoch(),
            35..=36 => self.wait(),
            37..=38 => self.pause_or_resume(),
            39..=41 => self.roles(),
            42..=43 => self.params(),
            44..=46 => self.will(),
            47..=50 => self.burn_or_open(),
            51..=52 => self.settle_or_close(),
            53..=57 => self.credits(),
            58..=65 => self.challenge(),
            66 => self.lapse(),
            67 => self.rules(),
            68 => self.revoke(),
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
    let mut creation = scene.create_pool();
    creation.params.points_cap = steps_params::POINTS_CAP;
    creation.params.credits_cap = steps_params::CREDITS_CAP;
    creation.params.breaker_floor = steps_params::FLOOR;
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
        params: creation.params,
        created: creation.params,
        announced: None,
        pause: (0, 0),
        paused_before: 0,
        kept: BTreeMap::new(),
        roles: Roles {
            admin: "admin",
            guardian: "guardian",
            keepers: actors::KEEPERS[..3].to_vec(),
            threshold: creation.threshold,
            rests: BTreeMap::new(),
            offered: None,
            guardian_to_be: None,
            keepers_to_be: None,
        },
        rules: Rules {
            hash: RULESET_HASH,
            announced: None,
        },
        totals: Totals {
            anchor: scene.world.now() - interval,
            ..Totals::default()
        },
        before: None,
        roots: Vec::new(),
        revoked: Default::default(),
        correction_due: false,
        proposed: None,
        attempt: None,
        challenges: Vec::new(),
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
    let first = number("CAIRN_SEED").unwrap_or(1);
    let mut tally: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in (first..).take(usize::try_from(steps.div_ceil(PLAY)).unwrap()) {
        for (act, count) in play(seed, steps.min(PLAY)) {
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
