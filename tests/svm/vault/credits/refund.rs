use cairn_interface::vault::{
    CreditsRefunded, VaultError, VaultEvent, carrier_address, member_page_address,
};
use cairn_testkit::assert_refused;

use super::super::scene::{address, event, member};
use super::{PERIOD, carrier, granted, redeem, redemption_at, refund, refund_of, set};

#[test]
fn what_nobody_delivered_goes_back_after_the_deadline_exactly() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    redeem(&mut scene, &rewards, 0, 2, 15).unwrap();
    scene.world.warp(PERIOD);
    let early = refund(&mut scene, 0, 1);
    assert_refused(early, VaultError::RedemptionNotExpired);
    scene.world.warp(1);
    let said = event(refund(&mut scene, 0, 1));
    let expected = CreditsRefunded {
        pool: scene.pool,
        owner: member(0),
        carrier: address("carrier"),
        nonce: 1,
        credits: 30,
        credits_redeemed: 15,
        index: 0,
        reserved: [0; 4],
    };
    assert_eq!(said, VaultEvent::CreditsRefunded(expected));
    assert_eq!(scene.page(0).slots[0].credits_redeemed(), 15);
    assert_eq!(scene.pool().credits_redeemed, 15);
    assert_eq!(carrier(&scene, "carrier").pending, 15);
    assert!(scene.world.account(&redemption_at(&scene, 0, 1)).is_none());
    // They are the member's again.
    redeem(&mut scene, &rewards, 0, 3, 35).unwrap();
}

#[test]
fn a_refund_reaches_its_own_member_page_carrier_and_payer_only() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    scene.open_page(1).unwrap();
    set(&mut scene, "other carrier", true).unwrap();
    scene.world.warp(PERIOD + 1);
    // Accounts: pool, page, carrier, redemption, rent payer.
    let others = carrier_address(&scene.pool, &address("other carrier")).0;
    for (position, wrong, refusal) in [
        (
            1,
            member_page_address(&scene.pool, 1).0,
            VaultError::WrongPage,
        ),
        (2, others, VaultError::WrongCarrier),
        (4, address("stranger"), VaultError::WrongRentPayer),
    ] {
        let mut refund = refund_of(&scene, 0, 1).instruction();
        refund.accounts[position].pubkey = wrong;
        assert_refused(scene.run(&[refund], &[]), refusal);
    }
    refund(&mut scene, 0, 1).unwrap();
}
