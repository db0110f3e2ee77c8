//! A pool of a network, its actors, and their acts. Every account is made by the instruction that makes it on a cluster.

use cairn_interface::{
    Event,
    registry::{CreateNetwork, Registration},
    spl,
    vault::{
        ActivateEpoch, ApplyRoles, AttestEpoch, Claim, CreatePool, EpochView, Fund, MemberPageView,
        OpenMemberPage, PoolParams, PoolView, ProposeEpoch, VaultEvent, VetoEpoch, WHOLE_BPS,
        epoch_address, member_page_address, vault_address,
    },
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_testkit::{Landed, Member, RULESET_HASH, Refusal, Rewards, World};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;
pub const WEEK: i64 = 7 * DAY;
/// The delay of parameters and roles: long enough for windows of up to a day.
pub const DELAY: i64 = 2 * DAY;

pub type Ran = Result<Landed, Refusal>;

/// What a pool is created with; the rest follows from the actors.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub keepers: u8,
    pub threshold: u8,
    pub epoch_interval_secs: i64,
    pub challenge_window_secs: i64,
    pub emission_cap: u64,
    pub points_cap: u64,
    pub canopy_depth: u8,
    pub breaker_share_bps: u16,
    pub breaker_floor: u64,
    pub breaker_window_secs: i64,
    pub recipient_cooldown_secs: i64,
    pub params_delay_secs: i64,
}

impl Terms {
    pub const fn params(&self) -> PoolParams {
        PoolParams {
            epoch_interval_secs: self.epoch_interval_secs.unsigned_abs(),
            challenge_window_secs: self.challenge_window_secs.unsigned_abs(),
            emission_cap: self.emission_cap,
            points_cap: self.points_cap,
            credits_cap: u64::MAX,
            breaker_floor: self.breaker_floor,
            answer_secs: DAY.unsigned_abs(),
            breaker_window_secs: self.breaker_window_secs.unsigned_abs(),
            recipient_cooldown_secs: self.recipient_cooldown_secs.unsigned_abs(),
            params_delay_secs: self.params_delay_secs.unsigned_abs(),
            breaker_share_bps: self.breaker_share_bps,
        }
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            keepers: 3,
            threshold: 2,
            epoch_interval_secs: WEEK,
            challenge_window_secs: HOUR,
            emission_cap: 1_000_000,
            points_cap: u64::MAX,
            canopy_depth: 2,
            breaker_share_bps: WHOLE_BPS,
            breaker_floor: 0,
            breaker_window_secs: DAY,
            recipient_cooldown_secs: DAY,
            params_delay_secs: DELAY,
        }
    }
}

/// A ledger with one network, one mint and one pool.
pub struct Scene {
    pub world: World,
    pub terms: Terms,
    pub network: Pubkey,
    pub mint: Pubkey,
    pub pool: Pubkey,
}

impl Scene {
    /// A pool under the usual terms.
    pub fn new() -> Self {
        Self::with(Terms::default())
    }

    pub fn with(terms: Terms) -> Self {
        let mut scene = Self::without_pool(terms);
        let create = scene.create_pool().instruction();
        scene.must(&[create], &["admin"]);
        scene
    }

    /// Everything but the pool, whose address is known already.
    pub fn without_pool(terms: Terms) -> Self {
        let mut world = World::new();
        for name in ["admin", "guardian", "stranger", "treasurer"] {
            world.actor(name);
        }
        for keeper in 0..terms.keepers {
            world.actor(&keeper_name(keeper));
        }
        let mint = world.create_mint(&key("treasurer"), 6);
        let mut scene = Self {
            world,
            terms,
            network: Pubkey::default(),
            mint,
            pool: Pubkey::default(),
        };
        scene.network = scene.create_network("admin");
        scene.pool = scene.create_pool().pool();
        scene
    }

    /// The actor's own first network.
    pub fn create_network(&mut self, actor: &str) -> Pubkey {
        let network = CreateNetwork {
            payer: self.world.payer().pubkey(),
            authority: address(actor),
            id: 0,
            guardian: address("guardian"),
            registration: Registration::Open,
        };
        self.must(&[network.instruction()], &[actor]);
        network.network()
    }

    /// The pool's creation, for tests to spoil.
    pub fn create_pool(&self) -> CreatePool {
        CreatePool {
            payer: self.world.payer().pubkey(),
            admin: address("admin"),
            network: self.network,
            mint: self.mint,
            token_program: self.token_program(),
            id: 0,
            guardian: address("guardian"),
            keepers: (0..self.terms.keepers)
                .map(|keeper| address(&keeper_name(keeper)))
                .collect(),
            threshold: self.terms.threshold,
            canopy_depth: self.terms.canopy_depth,
            params: self.terms.params(),
            ruleset_hash: RULESET_HASH,
        }
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

    /// The tree in which member *i* has earned `tokens[i]` so far.
    pub fn rewards(&self, tokens: &[u64]) -> Rewards {
        let members: Vec<Member> = (0_u32..)
            .zip(tokens)
            .map(|(index, tokens)| Member {
                owner: member(index),
                tokens: *tokens,
                points: tokens * 10,
                credits: 3,
            })
            .collect();
        Rewards::new(&self.pool, &members)
    }

    /// A proposal by the first keeper, for tests to spoil.
    pub fn proposal(&self, number: u64, rewards: &Rewards) -> ProposeEpoch {
        rewards.proposal(&address("keeper 0"), number)
    }

    pub fn propose(&mut self, number: u64, rewards: &Rewards) -> Ran {
        let proposal = self.proposal(number, rewards).instruction();
        self.run(&[proposal], &["keeper 0"])
    }

    /// All parts of the canopy; none when the proposal itself completed it.
    #[track_caller]
    pub fn put_canopy(&mut self, number: u64, rewards: &Rewards) {
        let proposer = address("keeper 0");
        for part in rewards.put_canopy(&proposer, number, self.terms.canopy_depth) {
            self.must(&[part.instruction()], &["keeper 0"]);
        }
    }

    /// The attestation of what stands proposed, for tests to spoil.
    pub fn attestation(&self, keeper: &str, number: u64) -> AttestEpoch {
        AttestEpoch {
            keeper: address(keeper),
            pool: self.pool,
            number: EpochNumber::new(number),
            proposal: self.epoch(number).proposal,
        }
    }

    pub fn attest(&mut self, keeper: &str, number: u64) -> Ran {
        let attestation = self.attestation(keeper, number).instruction();
        self.run(&[attestation], &[keeper])
    }

    pub fn veto(&mut self, actor: &str, number: u64) -> Ran {
        let veto = VetoEpoch {
            guardian: address(actor),
            pool: self.pool,
            number: EpochNumber::new(number),
            reason: 7,
        };
        self.run(&[veto.instruction()], &[actor])
    }

    /// The activation, naming the pool's active epoch as the one before.
    pub fn activation(&self, number: u64) -> ActivateEpoch {
        let active = self.pool().active_epoch;
        ActivateEpoch {
            pool: self.pool,
            number: EpochNumber::new(number),
            previous: (active != 0).then(|| EpochNumber::new(active)),
        }
    }

    pub fn activate(&mut self, number: u64) -> Ran {
        let activation = self.activation(number).instruction();
        self.run(&[activation], &[])
    }

    /// Proposal, canopy, a second keeper's attestation, and the window's end: ready to be activated.
    #[track_caller]
    pub fn prepare(&mut self, number: u64, rewards: &Rewards) {
        self.propose(number, rewards).unwrap();
        self.put_canopy(number, rewards);
        self.attest("keeper 1", number).unwrap();
        self.world.warp(self.terms.challenge_window_secs);
    }

    /// An epoch from proposal to activation, one interval after the last.
    #[track_caller]
    pub fn run_epoch(&mut self, number: u64, rewards: &Rewards) {
        if number > 1 {
            self.world.warp(self.terms.epoch_interval_secs);
        }
        self.prepare(number, rewards);
        self.activate(number).unwrap();
    }

    /// The funding by the stranger, who holds just `amount`; for tests to spoil.
    pub fn funding(&mut self, amount: u64) -> Fund {
        let from = self.mint_to(&address("stranger"), amount);
        Fund {
            funder: address("stranger"),
            pool: self.pool,
            mint: self.mint,
            token_program: self.token_program(),
            from,
            amount: Tokens::new(amount),
        }
    }

    pub fn fund(&mut self, amount: u64) -> Ran {
        let funding = self.funding(amount).instruction();
        self.run(&[funding], &["stranger"])
    }

    /// New tokens in an owner's canonical account.
    pub fn mint_to(&mut self, owner: &Pubkey, amount: u64) -> Pubkey {
        let mint = self.mint;
        self.world.mint_to(&mint, &key("treasurer"), owner, amount)
    }

    pub fn open_page(&mut self, page: u32) -> Ran {
        let open = OpenMemberPage {
            payer: self.world.payer().pubkey(),
            pool: self.pool,
            page,
        };
        self.run(&[open.instruction()], &[])
    }

    /// The member's canonical token account, opened when missing.
    pub fn open_wallet(&mut self, owner: &Pubkey) -> Pubkey {
        let mint = self.mint;
        self.world.open_token_account(owner, &mint)
    }

    /// The claim of a leaf, for tests to spoil.
    pub fn claim_of(&self, number: u64, rewards: &Rewards, index: u32) -> Claim {
        rewards.claim(&self.pool(), number, index)
    }

    /// Puts in office what was announced, after its delay.
    #[track_caller]
    pub fn apply_roles(&mut self) {
        self.world.warp(self.terms.params_delay_secs);
        let apply = ApplyRoles { pool: self.pool };
        self.must(&[apply.instruction()], &[]);
    }

    /// A claim that somebody else sends for the member.
    pub fn claim(&mut self, number: u64, rewards: &Rewards, index: u32) -> Ran {
        let claim = self.claim_of(number, rewards, index).instruction();
        self.run(&[claim], &[])
    }

    /// A funded pool whose first epoch grants `tokens`, with the first page and all members' wallets open.
    pub fn with_first_epoch(tokens: &[u64]) -> (Self, Rewards) {
        let mut scene = Self::new();
        let rewards = scene.rewards(tokens);
        scene.fund(rewards.root().sum().get()).unwrap();
        scene.run_epoch(1, &rewards);
        scene.open_page(0).unwrap();
        for leaf in rewards.leaves() {
            scene.open_wallet(&Pubkey::new_from_array(leaf.owner));
        }
        (scene, rewards)
    }

    /// The token program of the scene's mint.
    pub fn token_program(&self) -> Pubkey {
        self.world.token_program(&self.mint)
    }

    pub fn pool(&self) -> PoolView {
        self.world.pool(&self.pool)
    }

    pub fn epoch(&self, number: u64) -> EpochView {
        self.world
            .epoch(&epoch_address(&self.pool, EpochNumber::new(number)).0)
    }

    pub fn page(&self, page: u32) -> MemberPageView {
        self.world.page(&member_page_address(&self.pool, page).0)
    }

    /// Base units in the member's canonical account.
    pub fn balance(&self, index: u32) -> u64 {
        let wallet =
            spl::associated_token_address(&member(index), &self.mint, &self.token_program());
        self.world.tokens(&wallet)
    }

    /// Base units in the vault.
    pub fn vault_balance(&self) -> u64 {
        self.world.tokens(&vault_address(&self.pool).0)
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

fn keeper_name(number: u8) -> String {
    format!("keeper {number}")
}

/// The one event of a transaction.
#[track_caller]
pub fn event(ran: Ran) -> VaultEvent {
    match ran.unwrap().events().as_slice() {
        [Event::RewardVault(event)] => event.clone(),
        other => panic!("one event of the vault was expected: {other:?}"),
    }
}
