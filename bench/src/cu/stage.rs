use cairn_interface::{
    ids,
    registry::{CreateNetwork, Registration},
    spl,
    vault::{
        ActivateEpoch, AttestEpoch, Claim, CreatePool, Fund, OpenMemberPage, PoolParams, PoolView,
        PutCanopy, epoch_address,
    },
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_testkit::{Landed, Member, RULESET_HASH, Rewards, World};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::tree::Tree;

pub const HOUR: u64 = 3_600;
pub const WEEK: u64 = 7 * 24 * HOUR;
/// Levels of a tree that the pool's epochs store.
pub const CANOPY_DEPTH: u8 = 6;
/// A quarter of the vault may leave in a day: the breaker counts, as it does in a pool that is run with care.
const BREAKER_SHARE_BPS: u16 = 2_500;
/// Base units in the vault: enough for all claims below the breaker.
const FUNDS: u64 = 1_000_000_000;

/// A world with a network, a mint and a pool of three keepers, of whom two must agree.
pub struct Stage {
    pub world: World,
    pub mint: Pubkey,
    pub pool: Pubkey,
    pub token_program: Pubkey,
    pub create_pool_units: u64,
    pub fund_units: u64,
}

/// What the steps of an epoch's life took.
pub struct Life {
    pub propose: u64,
    /// Each part of the canopy.
    pub put_canopy: Vec<u64>,
    pub attest: u64,
    /// 0 of one that is not active yet.
    pub activate: u64,
}

impl Stage {
    /// A pool that pays a mint of SPL Token.
    pub fn new() -> Self {
        Self::on(World::new())
    }

    /// The same in a world of the caller's.
    pub fn on(mut world: World) -> Self {
        let authority = world.actor("treasurer");
        let mint = world.create_mint(&authority, 6);
        Self::with_mint(world, mint, ids::TOKEN_PROGRAM)
    }

    /// A pool whose epochs store so many levels.
    pub fn with_canopy(canopy_depth: u8) -> Self {
        let mut world = World::new();
        let authority = world.actor("treasurer");
        let mint = world.create_mint(&authority, 6);
        Self::create(world, mint, ids::TOKEN_PROGRAM, canopy_depth)
    }

    /// A pool that pays `mint`, whose authority is the treasurer.
    pub fn with_mint(world: World, mint: Pubkey, token_program: Pubkey) -> Self {
        Self::create(world, mint, token_program, CANOPY_DEPTH)
    }

    fn create(mut world: World, mint: Pubkey, token_program: Pubkey, canopy_depth: u8) -> Self {
        for name in ["admin", "guardian", "keeper 0", "keeper 1", "keeper 2"] {
            world.actor(name);
        }
        let payer = world.payer().pubkey();
        let network = CreateNetwork {
            payer,
            authority: address("admin"),
            id: 0,
            guardian: address("guardian"),
            registration: Registration::Open,
        };
        world.must(&[network.instruction()], &[&key("admin")]);
        let create = CreatePool {
            payer,
            admin: address("admin"),
            network: network.network(),
            mint,
            token_program,
            id: 0,
            guardian: address("guardian"),
            keepers: ["keeper 0", "keeper 1", "keeper 2"].map(address).into(),
            threshold: 2,
            canopy_depth,
            ruleset_hash: RULESET_HASH,
            params: PoolParams {
                breaker_share_bps: BREAKER_SHARE_BPS,
                ..PoolParams::new(WEEK, HOUR, FUNDS)
            },
        };
        let created = world.must(&[create.instruction()], &[&key("admin")]);
        let mut stage = Self {
            world,
            mint,
            pool: create.pool(),
            token_program,
            create_pool_units: created.compute_units,
            fund_units: 0,
        };
        stage.fund_units = stage.fund();
        stage
    }

    fn fund(&mut self) -> u64 {
        let funder = self.world.payer().insecure_clone();
        let from = self.mint_to(&funder.pubkey(), FUNDS);
        let fund = Fund {
            funder: funder.pubkey(),
            pool: self.pool,
            mint: self.mint,
            token_program: self.token_program,
            from,
            amount: Tokens::new(FUNDS),
        };
        self.must(&[fund.instruction()], &[]).compute_units
    }

    /// New tokens in an owner's canonical account.
    pub fn mint_to(&mut self, owner: &Pubkey, amount: u64) -> Pubkey {
        let mint = self.mint;
        self.world.mint_to(&mint, &key("treasurer"), owner, amount)
    }

    pub fn must(&mut self, instructions: &[Instruction], actors: &[&str]) -> Landed {
        let keys: Vec<Keypair> = actors.iter().map(|actor| key(actor)).collect();
        let keys: Vec<&Keypair> = keys.iter().collect();
        self.world.must(instructions, &keys)
    }

    pub fn view(&self) -> PoolView {
        self.world.pool(&self.pool)
    }

    /// The first `count` members, each with `tokens` base units so far.
    pub fn rewards(&self, count: u32, tokens: u64) -> Rewards {
        let members: Vec<Member> = (0..count)
            .map(|index| Member {
                owner: member(index),
                tokens,
                points: 10 * tokens,
                credits: 3,
            })
            .collect();
        Rewards::new(&self.pool, &members)
    }

    /// An epoch of 2^`depth` leaves of which the first are `rewards`', up to its activation.
    pub fn epoch(&mut self, number: u64, rewards: &Rewards, depth: u8) -> (Tree, Life) {
        let (tree, mut life) = self.attested(number, rewards, depth);
        self.world.warp(HOUR.cast_signed());
        life.activate = self.activate(number).compute_units;
        (tree, life)
    }

    /// Such an epoch up to its last word.
    pub fn attested(&mut self, number: u64, rewards: &Rewards, depth: u8) -> (Tree, Life) {
        let tree = Tree::new(rewards.leaves(), depth, self.view().canopy_depth);
        let mut proposal = rewards.proposal(&address("keeper 0"), number);
        proposal.root = tree.root;
        proposal.leaf_count = tree.leaf_count();
        let propose = self.must(&[proposal.instruction()], &["keeper 0"]);
        let parts = PutCanopy::all(
            address("keeper 0"),
            self.pool,
            EpochNumber::new(number),
            &tree.canopy,
        );
        let put_canopy = parts
            .iter()
            .map(|part| {
                self.must(&[part.instruction()], &["keeper 0"])
                    .compute_units
            })
            .collect();
        let epoch = self
            .world
            .epoch(&epoch_address(&self.pool, EpochNumber::new(number)).0);
        let attest = AttestEpoch {
            keeper: address("keeper 1"),
            pool: self.pool,
            number: EpochNumber::new(number),
            proposal: epoch.proposal,
        };
        let attest = self.must(&[attest.instruction()], &["keeper 1"]);
        let life = Life {
            propose: propose.compute_units,
            put_canopy,
            attest: attest.compute_units,
            activate: 0,
        };
        (tree, life)
    }

    pub fn activate(&mut self, number: u64) -> Landed {
        let active = self.view().active_epoch;
        let activate = ActivateEpoch {
            pool: self.pool,
            number: EpochNumber::new(number),
            previous: (active != 0).then_some(EpochNumber::new(active)),
        };
        self.must(&[activate.instruction()], &[])
    }

    /// The first page of members' counters.
    pub fn open_page(&mut self) -> u64 {
        let open = OpenMemberPage {
            payer: self.world.payer().pubkey(),
            pool: self.pool,
            page: 0,
        };
        self.must(&[open.instruction()], &[]).compute_units
    }

    /// An owner's canonical token account, opened when missing.
    pub fn open_wallet(&mut self, owner: &Pubkey) -> Pubkey {
        self.must(&[self.create_wallet(owner)], &[]);
        spl::associated_token_address(owner, &self.mint, &self.token_program)
    }

    /// The instruction that opens it, paid by whoever pays the fee.
    pub fn create_wallet(&self, owner: &Pubkey) -> Instruction {
        spl::create_associated_token_account(
            &self.world.payer().pubkey(),
            owner,
            &self.mint,
            &self.token_program,
        )
    }

    /// The claim of the member at `index`.
    pub fn claim(&self, number: u64, rewards: &Rewards, tree: &Tree, index: u32) -> Claim {
        Claim {
            proof: tree.proofs[index as usize].clone(),
            ..rewards.claim(&self.view(), number, index)
        }
    }
}

/// The key of an actor, always the same for a name.
pub fn key(actor: &str) -> Keypair {
    World::pauper(actor)
}

pub fn address(actor: &str) -> Pubkey {
    key(actor).pubkey()
}

/// The wallet of the member at `index`.
pub fn member(index: u32) -> Pubkey {
    address(&format!("member {index}"))
}
