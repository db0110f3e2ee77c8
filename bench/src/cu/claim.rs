use cairn_interface::{
    ids::{ASSOCIATED_TOKEN_PROGRAM, REWARD_VAULT, TOKEN_2022_PROGRAM},
    vault::{Claim, MAX_CANOPY_DEPTH, SetRecipient},
};
use cairn_testkit::{Landed, MintExtension, Rewards, World};
use litesvm::LiteSVM;
use solana_sdk::{instruction::Instruction, pubkey, pubkey::Pubkey, signer::Signer};

use super::{
    Measured,
    stage::{Stage, WEEK, address, member},
    transaction::{MOST_BYTES, bytes, plain_bytes, units_of},
    tree::Tree,
};

/// The feature that put p-token in the place of SPL Token.
const P_TOKEN_FEATURE: Pubkey = pubkey!("ptokFjwyJtrwCa9Kgo9xoDS59V4QccBGEaRFnRPnSdP");
/// Members of whom every measured tree knows the leaves.
const MEMBERS: u32 = 8;
/// Base units that each has earned in the first epoch.
const EARNED: u64 = 1_000;

/// A pool whose first epoch is active and whose first page is open.
struct Ready {
    stage: Stage,
    rewards: Rewards,
    tree: Tree,
}

impl Ready {
    fn new(mut stage: Stage, depth: u8) -> Self {
        let rewards = stage.rewards(MEMBERS, EARNED);
        let (tree, _) = stage.epoch(1, &rewards, depth);
        stage.open_page();
        Self {
            stage,
            rewards,
            tree,
        }
    }

    fn claim(&self, index: u32) -> Instruction {
        let claim = self.stage.claim(1, &self.rewards, &self.tree, index);
        claim.instruction()
    }

    /// The creation of the first member's wallet and their claim.
    fn both(&self) -> [Instruction; 2] {
        [self.stage.create_wallet(&member(0)), self.claim(0)]
    }

    /// The claim of the first member, whose wallet is open.
    fn first(&mut self) -> Landed {
        self.stage.open_wallet(&member(0));
        let claim = self.claim(0);
        self.stage.must(&[claim], &[])
    }
}

pub fn measure() -> Measured {
    let mut values = deep();
    values.extend(into_new_account());
    for (depth, key) in [
        (20, "claim_depth_20_canopy_6_cu"),
        (14, "claim_depth_14_canopy_6_cu"),
        (10, "claim_depth_10_canopy_6_cu"),
    ] {
        let landed = Ready::new(Stage::new(), depth).first();
        values.push((key, landed.compute_units));
    }
    let landed = Ready::new(Stage::on(World::on(before_p_token())), 23).first();
    values.push(("claim_spl_token_3_5_cu", landed.compute_units));
    values.extend(to_recipient());
    values.extend(token_2022());
    for (depth, key) in [
        (23, "claims_depth_23_per_transaction"),
        (14, "claims_depth_14_per_transaction"),
        (10, "claims_depth_10_per_transaction"),
    ] {
        let (claims, units) = most_in_one(depth);
        values.push((key, claims));
        if depth == 10 {
            values.push(("claims_depth_10_full_transaction_cu", units));
        }
    }
    values
}

/// The first claim of a member and the claim of the epoch after.
fn deep() -> Measured {
    let mut ready = Ready::new(Stage::new(), 23);
    let size = bytes(&ready.stage.world, &[ready.claim(0)], &[]);
    let first = ready.first();
    let stage = &mut ready.stage;
    stage.world.warp(WEEK.cast_signed());
    let later = stage.rewards(MEMBERS, 2 * EARNED);
    let (tree, _) = stage.epoch(2, &later, 23);
    let before = stage.world.lamports(&payer(stage));
    let again = stage.claim(2, &later, &tree, 0).instruction();
    let again = stage.must(&[again], &[]);
    let spent = before - stage.world.lamports(&payer(stage)) - again.fee;
    vec![
        ("claim_depth_23_canopy_6_cu", first.compute_units),
        ("claim_depth_23_canopy_6_bytes", size),
        ("claim_again_depth_23_canopy_6_cu", again.compute_units),
        ("rent_later_claims_lamports", spent),
    ]
}

fn payer(stage: &Stage) -> Pubkey {
    stage.world.payer().pubkey()
}

/// A claim whose transaction also creates the member's token account. Both fit only with the deepest canopy and without
/// instructions about the budget, whose default covers them.
fn into_new_account() -> Measured {
    let deepest = Stage::with_canopy(MAX_CANOPY_DEPTH);
    let mut ready = Ready::new(deepest, 23);
    let both = ready.both();
    let size = plain_bytes(&ready.stage.world, &both, &[]);
    let landed = ready.stage.must(&both, &[]);
    let of = |program: &Pubkey| units_of(&landed, program);
    let shallower = Ready::new(Stage::new(), 23);
    let shallower_size = plain_bytes(&shallower.stage.world, &shallower.both(), &[]);
    let million = Ready::new(Stage::new(), 20);
    let million_size = bytes(&million.stage.world, &million.both(), &[]);
    vec![
        ("claim_into_new_account_cu", landed.compute_units),
        ("claim_into_new_account_own_cu", of(&REWARD_VAULT)),
        (
            "claim_into_new_account_creation_cu",
            of(&ASSOCIATED_TOKEN_PROGRAM),
        ),
        ("claim_into_new_account_bytes", size),
        ("claim_into_new_account_canopy_6_bytes", shallower_size),
        ("claim_into_new_account_depth_20_bytes", million_size),
        (
            "claim_into_new_account_transactions",
            size.div_ceil(MOST_BYTES),
        ),
    ]
}

/// A claim that a delegate sends for a member who has it paid to another wallet.
fn to_recipient() -> Measured {
    let mut ready = Ready::new(Stage::new(), 23);
    let claim = ready.stage.claim(1, &ready.rewards, &ready.tree, 0);
    let world = &mut ready.stage.world;
    world.actor("member 0");
    world.actor("delegate");
    let before = world.lamports(&world.payer().pubkey());
    let set = SetRecipient {
        payer: world.payer().pubkey(),
        owner: claim.owner,
        pool: claim.pool,
        number: claim.number,
        index: claim.index,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof.clone(),
        payout: Some(address("cold wallet")),
        delegate: Some(address("delegate")),
        restricted: true,
    };
    let set = ready.stage.must(&[set.instruction()], &["member 0"]);
    let world = &mut ready.stage.world;
    let rent = before - world.lamports(&world.payer().pubkey()) - set.fee;
    world.warp(WEEK.cast_signed());
    ready.stage.open_wallet(&address("cold wallet"));
    let claim = Claim {
        payout: Some(address("cold wallet")),
        authority: Some(address("delegate")),
        ..claim
    };
    let claimed = ready.stage.must(&[claim.instruction()], &["delegate"]);
    vec![
        ("set_recipient_cu", set.compute_units),
        ("claim_to_recipient_cu", claimed.compute_units),
        ("rent_recipient_lamports", rent),
    ]
}

/// Claims of tokens of Token-2022, without extensions and with a transfer fee.
fn token_2022() -> Measured {
    let fee = MintExtension::TransferFee {
        bps: 100,
        maximum: u64::MAX,
    };
    [
        ("claim_token_2022_cu", &[][..]),
        ("claim_token_2022_with_fee_cu", &[fee]),
    ]
    .map(|(key, extensions)| {
        let mut world = World::new();
        let authority = world.actor("treasurer");
        let mint = world.create_mint_2022(&authority, 6, extensions);
        let stage = Stage::with_mint(world, mint, TOKEN_2022_PROGRAM);
        (key, Ready::new(stage, 23).first().compute_units)
    })
    .into()
}

/// How many claims of one pool one transaction holds, and what they take together.
fn most_in_one(depth: u8) -> (u64, u64) {
    let mut ready = Ready::new(Stage::new(), depth);
    let claims: Vec<Instruction> = (0..MEMBERS)
        .map(|index| {
            ready.stage.open_wallet(&member(index));
            ready.claim(index)
        })
        .collect();
    let fits = |count: &usize| bytes(&ready.stage.world, &claims[..*count], &[]) <= MOST_BYTES;
    let most = (1..=claims.len()).take_while(fits).last().unwrap_or(0);
    assert!(most < claims.len(), "more members would fit");
    let landed = ready.stage.must(&claims[..most], &[]);
    (most as u64, landed.compute_units)
}

/// Mainnet as it was with SPL Token 3.5.
fn before_p_token() -> LiteSVM {
    let mut features = LiteSVM::mainnet_feature_set();
    features.deactivate(&P_TOKEN_FEATURE);
    LiteSVM::default()
        .with_feature_set(features)
        .with_builtins()
        .with_lamports(1_000_000_000_000_000)
        .with_sysvars()
        .with_feature_accounts()
        .with_precompiles()
        .with_default_programs()
        .with_sigverify(true)
        .with_blockhash_check(true)
}
