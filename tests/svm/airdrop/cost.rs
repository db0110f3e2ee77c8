//! What claiming a drop costs, on the built program. The bounds are promises; `cargo xtask bench cu` prints the numbers.

use cairn_interface::{airdrop::ClaimDrop, ids::COMPUTE_BUDGET_PROGRAM};
use cairn_merkle::{DropLeaf, LeafIndex, Node, Tokens, fold_canopy, fold_proof};
use cairn_testkit::Landed;
use solana_sdk::instruction::Instruction;

use super::scene::{Airdrop, CLIFF_IN, STARTS_IN};
use crate::vault::scene::{address, key, member};

fn budget(units: u32) -> Instruction {
    let mut data = vec![2];
    data.extend(units.to_le_bytes());
    Instruction::new_with_bytes(COMPUTE_BUDGET_PROGRAM, &data, Vec::new())
}

/// An open campaign of 2^20 drops with a canopy of 2^7 nodes, of which one drop is known, and its claim: what a claim
/// costs depends on nothing else.
fn at_depth_20(unlocked: u64, locked: u64) -> (Airdrop, ClaimDrop) {
    let mut airdrop = Airdrop::unmade(&[(unlocked, locked)]);
    let leaf = DropLeaf {
        campaign: airdrop.campaign.to_bytes(),
        index: LeafIndex::new(0),
        owner: member(0).to_bytes(),
        unlocked: Tokens::new(unlocked),
        locked: Tokens::new(locked),
    };
    let proof = vec![Node::new([5; 32], Tokens::ZERO); 13];
    let mut canopy = vec![Node::new([6; 32], Tokens::ZERO); 128];
    canopy[0] = fold_proof(leaf.node().unwrap(), LeafIndex::new(0), &proof).unwrap();
    airdrop.terms.root = fold_canopy(&canopy).unwrap();
    airdrop.terms.leaf_count = 1 << 20;
    airdrop.terms.canopy_depth = 7;
    let created = airdrop.create().unwrap();
    let mut put = 0;
    let parts = cairn_interface::airdrop::PutCampaignCanopy::all(
        address("creator"),
        airdrop.campaign,
        &canopy,
    );
    for part in parts {
        let landed = airdrop.must(&[part.instruction()], &["creator"]);
        put = landed.compute_units;
    }
    let from = airdrop.mint_to(&address("creator"), unlocked + locked);
    let opened = airdrop.fill(from, None).unwrap();
    let page = airdrop.open_page(0).unwrap();
    println!(
        "campaign of 2^20: create {}, last canopy part {put}, open {}, open page {}",
        created.compute_units, opened.compute_units, page.compute_units
    );
    airdrop.open_wallet(&member(0));
    airdrop.at(STARTS_IN);
    let claim = ClaimDrop {
        campaign: airdrop.campaign,
        owner: member(0),
        mint: airdrop.mint,
        token_program: airdrop.token_program,
        index: LeafIndex::new(0),
        unlocked: Tokens::new(unlocked),
        locked: Tokens::new(locked),
        proof,
        vesting_payer: (locked > 0).then(|| address("sponsor")),
        memo: false,
    };
    (airdrop, claim)
}

/// Sends the claim as a wallet would, and returns what it cost and the bytes of its transaction.
fn send(airdrop: &mut Airdrop, before: &[Instruction], claim: &ClaimDrop) -> (Landed, usize) {
    let mut instructions = vec![budget(60_000)];
    instructions.extend_from_slice(before);
    instructions.push(claim.instruction());
    let payer = key("sponsor");
    let transaction = airdrop.world.sign(&payer, &instructions, &[]);
    let size = 1 + 64 * transaction.signatures.len() + transaction.message.serialize().len();
    let landed = airdrop.world.submit(&transaction).unwrap();
    (landed, size)
}

#[test]
fn a_drop_of_a_million_costs_at_most_10_000_units_and_fits_a_transaction() {
    let (mut airdrop, claim) = at_depth_20(5, 0);
    let (landed, size) = send(&mut airdrop, &[], &claim);
    println!(
        "drop at depth 20: {} CU, {size} bytes",
        landed.compute_units
    );
    assert_eq!(airdrop.balance(0), 5);
    assert!(landed.compute_units <= 10_000, "{}", landed.compute_units);
    assert!(size <= 1_232, "{size} bytes");
}

#[test]
fn a_drop_that_vests_fits_a_transaction_with_its_new_accounts() {
    let (mut airdrop, claim) = at_depth_20(5, 1_000);
    let (landed, size) = send(&mut airdrop, &[], &claim);
    println!(
        "vesting drop at depth 20: {} CU, {size} bytes",
        landed.compute_units
    );
    assert_eq!(airdrop.vesting(0).locked, 1_000);
    assert!(landed.compute_units <= 20_000, "{}", landed.compute_units);
    assert!(size <= 1_232, "{size} bytes");
    airdrop.at(CLIFF_IN);
    let vested = airdrop.claim_vested(0).unwrap();
    println!("claim of what vested: {} CU", vested.compute_units);
    assert!(vested.compute_units <= 10_000, "{}", vested.compute_units);

    let (mut airdrop, claim) = at_depth_20(5, 1_000);
    let wallet = spl_token_interface::instruction::close_account(
        &airdrop.token_program,
        &airdrop.wallet(&member(0)),
        &address("sponsor"),
        &member(0),
        &[],
    );
    airdrop.must(&[wallet.unwrap()], &["member 0"]);
    let open = cairn_interface::spl::create_associated_token_account(
        &address("sponsor"),
        &member(0),
        &airdrop.mint,
        &airdrop.token_program,
    );
    let (landed, size) = send(&mut airdrop, &[open], &claim);
    println!(
        "the same into a new token account: {} CU, {size} bytes",
        landed.compute_units
    );
    assert!(size <= 1_232, "{size} bytes");
}
