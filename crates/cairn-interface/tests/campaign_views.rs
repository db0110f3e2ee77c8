//! Views of campaigns: what is read, and what is refused. Bytes are written with the program's own types.

use airdrop::state::{Campaign, CampaignPage, CampaignTombstone, Vesting};
use anchor_lang::Discriminator;
use bytemuck::Zeroable;
use cairn_interface::{
    DecodeError,
    airdrop::{
        CampaignPageView, CampaignStatus, CampaignView, ClosedCampaignView, VestingView,
        campaign_len, campaign_page_len,
    },
    ids,
};
use cairn_merkle::{LeafIndex, Node, Tokens};
use solana_sdk::{account::Account, pubkey::Pubkey};

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn account<T: Discriminator + bytemuck::NoUninit>(value: &T, tail: &[u8]) -> Account {
    let mut data = T::DISCRIMINATOR.to_vec();
    data.extend_from_slice(bytemuck::bytes_of(value));
    data.extend_from_slice(tail);
    Account {
        lamports: 1,
        data,
        owner: ids::AIRDROP,
        ..Account::default()
    }
}

fn a_campaign() -> Campaign {
    let mut campaign = Campaign::zeroed();
    campaign.creator = key(1);
    campaign.mint = key(2);
    campaign.token_program = ids::TOKEN_PROGRAM;
    campaign.vault = key(3);
    campaign.receiver = key(4);
    campaign.root = [0xab; 32];
    campaign.snapshot_hash = [0xcd; 32];
    campaign.id = 7;
    campaign.tokens = 2_062;
    campaign.claimed = 150;
    campaign.starts_at = 100;
    campaign.vesting_start = 1_000;
    campaign.cliff_at = 3_500;
    campaign.vesting_end = 11_000;
    campaign.expires_at = 20_000;
    campaign.leaf_count = 6;
    campaign.pages = 1;
    campaign.vestings = 2;
    campaign.depth = 3;
    campaign.canopy_depth = 1;
    campaign.decimals = 6;
    campaign.status = 2;
    campaign.version = 1;
    campaign
}

/// As many nodes as are stored, and room for the rest.
fn tail(nodes: &[Node]) -> Vec<u8> {
    let mut tail = u32::try_from(nodes.len())
        .expect("few")
        .to_le_bytes()
        .to_vec();
    for node in nodes {
        tail.extend_from_slice(node.as_bytes());
    }
    tail.resize(4 + 2 * cairn_merkle::NODE_LEN, 0);
    tail
}

#[test]
fn a_campaign_reads_as_it_was_written() {
    let node = Node::new([7; 32], Tokens::new(31));
    let full = account(&a_campaign(), &tail(&[node, node]));
    assert_eq!(full.data.len(), campaign_len(6, 1));
    let view = CampaignView::decode(key(8), &full).expect("a campaign");
    assert_eq!(view.root_node(), Node::new([0xab; 32], Tokens::new(2_062)));
    assert_eq!(view.status(), CampaignStatus::Open);
    assert!(view.facts.canopy.complete);
    assert!(!view.is_claimable(99) && view.is_claimable(100));
    assert!(view.is_claimable(20_000) && !view.is_claimable(20_001));
    assert_eq!(view.vested(1_000, 3_499), 0);
    assert_eq!(view.vested(1_000, 3_500), 250);
    let part = CampaignView::decode(key(8), &account(&a_campaign(), &tail(&[node])));
    assert!(!part.expect("a campaign").facts.canopy.complete);
}

#[test]
fn a_campaign_with_a_field_that_has_no_meaning_is_refused() {
    type Spoil = fn(&mut Campaign);
    let spoils: [(Spoil, &str); 2] = [
        (|it| it.status = 9, "its status"),
        (|it| it.canopy_depth = 200, "its canopy depth"),
    ];
    for (spoil, expected) in spoils {
        let mut campaign = a_campaign();
        spoil(&mut campaign);
        let error = CampaignView::decode(key(8), &account(&campaign, &tail(&[])));
        assert!(
            matches!(error, Err(DecodeError::BadField { field, .. }) if field == expected),
            "{expected}: {error:?}"
        );
    }
    let mut campaign = a_campaign();
    campaign.canopy_depth = 0;
    let node = Node::new([7; 32], Tokens::new(31));
    let error = CampaignView::decode(key(8), &account(&campaign, &tail(&[node, node])));
    assert!(matches!(
        error,
        Err(DecodeError::BadField {
            field: "its canopy",
            ..
        })
    ));
}

#[test]
fn a_closed_campaign_is_no_campaign_and_the_other_way_round() {
    let campaign = a_campaign();
    let closed = account(&CampaignTombstone::of(&campaign), &[]);
    let view = ClosedCampaignView::decode(key(8), &closed).expect("a closed campaign");
    assert_eq!((view.creator, view.id), (key(1), 7));
    assert_eq!((view.claimed, view.swept), (150, 0));
    assert!(matches!(
        CampaignView::decode(key(8), &closed),
        Err(DecodeError::WrongLength { .. } | DecodeError::WrongKind { .. })
    ));
    let standing = account(&campaign, &tail(&[]));
    assert!(matches!(
        ClosedCampaignView::decode(key(8), &standing),
        Err(DecodeError::WrongKind { .. })
    ));
}

#[test]
fn a_page_gives_each_claimant_a_bit_and_no_other_pages() {
    let mut page = CampaignPage::zeroed();
    page.campaign = key(1);
    page.rent_payer = key(2);
    page.page = 2;
    page.version = 1;
    let mut tail = vec![1, 0, 0, 0];
    let mut bits = [0; 40];
    // The tenth claimant of the page.
    bits[1] = 0b10;
    tail.extend_from_slice(&bits);
    let stored = account(&page, &tail);
    assert_eq!(stored.data.len(), campaign_page_len(160_320, 2));
    let view = CampaignPageView::decode(key(8), &stored).expect("a page");
    assert_eq!(view.claimed(LeafIndex::new(160_009)), Some(true));
    assert_eq!(view.claimed(LeafIndex::new(160_008)), Some(false));
    assert_eq!(view.claimed(LeafIndex::new(160_319)), Some(false));
    assert_eq!(
        view.claimed(LeafIndex::new(160_320)),
        None,
        "beyond the page's end"
    );
    assert_eq!(view.claimed(LeafIndex::new(9)), None, "on another page");
    assert_eq!(view.count(), 1);
    for length in 0..stored.data.len() {
        let mut cut = stored.clone();
        cut.data.truncate(length);
        assert!(CampaignPageView::decode(key(8), &cut).is_err(), "{length}");
    }
    let mut long = stored;
    long.data.push(0);
    assert!(CampaignPageView::decode(key(8), &long).is_err());
}

#[test]
fn a_vesting_account_says_what_is_due() {
    let mut vesting = Vesting::zeroed();
    vesting.campaign = key(8);
    vesting.owner = key(5);
    vesting.locked = 1_000;
    vesting.paid = 300;
    vesting.version = 1;
    let view = VestingView::decode(key(9), &account(&vesting, &[])).expect("a vesting account");
    let campaign = CampaignView::decode(key(8), &account(&a_campaign(), &tail(&[])));
    let campaign = campaign.expect("a campaign");
    assert_eq!(
        view.due(&campaign, 3_500).get(),
        0,
        "paid further than vested"
    );
    assert_eq!(view.due(&campaign, 6_000).get(), 200);
    assert_eq!(view.due(&campaign, 11_000).get(), 700);
    vesting.version = 2;
    assert!(matches!(
        VestingView::decode(key(9), &account(&vesting, &[])),
        Err(DecodeError::UnknownVersion { version: 2, .. })
    ));
}
