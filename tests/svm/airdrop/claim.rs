use cairn_interface::{
    airdrop::{
        AirdropError, AirdropEvent, ClaimDrop, campaign_address, campaign_page_address,
        campaign_vault_address,
    },
    ids,
};
use cairn_merkle::{DropLeaf, EMPTY_LEAF, LeafIndex, Node, Tokens};
use cairn_testkit::assert_refused;

use super::scene::{Airdrop, EXPIRES_IN, STARTS_IN, USUAL, drops, event};
use crate::vault::scene::{address, member};

#[test]
fn a_claimant_is_paid_the_drop_once_whoever_sends_it() {
    let mut airdrop = Airdrop::open(&USUAL);
    let claim = airdrop.claim_of(0).instruction();
    assert!(claim.accounts.iter().all(|meta| !meta.is_signer));
    let AirdropEvent::DropClaimed(said) = event(airdrop.run(&[claim], &[])) else {
        panic!("another event");
    };
    assert_eq!((said.index, said.owner), (0, member(0)));
    assert_eq!((said.unlocked, said.locked), (100, 0));
    assert_eq!((said.paid, said.received), (100, 100));
    assert_eq!(airdrop.balance(0), 100);
    assert_eq!(airdrop.page(0).claimed(LeafIndex::new(0)), Some(true));
    assert_eq!(airdrop.page(0).count(), 1);
    assert_eq!(airdrop.campaign().claimed, 100);
    assert_eq!(airdrop.vault_balance(), 1_962);
    assert_refused(airdrop.claim(0), AirdropError::AlreadyClaimed);
}

#[test]
fn a_second_claim_in_the_same_transaction_is_refused() {
    let mut airdrop = Airdrop::open(&USUAL);
    let claim = airdrop.claim_of(0).instruction();
    assert_refused(
        airdrop.run(&[claim.clone(), claim], &[]),
        AirdropError::AlreadyClaimed,
    );
    assert_eq!(airdrop.balance(0), 0);
}

#[test]
fn two_claimants_are_paid_in_one_transaction() {
    let mut airdrop = Airdrop::open(&[(10, 0), (20, 0), (30, 0)]);
    let claims = [0, 2].map(|index| airdrop.claim_of(index).instruction());
    airdrop.must(&claims, &[]);
    assert_eq!((airdrop.balance(0), airdrop.balance(2)), (10, 30));
}

#[test]
fn everyone_can_claim_down_to_the_last_unit() {
    let grants = [(1, 0), (2, 0), (3, 0), (u64::MAX - 6, 0)];
    let mut airdrop = Airdrop::open(&grants);
    for index in (0..4).rev() {
        airdrop.claim(index).unwrap();
    }
    assert_eq!(airdrop.vault_balance(), 0);
    assert_eq!(airdrop.balance(3), u64::MAX - 6);
    assert_eq!(airdrop.campaign().claimed, u64::MAX);
}

#[test]
fn a_drop_of_nothing_is_told() {
    let mut airdrop = Airdrop::open(&USUAL);
    assert_refused(airdrop.claim(3), AirdropError::NothingToClaim);
}

#[test]
fn a_draft_pays_nothing() {
    let mut airdrop = Airdrop::draft(&USUAL);
    airdrop.open_wallet(&member(0));
    airdrop.at(STARTS_IN);
    // No page can be open yet; the campaign is asked last.
    assert_refused(airdrop.claim(0), AirdropError::CampaignPageMissing);
}

#[test]
fn claims_run_from_the_second_of_the_start_to_the_second_of_the_expiry() {
    let mut airdrop = Airdrop::open(&[(10, 0), (20, 0)]);
    airdrop.at(STARTS_IN - 1);
    assert_refused(airdrop.claim(0), AirdropError::CampaignNotStarted);
    airdrop.at(STARTS_IN);
    airdrop.claim(0).unwrap();
    airdrop.at(EXPIRES_IN + 1);
    assert_refused(airdrop.claim(1), AirdropError::CampaignExpired);
    airdrop.at(EXPIRES_IN);
    airdrop.claim(1).unwrap();
}

#[test]
fn a_missing_page_says_so() {
    let mut airdrop = Airdrop::draft(&USUAL);
    let from = airdrop.mint_to(&address("creator"), 2_062);
    airdrop.fill(from, None).unwrap();
    airdrop.open_wallet(&member(0));
    airdrop.at(STARTS_IN);
    assert_refused(airdrop.claim(0), AirdropError::CampaignPageMissing);
    // Lamports alone are no page.
    let page = campaign_page_address(&airdrop.campaign, 0).0;
    airdrop.world.airdrop(&page, 1_000_000);
    assert_refused(airdrop.claim(0), AirdropError::CampaignPageMissing);
}

/// Two campaigns over the same claimants: the usual one, and another by the same creator.
fn two_campaigns() -> (Airdrop, ClaimDrop) {
    let mut airdrop = Airdrop::open(&USUAL);
    let claim = airdrop.claim_of(0);
    let (other, _) = campaign_address(&address("creator"), 8);
    airdrop.terms.id = 8;
    airdrop.campaign = other;
    airdrop.drops = drops(&other, &USUAL);
    airdrop.terms.root = airdrop.drops.root();
    airdrop.create().unwrap();
    airdrop.put_canopy();
    airdrop.fund_and_open();
    (airdrop, claim)
}

#[test]
fn a_proof_of_another_campaign_is_worth_nothing() {
    let (mut airdrop, first) = two_campaigns();
    let stolen = ClaimDrop {
        campaign: airdrop.campaign,
        ..first.clone()
    };
    assert_refused(
        airdrop.run(&[stolen.instruction()], &[]),
        AirdropError::ProofHashMismatch,
    );
    // The other campaign's page, vault or both in place of its own.
    for (position, expected) in [
        (1, AirdropError::WrongCampaign),
        (2, AirdropError::WrongVault),
    ] {
        let mut mixed = airdrop.claim_of(0).instruction();
        mixed.accounts[position].pubkey = first.instruction().accounts[position].pubkey;
        assert_refused(airdrop.run(&[mixed], &[]), expected);
    }
    airdrop.must(&[first.instruction()], &[]);
    airdrop.claim(0).unwrap();
    assert_eq!(airdrop.balance(0), 200);
}

#[test]
fn a_vault_of_another_mint_can_not_be_reached() {
    let mut airdrop = Airdrop::open(&USUAL);
    let treasurer = crate::vault::scene::key("treasurer");
    let other = airdrop.world.create_mint(&treasurer, 6);
    let wallet = airdrop.world.mint_to(&other, &treasurer, &member(0), 5);
    let mut claim = airdrop.claim_of(0).instruction();
    claim.accounts[3].pubkey = other;
    claim.accounts[4].pubkey = wallet;
    assert_refused(airdrop.run(&[claim], &[]), AirdropError::WrongMint);
    // The right mint with an account of the wrong one.
    let mut claim = airdrop.claim_of(0).instruction();
    claim.accounts[4].pubkey = wallet;
    assert_refused(
        airdrop.run(&[claim], &[]),
        AirdropError::DestinationWrongMint,
    );
    let mut claim = airdrop.claim_of(0).instruction();
    claim.accounts[5].pubkey = ids::TOKEN_2022_PROGRAM;
    assert_refused(airdrop.run(&[claim], &[]), AirdropError::WrongTokenProgram);
}

#[test]
fn the_page_must_hold_the_index_of_the_leaf() {
    // One known leaf in the second page's range, and both pages open.
    let index = 80_001;
    let mut airdrop = Airdrop::unmade(&[(5, 0)]);
    let leaf = DropLeaf {
        campaign: airdrop.campaign.to_bytes(),
        index: LeafIndex::new(index),
        owner: member(0).to_bytes(),
        unlocked: Tokens::new(5),
        locked: Tokens::ZERO,
    };
    let proof = vec![Node::new([9; 32], Tokens::ZERO); 17];
    airdrop.terms.root =
        cairn_merkle::fold_proof(leaf.node().unwrap(), LeafIndex::new(index), &proof).unwrap();
    airdrop.terms.leaf_count = 1 << 17;
    airdrop.terms.canopy_depth = 0;
    airdrop.create().unwrap();
    let from = airdrop.mint_to(&address("creator"), 5);
    airdrop.fill(from, None).unwrap();
    airdrop.open_page(0).unwrap();
    airdrop.open_page(1).unwrap();
    airdrop.open_wallet(&member(0));
    airdrop.at(STARTS_IN);
    let claim = ClaimDrop {
        index: LeafIndex::new(index),
        proof,
        ..airdrop.claim_of(0)
    };
    let mut wrong = claim.instruction();
    wrong.accounts[1].pubkey = campaign_page_address(&airdrop.campaign, 0).0;
    assert_refused(airdrop.run(&[wrong], &[]), AirdropError::WrongPage);
    airdrop.must(&[claim.instruction()], &[]);
    assert_eq!(airdrop.page(1).claimed(LeafIndex::new(index)), Some(true));
    assert_eq!((airdrop.page(0).count(), airdrop.page(1).count()), (0, 1));
    assert_eq!(airdrop.balance(0), 5);
}

#[test]
fn one_grant_is_not_claimed_under_two_indices() {
    let mut airdrop = Airdrop::open(&USUAL);
    airdrop.claim(0).unwrap();
    let again = ClaimDrop {
        index: LeafIndex::new(1),
        vesting_payer: None,
        ..airdrop.claim_of(0)
    };
    assert_refused(
        airdrop.run(&[again.instruction()], &[]),
        AirdropError::ProofHashMismatch,
    );
    let phantom = ClaimDrop {
        index: LeafIndex::new(6),
        ..again
    };
    assert_refused(
        airdrop.run(&[phantom.instruction()], &[]),
        AirdropError::LeafIndexOutOfRange,
    );
}

#[test]
fn a_forged_claim_is_refused_by_what_is_wrong_with_it() {
    type Spoil = fn(&mut ClaimDrop);
    let mut airdrop = Airdrop::open(&USUAL);
    let honest = airdrop.claim_of(0);
    let spoilt: [(&str, Spoil, AirdropError); 9] = [
        (
            "more",
            |it| it.unlocked = Tokens::new(it.unlocked.get() + 1),
            AirdropError::ProofSumMismatch,
        ),
        (
            "less, so that the rest stays for the receiver",
            |it| it.unlocked = Tokens::new(it.unlocked.get() - 1),
            AirdropError::ProofSumMismatch,
        ),
        (
            "unlocked as locked",
            |it| (it.unlocked, it.locked) = (Tokens::ZERO, Tokens::new(100)),
            AirdropError::ProofHashMismatch,
        ),
        (
            "parts that wrap around to the honest sum",
            |it| (it.unlocked, it.locked) = (Tokens::MAX, Tokens::new(101)),
            AirdropError::ProofSumOverflow,
        ),
        (
            "a sum that wraps on the way up",
            |it| it.proof[0] = Node::new(it.proof[0].hash, Tokens::MAX),
            AirdropError::ProofSumOverflow,
        ),
        (
            "a sibling of less, for a leaf of more",
            |it| {
                it.unlocked = Tokens::new(it.unlocked.get() + 1);
                it.proof[0] = Node::new(
                    it.proof[0].hash,
                    it.proof[0].sum().saturating_sub(Tokens::new(1)),
                );
            },
            AirdropError::ProofHashMismatch,
        ),
        (
            "a short proof",
            |it| it.proof.clear(),
            AirdropError::ProofTooShort,
        ),
        (
            "a long proof",
            |it| it.proof.push(EMPTY_LEAF),
            AirdropError::ProofTooLong,
        ),
        (
            "another's index",
            |it| it.index = LeafIndex::new(2),
            AirdropError::ProofSumMismatch,
        ),
    ];
    for (case, spoil, expected) in spoilt {
        let mut claim = honest.clone();
        spoil(&mut claim);
        println!("{case}");
        assert_refused(airdrop.run(&[claim.instruction()], &[]), expected);
    }
    let mut cut = honest.instruction();
    // Behind discriminator, index, two amounts and a bump stands the proof's length: one byte less than its one node.
    let length = 1 + 4 + 8 + 8 + 1;
    assert_eq!(cut.data[length], 40);
    cut.data[length] = 39;
    cut.data.pop();
    assert_refused(airdrop.run(&[cut], &[]), AirdropError::ProofBytes);
    assert_eq!(airdrop.vault_balance(), 2_062);
}

#[test]
fn another_owners_account_changes_the_leaf() {
    let mut airdrop = Airdrop::open(&USUAL);
    let thief = ClaimDrop {
        owner: address("stranger"),
        ..airdrop.claim_of(0)
    };
    airdrop.open_wallet(&address("stranger"));
    assert_refused(
        airdrop.run(&[thief.instruction()], &[]),
        AirdropError::ProofHashMismatch,
    );
}

#[test]
fn the_vault_is_the_campaigns_even_when_another_one_is_richer() {
    let (mut airdrop, _) = two_campaigns();
    let (first, _) = campaign_address(&address("creator"), 7);
    let mut claim = airdrop.claim_of(0).instruction();
    claim.accounts[2].pubkey = campaign_vault_address(&first).0;
    assert_refused(airdrop.run(&[claim], &[]), AirdropError::WrongVault);
}

/// A campaign of two drops whose creator committed to `root`, with one of them to be claimed along `sibling`.
fn lying(root: Node, grants: [(u64, u64); 2], sibling: Node) -> (Airdrop, ClaimDrop) {
    let mut airdrop = Airdrop::unmade(&grants);
    airdrop.terms.root = root;
    airdrop.terms.canopy_depth = 0;
    airdrop.create().unwrap();
    airdrop.fund_and_open();
    let claim = ClaimDrop {
        proof: vec![sibling],
        ..airdrop.claim_of(0)
    };
    (airdrop, claim)
}

#[test]
fn a_creator_that_commits_to_less_than_the_drops_pays_nobody_at_the_others_expense() {
    let grants = [(100, 0), (100, 0)];
    let campaign = Airdrop::unmade(&grants).campaign;
    let honest = drops(&campaign, &grants);
    let sibling = honest.tree().node(0, 1);
    // Half of what the leaves add up to: the vault would be empty after the first.
    let root = Node::new(honest.root().hash, Tokens::new(100));
    let (mut airdrop, claim) = lying(root, grants, sibling);
    assert_refused(
        airdrop.run(&[claim.instruction()], &[]),
        AirdropError::ProofSumMismatch,
    );
    // Told that the sibling has nothing, the sums agree and the hashes do not.
    let hidden = ClaimDrop {
        proof: vec![Node::new(sibling.hash, Tokens::ZERO)],
        ..claim
    };
    assert_refused(
        airdrop.run(&[hidden.instruction()], &[]),
        AirdropError::ProofHashMismatch,
    );
    assert_eq!(airdrop.vault_balance(), 100);
}

#[test]
fn a_root_whose_sum_wrapped_around_pays_nobody() {
    let grants = [(u64::MAX, 0), (6, 0)];
    let campaign = Airdrop::unmade(&[(1, 0)]).campaign;
    let leaf = |index, (unlocked, locked)| {
        let leaf = DropLeaf {
            campaign: campaign.to_bytes(),
            index: LeafIndex::new(index),
            owner: member(index).to_bytes(),
            unlocked: Tokens::new(unlocked),
            locked: Tokens::new(locked),
        };
        leaf.node().unwrap()
    };
    let nodes = [leaf(0, grants[0]), leaf(1, grants[1])];
    // What a builder that does not check would make of them: five base units for the largest drop there is.
    let hash = solana_sdk::hash::hashv(&[&[1], nodes[0].as_bytes(), nodes[1].as_bytes()]);
    let root = Node::new(hash.to_bytes(), Tokens::new(5));
    let mut airdrop = Airdrop::unmade(&[(u64::MAX, 0), (0, 0)]);
    airdrop.terms.root = root;
    airdrop.terms.canopy_depth = 0;
    airdrop.create().unwrap();
    airdrop.fund_and_open();
    let claim = ClaimDrop {
        proof: vec![nodes[1]],
        ..airdrop.claim_of(0)
    };
    assert_refused(
        airdrop.run(&[claim.instruction()], &[]),
        AirdropError::ProofSumOverflow,
    );
    assert_eq!(airdrop.vault_balance(), 5);
}
