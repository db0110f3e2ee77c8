//! The end of a recipient account: when it may close, and who gets its rent.

use cairn_interface::vault::{
    CloseRecipient, RecipientClosed, SetRecipient, VaultError, VaultEvent, recipient_address,
};
use cairn_testkit::assert_refused;
use solana_sdk::signer::Signer;

use super::super::scene::{DAY, Scene, address, event, member};
use super::{close, redirected, run_claim, will};

#[test]
fn an_account_closes_once_it_says_nothing() {
    let (mut scene, first) = redirected();
    let ending = close(&scene, 0);
    // Pending only: the member is paid directly, so nothing is lost by closing. In effect: not any more.
    scene.world.warp(DAY);
    assert_refused(
        scene.run(&[ending.instruction()], &["member 0"]),
        VaultError::RecipientInUse,
    );
    let back = will(&scene, &first, 0);
    scene.must(&[back.instruction()], &["member 0"]);
    scene.world.warp(DAY - 1);
    assert_refused(
        scene.run(&[ending.instruction()], &["member 0"]),
        VaultError::RecipientInUse,
    );
    scene.world.warp(1);
    let said = event(scene.run(&[ending.instruction()], &["member 0"]));
    assert_eq!(
        said,
        VaultEvent::RecipientClosed(RecipientClosed {
            pool: scene.pool,
            owner: member(0),
            rent_payer: scene.world.payer().pubkey(),
            index: 0,
        })
    );
    assert!(!scene.page(0).slots[0].has_recipient());
    scene.claim(1, &first, 0).unwrap();
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn a_restriction_keeps_the_account_open() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let set = SetRecipient {
        restricted: true,
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    let ending = close(&scene, 0).instruction();
    assert_refused(
        scene.run(&[ending], &["member 0"]),
        VaultError::RecipientInUse,
    );
}

#[test]
fn the_rent_goes_back_to_who_paid_it() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let set = SetRecipient {
        payer: address("stranger"),
        ..will(&scene, &first, 0)
    };
    let before = scene.world.lamports(&address("stranger"));
    scene.must(&[set.instruction()], &["stranger", "member 0"]);
    assert!(scene.world.lamports(&address("stranger")) < before);
    let ending = CloseRecipient {
        rent_payer: member(0),
        ..close(&scene, 0)
    };
    assert_refused(
        scene.run(&[ending.instruction()], &["member 0"]),
        VaultError::WrongRentPayer,
    );
    let ending = close(&scene, 0).instruction();
    scene.must(&[ending], &["member 0"]);
    assert_eq!(scene.world.lamports(&address("stranger")), before);
    let gone = recipient_address(&scene.pool, &member(0)).0;
    assert!(scene.world.account(&gone).is_none());
}

#[test]
fn a_closed_account_does_not_come_along() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let set = will(&scene, &first, 0);
    scene.must(&[set.instruction()], &["member 0"]);
    let ending = close(&scene, 0).instruction();
    scene.must(&[ending], &["member 0"]);
    assert_refused(
        run_claim(&mut scene, &first, member(0)),
        VaultError::WrongRecipient,
    );
}

#[test]
fn an_owner_may_pay_the_rent_of_an_account_that_was_funded_beforehand() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    scene.world.actor("member 0");
    let spot = recipient_address(&scene.pool, &member(0)).0;
    scene.world.airdrop(&spot, 1_000_000);
    let set = SetRecipient {
        payer: member(0),
        ..will(&scene, &first, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    let ending = close(&scene, 0);
    assert_eq!(ending.rent_payer, member(0));
    scene.must(&[ending.instruction()], &["member 0"]);
}
