use cairn_interface::airdrop::{AirdropError, AirdropEvent, ClaimDrop, vesting_address};
use cairn_merkle::LeafIndex;
use cairn_testkit::assert_refused;

use super::scene::{Airdrop, CLIFF_IN, EXPIRES_IN, STARTS_IN, USUAL, VESTED_IN, VESTING_IN, event};
use crate::vault::scene::{address, member};

#[test]
fn a_drop_that_vests_pays_the_unlocked_part_and_opens_an_account_for_the_rest() {
    let mut airdrop = Airdrop::open(&USUAL);
    let before = airdrop.world.lamports(&address("sponsor"));
    let AirdropEvent::DropClaimed(said) = event(airdrop.claim(1)) else {
        panic!("another event");
    };
    assert_eq!((said.unlocked, said.locked, said.paid), (50, 1_000, 50));
    assert_eq!(airdrop.balance(1), 50);
    let vesting = airdrop.vesting(1);
    assert_eq!((vesting.owner, vesting.index), (member(1), 1));
    assert_eq!((vesting.locked, vesting.paid), (1_000, 0));
    assert_eq!(vesting.rent_payer, address("sponsor"));
    assert_eq!(airdrop.campaign().vestings, 1);
    let rent = airdrop.world.lamports(&vesting.address);
    assert_eq!(airdrop.world.lamports(&address("sponsor")), before - rent);
}

#[test]
fn what_has_vested_at_the_claim_comes_with_it() {
    let mut airdrop = Airdrop::open(&USUAL);
    // Half of ten thousand seconds.
    airdrop.at(VESTING_IN + 5_000);
    airdrop.claim(1).unwrap();
    assert_eq!(airdrop.balance(1), 550);
    assert_eq!(airdrop.vesting(1).paid, 500);
    assert_refused(airdrop.claim_vested(1), AirdropError::NothingVested);
}

#[test]
fn a_claim_after_the_end_of_vesting_needs_no_account() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.at(VESTED_IN);
    let claim = ClaimDrop {
        vesting_payer: None,
        ..airdrop.claim_of(1)
    };
    airdrop.must(&[claim.instruction()], &[]);
    assert_eq!(airdrop.balance(1), 1_050);
    assert_eq!(airdrop.campaign().vestings, 0);
    // An account that came along all the same is not made.
    airdrop.claim(2).unwrap();
    assert_eq!(airdrop.balance(2), 900);
    let vesting = vesting_address(&airdrop.campaign, LeafIndex::new(2)).0;
    assert!(airdrop.world.account(&vesting).is_none());
}

#[test]
fn nothing_of_the_locked_part_is_paid_before_the_second_of_the_cliff() {
    let mut airdrop = Airdrop::open(&USUAL);
    // Locked as a whole: its claim pays nothing yet and starts its account.
    airdrop.claim(2).unwrap();
    assert_eq!(airdrop.balance(2), 0);
    airdrop.at(CLIFF_IN - 1);
    assert_refused(airdrop.claim_vested(2), AirdropError::NothingVested);
    airdrop.at(CLIFF_IN);
    let AirdropEvent::VestedClaimed(said) = event(airdrop.claim_vested(2)) else {
        panic!("another event");
    };
    // A quarter of 900 at once: the cliff holds back, it does not take away.
    assert_eq!(
        (said.paid, said.received, said.vested_paid),
        (225, 225, 225)
    );
    assert_eq!((said.index, said.owner, said.locked), (2, member(2), 900));
    assert_eq!(airdrop.balance(2), 225);
}

#[test]
fn everything_is_paid_from_the_second_of_the_end() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(1).unwrap();
    airdrop.at(VESTED_IN - 1);
    airdrop.claim_vested(1).unwrap();
    assert_eq!(airdrop.balance(1), 50 + 999);
    airdrop.at(VESTED_IN);
    airdrop.claim_vested(1).unwrap();
    assert_eq!(airdrop.balance(1), 1_050);
    assert_refused(airdrop.claim_vested(1), AirdropError::NothingVested);
    assert_eq!(airdrop.campaign().claimed, 1_050);
}

#[test]
fn vested_parts_are_paid_up_to_the_expiry() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(1).unwrap();
    airdrop.claim(2).unwrap();
    airdrop.at(EXPIRES_IN + 1);
    assert_refused(airdrop.claim_vested(1), AirdropError::CampaignExpired);
    airdrop.at(EXPIRES_IN);
    airdrop.claim_vested(1).unwrap();
    airdrop.extend("creator", EXPIRES_IN + 10).unwrap();
    airdrop.at(EXPIRES_IN + 10);
    airdrop.claim_vested(2).unwrap();
    assert_eq!(airdrop.balance(2), 900);
}

#[test]
fn a_vesting_drop_needs_its_account_its_payer_and_the_right_address() {
    let mut airdrop = Airdrop::open(&USUAL);
    let without = ClaimDrop {
        vesting_payer: None,
        ..airdrop.claim_of(1)
    };
    assert_refused(
        airdrop.run(&[without.instruction()], &[]),
        AirdropError::VestingMissing,
    );
    let mut elsewhere = airdrop.claim_of(1).instruction();
    elsewhere.accounts[6].pubkey = vesting_address(&airdrop.campaign, LeafIndex::new(2)).0;
    assert_refused(
        airdrop.run(&[elsewhere], &["sponsor"]),
        AirdropError::VestingMissing,
    );
    // Another address of the same seeds, which clients would never look at.
    let index = 1_u32.to_le_bytes();
    let (_, canonical) = vesting_address(&airdrop.campaign, LeafIndex::new(1));
    let other = (0..canonical)
        .rev()
        .find_map(|bump| {
            solana_sdk::pubkey::Pubkey::create_program_address(
                &[b"vest", airdrop.campaign.as_ref(), &index, &[bump]],
                &cairn_interface::ids::AIRDROP,
            )
            .ok()
        })
        .unwrap();
    let mut elsewhere = airdrop.claim_of(1).instruction();
    elsewhere.accounts[6].pubkey = other;
    assert_refused(
        airdrop.run(&[elsewhere], &["sponsor"]),
        AirdropError::VestingMissing,
    );
    assert_eq!(airdrop.page(0).claimed(LeafIndex::new(1)), Some(false));
    assert_refused(airdrop.claim_vested(1), AirdropError::VestingMissing);
    airdrop.claim(1).unwrap();
}

#[test]
fn vested_parts_go_to_the_owner_that_the_account_names() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(1).unwrap();
    airdrop.claim(2).unwrap();
    airdrop.at(VESTED_IN);
    let mut theft = airdrop.claim_vested_of(1);
    theft.owner = member(2);
    assert_refused(
        airdrop.run(&[theft.instruction()], &[]),
        AirdropError::DestinationNotOwner,
    );
    assert_refused(airdrop.claim_vested(0), AirdropError::VestingMissing);
}

#[test]
fn a_vesting_account_of_another_campaign_is_refused() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(1).unwrap();
    let vesting = vesting_address(&airdrop.campaign, LeafIndex::new(1)).0;
    airdrop.terms.id = 8;
    airdrop.campaign = airdrop.terms.campaign();
    airdrop.drops = super::scene::drops(&airdrop.campaign, &USUAL);
    airdrop.terms.root = airdrop.drops.root();
    airdrop.create().unwrap();
    airdrop.put_canopy();
    airdrop.fund_and_open();
    airdrop.at(VESTED_IN);
    let mut claim = airdrop.claim_vested_of(1).instruction();
    claim.accounts[1].pubkey = vesting;
    assert_refused(airdrop.run(&[claim], &[]), AirdropError::WrongCampaign);
}

#[test]
fn a_paid_vesting_account_closes_before_the_campaign_is_swept_and_no_other() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(1).unwrap();
    airdrop.at(VESTED_IN - 1);
    airdrop.claim_vested(1).unwrap();
    assert_refused(airdrop.close_vesting(1), AirdropError::CampaignNotSwept);
    airdrop.at(VESTED_IN);
    airdrop.claim_vested(1).unwrap();
    let before = airdrop.world.lamports(&address("sponsor"));
    let rent = airdrop.world.lamports(&airdrop.vesting(1).address);
    let AirdropEvent::VestingClosed(said) = event(airdrop.close_vesting(1)) else {
        panic!("another event");
    };
    assert_eq!((said.locked, said.paid), (1_000, 1_000));
    assert_eq!(airdrop.world.lamports(&address("sponsor")), before + rent);
    assert_eq!(airdrop.campaign().vestings, 0);
    // Nothing brings it back: the claimant's bit is set.
    assert_refused(airdrop.claim(1), AirdropError::AlreadyClaimed);
    assert_refused(airdrop.claim_vested(1), AirdropError::VestingMissing);
}

#[test]
fn claim_and_vested_claim_in_one_transaction_pay_no_more() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.at(VESTING_IN + 5_000);
    let both = [
        airdrop.claim_of(1).instruction(),
        airdrop.claim_vested_of(1).instruction(),
    ];
    assert_refused(
        airdrop.run(&both, &["sponsor"]),
        AirdropError::NothingVested,
    );
    airdrop.at(STARTS_IN);
    assert_eq!(airdrop.balance(1), 0);
}
