use cairn_interface::vault::{CarrierSet, VaultError, VaultEvent, carrier_address};
use cairn_testkit::assert_refused;
use solana_sdk::pubkey::Pubkey;

use super::super::scene::{Scene, address, event};
use super::{PERIOD, carrier, set, terms};

#[test]
fn the_admin_names_carriers_and_changes_their_terms() {
    let mut scene = Scene::new();
    let said = event(set(&mut scene, "carrier", true));
    let expected = CarrierSet {
        pool: scene.pool,
        carrier: address("carrier"),
        period_secs: PERIOD.unsigned_abs(),
        active: 1,
        reserved: [0; 7],
    };
    assert_eq!(said, VaultEvent::CarrierSet(expected));
    let mut changed = terms(&scene, "carrier", false);
    changed.period_secs = 7;
    scene.must(&[changed.instruction()], &["admin"]);
    let now = carrier(&scene, "carrier");
    assert_eq!((now.period_secs, now.is_active()), (7, false));
    assert_eq!((now.pending, now.fulfilled), (0, 0));
}

#[test]
fn nobody_else_names_a_carrier() {
    let mut scene = Scene::new();
    for actor in ["stranger", "guardian", "carrier"] {
        scene.world.actor(actor);
        let mut named = terms(&scene, "carrier", true);
        (named.admin, named.payer) = (address(actor), address(actor));
        let set = scene.run(&[named.instruction()], &[actor]);
        assert_refused(set, VaultError::NotAdmin);
    }
}

#[test]
fn a_carrier_has_a_key_and_a_time_within_a_year() {
    let mut scene = Scene::new();
    for period_secs in [0, 366 * 86_400 + 1, u64::MAX] {
        let mut named = terms(&scene, "carrier", true);
        named.period_secs = period_secs;
        let set = scene.run(&[named.instruction()], &["admin"]);
        assert_refused(set, VaultError::RedemptionPeriodRange);
    }
    let mut named = terms(&scene, "carrier", true);
    named.carrier = Pubkey::default();
    let set = scene.run(&[named.instruction()], &["admin"]);
    assert_refused(set, VaultError::CarrierKeyZero);
}

#[test]
fn a_carriers_address_that_was_sent_lamports_serves_all_the_same() {
    for lamports in [1_000_000, 1_000_000_000] {
        let mut scene = Scene::new();
        let at = carrier_address(&scene.pool, &address("carrier")).0;
        scene.world.airdrop(&at, lamports);
        set(&mut scene, "carrier", true).unwrap();
        assert!(carrier(&scene, "carrier").is_active());
    }
}
