use cairn_interface::{
    ids,
    vault::{CreatePool, PoolCreated, VaultError, VaultEvent, vault_address},
};
use cairn_testkit::assert_refused;
use solana_sdk::{instruction::InstructionError, pubkey::Pubkey};

use super::scene::{Scene, Terms, WEEK, address, event};

fn refused(spoil: impl FnOnce(&mut CreatePool), expected: VaultError) {
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool();
    spoil(&mut creation);
    assert_refused(scene.run(&[creation.instruction()], &["admin"]), expected);
}

#[test]
fn a_pool_holds_what_it_was_created_with_and_an_empty_vault() {
    let mut scene = Scene::without_pool(Terms::default());
    let creation = scene.create_pool();
    let created = event(scene.run(&[creation.instruction()], &["admin"]));
    let pool = scene.pool();
    assert!(
        matches!(created, VaultEvent::PoolCreated(PoolCreated { pool, id: 0, .. }) if pool == scene.pool)
    );
    assert_eq!(pool.network, scene.network);
    assert_eq!(pool.mint, scene.mint);
    assert_eq!(pool.admin, address("admin"));
    assert_eq!(pool.pending_admin(), None);
    assert_eq!(pool.keepers(), creation.keepers);
    assert_eq!(
        (pool.threshold, pool.canopy_depth, pool.decimals),
        (2, 2, 6)
    );
    assert_eq!(
        (pool.next_epoch, pool.active_epoch, pool.pending_epoch),
        (1, 0, 0)
    );
    assert_eq!(pool.created_at, scene.world.now());
    assert_eq!(pool.emission_anchor, scene.world.now() - WEEK);
    assert!(!pool.is_paused(scene.world.now()));
    assert_eq!(pool.creation.params(), scene.terms.params());
    assert_eq!(pool.ruleset_hash(), Some(creation.ruleset_hash));
    let vault = scene.world.token_account(&vault_address(&scene.pool).0);
    assert_eq!(
        (vault.owner, vault.mint, vault.amount),
        (scene.pool, scene.mint, 0)
    );
}

#[test]
fn the_admin_may_pay_for_its_pool() {
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool();
    creation.payer = address("admin");
    scene.must(&[creation.instruction()], &["admin"]);
}

#[test]
fn a_pool_needs_its_networks_authority() {
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool();
    creation.admin = address("stranger");
    let ran = scene.run(&[creation.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::NotNetworkAuthority);
}

#[test]
fn a_pool_needs_a_network_of_the_registry() {
    refused(
        |pool| pool.network = Pubkey::new_unique(),
        VaultError::NetworkUnknown,
    );
}

#[test]
fn the_same_pool_is_created_once() {
    let mut scene = Scene::new();
    let creation = scene.create_pool().instruction();
    let refused = scene.run(&[creation], &["admin"]).unwrap_err();
    assert_eq!(refused.program, ids::SYSTEM_PROGRAM, "{refused:?}");
}

#[test]
fn a_network_may_have_several_pools() {
    let mut scene = Scene::new();
    let mut creation = scene.create_pool();
    creation.id = 1;
    scene.must(&[creation.instruction()], &["admin"]);
    assert_ne!(creation.pool(), scene.pool);
}

#[test]
fn keepers_and_threshold_must_make_sense() {
    refused(|pool| pool.keepers.clear(), VaultError::KeeperCount);
    refused(
        |pool| pool.keepers = (0..17).map(|_| Pubkey::new_unique()).collect(),
        VaultError::KeeperCount,
    );
    refused(
        |pool| pool.keepers[2] = pool.keepers[0],
        VaultError::KeeperDuplicate,
    );
    refused(
        |pool| pool.keepers[1] = Pubkey::default(),
        VaultError::ZeroKey,
    );
    refused(|pool| pool.threshold = 0, VaultError::ThresholdRange);
    refused(|pool| pool.threshold = 4, VaultError::ThresholdRange);
}

#[test]
fn sixteen_keepers_are_the_most() {
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool();
    creation.keepers = (0..16).map(|_| Pubkey::new_unique()).collect();
    creation.threshold = 16;
    scene.must(&[creation.instruction()], &["admin"]);
    assert_eq!(scene.pool().keepers(), creation.keepers);
}

#[test]
fn times_and_canopy_have_bounds() {
    refused(
        |pool| pool.guardian = Pubkey::default(),
        VaultError::ZeroKey,
    );
    refused(
        |pool| pool.params.epoch_interval_secs = 0,
        VaultError::EpochIntervalRange,
    );
    refused(
        |pool| pool.params.epoch_interval_secs = 31_622_401,
        VaultError::EpochIntervalRange,
    );
    refused(
        |pool| pool.params.challenge_window_secs = 0,
        VaultError::ChallengeWindowRange,
    );
    refused(
        |pool| pool.params.challenge_window_secs = 2_592_001,
        VaultError::ChallengeWindowRange,
    );
    refused(|pool| pool.canopy_depth = 8, VaultError::CanopyDepthRange);
    refused(
        |pool| pool.params.params_delay_secs = pool.params.challenge_window_secs + 86_399,
        VaultError::ParamsDelayRange,
    );
    refused(
        |pool| pool.params.params_delay_secs = 5_184_001,
        VaultError::ParamsDelayRange,
    );
    for secs in [3_599, 604_801] {
        refused(
            |pool| pool.params.answer_secs = secs,
            VaultError::AnswerTimeRange,
        );
    }
    refused(|pool| pool.ruleset_hash = [0; 32], VaultError::RulesetZero);
}

#[test]
fn a_pool_needs_a_mint_of_its_token_program() {
    refused(
        |pool| pool.token_program = Pubkey::new_unique(),
        VaultError::TokenProgramUnsupported,
    );
    refused(
        |pool| pool.token_program = ids::TOKEN_2022_PROGRAM,
        VaultError::MintUnsupported,
    );
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool();
    // A token account is owned by the token program and is no mint.
    creation.mint = scene.open_wallet(&address("stranger"));
    let ran = scene.run(&[creation.instruction()], &["admin"]);
    assert_refused(ran, VaultError::MintUnsupported);
}

#[test]
fn the_admin_must_sign() {
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool().instruction();
    creation.accounts[1].is_signer = false;
    let refused = scene.run(&[creation], &[]).unwrap_err();
    assert_eq!(
        refused.name,
        format!("{:?}", InstructionError::MissingRequiredSignature)
    );
}
