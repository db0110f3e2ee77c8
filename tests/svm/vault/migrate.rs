use std::path::Path;

use cairn_interface::DecodeError;
use cairn_interface::vault::{
    ActivateEpoch, BurnPoints, CloseEpoch, EpochMigrated, EpochRecord, EpochStatus, EpochView,
    MigrateEpoch, MigratePool, PAUSE_SECS, POOL_LEN, POOL_VERSION, PoolMigrated, PoolParams,
    PoolView, VaultError, VaultEvent, epoch_address, invariant, vault_address,
};
use cairn_merkle::{EpochNumber, LeafIndex, MilliPoints};
use cairn_testkit::{Rewards, World, assert_refused};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::scene::{HOUR, Ran, Scene, Terms, WEEK, address, event, member};

/// The pools of `fixtures/landed`: one with an epoch in flight, one that stands still.
const BUSY: Pubkey = Pubkey::from_str_const("5kJBn2g5basoUEheeniZNcnSvNY5CrqBKSSMiy8hxGhJ");
const STILL: Pubkey = Pubkey::from_str_const("5UFc8ogwoJeN7W1vb7qzRBMbka51EUB8gsHhAfKKW4gw");

/// What the landed programs left, account by account, under the programs of this build.
fn landed() -> Scene {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/landed/vault.json");
    let text = std::fs::read_to_string(path).unwrap();
    let state: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut scene = Scene::without_pool(Terms {
        breaker_share_bps: 5_000,
        ..Terms::default()
    });
    let key = |value: &serde_json::Value| value.as_str().unwrap().parse::<Pubkey>().unwrap();
    for one in state["accounts"].as_array().unwrap() {
        let account = Account {
            lamports: one["lamports"].as_u64().unwrap(),
            data: hex::decode(one["data"].as_str().unwrap()).unwrap(),
            owner: key(&one["owner"]),
            ..Account::default()
        };
        scene.world.set_account(&key(&one["address"]), account);
    }
    scene.world.set_time(state["now"].as_i64().unwrap());
    scene.pool = BUSY;
    scene
}

fn migrate_pool(scene: &mut Scene, active: u64) -> Ran {
    let migrate = MigratePool {
        payer: address("stranger"),
        pool: scene.pool,
        active: (active > 0).then_some(EpochNumber::new(active)),
    };
    scene.run(&[migrate.instruction()], &["stranger"])
}

fn migrate_epoch(scene: &mut Scene, number: u64) -> Ran {
    let migrate = MigrateEpoch {
        payer: address("stranger"),
        pool: scene.pool,
        number: EpochNumber::new(number),
    };
    scene.run(&[migrate.instruction()], &["stranger"])
}

/// The rewards of the epoch of the busy pool, as they were made.
fn rewards(scene: &Scene, number: u64) -> Rewards {
    let tokens: Vec<u64> = (0..5).map(|index| (number + index) * 1_000).collect();
    scene.rewards(&tokens)
}

fn data(world: &World, address: &Pubkey) -> Vec<u8> {
    world.expect_account(address).data
}

#[test]
fn what_the_landed_programs_left_goes_on_after_the_migration() {
    let mut scene = landed();
    assert_eq!(
        (scene.pool().version, scene.pool().is_current()),
        (2, false)
    );
    let before = scene.pool();
    // Nothing is read from an old layout as if it were the new one.
    let third = rewards(&scene, 3);
    assert_refused(scene.claim(3, &third, 1), VaultError::PoolVersion);
    assert_refused(migrate_epoch(&mut scene, 3), VaultError::PoolVersion);
    assert_refused(migrate_pool(&mut scene, 0), VaultError::WrongPreviousEpoch);
    assert_refused(migrate_pool(&mut scene, 2), VaultError::WrongPreviousEpoch);
    let said = event(migrate_pool(&mut scene, 3));
    let migrated = PoolMigrated {
        pool: BUSY,
        from_version: 2,
        to_version: 3,
    };
    assert_eq!(said, VaultEvent::PoolMigrated(migrated));
    let pool = scene.pool();
    assert_eq!(data(&scene.world, &BUSY).len(), POOL_LEN);
    assert_eq!(pool.version, POOL_VERSION);
    assert_eq!((pool.outflow, pool.next_round), (before.outflow, 1));
    assert_eq!(pool.total_claimed, before.total_claimed);
    assert_eq!(pool.params_delay_secs, PoolParams::least_delay(3_600));
    assert_eq!(pool.creation.params(), pool.params());
    assert_eq!(pool.ruleset_hash(), Some([0x22; 32]));

    assert_refused(scene.claim(3, &third, 1), VaultError::EpochVersion);
    for number in 2..=4 {
        let attesters = scene.epoch(number).attesters().to_vec();
        let canopy = scene.epoch(number).facts.canopy.clone();
        let said = event(migrate_epoch(&mut scene, number));
        let migrated = EpochMigrated {
            pool: BUSY,
            number,
            from_version: 1,
            to_version: 2,
            reserved: [0; 6],
        };
        assert_eq!(said, VaultEvent::EpochMigrated(migrated));
        let epoch = scene.epoch(number);
        assert_eq!(epoch.facts.canopy, canopy);
        assert_eq!(epoch.attesters(), attesters);
    }
    // Twice: nothing changes, nothing is said.
    let places = [2, 3, 4].map(|number| epoch_address(&BUSY, EpochNumber::new(number)).0);
    let once = places.map(|place| data(&scene.world, &place));
    let pool = data(&scene.world, &BUSY);
    assert!(migrate_pool(&mut scene, 3).unwrap().events().is_empty());
    for number in 2..=4 {
        assert!(
            migrate_epoch(&mut scene, number)
                .unwrap()
                .events()
                .is_empty()
        );
    }
    assert_eq!(places.map(|place| data(&scene.world, &place)), once);
    assert_eq!(data(&scene.world, &BUSY), pool);
    goes_on(&mut scene);
}

/// Claims of the epochs before the upgrade, the epoch in flight through its window, a burn, and an epoch after it.
fn goes_on(scene: &mut Scene) {
    let (second, third) = (rewards(scene, 2), rewards(scene, 3));
    scene.claim(2, &second, 1).unwrap();
    scene.claim(3, &third, 3).unwrap();
    assert_eq!(scene.balance(3), 6_000);
    let claim = scene.claim_of(3, &third, 3);
    let burn = BurnPoints {
        payer: scene.world.payer().pubkey(),
        owner: member(3),
        pool: BUSY,
        number: EpochNumber::new(3),
        round: 0,
        index: LeafIndex::new(3),
        tokens: claim.tokens,
        granted: claim.points,
        credits: claim.credits,
        proof: claim.proof,
        points: MilliPoints::new(100),
    };
    scene.must(&[burn.instruction()], &["member 3"]);

    let epoch = scene.epoch(4);
    assert_eq!((epoch.attempt, epoch.status()), (1, EpochStatus::Attested));
    let fourth = rewards(scene, 4);
    let proposal = scene.proposal(4, &fourth);
    assert_eq!(epoch.proposal, proposal.proposal(1));
    // Half a window runs from the migration, which is when it became complete for this program.
    assert_refused(scene.activate(4), VaultError::ChallengeWindowOpen);
    scene.world.warp(HOUR);
    scene.activate(4).unwrap();
    scene.claim(4, &fourth, 0).unwrap();
    let close = CloseEpoch {
        pool: BUSY,
        number: EpochNumber::new(2),
        rent_payer: address("keeper 0"),
    };
    scene.must(&[close.instruction()], &[]);
    let place = epoch_address(&BUSY, EpochNumber::new(2)).0;
    let left = EpochRecord::decode(place, &scene.world.expect_account(&place)).unwrap();
    assert!(matches!(left, EpochRecord::Closed(_)));

    scene.world.warp(WEEK);
    let fifth = rewards(scene, 5);
    scene.prepare(5, &fifth);
    scene.activate(5).unwrap();
    scene.claim(5, &fifth, 4).unwrap();
    for address in [BUSY, epoch_address(&BUSY, EpochNumber::new(5)).0] {
        invariant(&scene.world.expect_account(&address)).unwrap();
    }
}

#[test]
fn a_paused_pool_stays_so_for_a_week_and_its_vetoed_epoch_is_proposed_again() {
    let mut scene = landed();
    scene.pool = STILL;
    let now = scene.world.now();
    migrate_pool(&mut scene, 1).unwrap();
    let pool = scene.pool();
    assert!(pool.is_paused(now) && !pool.is_paused(now + PAUSE_SECS));
    // Parameters were announced under other rules; the offer waits for its delay.
    assert_eq!(pool.pending_params.params(), None);
    assert_eq!(pool.pending_admin(), Some(address("heir")));
    assert_eq!(Ok(pool.admin_effective_at), pool.effective_at(now));

    let second = scene.rewards(&[200, 300, 400]);
    assert_refused(scene.propose(2, &second), VaultError::EpochVersion);
    migrate_epoch(&mut scene, 1).unwrap();
    migrate_epoch(&mut scene, 2).unwrap();
    scene.propose(2, &second).unwrap();
    assert_eq!(scene.epoch(2).attempt, 1);
    scene.put_canopy(2, &second);
    scene.attest("keeper 1", 2).unwrap();
    scene.world.warp(PAUSE_SECS + HOUR);
    scene.activate(2).unwrap();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Superseded);
    scene.open_page(0).unwrap();
    scene.claim(2, &second, 0).unwrap();
}

#[test]
fn an_epoch_that_was_active_at_the_migration_can_not_be_revoked() {
    let mut scene = landed();
    migrate_pool(&mut scene, 3).unwrap();
    migrate_epoch(&mut scene, 3).unwrap();
    migrate_epoch(&mut scene, 4).unwrap();
    scene.veto("guardian", 4).unwrap();
    let revoke = cairn_interface::vault::RevokeEpoch {
        admin: address("admin"),
        guardian: address("guardian"),
        pool: BUSY,
        number: EpochNumber::new(3),
    };
    let ran = scene.run(&[revoke.instruction()], &["admin", "guardian"]);
    assert_refused(ran, VaultError::RevokeUnknown);
}

#[test]
fn the_first_layout_is_migrated_at_once() {
    let mut scene = landed();
    let mut account = scene.world.expect_account(&BUSY);
    account.data[887] = 1;
    account.data[888..].fill(0);
    scene.world.set_account(&BUSY, account);
    assert_eq!(scene.pool().version, 1);
    migrate_pool(&mut scene, 3).unwrap();
    let pool = scene.pool();
    assert_eq!(pool.params(), PoolParams::new(604_800, 3_600, 1_000_000));
    assert_eq!(pool.total_cumulative, 25_000);
}

#[test]
fn an_epoch_of_another_pool_or_of_no_pool_is_not_migrated_through_this_one() {
    let mut scene = landed();
    migrate_pool(&mut scene, 3).unwrap();
    let mut theirs = MigrateEpoch {
        payer: address("stranger"),
        pool: BUSY,
        number: EpochNumber::new(2),
    }
    .instruction();
    theirs.accounts[2].pubkey = epoch_address(&STILL, EpochNumber::new(1)).0;
    let ran = scene.run(std::slice::from_ref(&theirs), &["stranger"]);
    assert_refused(ran, VaultError::WrongPool);
    theirs.accounts[2].pubkey = vault_address(&BUSY).0;
    let ran = scene.run(&[theirs], &["stranger"]);
    assert_refused(ran, VaultError::EpochUnknown);
    let mut no_pool = MigratePool {
        payer: address("stranger"),
        pool: BUSY,
        active: None,
    }
    .instruction();
    no_pool.accounts[1].pubkey = epoch_address(&BUSY, EpochNumber::new(2)).0;
    let ran = scene.run(&[no_pool], &["stranger"]);
    assert_refused(ran, VaultError::PoolVersion);
    // The rules that the pool is given are its own active epoch's, never a copy's.
    let place = epoch_address(&STILL, EpochNumber::new(1)).0;
    let honest = scene.world.expect_account(&place);
    let still = MigratePool {
        payer: address("stranger"),
        pool: STILL,
        active: Some(EpochNumber::new(1)),
    };
    let mut copy = honest.clone();
    copy.owner = address("stranger");
    scene.world.set_account(&place, copy);
    let ran = scene.run(&[still.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::WrongPreviousEpoch);
    scene.world.set_account(&place, honest);
    let mut other = still.clone().instruction();
    other.accounts[2].pubkey = epoch_address(&BUSY, EpochNumber::new(2)).0;
    let ran = scene.run(&[other], &["stranger"]);
    assert_refused(ran, VaultError::WrongPreviousEpoch);
    let stale = ActivateEpoch {
        pool: BUSY,
        number: EpochNumber::new(4),
        previous: Some(EpochNumber::new(3)),
    };
    let ran = scene.run(&[stale.instruction()], &[]);
    assert_refused(ran, VaultError::EpochVersion);
}

#[test]
fn a_layout_of_the_future_is_left_alone() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.propose(1, &rewards).unwrap();
    let mut account = scene.world.expect_account(&scene.pool);
    account.data[887] = 4;
    let pool = scene.pool;
    scene.world.set_account(&pool, account.clone());
    assert_refused(migrate_pool(&mut scene, 0), VaultError::PoolVersion);
    assert!(matches!(
        PoolView::decode(pool, &account),
        Err(DecodeError::UnknownVersion { version: 4, .. })
    ));
    account.data[887] = POOL_VERSION;
    scene.world.set_account(&pool, account);
    let place = epoch_address(&pool, EpochNumber::new(1)).0;
    let mut account = scene.world.expect_account(&place);
    let word = scene.attestation("keeper 1", 1).instruction();
    account.data[8 + 826] = 3;
    scene.world.set_account(&place, account.clone());
    assert_refused(migrate_epoch(&mut scene, 1), VaultError::EpochVersion);
    assert_refused(scene.run(&[word], &["keeper 1"]), VaultError::EpochVersion);
    assert!(matches!(
        EpochView::decode(place, &account),
        Err(DecodeError::UnknownVersion { version: 3, .. })
    ));
}
