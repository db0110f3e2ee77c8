use cairn_interface::ids;
use cairn_interface::vault::{CreditsRedeemed, Pause, VaultError, VaultEvent, carrier_address};
use cairn_merkle::{Credits, EpochNumber};
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use solana_sdk::instruction::InstructionError;

use super::super::scene::{Scene, address, event, member};
use super::{
    COMMITMENT, PERIOD, carrier, fulfil, granted, leaves, redeem, redemption, redemption_at,
    redemption_of, set,
};

#[test]
fn redeemed_credits_are_counted_and_wait_for_their_carrier() {
    let (mut scene, rewards) = granted(&[50, 50]);
    let now = scene.world.now();
    let said = event(redeem(&mut scene, &rewards, 1, 9, 30));
    let expected = CreditsRedeemed {
        pool: scene.pool,
        owner: member(1),
        carrier: address("carrier"),
        commitment: COMMITMENT,
        nonce: 9,
        credits: 30,
        credits_redeemed: 30,
        deadline: now + PERIOD,
        index: 1,
        reserved: [0; 4],
    };
    assert_eq!(said, VaultEvent::CreditsRedeemed(expected));
    assert_eq!(scene.page(0).slots[1].credits_redeemed(), 30);
    assert_eq!(scene.pool().credits_redeemed, 30);
    assert_eq!(carrier(&scene, "carrier").pending, 30);
    let redemption = redemption(&scene, 1, 9);
    assert_eq!(
        (redemption.credits, redemption.deadline),
        (30, now + PERIOD)
    );
    assert_eq!(
        (redemption.owner, redemption.commitment),
        (member(1), COMMITMENT)
    );
}

#[test]
fn no_member_redeems_more_than_their_leaf_grants() {
    let (mut scene, rewards) = granted(&[50, 1_000]);
    for credits in [51, u64::MAX] {
        let redeemed = redeem(&mut scene, &rewards, 0, 0, credits);
        assert_refused(redeemed, VaultError::CreditsShort);
    }
    redeem(&mut scene, &rewards, 0, 0, 20).unwrap();
    let redeemed = redeem(&mut scene, &rewards, 0, 1, 31);
    assert_refused(redeemed, VaultError::CreditsShort);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
}

#[test]
fn a_redemption_has_credits_and_says_for_what() {
    let (mut scene, rewards) = granted(&[50]);
    let redeemed = redeem(&mut scene, &rewards, 0, 0, 0);
    assert_refused(redeemed, VaultError::CreditsZero);
    let mut mute = redemption_of(&scene, &rewards, 0, 0, 5);
    mute.commitment = [0; 32];
    let redeemed = scene.run(&[mute.instruction()], &["member 0"]);
    assert_refused(redeemed, VaultError::CommitmentZero);
}

#[test]
fn credits_are_redeemed_with_an_active_carrier_of_the_pool() {
    let (mut scene, rewards) = granted(&[50]);
    let mut unknown = redemption_of(&scene, &rewards, 0, 0, 5);
    unknown.carrier = address("stranger");
    let redeemed = scene.run(&[unknown.instruction()], &["member 0"]);
    assert_refused(redeemed, VaultError::CarrierInactive);
    set(&mut scene, "carrier", false).unwrap();
    let redeemed = redeem(&mut scene, &rewards, 0, 0, 5);
    assert_refused(redeemed, VaultError::CarrierInactive);

    let first = scene.pool;
    let mut second = scene.create_pool();
    second.id = 1;
    scene.must(&[second.instruction()], &["admin"]);
    scene.pool = second.pool();
    set(&mut scene, "carrier", true).unwrap();
    scene.pool = first;
    let mut foreign = redemption_of(&scene, &rewards, 0, 0, 5).instruction();
    // Accounts: payer, owner, pool, epoch, page, carrier.
    foreign.accounts[5].pubkey = carrier_address(&second.pool(), &address("carrier")).0;
    let redeemed = scene.run(&[foreign], &["member 0"]);
    assert_refused(redeemed, VaultError::WrongPool);
}

#[test]
fn nobody_redeems_another_ones_credits_nor_in_a_paused_pool() {
    let (mut scene, rewards) = granted(&[50]);
    let mut theft = redemption_of(&scene, &rewards, 0, 0, 5);
    theft.owner = address("stranger");
    let redeemed = scene.run(&[theft.instruction()], &["stranger"]);
    assert_refused(redeemed, VaultError::ProofHashMismatch);
    let mut unsigned = redemption_of(&scene, &rewards, 0, 0, 5).instruction();
    unsigned.accounts[1].is_signer = false;
    assert_failed(
        scene.run(&[unsigned], &[]),
        &InstructionError::MissingRequiredSignature,
    );
    let pause = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[pause.instruction()], &["guardian"]);
    let redeemed = redeem(&mut scene, &rewards, 0, 0, 5);
    assert_refused(redeemed, VaultError::Paused);
}

#[test]
fn credits_are_proven_by_the_active_epoch_or_the_one_before_it() {
    let (mut scene, first) = granted(&[50]);
    let second = leaves(&scene, &[90]);
    scene.run_epoch(2, &second);
    redeem(&mut scene, &first, 0, 0, 50).unwrap();
    scene.run_epoch(3, &second);
    let redeemed = redeem(&mut scene, &first, 0, 1, 5);
    assert_refused(redeemed, VaultError::EpochSuperseded);
    let mut unknown = redemption_of(&scene, &first, 0, 1, 5);
    unknown.number = EpochNumber::new(7);
    let redeemed = scene.run(&[unknown.instruction()], &["member 0"]);
    assert_refused(redeemed, VaultError::EpochUnknown);
}

#[test]
fn forged_leaves_redeem_no_more_than_their_root_says_there_is() {
    let mut scene = Scene::new();
    let rewards = leaves(&scene, &[50, 50]);
    let mut proposal = scene.proposal(1, &rewards);
    proposal.credits = Credits::new(60);
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(1, &rewards);
    scene.attest("keeper 1", 1).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(1).unwrap();
    scene.open_page(0).unwrap();
    set(&mut scene, "carrier", true).unwrap();
    redeem(&mut scene, &rewards, 0, 0, 50).unwrap();
    let redeemed = redeem(&mut scene, &rewards, 1, 0, 11);
    assert_refused(redeemed, VaultError::CreditsAboveRoot);
    redeem(&mut scene, &rewards, 1, 0, 10).unwrap();
}

#[test]
fn a_redemptions_address_that_was_sent_lamports_serves_all_the_same() {
    let (mut scene, rewards) = granted(&[50]);
    for (nonce, lamports) in [(0, 1_000_000), (1, 1_000_000_000)] {
        let at = redemption_at(&scene, 0, nonce);
        scene.world.airdrop(&at, lamports);
        redeem(&mut scene, &rewards, 0, nonce, 5).unwrap();
        assert_eq!(redemption(&scene, 0, nonce).credits, 5);
    }
}

#[test]
fn a_nonce_is_free_again_once_its_redemption_has_ended() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 4, 5).unwrap();
    // An account that exists is not created: the system program's code 0.
    let again = redeem(&mut scene, &rewards, 0, 4, 5);
    assert_refused_by(again, &ids::SYSTEM_PROGRAM, 0);
    assert_eq!(scene.pool().credits_redeemed, 5);
    fulfil(&mut scene, 0, 4).unwrap();
    redeem(&mut scene, &rewards, 0, 4, 5).unwrap();
    assert_eq!(scene.pool().credits_redeemed, 10);
}
