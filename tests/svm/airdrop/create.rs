use cairn_interface::{
    airdrop::{
        AirdropError, AirdropEvent, CampaignStatus, CreateCampaign, campaign_address, campaign_len,
        campaign_vault_address,
    },
    ids::{SYSTEM_PROGRAM, TOKEN_2022_PROGRAM},
};
use cairn_merkle::{LeafIndex, Node, Tokens};
use cairn_testkit::{assert_failed, assert_refused, assert_refused_by};
use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey;

use super::scene::{Airdrop, USUAL, event};
use crate::vault::scene::address;

/// Creates with one field spoilt.
#[track_caller]
fn refused(spoil: impl FnOnce(&mut CreateCampaign), expected: AirdropError) {
    let mut airdrop = Airdrop::unmade(&USUAL);
    spoil(&mut airdrop.terms);
    assert_refused(airdrop.create(), expected);
    assert!(airdrop.world.account(&airdrop.campaign).is_none());
    assert!(airdrop.world.account(&airdrop.vault()).is_none());
}

#[test]
fn a_campaign_is_created_as_a_draft_with_an_empty_vault_of_its_own() {
    let mut airdrop = Airdrop::unmade(&USUAL);
    let said = event(airdrop.create());
    let AirdropEvent::CampaignCreated(said) = said else {
        panic!("{said:?}");
    };
    let campaign = airdrop.campaign();
    assert_eq!(campaign.status(), CampaignStatus::Draft);
    assert_eq!(campaign.root_node(), airdrop.drops.root());
    assert_eq!(
        (campaign.depth, campaign.canopy_depth, campaign.decimals),
        (3, 2, 6)
    );
    assert_eq!(
        (campaign.claimed, campaign.swept, campaign.pages),
        (0, 0, 0)
    );
    assert_eq!(campaign.creator, address("creator"));
    assert_eq!(campaign.receiver, address("receiver"));
    assert_eq!(campaign.snapshot_hash, [0x5a; 32]);
    let vault = airdrop.world.token_account(&campaign.vault);
    assert_eq!(vault.owner, airdrop.campaign);
    assert_eq!((vault.mint, vault.amount), (airdrop.mint, 0));
    assert_eq!((said.campaign, said.tokens), (airdrop.campaign, 2_062));
    assert_eq!(said.expires_at, campaign.expires_at);
    let account = airdrop.world.expect_account(&airdrop.campaign);
    assert_eq!(account.data.len(), campaign_len(6, 2));
}

#[test]
fn a_tree_lower_than_the_wished_canopy_gets_a_lower_one() {
    let mut airdrop = Airdrop::unmade(&[(5, 0)]);
    airdrop.terms.canopy_depth = 7;
    airdrop.create().unwrap();
    let campaign = airdrop.campaign();
    assert_eq!((campaign.depth, campaign.canopy_depth), (0, 0));
    assert!(campaign.facts.canopy.complete);
    assert_eq!(campaign.facts.canopy.nodes, [airdrop.drops.root()]);
}

#[test]
fn what_a_campaign_can_not_be_is_refused_by_its_own_code() {
    refused(|it| it.receiver = Pubkey::default(), AirdropError::ZeroKey);
    refused(
        |it| it.root = Node::new([0; 32], Tokens::new(5)),
        AirdropError::RootZero,
    );
    refused(
        |it| it.root = Node::new(it.root.hash, Tokens::ZERO),
        AirdropError::CampaignTokensZero,
    );
    refused(|it| it.leaf_count = 0, AirdropError::LeafCountRange);
    refused(
        |it| it.leaf_count = (1 << 24) + 1,
        AirdropError::LeafCountRange,
    );
    refused(|it| it.canopy_depth = 8, AirdropError::CanopyDepthRange);
    refused(|it| it.canopy_depth = 255, AirdropError::CanopyDepthRange);
}

#[test]
fn dates_follow_each_other_and_the_expiry_lies_ahead() {
    let spoils: [fn(&mut CreateCampaign); 7] = [
        |it| it.starts_at = it.vesting_start + 1,
        |it| it.vesting_start = it.cliff_at + 1,
        |it| it.cliff_at = it.vesting_end + 1,
        |it| it.vesting_end = it.expires_at + 1,
        |it| it.starts_at = -1,
        |it| it.starts_at = i64::MIN,
        |it| {
            it.starts_at = 0;
            it.vesting_start = 0;
            it.cliff_at = 0;
            it.vesting_end = 0;
            // The world's present second.
            it.expires_at = 1_700_000_000;
        },
    ];
    for spoil in spoils {
        refused(spoil, AirdropError::CampaignTimes);
    }
}

#[test]
fn a_campaign_without_vesting_has_all_dates_in_one_second() {
    let mut airdrop = Airdrop::unmade(&[(5, 0), (6, 0)]);
    let start = airdrop.terms.starts_at;
    airdrop.terms.vesting_start = start;
    airdrop.terms.cliff_at = start;
    airdrop.terms.vesting_end = start;
    airdrop.create().unwrap();
}

#[test]
fn mint_and_token_program_belong_together() {
    refused(
        |it| it.token_program = SYSTEM_PROGRAM,
        AirdropError::TokenProgramUnsupported,
    );
    refused(
        |it| it.token_program = TOKEN_2022_PROGRAM,
        AirdropError::MintUnsupported,
    );
    refused(
        |it| it.mint = address("stranger"),
        AirdropError::MintUnsupported,
    );
}

#[test]
fn nobody_takes_a_creators_address_first() {
    let mut airdrop = Airdrop::unmade(&USUAL);
    // The stranger sees the creation under way and is faster: under its own key it lands elsewhere.
    let mut theft = airdrop.terms.clone();
    theft.creator = address("stranger");
    airdrop.must(&[theft.instruction()], &["stranger"]);
    assert_ne!(theft.campaign(), airdrop.campaign);
    // Under the creator's address it lacks the creator's signature, which the address depends on.
    let mut forged = theft.instruction();
    forged.accounts[3].pubkey = airdrop.campaign;
    forged.accounts[4].pubkey = airdrop.vault();
    let forged = airdrop.run(&[forged], &["stranger"]);
    assert_failed(forged, &InstructionError::InvalidSeeds);
    assert!(airdrop.world.account(&airdrop.campaign).is_none());
    airdrop.create().unwrap();
}

#[test]
fn lamports_sent_ahead_do_not_block_a_campaign_its_vault_or_a_page() {
    for lamports in [1_000_000, 1_000_000_000] {
        let mut airdrop = Airdrop::unmade(&USUAL);
        for target in [airdrop.campaign, airdrop.vault()] {
            airdrop.world.airdrop(&target, lamports);
        }
        airdrop.create().unwrap();
        airdrop.put_canopy();
        let page = cairn_interface::airdrop::campaign_page_address(&airdrop.campaign, 0).0;
        let vesting =
            cairn_interface::airdrop::vesting_address(&airdrop.campaign, LeafIndex::new(1)).0;
        for target in [page, vesting] {
            airdrop.world.airdrop(&target, lamports);
        }
        airdrop.fund_and_open();
        airdrop.claim(1).unwrap();
        assert_eq!(airdrop.vesting(1).locked, 1_000);
    }
}

#[test]
fn a_campaign_that_exists_is_not_created_again() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let before = airdrop.campaign();
    // The system program refuses: its code for an address in use.
    assert_refused_by(airdrop.create(), &SYSTEM_PROGRAM, 0);
    assert_eq!(airdrop.campaign(), before);
}

#[test]
fn one_creator_has_many_campaigns() {
    let mut airdrop = Airdrop::draft(&USUAL);
    airdrop.terms.id = 8;
    airdrop.create().unwrap();
    let (other, _) = campaign_address(&address("creator"), 8);
    assert_ne!(other, airdrop.campaign);
    assert_ne!(campaign_vault_address(&other).0, airdrop.vault());
}
