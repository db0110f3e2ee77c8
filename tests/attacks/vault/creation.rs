//! Addresses taken before their owner comes, by lamports or by haste.

use cairn_interface::{
    ids,
    registry::NetworkView,
    vault::{VaultError, epoch_address, member_page_address, vault_address},
};
use cairn_merkle::EpochNumber;
use cairn_testkit::{assert_refused, assert_refused_by};
use solana_sdk::{pubkey, pubkey::Pubkey};

use super::scene::{Scene, Terms, address};

const RENT_SYSVAR: Pubkey = pubkey!("SysvarRent111111111111111111111111111111111");

#[test]
fn lamports_sent_ahead_do_not_block_a_pool_its_vault_or_an_epoch() {
    for lamports in [1_000_000, 1_000_000_000] {
        let mut scene = Scene::without_pool(Terms::default());
        let pool = scene.pool;
        for target in [
            pool,
            vault_address(&pool).0,
            epoch_address(&pool, EpochNumber::FIRST).0,
        ] {
            scene.world.airdrop(&target, lamports);
        }
        let creation = scene.create_pool().instruction();
        scene.must(&[creation], &["admin"]);
        let rewards = scene.rewards(&[10, 20]);
        scene.fund(30).unwrap();
        scene.run_epoch(1, &rewards);
    }
}

#[test]
fn a_stranger_can_not_take_a_networks_pool_addresses() {
    let mut scene = Scene::without_pool(Terms::default());
    let mut theft = scene.create_pool();
    theft.admin = address("stranger");
    let ran = scene.run(&[theft.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::NotNetworkAuthority);
    // Under a network of its own it gets another address.
    let own = scene.create_network("stranger");
    theft.network = own;
    scene.must(&[theft.instruction()], &["stranger"]);
    assert_ne!(theft.pool(), scene.pool);
    let honest = scene.create_pool().instruction();
    scene.must(&[honest], &["admin"]);
}

#[test]
fn only_a_network_of_the_registry_is_a_network() {
    let mut scene = Scene::without_pool(Terms::default());
    for fake in [address("stranger"), scene.mint, ids::DEVICE_REGISTRY] {
        let mut theft = scene.create_pool();
        theft.network = fake;
        let ran = scene.run(&[theft.instruction()], &["admin"]);
        assert_refused(ran, VaultError::NetworkUnknown);
    }
}

#[test]
fn the_vault_reads_a_networks_authority_where_the_registry_writes_it() {
    let scene = Scene::new();
    let account = scene.world.expect_account(&scene.network);
    let view = NetworkView::decode(scene.network, &account).unwrap();
    assert_eq!(account.owner, ids::DEVICE_REGISTRY);
    assert_eq!(account.data[8..40], view.authority.to_bytes());
    assert_eq!(view.authority, address("admin"));
}

#[test]
fn nothing_that_exists_is_created_again() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    let before = scene.pool();
    let creation = scene.create_pool().instruction();
    // An account that exists is not created: the system program's code 0.
    let again = scene.run(&[creation], &["admin"]);
    assert_refused_by(again, &ids::SYSTEM_PROGRAM, 0);
    // An account that exists is not created: the system program's code 0.
    assert_refused_by(scene.open_page(0), &ids::SYSTEM_PROGRAM, 0);
    assert_eq!(scene.pool(), before);
}

#[test]
fn rent_is_what_the_sysvar_says_at_the_time() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    let before = scene.world.lamports(&member_page_address(&scene.pool, 0).0);
    // Lamports a byte come first in the sysvar.
    let mut rent = scene.world.expect_account(&RENT_SYSVAR);
    let rate = u64::from_le_bytes(rent.data[..8].try_into().unwrap());
    rent.data[..8].copy_from_slice(&(rate * 3).to_le_bytes());
    scene.world.set_account(&RENT_SYSVAR, rent);
    scene.open_page(1).unwrap();
    let after = scene.world.lamports(&member_page_address(&scene.pool, 1).0);
    assert_eq!(after, 3 * before);
}
