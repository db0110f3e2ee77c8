//! The sealevel list against every instruction of reward-vault: each is met in the course of one pool's life, and every
//! account of it is attacked in every way of [`crate::gauntlet`] before it runs.
//!
//! A second pool of the same mint, with other roles, stands beside the first: its accounts are of the right kind in the
//! wrong place.

use cairn_interface::{
    ids::REWARD_VAULT,
    registry::{CreateNetwork, Registration},
    spl,
    vault::{
        AcceptAdmin, CreatePool, Fund, Pause, ProposeAdmin, SetGuardian, SetKeepers, Unpause,
        VetoEpoch, epoch_address, event_authority, page_address, vault_address,
    },
};
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::scene::{Scene, Terms, WEEK, address, key, member};
use crate::gauntlet::{Act, Gauntlet};

const IDL: &str = include_str!("../../../idl/reward_vault.json");
const COPY: &str = "same bytes, other address";

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
];

/// A pool's life, and whatever attacks it.
struct Life {
    scene: Scene,
    gauntlet: Gauntlet,
}

impl Life {
    fn new() -> Self {
        let mut scene = Scene::without_pool(Terms::default());
        for actor in ["rival", "next admin"] {
            scene.world.actor(actor);
        }
        let mut gauntlet = Gauntlet::new(REWARD_VAULT, IDL, ACTORS);
        gauntlet.exhibit("the event authority", event_authority());
        gauntlet.exhibit("the mint", scene.mint);
        gauntlet.exhibit("the network", scene.network);
        let mut life = Self { scene, gauntlet };
        let own = life.scene.pool;
        life.rival();
        life.show("the rival's", life.scene.pool);
        life.scene.pool = own;
        life.show("the", own);
        life
    }

    /// The pool's accounts, present or to be, as exhibits.
    fn show(&mut self, whose: &str, pool: Pubkey) {
        let mut show =
            |what: &str, address| self.gauntlet.exhibit(&format!("{whose} {what}"), address);
        show("pool", pool);
        show("vault", vault_address(&pool).0);
        for number in 1..=3 {
            show(&format!("epoch {number}"), epoch_address(&pool, number).0);
        }
        for page in 0..2 {
            show(&format!("page {page}"), page_address(&pool, page).0);
        }
    }

    /// Another network's pool of the same mint, with an active epoch and an open page, all in the rival's hands.
    fn rival(&mut self) {
        let scene = &mut self.scene;
        let rival = address("rival");
        let network = CreateNetwork {
            payer: scene.world.payer().pubkey(),
            authority: rival,
            id: 0,
            guardian: rival,
            registration: Registration::Open,
        };
        scene.must(&[network.instruction()], &["rival"]);
        self.gauntlet
            .exhibit("the rival's network", network.network());
        let creation = CreatePool {
            admin: rival,
            network: network.network(),
            guardian: rival,
            keepers: vec![rival],
            threshold: 1,
            ..scene.create_pool()
        };
        scene.must(&[creation.instruction()], &["rival"]);
        scene.pool = creation.pool();
        let rewards = scene.rewards(&[10, 20]);
        scene.fund(1_000).unwrap();
        let proposal = rewards.proposal(&rival, 1);
        scene.must(&[proposal.instruction()], &["rival"]);
        for part in rewards.put_canopy(&rival, 1, scene.terms.canopy_depth) {
            scene.must(&[part.instruction()], &["rival"]);
        }
        scene.world.warp(scene.terms.challenge_window_secs);
        scene.activate(1).unwrap();
        scene.open_page(0).unwrap();
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
        self.scene.must(
            &[back.instruction(), accepted.instruction()],
            &["next admin", "admin"],
        );
        let guardian = SetGuardian {
            admin,
            pool,
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

    /// The first epoch from proposal to claim, and a second one that is vetoed.
    fn epochs(&mut self) {
        let first = self.scene.rewards(&[100, 200, 300, 400, 500]);
        let proposal = self.scene.proposal(1, &first);
        self.run(
            Act::new(proposal.instruction()).by("proposer", &["keeper 0", "keeper 1", "keeper 2"]),
        );
        let part = first.put_canopy(&address("keeper 0"), 1, self.scene.terms.canopy_depth);
        self.run(Act::new(part[0].instruction()));
        let vote = self.scene.attestation("keeper 1", 1);
        self.run(Act::new(vote.instruction()).by("keeper", &["keeper 1", "keeper 2"]));
        self.scene
            .world
            .warp(self.scene.terms.challenge_window_secs);
        self.run(Act::new(self.scene.activation(1).instruction()));

        let page = cairn_interface::vault::OpenPage {
            payer: address("stranger"),
            pool: self.scene.pool,
            page: 0,
        };
        self.run(Act::new(page.instruction()).by_anyone("payer"));
        self.claim(&first);

        self.scene.world.warp(WEEK);
        let second = self.scene.rewards(&[110, 210, 310, 410, 510]);
        self.scene.propose(2, &second).unwrap();
        let veto = VetoEpoch {
            guardian: address("guardian"),
            pool: self.scene.pool,
            number: 2,
            reason: 1,
        };
        self.run(Act::new(veto.instruction()).by("guardian", &["guardian", "admin"]));
        self.scene.prepare(2, &second);
        self.run(Act::new(self.scene.activation(2).instruction()));
        self.scene.claim(2, &second, 0).unwrap();
    }

    fn claim(&mut self, first: &cairn_testkit::Rewards) {
        for index in 0..5 {
            let wallet = self.scene.open_wallet(&member(index));
            self.gauntlet
                .exhibit(&format!("member {index}'s wallet"), wallet);
        }
        let other_mint = self.scene.world.create_mint(&key("treasurer"), 6);
        let other = self.scene.world.open_token_account(&member(0), &other_mint);
        self.gauntlet.exhibit("another mint", other_mint);
        self.gauntlet.exhibit("a wallet of another mint", other);
        let strangers = spl::associated_token_address(
            &address("stranger"),
            &self.scene.mint,
            &cairn_interface::ids::TOKEN_PROGRAM,
        );
        self.gauntlet.exhibit("the stranger's wallet", strangers);
        let claim = self.scene.claim_of(1, first, 0);
        self.run(Act::new(claim.instruction()));
    }
}

#[test]
fn every_account_of_every_instruction_is_checked() {
    let mut life = Life::new();
    life.found();
    life.epochs();
    insta::assert_snapshot!("refusals", life.gauntlet.finish());
}
