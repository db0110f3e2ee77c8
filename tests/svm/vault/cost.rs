//! What instructions cost, on the built program. The bounds are promises; `cargo xtask bench` prints the numbers.

use cairn_interface::{
    ids::COMPUTE_BUDGET_PROGRAM,
    vault::{Claim, PutCanopy},
};
use cairn_merkle::{
    EpochNumber, LeafIndex, MilliPoints, Node, RewardLeaf, Tokens, fold_canopy, fold_proof,
};
use cairn_testkit::Landed;
use solana_sdk::instruction::Instruction;

use super::scene::{Scene, Terms, address, member};

fn budget(units: u32) -> Instruction {
    let mut data = vec![2];
    data.extend(units.to_le_bytes());
    Instruction::new_with_bytes(COMPUTE_BUDGET_PROGRAM, &data, Vec::new())
}

/// A tree of 2^depth leaves of which one is known, with the way to it: what a claim costs depends on nothing else.
struct Way {
    depth: u8,
    root: Node,
    canopy: Vec<Node>,
    proof: Vec<Node>,
}

impl Way {
    fn new(leaf: &RewardLeaf, depth: u8) -> Self {
        let canopy_depth = depth.min(6);
        let proof = vec![Node::new([5; 32], Tokens::ZERO); usize::from(depth - canopy_depth)];
        let mut canopy = vec![Node::new([6; 32], Tokens::ZERO); 1 << canopy_depth];
        canopy[0] = fold_proof(leaf.node(), LeafIndex::new(0), &proof).unwrap();
        Self {
            depth,
            root: fold_canopy(&canopy).unwrap(),
            canopy,
            proof,
        }
    }
}

/// A pool whose active epoch is such a tree, with the member's page and wallet open.
fn at_depth(depth: u8) -> (Scene, Way) {
    let mut scene = Scene::with(Terms {
        canopy_depth: 6,
        ..Terms::default()
    });
    let one = scene.rewards(&[1]);
    let way = Way::new(&one.leaves()[0], depth);
    scene.fund(1).unwrap();
    let mut proposal = scene.proposal(1, &one);
    proposal.root = way.root;
    proposal.leaf_count = 1 << depth;
    let propose = scene.must(&[proposal.instruction()], &["keeper 0"]);
    let mut put = 0;
    for part in PutCanopy::all(
        address("keeper 0"),
        scene.pool,
        EpochNumber::FIRST,
        &way.canopy,
    ) {
        put = scene
            .must(&[part.instruction()], &["keeper 0"])
            .compute_units;
    }
    let attest = scene.attest("keeper 1", 1).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    let activate = scene.activate(1).unwrap();
    println!(
        "depth {depth}: propose {}, last canopy part {put}, attest {}, activate {}",
        propose.compute_units, attest.compute_units, activate.compute_units
    );
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    (scene, way)
}

/// The member's claim, and the bytes of its transaction with one compute-budget instruction.
fn claim(scene: &mut Scene, way: &Way) -> (Landed, usize) {
    let one = scene.rewards(&[1]);
    let claim = Claim {
        proof: way.proof.clone(),
        ..one.claim(&scene.pool(), 1, 0)
    };
    let instructions = [budget(20_000), claim.instruction()];
    let payer = scene.world.payer().insecure_clone();
    let transaction = scene.world.sign(&payer, &instructions, &[]);
    let size = 1 + 64 * transaction.signatures.len() + transaction.message.serialize().len();
    let landed = scene.world.submit(&transaction).unwrap();
    println!(
        "claim at depth {}: {} CU, {size} bytes",
        way.depth, landed.compute_units
    );
    (landed, size)
}

#[test]
fn a_claim_at_depth_23_costs_at_most_10_000_units_and_fits_a_transaction() {
    let (mut scene, way) = at_depth(23);
    let (landed, size) = claim(&mut scene, &way);
    // The compute-budget instruction itself is 150 of them.
    assert!(landed.compute_units <= 10_000, "{}", landed.compute_units);
    assert!(size <= 1_232, "{size} bytes");
}

#[test]
fn a_burn_at_depth_23_costs_at_most_8_000_units_and_fits_a_transaction() {
    let (mut scene, way) = at_depth(23);
    let mut opening = scene.opening(0, 10);
    opening.minimum = MilliPoints::ZERO;
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
    let payer = scene.world.actor("member 0");
    let one = scene.rewards(&[1]);
    for visit in ["a new receipt", "the same receipt"] {
        let mut burn = scene.burn_of(&one, 0, 0, 5);
        burn.payer = member(0);
        burn.proof.clone_from(&way.proof);
        let instructions = [budget(20_000), burn.instruction()];
        let transaction = scene.world.sign(&payer, &instructions, &[]);
        let size = 1 + 64 * transaction.signatures.len() + transaction.message.serialize().len();
        let landed = scene.world.submit(&transaction).unwrap();
        println!(
            "burn into {visit}: {} CU, {size} bytes",
            landed.compute_units
        );
        // The compute-budget instruction itself is 150 of them.
        assert!(landed.compute_units <= 8_150, "{}", landed.compute_units);
        assert!(size <= 1_232, "{size} bytes");
    }
}

#[test]
fn a_claim_costs_less_the_smaller_the_tree() {
    let mut before = 0;
    for depth in [1, 10, 20] {
        let (mut scene, way) = at_depth(depth);
        let (landed, _) = claim(&mut scene, &way);
        assert!(landed.compute_units > before);
        before = landed.compute_units;
    }
    assert!(before <= 10_000, "{before}");
}

#[test]
fn activation_costs_at_most_5_000_units() {
    let (mut scene, first) = Scene::with_first_epoch(&[10, 20]);
    scene.world.warp(scene.terms.epoch_interval_secs);
    scene.prepare(2, &first);
    let landed = scene.activate(2).unwrap();
    println!("activate with a previous epoch: {}", landed.compute_units);
    assert!(landed.compute_units <= 5_000, "{}", landed.compute_units);
}

#[test]
fn the_other_instructions_cost_what_a_transaction_may_without_asking() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    let fund = scene.fund(30).unwrap().compute_units;
    let open_page = scene.open_page(0).unwrap().compute_units;
    let propose = scene.propose(1, &rewards).unwrap().compute_units;
    println!("fund {fund}, open_page {open_page}, propose {propose}");
    for units in [fund, open_page, propose] {
        assert!(units <= 50_000, "{units}");
    }
}
