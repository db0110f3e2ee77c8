//! Stolen keys around rounds and credits: the worst they can do is what SECURITY.md says.

use cairn_interface::{
    ids::TOKEN_PROGRAM,
    vault::{SetCarrier, VaultError, vault_address},
};
use cairn_merkle::Credits;
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use solana_sdk::instruction::InstructionError;

use super::{
    redeeming::{self, PERIOD},
    scene::{DAY, Scene, address},
};

/// SPL Token's code for an authority that does not own the account.
const OWNER_MISMATCH: u32 = 4;

#[test]
fn a_stolen_carrier_ends_its_own_redemptions_and_nothing_else() {
    let (mut scene, rewards) = redeeming::granted(&[100, 100]);
    redeeming::set(&mut scene, "honest carrier", true).unwrap();
    redeeming::redeem(&mut scene, &rewards, 0, 0, 40).unwrap();
    redeeming::redeem(&mut scene, &rewards, 0, 1, 20).unwrap();
    let mut with_another = redeeming::redemption_of(&scene, &rewards, 1, 0, 30);
    with_another.carrier = address("honest carrier");
    scene.must(&[with_another.instruction()], &["member 1"]);

    // The worst: it says that it delivered, and did not.
    redeeming::fulfil(&mut scene, 0, 0).unwrap();
    assert_eq!(scene.page(0).slots[0].credits_redeemed(), 60);

    // Another carrier's redemption, in that one's name or in its own.
    let mut theirs = redeeming::fulfilment(&scene, 1, 0);
    theirs.carrier = address("carrier");
    let fulfilled = scene.run(&[theirs.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::WrongCarrier);
    // Rent to itself.
    let mut rent = redeeming::fulfilment(&scene, 0, 1);
    rent.rent_payer = address("carrier");
    let fulfilled = scene.run(&[rent.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::WrongRentPayer);
    // More than was redeemed.
    let mut more = redeeming::fulfilment(&scene, 0, 1);
    more.credits = Credits::new(more.credits.get() + 1);
    let fulfilled = scene.run(&[more.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::RedemptionChanged);
    // A member's credits, without the member.
    let mut forced = redeeming::redemption_of(&scene, &rewards, 1, 7, 10);
    forced.owner = address("carrier");
    let redeemed = scene.run(&[forced.instruction()], &["carrier"]);
    assert_refused(redeemed, VaultError::ProofHashMismatch);
    // Longer terms for itself.
    let terms = SetCarrier {
        payer: address("stranger"),
        admin: address("carrier"),
        period_secs: 366 * 86_400,
        ..redeeming::terms(&scene, "carrier", true)
    };
    let set = scene.run(&[terms.instruction()], &["stranger", "carrier"]);
    assert_refused(set, VaultError::NotAdmin);

    // The admin ends it: nobody redeems with it any more, and what it does not fulfil goes back.
    redeeming::set(&mut scene, "carrier", false).unwrap();
    let redeemed = redeeming::redeem(&mut scene, &rewards, 1, 2, 5);
    assert_refused(redeemed, VaultError::CarrierInactive);
    scene.world.warp(PERIOD + 1);
    let late = redeeming::fulfil(&mut scene, 0, 1);
    assert_refused(late, VaultError::RedemptionExpired);
    redeeming::refund(&mut scene, 0, 1).unwrap();
    assert_eq!(scene.page(0).slots[0].credits_redeemed(), 40);
}

#[test]
fn a_stolen_admin_opens_rounds_with_nobodys_tokens_but_what_their_owner_gives() {
    let (mut scene, rewards) = Scene::with_points(&[1_000]);
    scene.fund(5_000).unwrap();
    // The pool's own funds, under the admin's signature.
    let mut from_vault = scene.opening(0, 5_000);
    from_vault.from = vault_address(&scene.pool).0;
    from_vault.funder = address("admin");
    let opened = scene.run(&[from_vault.instruction()], &["admin"]);
    assert_refused_by(opened, &TOKEN_PROGRAM, OWNER_MISMATCH);
    // Somebody's tokens without their signature.
    let mut unsigned = scene.opening(0, 10).instruction();
    unsigned.accounts[2].is_signer = false;
    let opened = scene.run(&[unsigned], &["admin"]);
    assert_failed(opened, &InstructionError::MissingRequiredSignature);
    assert_eq!(scene.vault_balance(), 5_000);

    // What stands in a round is its burners', and the rest the pool's, whoever closes it.
    scene.open_round(0, 1_000).unwrap();
    scene.burn(&rewards, 0, 0, 300).unwrap();
    assert_refused(scene.close_round(0), VaultError::RoundNotEnded);
    scene.world.warp(DAY);
    assert_refused(scene.close_round(0), VaultError::RoundUnsettled);
    let mut theft = scene.settlement(0, 0);
    scene.open_wallet(&address("admin"));
    theft.payout = Some(address("admin"));
    let settled = scene.run(&[theft.instruction()], &["admin"]);
    assert_refused(settled, VaultError::DestinationNotRecipient);
    let mut theft = scene.closing(0).instruction();
    theft.accounts[4].pubkey = scene.open_wallet(&address("admin"));
    assert_refused(scene.run(&[theft], &["admin"]), VaultError::WrongVault);
    scene.settle(0, 0).unwrap();
    let purse = scene.mint_to(&address("admin"), 0);
    scene.close_round(0).unwrap();
    assert_eq!((scene.balance(0), scene.world.tokens(&purse)), (1_000, 0));
}

#[test]
fn a_stolen_admin_s_own_carrier_gets_only_what_members_bring_it() {
    let (mut scene, rewards) = redeeming::granted(&[100]);
    redeeming::redeem(&mut scene, &rewards, 0, 0, 40).unwrap();
    redeeming::set(&mut scene, "thief", true).unwrap();
    let mut theft = redeeming::fulfilment(&scene, 0, 0);
    theft.carrier = address("thief");
    let fulfilled = scene.run(&[theft.instruction()], &["thief"]);
    assert_refused(fulfilled, VaultError::WrongCarrier);
    let mut forced = redeeming::redemption_of(&scene, &rewards, 0, 1, 10).instruction();
    forced.accounts[1].is_signer = false;
    let redeemed = scene.run(&[forced], &["thief"]);
    assert_failed(redeemed, &InstructionError::MissingRequiredSignature);
    // Making the carrier inactive, or its time short, takes nothing back from whoever has redeemed already.
    let mut terms = redeeming::terms(&scene, "carrier", false);
    terms.period_secs = 1;
    scene.must(&[terms.instruction()], &["admin"]);
    scene.world.warp(PERIOD);
    redeeming::fulfil(&mut scene, 0, 0).unwrap();
}
