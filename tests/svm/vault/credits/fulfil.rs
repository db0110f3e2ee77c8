use cairn_interface::vault::{CreditsFulfilled, VaultError, VaultEvent, carrier_address};
use cairn_testkit::assert_refused;
use solana_sdk::signer::Signer;

use super::super::scene::{HOUR, address, event, member};
use super::{
    COMMITMENT, PERIOD, RECEIPT, carrier, fulfil, fulfilment, granted, redeem, redemption,
    redemption_at, redemption_of, refund, set, terms,
};

#[test]
fn the_carrier_fulfils_up_to_the_deadline_and_rent_goes_back() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    scene.world.warp(PERIOD);
    let payer = scene.world.payer().pubkey();
    let rent = scene.world.lamports(&redemption_at(&scene, 0, 1));
    let before = scene.world.lamports(&payer);
    let fulfilled = fulfil(&mut scene, 0, 1);
    let fee = fulfilled.as_ref().unwrap().fee;
    let expected = CreditsFulfilled {
        pool: scene.pool,
        owner: member(0),
        carrier: address("carrier"),
        commitment: COMMITMENT,
        receipt_hash: RECEIPT,
        nonce: 1,
        credits: 30,
    };
    assert_eq!(event(fulfilled), VaultEvent::CreditsFulfilled(expected));
    assert_eq!(scene.world.lamports(&payer), before + rent - fee);
    assert!(scene.world.account(&redemption_at(&scene, 0, 1)).is_none());
    let carrier = carrier(&scene, "carrier");
    assert_eq!((carrier.pending, carrier.fulfilled), (0, 30));
    let pool = scene.pool();
    assert_eq!((pool.credits_redeemed, pool.credits_fulfilled), (30, 30));
    assert_eq!(scene.page(0).slots[0].credits_redeemed(), 30);
}

#[test]
fn a_redemption_of_another_pool_ends_in_its_own() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    let first = scene.pool;
    let fulfilment = fulfilment(&scene, 0, 1);
    let mut second = scene.create_pool();
    second.id = 1;
    scene.must(&[second.instruction()], &["admin"]);
    scene.pool = second.pool();
    set(&mut scene, "carrier", true).unwrap();
    let theirs = carrier_address(&scene.pool, &address("carrier")).0;
    scene.pool = first;
    // Accounts: signer, pool, carrier, redemption.
    let mut elsewhere = fulfilment.instruction();
    elsewhere.accounts[1].pubkey = second.pool();
    let fulfilled = scene.run(&[elsewhere.clone()], &["carrier"]);
    assert_refused(fulfilled, VaultError::WrongPool);
    elsewhere.accounts[2].pubkey = theirs;
    let fulfilled = scene.run(&[elsewhere], &["carrier"]);
    assert_refused(fulfilled, VaultError::WrongRedemption);
}

#[test]
fn a_redemption_ends_once() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    let late = fulfilment(&scene, 0, 1);
    fulfil(&mut scene, 0, 1).unwrap();
    let again = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(again, VaultError::WrongRedemption);
    scene.world.warp(PERIOD + 1);
    assert_refused(refund(&mut scene, 0, 1), VaultError::WrongRedemption);
    redeem(&mut scene, &rewards, 0, 2, 20).unwrap();
    let late = fulfilment(&scene, 0, 2);
    scene.world.warp(PERIOD + 1);
    refund(&mut scene, 0, 2).unwrap();
    assert_refused(refund(&mut scene, 0, 2), VaultError::WrongRedemption);
    let again = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(again, VaultError::WrongRedemption);
    assert_eq!(scene.page(0).slots[0].credits_redeemed(), 30);
}

#[test]
fn only_the_named_carrier_fulfils_and_only_in_time() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    set(&mut scene, "other carrier", true).unwrap();
    let mut theft = fulfilment(&scene, 0, 1);
    theft.carrier = address("other carrier");
    let fulfilled = scene.run(&[theft.instruction()], &["other carrier"]);
    assert_refused(fulfilled, VaultError::WrongCarrier);
    // Its own key, another carrier's books.
    let mut mixed = fulfilment(&scene, 0, 1).instruction();
    mixed.accounts[2].pubkey = carrier_address(&scene.pool, &address("other carrier")).0;
    assert_refused(scene.run(&[mixed], &["carrier"]), VaultError::WrongCarrier);
    scene.world.warp(PERIOD + 1);
    let fulfilled = fulfil(&mut scene, 0, 1);
    assert_refused(fulfilled, VaultError::RedemptionExpired);
}

#[test]
fn a_late_signature_does_not_fulfil_another_redemption_of_the_same_nonce() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 10).unwrap();
    let late = fulfilment(&scene, 0, 1);
    scene.world.warp(PERIOD + 1);
    refund(&mut scene, 0, 1).unwrap();
    let more = redemption_of(&scene, &rewards, 0, 1, 50);
    scene.must(&[more.instruction()], &["member 0"]);
    let fulfilled = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::RedemptionChanged);
    scene.world.warp(PERIOD + 1);
    refund(&mut scene, 0, 1).unwrap();
    let mut another = redemption_of(&scene, &rewards, 0, 1, 10);
    another.commitment = [0xee; 32];
    scene.must(&[another.instruction()], &["member 0"]);
    let fulfilled = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::RedemptionChanged);
    fulfil(&mut scene, 0, 1).unwrap();
    assert_eq!(scene.pool().credits_fulfilled, 10);
}

#[test]
fn an_inactive_carrier_still_fulfils_what_was_redeemed_before() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 10).unwrap();
    let deadline = redemption(&scene, 0, 1).deadline;
    let mut changed = terms(&scene, "carrier", false);
    changed.period_secs = 1;
    scene.must(&[changed.instruction()], &["admin"]);
    // Its terms were fixed when the member gave the credits up.
    assert_eq!(redemption(&scene, 0, 1).deadline, deadline);
    scene.world.warp(HOUR);
    fulfil(&mut scene, 0, 1).unwrap();
}
