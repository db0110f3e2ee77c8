use cairn_interface::{
    airdrop::{
        ClaimDrop, ClaimVested, CloseCampaignPage, CloseVesting, CreateCampaign, OpenCampaign,
        OpenCampaignPage, PutCampaignCanopy, SweepCampaign, campaign_page_address, vesting_address,
    },
    ids,
};
use cairn_merkle::{DROPS_PER_PAGE, DropLeaf, LeafIndex, Node, Tokens};
use cairn_testkit::World;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signer::Signer};

use super::{
    Measured,
    stage::{address, key, member},
    transaction::bytes,
    tree::Tree,
};

const CANOPY_DEPTH: u8 = 7;
/// The program looks for the addresses it creates, and each try takes some 280 units: another id is dearer or cheaper by
/// luck. Under this one the tries are as many as in reports from before campaigns had a program of their own, so that
/// figures stay comparable (the vault and the vesting account take one, the page three).
const ID: u64 = 65;
/// Base units that are paid at once, and that vest.
const UNLOCKED: u64 = 500;
const LOCKED: u64 = 1_000;
/// Seconds from the beginning to the campaign's dates.
const CLIFF_IN: i64 = 1_000;
const VESTED_IN: i64 = 3_000;
const EXPIRES_IN: i64 = 4_000;

/// An open campaign of which the first two claimants are known: one is paid at once, one in part later.
struct Airdrop {
    world: World,
    mint: Pubkey,
    create: CreateCampaign,
    campaign: Pubkey,
    tree: Tree,
    began: i64,
    create_units: u64,
    open_units: u64,
    open_page_units: u64,
}

impl Airdrop {
    /// A campaign of 2^`depth` claimants.
    fn new(depth: u8) -> Self {
        let mut world = World::new();
        let treasurer = world.actor("treasurer");
        let creator = world.actor("creator");
        let mint = world.create_mint(&treasurer, 6);
        let began = world.now();
        let mut create = CreateCampaign {
            creator: creator.pubkey(),
            id: ID,
            mint,
            token_program: ids::TOKEN_PROGRAM,
            receiver: creator.pubkey(),
            root: Node::default(),
            leaf_count: 1 << depth,
            snapshot_hash: [0x5a; 32],
            starts_at: began,
            vesting_start: began,
            cliff_at: began + CLIFF_IN,
            vesting_end: began + VESTED_IN,
            expires_at: began + EXPIRES_IN,
            canopy_depth: CANOPY_DEPTH,
        };
        let campaign = create.campaign();
        let leaves = [0, LOCKED]
            .iter()
            .zip(0..)
            .map(|(locked, index)| leaf(&campaign, index, *locked).node())
            .collect::<Result<Vec<Node>, _>>()
            .expect("grants are small");
        let tree = Tree::of_nodes(leaves, depth, CANOPY_DEPTH);
        create.root = tree.root;
        let mut airdrop = Self {
            world,
            mint,
            create,
            campaign,
            tree,
            began,
            create_units: 0,
            open_units: 0,
            open_page_units: 0,
        };
        airdrop.open();
        airdrop
    }

    /// From nothing to a campaign that pays, with its first page.
    fn open(&mut self) {
        let creator = address("creator");
        self.create_units = self.run(&self.create.instruction(), &["creator"]);
        for part in PutCampaignCanopy::all(creator, self.campaign, &self.tree.canopy) {
            self.run(&part.instruction(), &["creator"]);
        }
        let mint = self.mint;
        let total = self.tree.root.sum();
        let from = self
            .world
            .mint_to(&mint, &key("treasurer"), &creator, total.get());
        let open = OpenCampaign {
            creator,
            campaign: self.campaign,
            mint,
            token_program: ids::TOKEN_PROGRAM,
            from,
            amount: None,
        };
        self.open_units = self.run(&open.instruction(), &["creator"]);
        let page = OpenCampaignPage {
            payer: self.world.payer().pubkey(),
            campaign: self.campaign,
            page: 0,
        };
        self.open_page_units = self.run(&page.instruction(), &[]);
        for index in [0, 1] {
            self.world.open_token_account(&member(index), &mint);
        }
    }

    fn run(&mut self, instruction: &Instruction, actors: &[&str]) -> u64 {
        let keys: Vec<_> = actors.iter().map(|actor| key(actor)).collect();
        let keys: Vec<_> = keys.iter().collect();
        self.world
            .must(std::slice::from_ref(instruction), &keys)
            .compute_units
    }

    fn claim(&self, index: u32, locked: u64) -> Instruction {
        let payer = self.world.payer().pubkey();
        ClaimDrop {
            campaign: self.campaign,
            owner: member(index),
            mint: self.mint,
            token_program: ids::TOKEN_PROGRAM,
            index: LeafIndex::new(index),
            unlocked: Tokens::new(UNLOCKED),
            locked: Tokens::new(locked),
            proof: self.tree.proofs[index as usize].clone(),
            vesting_payer: (locked > 0).then_some(payer),
            memo: false,
        }
        .instruction()
    }
}

fn leaf(campaign: &Pubkey, index: u32, locked: u64) -> DropLeaf {
    DropLeaf {
        campaign: campaign.to_bytes(),
        index: LeafIndex::new(index),
        owner: member(index).to_bytes(),
        unlocked: Tokens::new(UNLOCKED),
        locked: Tokens::new(locked),
    }
}

pub fn measure() -> Measured {
    let mut values = life();
    for (depth, key) in [
        (23, "campaign_claim_depth_23_cu"),
        (14, "campaign_claim_depth_14_cu"),
    ] {
        let mut airdrop = Airdrop::new(depth);
        let claim = airdrop.claim(0, 0);
        values.push((key, airdrop.run(&claim, &[])));
    }
    values
}

/// From the opening of a campaign of a million to what its closing returns.
fn life() -> Measured {
    let mut airdrop = Airdrop::new(20);
    let payer = airdrop.world.payer().pubkey();
    let page = campaign_page_address(&airdrop.campaign, 0).0;
    let page_rent = airdrop.world.lamports(&page);

    let claim = airdrop.claim(0, 0);
    let claim_bytes = bytes(&airdrop.world, std::slice::from_ref(&claim), &[]);
    let claim_units = airdrop.run(&claim, &[]);
    let vesting_claim = airdrop.claim(1, LOCKED);
    let vesting_units = airdrop.run(&vesting_claim, &[]);
    let vesting = vesting_address(&airdrop.campaign, LeafIndex::new(1)).0;
    let vesting_rent = airdrop.world.lamports(&vesting);
    airdrop.world.set_time(airdrop.began + CLIFF_IN);
    let vested = ClaimVested {
        campaign: airdrop.campaign,
        owner: member(1),
        mint: airdrop.mint,
        token_program: ids::TOKEN_PROGRAM,
        index: LeafIndex::new(1),
        memo: false,
    };
    let vested_units = airdrop.run(&vested.instruction(), &[]);

    airdrop.world.set_time(airdrop.began + EXPIRES_IN + 1);
    let mint = airdrop.mint;
    airdrop.world.open_token_account(&address("creator"), &mint);
    let sweep = SweepCampaign {
        creator: address("creator"),
        campaign: airdrop.campaign,
        mint,
        token_program: ids::TOKEN_PROGRAM,
        receiver: address("creator"),
        draft: false,
        memo: false,
    };
    let sweep_units = airdrop.run(&sweep.instruction(), &[]);
    let close_vesting = CloseVesting {
        campaign: airdrop.campaign,
        index: LeafIndex::new(1),
        rent_payer: payer,
    };
    let close_page = CloseCampaignPage {
        campaign: airdrop.campaign,
        page: 0,
        rent_payer: payer,
    };
    let before = airdrop.world.lamports(&payer);
    let closed = airdrop.world.must(
        &[close_vesting.instruction(), close_page.instruction()],
        &[],
    );
    let returned = airdrop.world.lamports(&payer) + closed.fee - before;

    vec![
        ("campaign_claim_depth_20_cu", claim_units),
        ("campaign_claim_depth_20_bytes", claim_bytes),
        ("campaign_claim_vesting_depth_20_cu", vesting_units),
        ("campaign_claim_vested_cu", vested_units),
        ("campaign_create_cu", airdrop.create_units),
        ("campaign_open_cu", airdrop.open_units),
        ("campaign_open_page_cu", airdrop.open_page_units),
        ("campaign_sweep_cu", sweep_units),
        (
            "rent_per_campaign_claimant_lamports",
            page_rent.div_ceil(u64::from(DROPS_PER_PAGE)),
        ),
        (
            "rent_kept_at_campaign_close_lamports",
            page_rent + vesting_rent - returned,
        ),
        ("rent_campaign_vesting_lamports", vesting_rent),
    ]
}
