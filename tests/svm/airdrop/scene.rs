//! A mint, a creator, and one campaign with the acts around it.

use cairn_interface::{
    Event,
    airdrop::{
        AirdropEvent, CampaignPageView, CampaignView, ClaimDrop, ClaimVested, CloseCampaign,
        CloseCampaignPage, CloseVesting, CreateCampaign, ExtendCampaign, OpenCampaign,
        OpenCampaignPage, SweepCampaign, VestingView, campaign_page_address,
        campaign_vault_address, vesting_address,
    },
    spl,
};
use cairn_merkle::{LeafIndex, Node, Tokens};
use cairn_testkit::{Drops, Grant, Landed, World};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair};

use crate::vault::scene::{Ran, address, key, member};

/// Seconds from the world's beginning to a campaign's dates.
pub const STARTS_IN: i64 = 100;
pub const VESTING_IN: i64 = 1_000;
pub const CLIFF_IN: i64 = 3_500;
pub const VESTED_IN: i64 = 11_000;
pub const EXPIRES_IN: i64 = 20_000;

/// What the claimants of the usual campaign get: unlocked, locked.
pub const USUAL: [(u64, u64); 6] = [(100, 0), (50, 1_000), (0, 900), (0, 0), (7, 3), (1, 1)];

/// A ledger with one mint and one campaign.
pub struct Airdrop {
    pub world: World,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// As created, or as it is to be created.
    pub terms: CreateCampaign,
    pub campaign: Pubkey,
    pub drops: Drops,
    /// When the world began.
    pub began: i64,
}

impl Airdrop {
    /// Everything but the campaign, whose address is known already.
    pub fn unmade(grants: &[(u64, u64)]) -> Self {
        let mut world = World::new();
        let mint = world.create_mint(&key("treasurer"), 6);
        Self::unmade_over(world, mint, grants)
    }

    pub fn unmade_over(mut world: World, mint: Pubkey, grants: &[(u64, u64)]) -> Self {
        for name in ["creator", "stranger", "treasurer", "sponsor"] {
            world.actor(name);
        }
        let token_program = world.token_program(&mint);
        let began = world.now();
        let mut terms = CreateCampaign {
            creator: address("creator"),
            id: 7,
            mint,
            token_program,
            receiver: address("receiver"),
            root: Node::default(),
            leaf_count: u32::try_from(grants.len()).unwrap(),
            snapshot_hash: [0x5a; 32],
            starts_at: began + STARTS_IN,
            vesting_start: began + VESTING_IN,
            cliff_at: began + CLIFF_IN,
            vesting_end: began + VESTED_IN,
            expires_at: began + EXPIRES_IN,
            canopy_depth: 2,
        };
        let campaign = terms.campaign();
        let drops = drops(&campaign, grants);
        terms.root = drops.root();
        Self {
            world,
            mint,
            token_program,
            terms,
            campaign,
            drops,
            began,
        }
    }

    /// A draft with its canopy.
    pub fn draft(grants: &[(u64, u64)]) -> Self {
        let mut airdrop = Self::unmade(grants);
        airdrop.create().unwrap();
        airdrop.put_canopy();
        airdrop
    }

    /// An open campaign with its first page and all claimants' wallets, at its start.
    pub fn open(grants: &[(u64, u64)]) -> Self {
        let mut airdrop = Self::draft(grants);
        airdrop.fund_and_open();
        airdrop
    }

    /// From a draft with its canopy to what [`Airdrop::open`] gives.
    #[track_caller]
    pub fn fund_and_open(&mut self) {
        let from = self.mint_to(&address("creator"), self.terms.root.sum().get());
        self.fill(from, None).unwrap();
        self.open_page(0).unwrap();
        for index in 0..self.terms.leaf_count.min(16) {
            self.open_wallet(&member(index));
        }
        self.at(STARTS_IN);
    }

    /// Sets the clock to so many seconds after the beginning.
    pub fn at(&mut self, secs: i64) {
        self.world.set_time(self.began + secs);
    }

    /// Runs instructions that the named actors sign.
    pub fn run(&mut self, instructions: &[Instruction], actors: &[&str]) -> Ran {
        let keys: Vec<Keypair> = actors.iter().map(|actor| key(actor)).collect();
        let keys: Vec<&Keypair> = keys.iter().collect();
        self.world.send(instructions, &keys)
    }

    #[track_caller]
    pub fn must(&mut self, instructions: &[Instruction], actors: &[&str]) -> Landed {
        match self.run(instructions, actors) {
            Ok(landed) => landed,
            Err(refused) => panic!("{refused:?}"),
        }
    }

    pub fn create(&mut self) -> Ran {
        let create = self.terms.instruction();
        self.run(&[create], &["creator"])
    }

    #[track_caller]
    pub fn put_canopy(&mut self) {
        for part in self.drops.put_canopy(&self.terms) {
            self.must(&[part.instruction()], &["creator"]);
        }
    }

    /// The opening, for tests to spoil.
    pub fn opening(&self, from: Pubkey, amount: Option<u64>) -> OpenCampaign {
        OpenCampaign {
            creator: address("creator"),
            campaign: self.campaign,
            mint: self.mint,
            token_program: self.token_program,
            from,
            amount: amount.map(Tokens::new),
        }
    }

    pub fn fill(&mut self, from: Pubkey, amount: Option<u64>) -> Ran {
        let open = self.opening(from, amount).instruction();
        self.run(&[open], &["creator"])
    }

    pub fn open_page(&mut self, page: u32) -> Ran {
        let open = OpenCampaignPage {
            payer: address("sponsor"),
            campaign: self.campaign,
            page,
        };
        self.run(&[open.instruction()], &["sponsor"])
    }

    /// The claim of a drop, whose vesting account the sponsor would pay; for tests to spoil.
    pub fn claim_of(&self, index: u32) -> ClaimDrop {
        let claim = self.drops.claim(&self.campaign(), index);
        ClaimDrop {
            vesting_payer: (claim.locked > Tokens::ZERO).then(|| address("sponsor")),
            ..claim
        }
    }

    pub fn claim(&mut self, index: u32) -> Ran {
        let claim = self.claim_of(index).instruction();
        self.run(&[claim], &["sponsor"])
    }

    /// The claim of what has vested, for tests to spoil.
    pub fn claim_vested_of(&self, index: u32) -> ClaimVested {
        ClaimVested {
            campaign: self.campaign,
            owner: member(index),
            mint: self.mint,
            token_program: self.token_program,
            index: LeafIndex::new(index),
            memo: false,
        }
    }

    pub fn claim_vested(&mut self, index: u32) -> Ran {
        let claim = self.claim_vested_of(index).instruction();
        self.run(&[claim], &[])
    }

    pub fn extend(&mut self, actor: &str, secs: i64) -> Ran {
        let extend = ExtendCampaign {
            creator: address(actor),
            campaign: self.campaign,
            expires_at: self.began + secs,
        };
        self.run(&[extend.instruction()], &[actor])
    }

    /// The sweep, for tests to spoil.
    pub fn sweep_of(&self) -> SweepCampaign {
        SweepCampaign {
            creator: address("creator"),
            campaign: self.campaign,
            mint: self.mint,
            token_program: self.token_program,
            receiver: self.terms.receiver,
            draft: false,
            memo: false,
        }
    }

    pub fn sweep(&mut self) -> Ran {
        let sweep = self.sweep_of().instruction();
        self.run(&[sweep], &[])
    }

    pub fn close_page(&mut self, page: u32) -> Ran {
        let close = CloseCampaignPage {
            campaign: self.campaign,
            page,
            rent_payer: address("sponsor"),
        };
        self.run(&[close.instruction()], &[])
    }

    pub fn close_vesting(&mut self, index: u32) -> Ran {
        let close = CloseVesting {
            campaign: self.campaign,
            index: LeafIndex::new(index),
            rent_payer: address("sponsor"),
        };
        self.run(&[close.instruction()], &[])
    }

    pub fn close(&mut self) -> Ran {
        let close = CloseCampaign {
            creator: address("creator"),
            campaign: self.campaign,
        };
        self.run(&[close.instruction()], &[])
    }

    /// New tokens in an owner's canonical account.
    pub fn mint_to(&mut self, owner: &Pubkey, amount: u64) -> Pubkey {
        let mint = self.mint;
        self.world.mint_to(&mint, &key("treasurer"), owner, amount)
    }

    pub fn open_wallet(&mut self, owner: &Pubkey) -> Pubkey {
        let mint = self.mint;
        self.world.open_token_account(owner, &mint)
    }

    pub fn wallet(&self, owner: &Pubkey) -> Pubkey {
        spl::associated_token_address(owner, &self.mint, &self.token_program)
    }

    /// Base units in the claimant's canonical account.
    pub fn balance(&self, index: u32) -> u64 {
        self.world.tokens(&self.wallet(&member(index)))
    }

    pub fn vault(&self) -> Pubkey {
        campaign_vault_address(&self.campaign).0
    }

    /// Base units in the vault.
    pub fn vault_balance(&self) -> u64 {
        self.world.tokens(&self.vault())
    }

    pub fn campaign(&self) -> CampaignView {
        self.world.campaign(&self.campaign)
    }

    pub fn page(&self, page: u32) -> CampaignPageView {
        self.world
            .campaign_page(&campaign_page_address(&self.campaign, page).0)
    }

    pub fn vesting(&self, index: u32) -> VestingView {
        self.world
            .vesting(&vesting_address(&self.campaign, LeafIndex::new(index)).0)
    }
}

/// The tree in which member *i* is granted `grants[i]`.
pub fn drops(campaign: &Pubkey, grants: &[(u64, u64)]) -> Drops {
    let grants: Vec<Grant> = (0_u32..)
        .zip(grants)
        .map(|(index, (unlocked, locked))| Grant {
            owner: member(index),
            unlocked: *unlocked,
            locked: *locked,
        })
        .collect();
    Drops::new(campaign, &grants)
}

/// The one event of a transaction.
#[track_caller]
pub fn event(ran: Ran) -> AirdropEvent {
    match ran.unwrap().events().as_slice() {
        [Event::Airdrop(event)] => event.clone(),
        other => panic!("one event of airdrop was expected: {other:?}"),
    }
}
