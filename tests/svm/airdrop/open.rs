use cairn_interface::{
    airdrop::{AirdropError, AirdropEvent, CampaignStatus},
    spl,
};
use cairn_testkit::assert_refused;

use super::scene::{Airdrop, EXPIRES_IN, USUAL, event};
use crate::vault::scene::address;

#[test]
fn a_campaign_opens_once_its_vault_holds_the_whole_root() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 5_000);
    let AirdropEvent::CampaignOpened(said) = event(airdrop.fill(from, None)) else {
        panic!("another event");
    };
    assert_eq!((said.tokens, said.vault_balance), (2_062, 2_062));
    assert_eq!(said.opened_at, airdrop.world.now());
    assert_eq!(airdrop.campaign().status(), CampaignStatus::Open);
    assert_eq!(airdrop.vault_balance(), 2_062);
    assert_eq!(airdrop.world.tokens(&from), 5_000 - 2_062);
    assert_refused(airdrop.fill(from, None), AirdropError::CampaignNotDraft);
}

#[test]
fn what_the_vault_holds_already_is_not_taken_again() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 2_062);
    let send = spl::transfer(
        &airdrop.token_program,
        &airdrop.mint,
        6,
        &from,
        &airdrop.vault(),
        &address("creator"),
        2_000,
    );
    airdrop.must(&[send], &["creator"]);
    airdrop.fill(from, None).unwrap();
    assert_eq!(
        (airdrop.vault_balance(), airdrop.world.tokens(&from)),
        (2_062, 0)
    );
}

#[test]
fn a_named_amount_is_taken_whatever_is_lacking() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 5_000);
    assert_refused(
        airdrop.fill(from, Some(2_061)),
        AirdropError::CampaignVaultShort,
    );
    assert_refused(
        airdrop.fill(from, Some(0)),
        AirdropError::CampaignVaultShort,
    );
    airdrop.fill(from, Some(3_000)).unwrap();
    assert_eq!(airdrop.vault_balance(), 3_000);
}

#[test]
fn a_campaign_without_its_canopy_does_not_open() {
    let mut airdrop = Airdrop::unmade(&USUAL);
    airdrop.create().unwrap();
    let from = airdrop.mint_to(&address("creator"), 5_000);
    assert_refused(airdrop.fill(from, None), AirdropError::CanopyIncomplete);
}

#[test]
fn an_expired_draft_does_not_open() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 5_000);
    airdrop.at(EXPIRES_IN + 1);
    assert_refused(airdrop.fill(from, None), AirdropError::CampaignExpired);
    airdrop.at(EXPIRES_IN);
    airdrop.fill(from, None).unwrap();
}

#[test]
fn only_the_creator_opens_and_only_the_campaigns_own_accounts_count() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 5_000);
    let mut opening = airdrop.opening(from, None);
    opening.creator = address("stranger");
    let ran = airdrop.run(&[opening.instruction()], &["stranger"]);
    assert_refused(ran, AirdropError::NotCreator);
    let rich = airdrop.mint_to(&address("stranger"), 9_000);
    for (position, with, expected) in [
        (2, rich, AirdropError::WrongVault),
        (3, rich, AirdropError::WrongMint),
        (5, rich, AirdropError::WrongTokenProgram),
    ] {
        let mut open = airdrop.opening(from, None).instruction();
        open.accounts[position].pubkey = with;
        assert_refused(airdrop.run(&[open], &["creator"]), expected);
    }
    assert_eq!(airdrop.campaign().status(), CampaignStatus::Draft);
}
