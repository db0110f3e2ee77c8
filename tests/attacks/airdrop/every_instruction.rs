//! The sealevel list against every instruction of airdrop: every account of it is attacked in every way of
//! [`crate::gauntlet`] before it runs, in the course of two campaigns of one creator: one from draft to tombstone, one
//! that is given up. A third one and a pool of the vault stand beside them: accounts of the right kind in the wrong
//! place, and of a program that looks alike.

use cairn_interface::{
    airdrop::{
        ClaimDrop, ClaimVested, CloseCampaign, CloseCampaignPage, CloseVesting, CreateCampaign,
        ExtendCampaign, OpenCampaign, OpenCampaignPage, SweepCampaign, campaign_page_address,
        campaign_vault_address, event_authority, vesting_address,
    },
    ids::{AIRDROP, MEMO_PROGRAM},
    vault::{self, vault_address},
};
use cairn_merkle::{LeafIndex, Node};
use cairn_testkit::{Drops, Grant};

use crate::{
    gauntlet::{Act, COPY, Gauntlet},
    vault::scene::{Scene, address, key, member},
};

const IDL: &str = include_str!("../../../idl/airdrop.json");

/// Everyone who signs anything, and somebody who signs for nothing.
const ACTORS: &[&str] = &["creator", "stranger", "rival", "member 0", "member 1"];

/// Unlocked, locked.
const GRANTS: [(u64, u64); 5] = [(10, 100), (20, 200), (30, 0), (0, 40), (5, 5)];

/// Campaigns' lives, and whatever attacks them.
struct Life {
    scene: Scene,
    gauntlet: Gauntlet,
}

impl Life {
    fn new() -> Self {
        let mut scene = Scene::new();
        for actor in ACTORS {
            scene.world.actor(actor);
        }
        let mut gauntlet = Gauntlet::new(AIRDROP, IDL, ACTORS);
        gauntlet.exhibit("the event authority", event_authority());
        gauntlet.exhibit("the vault's event authority", vault::event_authority());
        gauntlet.exhibit("the memo program", MEMO_PROGRAM);
        gauntlet.exhibit("the mint", scene.mint);
        gauntlet.exhibit("a pool", scene.pool);
        gauntlet.exhibit("a pool's vault", vault_address(&scene.pool).0);
        for owner in ["member 0", "member 1", "stranger", "creator", "receiver"] {
            let wallet = scene.open_wallet(&address(owner));
            gauntlet.exhibit(&format!("{owner}'s wallet"), wallet);
        }
        let other_mint = scene.world.create_mint(&key("treasurer"), 6);
        let other = scene.world.open_token_account(&member(0), &other_mint);
        gauntlet.exhibit("another mint", other_mint);
        gauntlet.exhibit("a wallet of another mint", other);
        Self { scene, gauntlet }
    }

    #[track_caller]
    fn run(&mut self, act: Act) {
        self.gauntlet.run(&mut self.scene.world, &act);
    }

    fn campaigns(&mut self) {
        let rival = self.campaign(2);
        self.ready(&rival);
        let abandoned = self.campaign(1);
        self.scene.must(&[abandoned.instruction()], &["creator"]);
        let campaign = self.campaign(0);
        // The creator chooses the token, and signs for the choice.
        self.run(
            Act::new(campaign.instruction())
                .fits("mint", "another mint")
                .fits("mint", COPY),
        );
        self.opening(&campaign);
        self.claims(&campaign);
        self.sweep(&abandoned, true);
        self.scene.world.set_time(campaign.expires_at + 101);
        self.sweep(&campaign, false);
        self.closing(&campaign);
    }

    fn campaign(&mut self, id: u64) -> CreateCampaign {
        let now = self.scene.world.now();
        let mut creation = CreateCampaign {
            creator: address("creator"),
            id,
            mint: self.scene.mint,
            token_program: self.scene.token_program(),
            receiver: address("receiver"),
            root: Node::default(),
            leaf_count: 5,
            snapshot_hash: [5; 32],
            starts_at: now,
            vesting_start: now,
            cliff_at: now,
            vesting_end: now + 1_000,
            expires_at: now + 2_000,
            canopy_depth: 2,
        };
        let campaign = creation.campaign();
        creation.root = drops(&creation).root();
        let mut show = |what: &str, address| {
            self.gauntlet
                .exhibit(&format!("campaign {id}'s {what}"), address);
        };
        show("account", campaign);
        show("vault", campaign_vault_address(&campaign).0);
        show("page", campaign_page_address(&campaign, 0).0);
        for index in 0..2 {
            show(
                &format!("vesting {index}"),
                vesting_address(&campaign, LeafIndex::new(index)).0,
            );
        }
        creation
    }

    /// A campaign with a page and a vesting account, that stands beside the attacked one.
    fn ready(&mut self, creation: &CreateCampaign) {
        self.scene.must(&[creation.instruction()], &["creator"]);
        for part in drops(creation).put_canopy(creation) {
            self.scene.must(&[part.instruction()], &["creator"]);
        }
        let from = self
            .scene
            .mint_to(&address("creator"), creation.root.sum().get());
        let open = opening(creation, from).instruction();
        self.scene.must(&[open], &["creator"]);
        let page = page(creation).instruction();
        self.scene.must(&[page], &["stranger"]);
        let claim = self.drop(creation, 0).instruction();
        self.scene.must(&[claim], &["stranger"]);
    }

    fn drop(&self, creation: &CreateCampaign, index: u32) -> ClaimDrop {
        let view = self.scene.world.campaign(&creation.campaign());
        ClaimDrop {
            vesting_payer: Some(address("stranger")),
            ..drops(creation).claim(&view, index)
        }
    }

    fn opening(&mut self, creation: &CreateCampaign) {
        let parts = drops(creation).put_canopy(creation);
        self.run(Act::new(parts[0].instruction()));
        let from = self
            .scene
            .mint_to(&address("creator"), creation.root.sum().get());
        self.run(Act::new(opening(creation, from).instruction()).fits("from", COPY));
        self.run(Act::new(page(creation).instruction()).by_anyone("payer"));
        let extension = ExtendCampaign {
            creator: address("creator"),
            campaign: creation.campaign(),
            expires_at: creation.expires_at + 100,
        };
        // The creator's other campaigns, open or not, are as much the creator's.
        self.run(
            Act::new(extension.instruction())
                .fits("campaign", "campaign 1's account")
                .fits("campaign", "campaign 2's account"),
        );
    }

    fn claims(&mut self, creation: &CreateCampaign) {
        for index in 0..2 {
            let claim = self.drop(creation, index).instruction();
            self.run(
                Act::new(claim)
                    .by_anyone("rent_payer")
                    .without_reading("memo_program"),
            );
        }
        self.scene.world.warp(500);
        let vested = ClaimVested {
            campaign: creation.campaign(),
            owner: member(0),
            mint: creation.mint,
            token_program: creation.token_program,
            index: LeafIndex::new(0),
            memo: false,
        };
        self.run(Act::new(vested.instruction()).without_reading("memo_program"));
    }

    fn sweep(&mut self, creation: &CreateCampaign, draft: bool) {
        let sweep = SweepCampaign {
            creator: address("creator"),
            campaign: creation.campaign(),
            mint: creation.mint,
            token_program: creation.token_program,
            receiver: creation.receiver,
            draft,
            memo: false,
        };
        let mut act = Act::new(sweep.instruction()).without_reading("memo_program");
        if draft {
            // An empty vault pays nobody.
            act = act.without_reading("destination");
        }
        self.run(act);
    }

    fn closing(&mut self, creation: &CreateCampaign) {
        let campaign = creation.campaign();
        let close_page = CloseCampaignPage {
            campaign,
            page: 0,
            rent_payer: address("stranger"),
        };
        self.run(Act::new(close_page.instruction()));
        for index in 0..2 {
            let close = CloseVesting {
                campaign,
                index: LeafIndex::new(index),
                rent_payer: address("stranger"),
            };
            self.run(Act::new(close.instruction()).fits("vesting", "campaign 0's vesting 1"));
        }
        let close = CloseCampaign {
            creator: address("creator"),
            campaign,
        };
        // The creator's other campaign that was swept is ready to close as well.
        self.run(Act::new(close.instruction()).fits("campaign", "campaign 1's account"));
    }
}

fn drops(creation: &CreateCampaign) -> Drops {
    let grants: Vec<Grant> = (0..)
        .zip(GRANTS)
        .map(|(index, (unlocked, locked))| Grant {
            owner: member(index % 2),
            unlocked,
            locked,
        })
        .collect();
    Drops::new(&creation.campaign(), &grants)
}

fn opening(creation: &CreateCampaign, from: solana_sdk::pubkey::Pubkey) -> OpenCampaign {
    OpenCampaign {
        creator: address("creator"),
        campaign: creation.campaign(),
        mint: creation.mint,
        token_program: creation.token_program,
        from,
        amount: None,
    }
}

fn page(creation: &CreateCampaign) -> OpenCampaignPage {
    OpenCampaignPage {
        payer: address("stranger"),
        campaign: creation.campaign(),
        page: 0,
    }
}

#[test]
fn every_account_of_every_instruction_is_checked() {
    let mut life = Life::new();
    life.campaigns();
    insta::assert_snapshot!("refusals", life.gauntlet.finish());
}
