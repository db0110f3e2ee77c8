//! The sealevel list against every instruction of reward-vault: each is met in the course of one pool's life, and every
//! account of it is attacked in every way of [`crate::gauntlet`] before it runs.
//!
//! A second pool of the same mint, with other roles, stands beside the first: its accounts are of the right kind in the
//! wrong place.

mod epochs;
mod members;
mod rival;
mod spending;

use cairn_interface::{
    ids::{MEMO_PROGRAM, REWARD_VAULT},
    vault::{
        AcceptAdmin, AnnounceRuleset, ApplyRoles, CancelRoles, CancelRuleset, CreatePool, Fund,
        Pause, ProposeAdmin, SetGuardian, SetKeepers, Unpause, carrier_address, challenge_address,
        epoch_address, event_authority, member_page_address, receipt_address, recipient_address,
        redemption_address, round_address, round_vault_address, vault_address,
    },
};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::Rewards;
use solana_sdk::pubkey::Pubkey;

use super::scene::{DELAY, Scene, Terms, address, key, member};
use crate::gauntlet::{Act, COPY, Gauntlet};

const IDL: &str = include_str!("../../../../idl/reward_vault.json");

/// Everyone who signs anything, and somebody who signs for nothing.
const ACTORS: &[&str] = &[
    "admin",
    "guardian",
    "keeper 0",
    "keeper 1",
    "keeper 2",
    "stranger",
    "rival",
    "next admin",
    "member 0",
    "member 1",
    "delegate",
    "carrier",
];

/// A pool's life, and whatever attacks it.
struct Life {
    scene: Scene,
    gauntlet: Gauntlet,
}

impl Life {
    fn new() -> Self {
        let mut scene = Scene::without_pool(Terms::default());
        for actor in ACTORS {
            scene.world.actor(actor);
        }
        let mut gauntlet = Gauntlet::new(REWARD_VAULT, IDL, ACTORS);
        gauntlet.exhibit("the event authority", event_authority());
        gauntlet.exhibit("the memo program", MEMO_PROGRAM);
        gauntlet.exhibit("the mint", scene.mint);
        gauntlet.exhibit("the network", scene.network);
        let mut life = Self { scene, gauntlet };
        life.wallets();
        let own = life.scene.pool;
        life.rival();
        life.show("the rival's", life.scene.pool, address("rival"));
        life.scene.pool = own;
        for number in 0..2 {
            life.show("the", own, member(number));
        }
        life
    }

    /// Everybody's token accounts of the mint, and one of another mint.
    fn wallets(&mut self) {
        let owners = ["member 0", "member 1", "stranger", "payout"];
        for owner in owners {
            let wallet = self.scene.open_wallet(&address(owner));
            self.gauntlet.exhibit(&format!("{owner}'s wallet"), wallet);
        }
        let other_mint = self.scene.world.create_mint(&key("treasurer"), 6);
        let other = self.scene.world.open_token_account(&member(0), &other_mint);
        self.gauntlet.exhibit("another mint", other_mint);
        self.gauntlet.exhibit("a wallet of another mint", other);
    }

    /// The pool's accounts, present or to be, and one member's, as exhibits.
    fn show(&mut self, whose: &str, pool: Pubkey, owner: Pubkey) {
        let mut show =
            |what: &str, address| self.gauntlet.exhibit(&format!("{whose} {what}"), address);
        show("pool", pool);
        show("vault", vault_address(&pool).0);
        for number in 1..=3 {
            show(
                &format!("epoch {number}"),
                epoch_address(&pool, EpochNumber::new(number)).0,
            );
        }
        let second = epoch_address(&pool, EpochNumber::new(2)).0;
        for index in 0..2 {
            let challenge = challenge_address(&second, index, LeafIndex::new(index)).0;
            show(&format!("challenge of {index}"), challenge);
        }
        for page in 0..2 {
            show(&format!("page {page}"), member_page_address(&pool, page).0);
        }
        show("recipient", recipient_address(&pool, &owner).0);
        show("carrier", carrier_address(&pool, &address("carrier")).0);
        for number in 0..2 {
            let round = round_address(&pool, number).0;
            show(&format!("round {number}"), round);
            show(
                &format!("vault of round {number}"),
                round_vault_address(&round).0,
            );
            show(
                &format!("receipt of round {number}"),
                receipt_address(&round, &owner).0,
            );
            let redemption = redemption_address(&pool, &owner, number).0;
            show(&format!("redemption {number}"), redemption);
        }
    }

    #[track_caller]
    fn run(&mut self, act: Act) {
        self.gauntlet.run(&mut self.scene.world, &act);
    }

    /// Creation, roles, funds.
    fn found(&mut self) {
        let (pool, admin) = (self.scene.pool, address("admin"));
        let creation = CreatePool {
            payer: address("stranger"),
            ..self.scene.create_pool()
        };
        self.run(
            Act::new(creation.instruction())
                .by("admin", &["admin"])
                .by_anyone("payer"),
        );
        let offer = ProposeAdmin {
            admin,
            pool,
            new_admin: address("next admin"),
        };
        self.run(Act::new(offer.instruction()));
        self.scene.world.warp(DELAY);
        let acceptance = AcceptAdmin {
            new_admin: address("next admin"),
            pool,
        };
        self.run(Act::new(acceptance.instruction()));
        // And back, so that the scene's acts go on.
        let back = ProposeAdmin {
            admin: address("next admin"),
            pool,
            new_admin: admin,
        };
        let accepted = AcceptAdmin {
            new_admin: admin,
            pool,
        };
        self.scene.must(&[back.instruction()], &["next admin"]);
        self.scene.world.warp(DELAY);
        self.scene.must(&[accepted.instruction()], &["admin"]);
        let guardian = SetGuardian {
            admin,
            pool,
            outgoing: Some(address("guardian")),
            guardian: address("guardian"),
        };
        self.run(Act::new(guardian.instruction()));
        let keepers = SetKeepers {
            admin,
            pool,
            keepers: ["keeper 0", "keeper 1", "keeper 2"].map(address).to_vec(),
            threshold: 2,
        };
        self.run(Act::new(keepers.instruction()));
        self.announced(&keepers);
        let stop = Pause {
            authority: address("guardian"),
            pool,
        };
        self.run(Act::new(stop.instruction()).by("authority", &["guardian", "admin"]));
        self.run(Act::new(Unpause { admin, pool }.instruction()));
        let funding: Fund = self.scene.funding(10_000);
        // Any account of the funder's that holds the tokens may give them.
        self.run(Act::new(funding.instruction()).fits("from", COPY));
    }
}

impl Life {
    /// Roles and rules that wait, withdrawn and applied.
    fn announced(&mut self, keepers: &SetKeepers) {
        let (pool, admin) = (self.scene.pool, address("admin"));
        let looser = SetKeepers {
            threshold: 1,
            ..keepers.clone()
        };
        self.scene.must(&[looser.instruction()], &["admin"]);
        let withdrawal = CancelRoles {
            authority: address("guardian"),
            pool,
            guardian: false,
            keepers: true,
            admin: false,
        };
        self.run(Act::new(withdrawal.instruction()).by("authority", &["guardian", "admin"]));
        self.scene.must(&[looser.instruction()], &["admin"]);
        self.scene.world.warp(DELAY);
        self.run(Act::new(ApplyRoles { pool }.instruction()));
        self.scene.must(&[keepers.instruction()], &["admin"]);
        let rules = AnnounceRuleset {
            admin,
            pool,
            hash: [0x44; 32],
            from_epoch: EpochNumber::new(9),
        };
        self.run(Act::new(rules.instruction()));
        let withdrawal = CancelRuleset {
            authority: address("guardian"),
            pool,
        };
        self.run(Act::new(withdrawal.instruction()).by("authority", &["guardian", "admin"]));
    }
}

#[test]
fn every_account_of_every_instruction_is_checked() {
    let mut life = Life::new();
    life.found();
    let first = life.epochs();
    life.members(&first);
    life.spending(&first);
    life.later_epochs();
    insta::assert_snapshot!("refusals", life.gauntlet.finish());
}
