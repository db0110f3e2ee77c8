use cairn_interface::{
    airdrop::{
        AirdropError, AirdropEvent, CLOSED_CAMPAIGN_LEN, CloseCampaign, CloseCampaignPage,
        CloseVesting, campaign_page_address,
    },
    ids::{AIRDROP, SYSTEM_PROGRAM},
};
use cairn_merkle::LeafIndex;
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use solana_sdk::instruction::InstructionError;

use super::scene::{Airdrop, EXPIRES_IN, USUAL, event};
use crate::vault::scene::address;

/// A swept campaign with a page and one vesting account that was not paid in full.
fn swept() -> Airdrop {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(0).unwrap();
    airdrop.claim(1).unwrap();
    airdrop.open_wallet(&address("receiver"));
    airdrop.at(EXPIRES_IN + 1);
    airdrop.sweep().unwrap();
    airdrop
}

#[test]
fn a_page_closes_only_once_the_campaign_is_swept() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(0).unwrap();
    assert_refused(airdrop.close_page(0), AirdropError::CampaignNotSwept);
    airdrop.at(EXPIRES_IN + 1);
    // Expired is not swept: an extension could let the page's claimants claim again.
    assert_refused(airdrop.close_page(0), AirdropError::CampaignNotSwept);
    assert_refused(airdrop.close(), AirdropError::CampaignNotSwept);
}

#[test]
fn pages_and_vesting_accounts_return_their_rent_to_who_paid_it() {
    let mut airdrop = swept();
    let page = campaign_page_address(&airdrop.campaign, 0).0;
    let vesting = airdrop.vesting(1).address;
    let rents = airdrop.world.lamports(&page) + airdrop.world.lamports(&vesting);
    let before = airdrop.world.lamports(&address("sponsor"));
    for rent_payer in [address("stranger"), address("creator")] {
        let close = CloseCampaignPage {
            campaign: airdrop.campaign,
            page: 0,
            rent_payer,
        };
        assert_refused(
            airdrop.run(&[close.instruction()], &[]),
            AirdropError::WrongRentPayer,
        );
        let close = CloseVesting {
            campaign: airdrop.campaign,
            index: LeafIndex::new(1),
            rent_payer,
        };
        assert_refused(
            airdrop.run(&[close.instruction()], &[]),
            AirdropError::WrongRentPayer,
        );
    }
    let AirdropEvent::CampaignPageClosed(said) = event(airdrop.close_page(0)) else {
        panic!("another event");
    };
    assert_eq!((said.page, said.rent_payer), (0, address("sponsor")));
    airdrop.close_vesting(1).unwrap();
    assert_eq!(airdrop.world.lamports(&address("sponsor")), before + rents);
    assert!(airdrop.world.account(&page).is_none());
    assert!(airdrop.world.account(&vesting).is_none());
    let campaign = airdrop.campaign();
    assert_eq!((campaign.pages, campaign.vestings), (0, 0));
}

#[test]
fn a_page_or_vesting_account_of_another_campaign_is_not_closed_by_this_one() {
    let mut airdrop = swept();
    let (page, vesting) = (
        campaign_page_address(&airdrop.campaign, 0).0,
        airdrop.vesting(1).address,
    );
    airdrop.terms.id = 8;
    airdrop.terms.expires_at += 100;
    airdrop.campaign = airdrop.terms.campaign();
    airdrop.create().unwrap();
    airdrop.world.warp(200);
    airdrop.sweep().unwrap();
    for (close, with) in [
        (
            CloseCampaignPage {
                campaign: airdrop.campaign,
                page: 0,
                rent_payer: address("sponsor"),
            }
            .instruction(),
            page,
        ),
        (
            CloseVesting {
                campaign: airdrop.campaign,
                index: LeafIndex::new(1),
                rent_payer: address("sponsor"),
            }
            .instruction(),
            vesting,
        ),
    ] {
        let mut close = close;
        close.accounts[1].pubkey = with;
        assert_refused(airdrop.run(&[close], &[]), AirdropError::WrongCampaign);
    }
}

#[test]
fn a_campaign_closes_last_and_leaves_a_tombstone() {
    let mut airdrop = swept();
    assert_refused(airdrop.close(), AirdropError::CampaignNotEmpty);
    airdrop.close_page(0).unwrap();
    assert_refused(airdrop.close(), AirdropError::CampaignNotEmpty);
    airdrop.close_vesting(1).unwrap();
    let theft = CloseCampaign {
        creator: address("stranger"),
        campaign: airdrop.campaign,
    };
    assert_refused(
        airdrop.run(&[theft.instruction()], &[]),
        AirdropError::WrongRentPayer,
    );
    let before = airdrop.world.lamports(&address("creator"));
    let rent = airdrop.world.lamports(&airdrop.campaign);
    let AirdropEvent::CampaignClosed(said) = event(airdrop.close()) else {
        panic!("another event");
    };
    assert_eq!((said.claimed, said.swept), (150, 1_912));
    let left = airdrop.world.expect_account(&airdrop.campaign);
    assert_eq!(left.data.len(), CLOSED_CAMPAIGN_LEN);
    assert_eq!(left.owner, AIRDROP);
    let closed = airdrop.world.closed_campaign(&airdrop.campaign);
    assert_eq!(closed.root_node(), airdrop.drops.root());
    assert_eq!((closed.creator, closed.id), (address("creator"), 7));
    assert_eq!((closed.claimed, closed.swept), (150, 1_912));
    assert_eq!(closed.snapshot_hash, [0x5a; 32]);
    // All but what keeps the tombstone alive.
    assert_eq!(
        airdrop.world.lamports(&address("creator")),
        before + rent - left.lamports
    );
    let needed = airdrop
        .world
        .svm()
        .minimum_balance_for_rent_exemption(CLOSED_CAMPAIGN_LEN);
    assert_eq!(left.lamports, needed);
}

#[test]
fn a_closed_campaign_never_comes_back() {
    let mut airdrop = swept();
    let claim = airdrop.claim_of(4).instruction();
    let page = cairn_interface::airdrop::OpenCampaignPage {
        payer: address("sponsor"),
        campaign: airdrop.campaign,
        page: 0,
    };
    airdrop.close_page(0).unwrap();
    airdrop.close_vesting(1).unwrap();
    airdrop.close().unwrap();
    airdrop.terms.expires_at += 1_000;
    assert_refused_by(airdrop.create(), &SYSTEM_PROGRAM, 0);
    // Nor does any other instruction take its tombstone for a campaign.
    assert_refused(
        airdrop.run(&[claim], &["sponsor"]),
        AirdropError::CampaignNotOpen,
    );
    assert_refused(airdrop.sweep(), AirdropError::CampaignNotOpen);
    assert_refused(
        airdrop.run(&[page.instruction()], &["sponsor"]),
        AirdropError::CampaignNotOpen,
    );
    assert_refused(airdrop.close(), AirdropError::CampaignNotOpen);
    assert_refused(
        airdrop.extend("creator", EXPIRES_IN + 99),
        AirdropError::CampaignNotOpen,
    );
    let left = airdrop.world.expect_account(&airdrop.campaign);
    assert_eq!(left.data.len(), CLOSED_CAMPAIGN_LEN);
}

#[test]
fn a_page_that_closes_and_a_claim_on_it_do_not_share_a_transaction() {
    let mut airdrop = swept();
    let close = CloseCampaignPage {
        campaign: airdrop.campaign,
        page: 0,
        rent_payer: address("sponsor"),
    }
    .instruction();
    let claim = airdrop.claim_of(4).instruction();
    assert_refused(
        airdrop.run(&[close, claim], &["sponsor"]),
        AirdropError::CampaignPageMissing,
    );
    airdrop.close_page(0).unwrap();
    assert_failed(
        airdrop.close_page(0),
        &InstructionError::AccountDataTooSmall,
    );
}
