use cairn_interface::DecodeError;
use cairn_interface::vault::{
    CancelParams, Claim, MigratePool, PoolMigrated, PoolView, SetCarrier, SetParams, VaultError,
    VaultEvent,
};
use cairn_merkle::Tokens;
use cairn_testkit::{Rewards, assert_refused};

use super::scene::{Ran, Scene, address, event};

/// Where a pool's version stands: the last byte that both layouts share.
const VERSION: usize = 887;

/// A pool with an active epoch, as the program of layout 1 left it: zeros behind the version.
fn old_pool(version: u8) -> (Scene, Rewards) {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let mut account = scene.world.expect_account(&scene.pool);
    assert_eq!(account.data[VERSION], 2, "the version stands elsewhere");
    account.data[VERSION] = version;
    account.data[VERSION + 1..].fill(0);
    let pool = scene.pool;
    scene.world.set_account(&pool, account);
    (scene, first)
}

fn migrate(scene: &mut Scene) -> Ran {
    let migrate = MigratePool { pool: scene.pool };
    scene.run(&[migrate.instruction()], &[])
}

#[test]
fn an_old_pool_pays_once_it_was_migrated() {
    let (mut scene, first) = old_pool(1);
    assert!(!scene.pool().is_current());
    assert_refused(scene.claim(1, &first, 0), VaultError::PoolVersion);
    let mut before = scene.pool();
    let said = event(migrate(&mut scene));
    assert_eq!(
        said,
        VaultEvent::PoolMigrated(PoolMigrated {
            pool: scene.pool,
            from_version: 1,
            to_version: 2,
        })
    );
    let pool = scene.pool();
    assert!(pool.is_current());
    assert_eq!(pool.params(), scene.terms.params());
    // Nothing else changed, and what was shown before is what it has now.
    before.version = 2;
    assert_eq!(before, pool);
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn an_old_pool_has_neither_rounds_nor_carriers() {
    let (mut scene, first) = old_pool(1);
    assert_refused(scene.open_round(0, 10), VaultError::PoolVersion);
    let named = SetCarrier {
        payer: address("admin"),
        admin: address("admin"),
        pool: scene.pool,
        carrier: address("carrier"),
        period_secs: 60,
        active: true,
    };
    let named = named.instruction();
    let set = scene.run(std::slice::from_ref(&named), &["admin"]);
    assert_refused(set, VaultError::PoolVersion);
    migrate(&mut scene).unwrap();
    scene.open_round(0, 10).unwrap();
    scene.must(&[named], &["admin"]);
    scene.burn(&first, 0, 0, 100).unwrap();
}

#[test]
fn a_second_migration_changes_nothing_and_succeeds() {
    let (mut scene, first) = old_pool(1);
    migrate(&mut scene).unwrap();
    scene.claim(1, &first, 0).unwrap();
    let set = SetParams {
        admin: address("admin"),
        pool: scene.pool,
        params: scene.terms.params(),
    };
    scene.must(&[set.instruction()], &["admin"]);
    let before = scene.world.expect_account(&scene.pool);
    let again = migrate(&mut scene).unwrap();
    assert!(again.events().is_empty());
    assert_eq!(scene.world.expect_account(&scene.pool).data, before.data);
}

#[test]
fn parameters_wait_for_the_migration() {
    let (mut scene, _) = old_pool(1);
    let set = SetParams {
        admin: address("admin"),
        pool: scene.pool,
        params: scene.terms.params(),
    };
    assert_refused(
        scene.run(&[set.instruction()], &["admin"]),
        VaultError::PoolVersion,
    );
    let cancel = CancelParams {
        authority: address("guardian"),
        pool: scene.pool,
    };
    assert_refused(
        scene.run(&[cancel.instruction()], &["guardian"]),
        VaultError::ParamsNotPending,
    );
}

#[test]
fn an_old_pool_goes_on_with_its_epochs() {
    let (mut scene, _) = old_pool(1);
    scene.fund(1_000).unwrap();
    let second = scene.rewards(&[150, 250]);
    scene.run_epoch(2, &second);
    migrate(&mut scene).unwrap();
    let claim = Claim {
        at_most: Tokens::new(149),
        ..scene.claim_of(2, &second, 0)
    };
    scene.must(&[claim.instruction()], &[]);
    assert_eq!(scene.balance(0), 149);
}

#[test]
fn a_layout_of_the_future_is_left_alone() {
    let (mut scene, first) = old_pool(3);
    assert_refused(migrate(&mut scene), VaultError::PoolVersion);
    let pool = scene.world.account(&scene.pool).unwrap();
    assert!(matches!(
        PoolView::decode(scene.pool, &pool),
        Err(DecodeError::UnknownVersion { version: 3, .. })
    ));
    drop(first);
}
