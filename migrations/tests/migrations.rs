//! The steps on the built programs: a pool as layout 1 wrote it, byte for byte, and every run done twice.

use cairn_client::{ClientError, SendOptions};
use cairn_interface::ids::{DEVICE_REGISTRY, REWARD_VAULT};
use cairn_interface::vault::{EPOCH_KIND, WHOLE_BPS, epoch_address};
use cairn_merkle::EpochNumber;
use cairn_migrations::{
    Authority, Expectations, MigrationError, Outcome, Silent, all, apply, plan,
};
use cairn_testkit::{LiteSvmLedger, World};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

/// The account discriminator of a pool, as layout 1 had it: SHA-256("account:Pool"), first 8 bytes.
const POOL_KIND: [u8; 8] = [241, 154, 109, 4, 17, 177, 109, 188];

/// The account discriminators of campaigns, as the vault had them: SHA-256("account:…"), first 8 bytes.
const CAMPAIGN_KIND: [u8; 8] = [50, 40, 49, 11, 157, 220, 229, 192];
const PAGE_KIND: [u8; 8] = [62, 191, 196, 33, 103, 161, 218, 246];
const VESTING_KIND: [u8; 8] = [100, 149, 66, 138, 95, 200, 128, 241];
const TOMBSTONE_KIND: [u8; 8] = [172, 232, 35, 43, 96, 164, 51, 59];

/// A campaign in the bytes of the vault that made it, without this build's types.
fn campaign_of_the_vault(status: u8) -> Vec<u8> {
    let mut bytes = CAMPAIGN_KIND.to_vec();
    // creator, mint, token program, vault, receiver, root, snapshot hash
    for key in 61..68_u8 {
        bytes.extend([key; 32]);
    }
    // id, tokens, claimed, swept, starts, vesting start, cliff, vesting end, expiry
    for number in [0, 500, 0, 0, 100, 200, 300, 400, 1_900_000_000_u64] {
        bytes.extend(number.to_le_bytes());
    }
    // leaves, pages, vesting accounts
    for count in [2_u32, 1, 1] {
        bytes.extend(count.to_le_bytes());
    }
    // depth, canopy depth, decimals, status, bump, vault bump, version
    bytes.extend([1, 0, 6, status, 255, 254, 1]);
    bytes.extend([0; 69]);
    // The canopy: one node.
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([66; 32]);
    bytes.extend(500_u64.to_le_bytes());
    bytes
}

/// A page and a vesting account of that campaign, which stands at `campaign`.
fn page_and_vesting(campaign: &Pubkey) -> [Vec<u8>; 2] {
    let mut page = PAGE_KIND.to_vec();
    page.extend(campaign.to_bytes());
    page.extend([71; 32]); // rent payer
    page.extend([0, 0, 0, 0, 1, 255, 0, 0]); // page, version, bump
    page.extend(1_u32.to_le_bytes());
    page.extend([0; 40]);
    let mut vesting = VESTING_KIND.to_vec();
    vesting.extend(campaign.to_bytes());
    vesting.extend([72; 32]); // owner
    vesting.extend([71; 32]); // rent payer
    vesting.extend(90_u64.to_le_bytes());
    vesting.extend(30_u64.to_le_bytes());
    vesting.extend([1, 0, 0, 0, 255, 1]); // index, bump, version
    vesting.extend([0; 10]);
    [page, vesting]
}

fn tombstone_of_the_vault() -> Vec<u8> {
    let mut bytes = TOMBSTONE_KIND.to_vec();
    bytes.extend([9; 200]);
    bytes
}

/// A pool in the bytes of layout 1: every field at its offset, written without this build's types.
fn pool_of_layout_1(id: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1_144);
    bytes.extend(POOL_KIND);
    // network, mint, vault, token program, admin, pending admin, guardian
    for key in [1_u8, 2, 3, 4, 5, 0, 7] {
        bytes.extend([key; 32]);
    }
    // 16 keepers, 3 in use
    for keeper in 0..16_u8 {
        bytes.extend([if keeper < 3 { 10 + keeper } else { 0 }; 32]);
    }
    for number in [
        id,
        604_800,       // epoch interval
        86_400,        // challenge window
        1_000_000,     // emission cap
        1_700_000_000, // created at
        1_699_395_200, // emission anchor
        4,             // next epoch
        3,             // active epoch
        0,             // pending epoch
        900_000,       // total cumulative
        450_000,       // total claimed
        2_000_000,     // total funded
        5_000,         // points issued
        0,             // points burnt
        77,            // credits issued
        0,             // credits redeemed
    ] {
        bytes.extend(u64::to_le_bytes(number));
    }
    bytes.extend(1_234_u32.to_le_bytes()); // members
    bytes.extend(3_u32.to_le_bytes()); // pages
    // keepers in use, threshold, canopy depth, decimals, paused, bump, vault bump, version
    bytes.extend([3, 2, 6, 6, 0, 254, 253, 1]);
    bytes.extend([0; 256]);
    bytes
}

/// The active epoch of `pool` in the bytes of layout 1: one member, one node of canopy.
fn epoch_of_layout_1(pool: &Pubkey) -> Vec<u8> {
    let mut bytes = EPOCH_KIND.to_vec();
    bytes.extend(pool.to_bytes());
    // proposer, root, manifest, ruleset, code
    for key in [10_u8, 66, 31, 32, 33] {
        bytes.extend([key; 32]);
    }
    // 16 attesters, 2 in use
    for keeper in 0..16_u8 {
        bytes.extend([if keeper < 2 { 10 + keeper } else { 0 }; 32]);
    }
    for number in [
        3,             // number
        900_000,       // tokens
        5_000,         // points
        77,            // credits
        9,             // accepted
        1,             // rejected
        1_000_000,     // emission allowance
        604_800,       // epoch interval
        86_400,        // challenge window
        1_700_000_000, // proposed at
        1_700_086_400, // activated at
        1_699_000_000, // period
        1_699_604_800,
    ] {
        bytes.extend(u64::to_le_bytes(number));
    }
    bytes.extend(1_u32.to_le_bytes()); // leaves
    bytes.extend(1_u32.to_le_bytes()); // intervals
    bytes.extend([0, 0, 2, 0]); // veto reason, attempt
    // status, depth, canopy depth, attesters, threshold, bump, version
    let bump = epoch_address(pool, EpochNumber::new(3)).1;
    bytes.extend([3, 0, 0, 2, 2, bump, 1]);
    bytes.extend([10; 32]); // rent payer
    bytes.resize(8 + 880, 0);
    // The canopy: the root itself.
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([66; 32]);
    bytes.extend(900_000_u64.to_le_bytes());
    bytes
}

struct Scene {
    ledger: LiteSvmLedger,
    payer: Keypair,
    pools: [Pubkey; 2],
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        let payer = world.actor("somebody");
        let pools = [0, 1].map(|id| {
            let address = Pubkey::new_from_array([40 + id; 32]);
            let data = pool_of_layout_1(id.into());
            assert_eq!(data.len(), 1_144);
            let epoch = (
                epoch_address(&address, EpochNumber::new(3)).0,
                epoch_of_layout_1(&address),
            );
            for (address, data) in [(address, data), epoch] {
                let account = Account {
                    lamports: world.svm().minimum_balance_for_rent_exemption(data.len()),
                    data,
                    owner: REWARD_VAULT,
                    ..Account::default()
                };
                world.set_account(&address, account);
            }
            address
        });
        Self {
            ledger: LiteSvmLedger::new(world),
            payer,
            pools,
        }
    }

    /// Puts `data` at `address` as an account of reward-vault.
    fn put(&self, address: &Pubkey, data: Vec<u8>) {
        self.ledger.with_world(|world| {
            let lamports = world.svm().minimum_balance_for_rent_exemption(data.len());
            let account = Account {
                lamports,
                data,
                owner: REWARD_VAULT,
                ..Account::default()
            };
            world.set_account(address, account);
        });
    }

    async fn apply(&self) -> Vec<Outcome> {
        let steps = all(Expectations::default());
        let options = SendOptions::default();
        apply(&self.ledger, &steps, &self.payer, &options, &Silent)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn pools_and_epochs_of_layout_1_are_migrated_and_a_second_run_finds_nothing_to_do() {
    let scene = Scene::new();
    let before = scene
        .ledger
        .with_world(|world| scene.pools.map(|pool| world.pool(&pool)));
    assert_eq!(before[0].version, 1);

    let first = scene.apply().await;
    assert_eq!((first[1].done, first[1].found.tasks.len()), (2, 2));
    // The pools are of the newest layout after one step; their epochs follow.
    assert_eq!((first[3].done, first[3].found.tasks.len()), (0, 0));
    assert_eq!((first[4].done, first[4].found.tasks.len()), (2, 2));
    assert!(first.iter().all(Outcome::holds));
    let landed = scene.ledger.landed();

    let after = scene
        .ledger
        .with_world(|world| scene.pools.map(|pool| world.pool(&pool)));
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(after.version, 3);
        // Nothing that stood there before has moved, and the new parameters change nothing by themselves.
        assert_eq!(after.params(), before.params());
        assert_eq!(
            (after.admin, after.guardian, after.keepers()),
            (before.admin, before.guardian, before.keepers())
        );
        assert_eq!(
            (
                after.total_cumulative,
                after.points_issued,
                after.credits_issued
            ),
            (
                before.total_cumulative,
                before.points_issued,
                before.credits_issued
            )
        );
        assert_eq!(after.ruleset_hash(), Some([32; 32]), "its active epoch's");
        assert_eq!(after.breaker_share_bps, WHOLE_BPS);
        assert_eq!(after.params_delay_secs, 2 * 86_400);
        assert_eq!((after.points_cap, after.credits_cap), (u64::MAX, u64::MAX));
        assert_eq!(after.keepers().len(), 3);
        assert_eq!((after.members, after.total_claimed), (1_234, 450_000));
        assert_eq!(after.pending_params.params(), None);
        let epoch = epoch_address(&after.address, EpochNumber::new(3)).0;
        let epoch = scene.ledger.with_world(|world| world.epoch(&epoch));
        assert_eq!((epoch.version, epoch.attempt), (2, 2));
        assert_eq!((epoch.tokens, epoch.attesters().len()), (900_000, 2));
    }

    let second = scene.apply().await;
    assert!(second.iter().all(|outcome| outcome.found.tasks.is_empty()));
    assert_eq!(scene.ledger.landed(), landed, "a second run sends nothing");
}

#[tokio::test]
async fn an_interrupted_run_is_continued_from_what_stands_on_chain() {
    let scene = Scene::new();
    let steps = all(Expectations::default());
    let planned = plan(&scene.ledger, &steps).await.unwrap();
    let first = &planned[1].found.tasks[0];
    scene.ledger.with_world(|world| {
        let payer = world.payer().pubkey();
        world.must(&[first.act.instruction(payer)], &[])
    });

    let rest = scene.apply().await;
    assert_eq!(rest[1].found.tasks.len(), 1);
    assert_ne!(rest[1].found.tasks[0].what, first.what);
    assert!(rest[1].holds());
}

#[tokio::test]
async fn a_payer_with_too_little_is_told_once_and_before_the_first_task() {
    let scene = Scene::new();
    let poor = World::pauper("poor");
    let steps = all(Expectations::default());
    let options = SendOptions::default();
    let short = async |landed: usize| {
        let refused = apply(&scene.ledger, &steps, &poor, &options, &Silent).await;
        let refused = refused.unwrap_err();
        let MigrationError::Client(ClientError::InsufficientLamports { key, have, need }) = refused
        else {
            panic!("{refused}");
        };
        assert_eq!(key, poor.pubkey());
        assert_eq!(scene.ledger.landed(), landed);
        scene
            .ledger
            .with_world(|world| world.airdrop(&key, need - have));
        (have, need)
    };
    // What it is told is enough for the step: fees, and the rent of what the accounts grow by.
    assert_eq!(short(0).await.0, 0);
    let (have, need) = short(2).await;
    assert!(have < need && need > 2 * 5_000);
    let done = apply(&scene.ledger, &steps, &poor, &options, &Silent)
        .await
        .unwrap();
    assert_eq!((done[4].done, done[4].fees), (2, 2 * 5_000));
}

#[tokio::test]
async fn a_plan_sends_nothing() {
    let scene = Scene::new();
    let planned = plan(&scene.ledger, &all(Expectations::default()))
        .await
        .unwrap();
    assert_eq!(planned[1].found.tasks.len(), 2);
    assert_eq!(scene.ledger.landed(), 0);
    assert_eq!(
        planned[1].found.facts,
        [
            ("pools".to_owned(), "2".to_owned()),
            ("of an older layout".to_owned(), "2".to_owned())
        ]
    );
}

#[tokio::test]
async fn a_program_that_is_missing_or_is_no_program_stops_everything() {
    let scene = Scene::new();
    let program = scene
        .ledger
        .with_world(|world| world.expect_account(&DEVICE_REGISTRY));
    let put = |account: Account| {
        scene
            .ledger
            .with_world(|world| world.set_account(&DEVICE_REGISTRY, account));
    };
    put(Account::default());
    let steps = all(Expectations::default());
    let missing = plan(&scene.ledger, &steps).await.unwrap_err();
    assert!(
        matches!(missing, MigrationError::Client(_)),
        "{missing}: {}",
        missing.hint()
    );
    put(program);
    assert!(plan(&scene.ledger, &steps).await.is_ok());
}

#[tokio::test]
async fn another_authority_or_build_than_expected_is_named() {
    let scene = Scene::new();
    let somebody = Authority::Key(Pubkey::new_from_array([9; 32]));
    let expected = Expectations {
        upgrade_authority: Some(somebody),
        executables: Vec::new(),
    };
    let wrong = plan(&scene.ledger, &all(expected)).await.unwrap_err();
    assert!(
        matches!(wrong, MigrationError::WrongAuthority { expected, .. } if expected == somebody),
        "{wrong}"
    );

    let expected = Expectations {
        upgrade_authority: None,
        executables: vec![(REWARD_VAULT, [0; 32])],
    };
    let wrong = plan(&scene.ledger, &all(expected)).await.unwrap_err();
    assert!(
        matches!(wrong, MigrationError::WrongExecutable { program, .. } if program == REWARD_VAULT),
        "{wrong}"
    );
}

#[tokio::test]
async fn campaigns_that_the_vault_still_holds_stop_the_upgrade_and_are_named() {
    let scene = Scene::new();
    let [draft, open, swept, page, vesting] =
        [80, 81, 82, 83, 84].map(|byte| Pubkey::new_from_array([byte; 32]));
    for (address, status) in [(draft, 1), (open, 2), (swept, 3)] {
        scene.put(&address, campaign_of_the_vault(status));
    }
    let [page_data, vesting_data] = page_and_vesting(&open);
    scene.put(&page, page_data);
    scene.put(&vesting, vesting_data);

    // However often it is asked, and by whatever command, it says the same and sends nothing for it.
    let mut told = Vec::new();
    for _ in 0..2 {
        let steps = all(Expectations::default());
        let options = SendOptions::default();
        let refused = apply(&scene.ledger, &steps, &scene.payer, &options, &Silent)
            .await
            .unwrap_err();
        let MigrationError::CampaignsLeft { left } = &refused else {
            panic!("{refused}");
        };
        let found: Vec<Pubkey> = left.iter().map(|left| left.address).collect();
        assert_eq!(found, [draft, open, swept, page, vesting]);
        assert!(!refused.retryable() && refused.hint().contains("do not upgrade"));
        told.push(refused.to_string());
    }
    assert_eq!(told[0], told[1]);
    let lines = told[0].lines().skip(1);
    for (line, (address, says)) in lines.zip([
        (draft, "gives it up"),
        (open, "is open until 1900000000"),
        (swept, "close it"),
        (page, "page 0"),
        (vesting, "the vesting account"),
    ]) {
        assert!(
            line.contains(&address.to_string()) && line.contains(says),
            "{line}"
        );
    }
    let planned = plan(&scene.ledger, &all(Expectations::default())).await;
    assert!(matches!(planned, Err(MigrationError::CampaignsLeft { .. })));
}

#[tokio::test]
async fn what_stays_of_closed_campaigns_stops_nothing() {
    let scene = Scene::new();
    scene.put(&Pubkey::new_from_array([80; 32]), tombstone_of_the_vault());
    let first = scene.apply().await;
    assert!(first.iter().all(Outcome::holds));
    let second = scene.apply().await;
    let facts = &second[2].found.facts;
    assert_eq!(facts[..], [("closed campaigns".to_owned(), "1".to_owned())]);
}
