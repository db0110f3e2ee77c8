use cairn_interface::{
    airdrop::{AirdropError, AirdropEvent, CampaignStatus},
    spl,
};
use cairn_testkit::assert_refused;

use super::scene::{Airdrop, EXPIRES_IN, USUAL, event};
use crate::vault::scene::{address, member};

#[test]
fn what_nobody_claimed_goes_to_the_receiver_and_the_vaults_rent_to_the_creator() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(0).unwrap();
    let to = airdrop.open_wallet(&address("receiver"));
    airdrop.at(EXPIRES_IN);
    assert_refused(airdrop.sweep(), AirdropError::CampaignNotExpired);
    airdrop.at(EXPIRES_IN + 1);
    let creator = airdrop.world.lamports(&address("creator"));
    let rent = airdrop.world.lamports(&airdrop.vault());
    let AirdropEvent::CampaignSwept(said) = event(airdrop.sweep()) else {
        panic!("another event");
    };
    assert_eq!(
        (said.swept, said.received, said.claimed),
        (1_962, 1_962, 100)
    );
    assert_eq!(said.receiver, address("receiver"));
    assert_eq!(airdrop.world.tokens(&to), 1_962);
    assert!(airdrop.world.account(&airdrop.vault()).is_none());
    assert_eq!(airdrop.world.lamports(&address("creator")), creator + rent);
    let campaign = airdrop.campaign();
    assert_eq!(campaign.status(), CampaignStatus::Swept);
    assert_eq!((campaign.claimed, campaign.swept), (100, 1_962));
}

#[test]
fn a_swept_campaign_pays_nothing_and_is_not_swept_again() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(1).unwrap();
    airdrop.open_wallet(&address("receiver"));
    let again = airdrop.sweep_of().instruction();
    let claim = airdrop.claim_of(0).instruction();
    airdrop.at(EXPIRES_IN + 1);
    airdrop.sweep().unwrap();
    assert_refused(airdrop.run(&[again], &[]), AirdropError::CampaignNotOpen);
    assert_refused(airdrop.run(&[claim], &[]), AirdropError::CampaignNotOpen);
    assert_refused(airdrop.claim_vested(1), AirdropError::CampaignNotOpen);
    airdrop.close_page(0).unwrap();
    assert_refused(airdrop.open_page(0), AirdropError::CampaignNotOpen);
}

#[test]
fn tokens_that_someone_sent_on_top_go_along() {
    let mut airdrop = Airdrop::open(&USUAL);
    let to = airdrop.open_wallet(&address("receiver"));
    let from = airdrop.mint_to(&address("stranger"), 40);
    let donate = spl::transfer(
        &airdrop.token_program,
        &airdrop.mint,
        6,
        &from,
        &airdrop.vault(),
        &address("stranger"),
        40,
    );
    airdrop.must(&[donate], &["stranger"]);
    airdrop.at(EXPIRES_IN + 1);
    airdrop.sweep().unwrap();
    assert_eq!(airdrop.world.tokens(&to), 2_102);
}

#[test]
fn it_goes_to_nobody_but_the_receiver_that_was_named_at_creation() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.at(EXPIRES_IN + 1);
    airdrop.open_wallet(&address("stranger"));
    let mut theft = airdrop.sweep_of();
    theft.receiver = address("stranger");
    assert_refused(
        airdrop.run(&[theft.instruction()], &[]),
        AirdropError::WrongReceiver,
    );
    theft.receiver = address("creator");
    airdrop.open_wallet(&address("creator"));
    assert_refused(
        airdrop.run(&[theft.instruction()], &[]),
        AirdropError::WrongReceiver,
    );
    // The vault's rent to another than the creator.
    let mut theft = airdrop.sweep_of();
    theft.creator = address("stranger");
    assert_refused(
        airdrop.run(&[theft.instruction()], &[]),
        AirdropError::NotCreator,
    );
    assert_refused(airdrop.sweep(), AirdropError::DestinationNotTokenAccount);
    airdrop.open_wallet(&address("receiver"));
    airdrop.sweep().unwrap();
}

#[test]
fn a_campaign_claimed_to_the_last_unit_is_swept_without_a_receivers_account() {
    let mut airdrop = Airdrop::open(&[(10, 0), (20, 0)]);
    airdrop.claim(0).unwrap();
    airdrop.claim(1).unwrap();
    airdrop.at(EXPIRES_IN + 1);
    airdrop.sweep().unwrap();
    assert_eq!(airdrop.campaign().swept, 0);
    assert!(airdrop.world.account(&airdrop.vault()).is_none());
}

#[test]
fn a_draft_is_given_up_by_its_creator_alone() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let to = airdrop.open_wallet(&address("receiver"));
    let vault = airdrop.vault();
    let from = airdrop.mint_to(&address("creator"), 9);
    let send = spl::transfer(
        &airdrop.token_program,
        &airdrop.mint,
        6,
        &from,
        &vault,
        &address("creator"),
        9,
    );
    airdrop.must(&[send], &["creator"]);
    assert_refused(airdrop.sweep(), AirdropError::CampaignNotExpired);
    let mut give_up = airdrop.sweep_of();
    give_up.draft = true;
    airdrop.must(&[give_up.instruction()], &["creator"]);
    assert_eq!(airdrop.world.tokens(&to), 9);
    assert_eq!(airdrop.campaign().status(), CampaignStatus::Swept);
    airdrop.close().unwrap();
}

#[test]
fn an_open_campaign_is_not_given_up_even_by_its_creator() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.open_wallet(&address("receiver"));
    let mut give_up = airdrop.sweep_of();
    give_up.draft = true;
    assert_refused(
        airdrop.run(&[give_up.instruction()], &["creator"]),
        AirdropError::CampaignNotExpired,
    );
    assert_eq!(airdrop.vault_balance(), 2_062);
}

#[test]
fn an_abandoned_draft_can_be_swept_by_anyone_after_its_expiry() {
    let mut airdrop = Airdrop::draft(&USUAL);
    airdrop.at(EXPIRES_IN + 1);
    airdrop.sweep().unwrap();
    assert_eq!(airdrop.campaign().status(), CampaignStatus::Swept);
}

#[test]
fn the_campaigns_own_accounts_are_swept_and_no_others() {
    let mut airdrop = Airdrop::open(&USUAL);
    let rich = airdrop.mint_to(&member(0), 9_000);
    airdrop.open_wallet(&address("receiver"));
    airdrop.at(EXPIRES_IN + 1);
    for (position, expected) in [
        (2, AirdropError::WrongVault),
        (3, AirdropError::WrongMint),
        (5, AirdropError::WrongTokenProgram),
    ] {
        let mut sweep = airdrop.sweep_of().instruction();
        sweep.accounts[position].pubkey = rich;
        assert_refused(airdrop.run(&[sweep], &[]), expected);
    }
}
