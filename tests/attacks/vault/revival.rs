//! Closing and reviving: an account is closed, sent lamports so that it does not go away, and used again, in one
//! transaction and afterwards.

use cairn_interface::{
    ids::SYSTEM_PROGRAM,
    vault::{
        CloseEpoch, CloseRecipient, SetRecipient, VaultError, epoch_address, recipient_address,
        round_address,
    },
};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::{Rewards, assert_refused};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signer::Signer};
use solana_system_interface::instruction::transfer;

use super::{
    redeeming::{self, PERIOD},
    scene::{DAY, Ran, Scene, address, member},
};

/// More than any of these accounts needs for its rent.
const PLENTY: u64 = 100_000_000;

/// `close`, lamports for what it closed, `again`: in one transaction.
fn revive(
    scene: &mut Scene,
    close: &Instruction,
    account: &Pubkey,
    again: &Instruction,
    actors: &[&str],
) -> Ran {
    let gift = transfer(&scene.world.payer().pubkey(), account, PLENTY);
    scene.run(&[close.clone(), gift, again.clone()], actors)
}

/// `close` and lamports for what it closed, in one transaction: nothing of the account is left but them.
#[track_caller]
fn keep_alive(scene: &mut Scene, close: &Instruction, account: &Pubkey, actors: &[&str]) {
    let gift = transfer(&scene.world.payer().pubkey(), account, PLENTY);
    scene.must(&[close.clone(), gift], actors);
    let left = scene.world.expect_account(account);
    assert_eq!((left.owner, left.data.len()), (SYSTEM_PROGRAM, 0));
}

/// Two members who burnt 100 milli-points each in a round of 1,000 base units that has ended.
fn burnt() -> (Scene, Rewards) {
    let (mut scene, rewards) = Scene::with_points(&[1_000, 1_000]);
    scene.open_round(0, 1_000).unwrap();
    for index in [0, 1] {
        scene.burn(&rewards, 0, index, 100).unwrap();
    }
    scene.world.warp(DAY);
    (scene, rewards)
}

#[test]
fn a_settled_receipt_is_not_settled_again() {
    let (mut scene, rewards) = burnt();
    let receipt = scene.receipt_at(0, 0);
    let settle = scene.settlement(0, 0).instruction();
    let revived = revive(&mut scene, &settle, &receipt, &settle, &[]);
    assert_refused(revived, VaultError::WrongReceipt);
    keep_alive(&mut scene, &settle, &receipt, &[]);
    assert_refused(scene.run(&[settle], &[]), VaultError::WrongReceipt);
    let again = scene.burn(&rewards, 0, 0, 100);
    assert_refused(again, VaultError::RoundEnded);
    scene.settle(0, 1).unwrap();
    assert_eq!((scene.balance(0), scene.balance(1)), (500, 500));
}

#[test]
fn a_fulfilled_redemption_is_neither_fulfilled_again_nor_refunded() {
    let (mut scene, rewards) = redeeming::granted(&[50]);
    redeeming::redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    let at = redeeming::redemption_at(&scene, 0, 1);
    let fulfil = redeeming::fulfilment(&scene, 0, 1).instruction();
    let refund = redeeming::refund_of(&scene, 0, 1).instruction();
    for again in [&fulfil, &refund] {
        let revived = revive(&mut scene, &fulfil, &at, again, &["carrier"]);
        assert_refused(revived, VaultError::WrongRedemption);
    }
    keep_alive(&mut scene, &fulfil, &at, &["carrier"]);
    scene.world.warp(PERIOD + 1);
    assert_refused(scene.run(&[refund], &[]), VaultError::WrongRedemption);
    let fulfilled = scene.run(&[fulfil], &["carrier"]);
    assert_refused(fulfilled, VaultError::WrongRedemption);
    assert_eq!(scene.pool().credits_fulfilled, 30);
    // The address serves the next redemption, which starts from nothing.
    redeeming::redeem(&mut scene, &rewards, 0, 1, 20).unwrap();
    assert_eq!(redeeming::redemption(&scene, 0, 1).credits, 20);
}

#[test]
fn a_refunded_redemption_gives_its_credits_back_once() {
    let (mut scene, rewards) = redeeming::granted(&[50, 50]);
    redeeming::redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    redeeming::redeem(&mut scene, &rewards, 1, 1, 30).unwrap();
    scene.world.warp(PERIOD + 1);
    let at = redeeming::redemption_at(&scene, 0, 1);
    let refund = redeeming::refund_of(&scene, 0, 1).instruction();
    let revived = revive(&mut scene, &refund, &at, &refund, &[]);
    assert_refused(revived, VaultError::WrongRedemption);
    keep_alive(&mut scene, &refund, &at, &[]);
    assert_refused(scene.run(&[refund], &[]), VaultError::WrongRedemption);
    let slots = scene.page(0).slots;
    assert_eq!(
        (slots[0].credits_redeemed(), slots[1].credits_redeemed()),
        (0, 30)
    );
}

#[test]
fn a_closed_recipient_redirects_nothing() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let leaf = scene.claim_of(1, &first, 0);
    let set = |payout, restricted| SetRecipient {
        payer: address("stranger"),
        owner: member(0),
        pool: leaf.pool,
        number: EpochNumber::FIRST,
        index: LeafIndex::new(0),
        tokens: leaf.tokens,
        points: leaf.points,
        credits: leaf.credits,
        proof: leaf.proof.clone(),
        payout,
        delegate: None,
        restricted,
    };
    scene.must(&[set(None, false).instruction()], &["stranger", "member 0"]);
    scene.open_wallet(&address("thief"));
    let at = recipient_address(&scene.pool, &member(0)).0;
    let close = CloseRecipient {
        owner: member(0),
        pool: scene.pool,
        index: LeafIndex::new(0),
        rent_payer: address("stranger"),
    };
    let close = close.instruction();
    let mut with_it = scene.claim_of(1, &first, 0);
    with_it.payout = Some(member(0));
    let claim = with_it.instruction();
    let revived = revive(&mut scene, &close, &at, &claim, &["member 0"]);
    assert_refused(revived, VaultError::WrongRecipient);
    keep_alive(&mut scene, &close, &at, &["member 0"]);
    assert_refused(scene.run(&[claim], &[]), VaultError::WrongRecipient);
    // Made anew, it waits its cooldown like the first.
    let thief = set(Some(address("thief")), false).instruction();
    scene.must(&[thief], &["stranger", "member 0"]);
    let mut early = scene.claim_of(1, &first, 0);
    early.payout = Some(address("thief"));
    let claimed = scene.run(&[early.instruction()], &[]);
    assert_refused(claimed, VaultError::DestinationNotRecipient);
}

#[test]
fn a_closed_round_is_neither_closed_nor_opened_again() {
    let (mut scene, rewards) = burnt();
    for index in [0, 1] {
        scene.settle(0, index).unwrap();
    }
    let round = round_address(&scene.pool, 0).0;
    let close = scene.closing(0).instruction();
    let open = scene.opening(0, 10).instruction();
    let actors = ["admin", "treasurer"];
    let revived = revive(&mut scene, &close, &round, &close, &actors);
    assert_refused(revived, VaultError::WrongRound);
    let revived = revive(&mut scene, &close, &round, &open, &actors);
    assert_refused(revived, VaultError::RoundNumber);
    keep_alive(&mut scene, &close, &round, &[]);
    assert_refused(scene.run(&[close], &[]), VaultError::WrongRound);
    assert_refused(scene.run(&[open], &actors), VaultError::RoundNumber);
    assert_refused(scene.burn(&rewards, 0, 0, 100), VaultError::WrongRound);
    assert_refused(scene.settle(0, 0), VaultError::WrongRound);
}

#[test]
fn a_closed_epoch_stays_a_tombstone() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.run_epoch(2, &first);
    scene.run_epoch(3, &first);
    let epoch = epoch_address(&scene.pool, EpochNumber::FIRST).0;
    let close = CloseEpoch {
        pool: scene.pool,
        number: EpochNumber::FIRST,
        rent_payer: address("keeper 0"),
    };
    let close = close.instruction();
    let propose = scene.proposal(1, &first).instruction();
    let claim = scene.claim_of(1, &first, 0).instruction();
    for (again, refusal) in [
        (&close, VaultError::EpochClosed),
        (&propose, VaultError::EpochNumber),
        (&claim, VaultError::EpochSuperseded),
    ] {
        let revived = revive(&mut scene, &close, &epoch, again, &["keeper 0"]);
        assert_refused(revived, refusal);
    }
    let gift = transfer(&scene.world.payer().pubkey(), &epoch, PLENTY);
    scene.must(&[close.clone(), gift], &[]);
    assert_refused(scene.run(&[close], &[]), VaultError::EpochClosed);
    assert_refused(
        scene.run(&[propose], &["keeper 0"]),
        VaultError::EpochNumber,
    );
    assert_refused(scene.run(&[claim], &[]), VaultError::EpochSuperseded);
}
