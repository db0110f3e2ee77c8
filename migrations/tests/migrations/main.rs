//! The steps on the built programs: a pool as layout 1 wrote it, byte for byte, and every run done twice.

mod layouts;

use cairn_client::{ClientError, SendOptions};
use cairn_interface::ids::{DEVICE_REGISTRY, REWARD_VAULT};
use cairn_interface::vault::{WHOLE_BPS, epoch_address};
use cairn_merkle::EpochNumber;
use cairn_migrations::{
    Authority, Expectations, MigrationError, Outcome, Silent, all, apply, plan,
};
use cairn_testkit::{LiteSvmLedger, World};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use layouts::{
    campaign_of_the_vault, epoch_of_layout_1, page_and_vesting, pool_of_layout_1,
    tombstone_of_the_vault,
};

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
