use cairn_interface::{
    airdrop::{
        AirdropError, AirdropEvent, OpenCampaignPage, campaign_page_address, campaign_page_len,
    },
    ids,
};
use cairn_merkle::{DROPS_PER_PAGE, LeafIndex, Node, Tokens};
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use solana_sdk::instruction::InstructionError;

use super::scene::{Airdrop, USUAL, event};
use crate::vault::scene::address;

#[test]
fn a_page_has_a_bit_for_each_claimant_and_remembers_who_paid() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 2_062);
    // Not before the campaign is open: until then its leaves may never be paid.
    assert_refused(airdrop.open_page(0), AirdropError::CampaignNotOpen);
    airdrop.fill(from, None).unwrap();
    let AirdropEvent::CampaignPageOpened(said) = event(airdrop.open_page(0)) else {
        panic!("another event");
    };
    assert_eq!((said.page, said.payer), (0, address("sponsor")));
    let page = airdrop.page(0);
    assert_eq!((page.page, page.rent_payer), (0, address("sponsor")));
    assert_eq!((page.facts.bits.len(), page.count()), (40, 0));
    assert_eq!(page.claimed(LeafIndex::new(5)), Some(false));
    assert_eq!(page.claimed(LeafIndex::new(DROPS_PER_PAGE)), None);
    assert_eq!(airdrop.campaign().pages, 1);
}

#[test]
fn a_page_beyond_the_claimants_is_refused() {
    let mut airdrop = Airdrop::open(&USUAL);
    for page in [1, 210, u32::MAX] {
        assert_refused(airdrop.open_page(page), AirdropError::CampaignPageRange);
    }
    assert_eq!(airdrop.campaign().pages, 1);
}

/// A campaign that says it has so many drops; what they are does not matter to its pages.
fn of(leaf_count: u32) -> Airdrop {
    let mut airdrop = Airdrop::unmade(&[(5, 0)]);
    airdrop.terms.leaf_count = leaf_count;
    airdrop.terms.root = Node::new([7; 32], Tokens::new(5));
    airdrop.terms.canopy_depth = 0;
    airdrop.create().unwrap();
    let from = airdrop.mint_to(&address("creator"), 5);
    airdrop.fill(from, None).unwrap();
    airdrop
}

#[test]
fn a_full_page_costs_each_claimant_less_than_1_000_lamports() {
    let mut airdrop = of(1_000_000);
    let opened = airdrop.open_page(0).unwrap();
    let page = campaign_page_address(&airdrop.campaign, 0).0;
    let rent = airdrop.world.lamports(&page);
    let each = rent.div_ceil(u64::from(DROPS_PER_PAGE));
    println!(
        "a page of 80,000: {rent} lamports, {each} each, {} CU",
        opened.compute_units
    );
    assert!(each <= 1_000, "{each} lamports each");
    assert_eq!(
        airdrop.world.expect_account(&page).data.len(),
        campaign_page_len(1_000_000, 0)
    );
    assert_eq!(airdrop.page(0).facts.bits.len(), 10_000);
    // The default budget of one instruction.
    assert!(opened.compute_units <= 200_000, "{}", opened.compute_units);
}

#[test]
fn the_last_page_is_as_long_as_its_claimants_need() {
    let mut airdrop = of(1_000_000);
    airdrop.open_page(12).unwrap();
    // 40,000 of them.
    assert_eq!(airdrop.page(12).facts.bits.len(), 5_000);
    assert_eq!(
        airdrop.page(12).claimed(LeafIndex::new(999_999)),
        Some(false)
    );
    assert_refused(airdrop.open_page(13), AirdropError::CampaignPageRange);
}

#[test]
fn a_page_is_opened_once_and_at_its_own_address() {
    let mut airdrop = Airdrop::open(&USUAL);
    // An account that exists is not created: the system program's code 0.
    assert_refused_by(airdrop.open_page(0), &ids::SYSTEM_PROGRAM, 0);
    let mut airdrop = of(1_000_000);
    let mut open = OpenCampaignPage {
        payer: address("sponsor"),
        campaign: airdrop.campaign,
        page: 1,
    }
    .instruction();
    open.accounts[2].pubkey = campaign_page_address(&airdrop.campaign, 2).0;
    let ran = airdrop.run(&[open], &["sponsor"]);
    assert_failed(ran, &InstructionError::InvalidSeeds);
}
