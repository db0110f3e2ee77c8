//! Bytes and compute units of every step, in the tallest tree there is.

use cairn_interface::{
    ids::COMPUTE_BUDGET_PROGRAM,
    vault::{AnswerChallenge, OpenChallenge, PutCanopy},
};
use cairn_merkle::{
    EpochNumber, LeafIndex, Node, RewardLeaf, Tokens, fold_canopy, fold_proof, parent,
};
use solana_sdk::instruction::Instruction;

use super::super::scene::{DAY, Scene, Terms, WEEK, address, key, member};

/// A tree of 2^depth leaves of which four are known, with the way to them.
struct Tall {
    root: Node,
    canopy: Vec<Node>,
    proof: Vec<Node>,
}

impl Tall {
    fn new(leaves: &[RewardLeaf], depth: u8, canopy_depth: u8) -> Self {
        let mut proof = vec![leaves[0].node()];
        let pair = parent(&leaves[2].node(), &leaves[3].node()).unwrap();
        proof.push(pair);
        let climb = usize::from(depth - canopy_depth);
        proof.resize(climb, Node::new([5; 32], Tokens::new(0)));
        let mut canopy = vec![Node::new([6; 32], Tokens::new(0)); 1 << canopy_depth];
        canopy[0] = fold_proof(leaves[1].node(), LeafIndex::new(1), &proof).unwrap();
        Self {
            root: fold_canopy(&canopy).unwrap(),
            canopy,
            proof,
        }
    }
}

fn with_budget(instruction: Instruction) -> Vec<Instruction> {
    let limit = [&[2][..], &1_400_000_u32.to_le_bytes()].concat();
    let price = [&[3][..], &1_000_u64.to_le_bytes()].concat();
    let budget = |data: &[u8]| Instruction::new_with_bytes(COMPUTE_BUDGET_PROGRAM, data, vec![]);
    vec![budget(&limit), budget(&price), instruction]
}

#[test]
fn every_step_fits_one_transaction_at_depth_24_and_costs_what_is_promised() {
    let mut scene = Scene::with(Terms {
        canopy_depth: 6,
        challenge_window_secs: DAY,
        ..Terms::default()
    });
    scene.fund(10_000_000).unwrap();
    let rewards = scene.rewards(&[1_000, 2_000, 3_000, 4_000]);
    let tall = Tall::new(rewards.leaves(), 24, 6);
    for number in 1..=2 {
        if number == 2 {
            scene.world.warp(WEEK);
        }
        let mut proposal = rewards.proposal(&address("keeper 0"), number);
        proposal.root = tall.root;
        proposal.leaf_count = 1 << 24;
        scene.must(&[proposal.instruction()], &["keeper 0"]);
        for part in PutCanopy::all(
            address("keeper 0"),
            scene.pool,
            EpochNumber::new(number),
            &tall.canopy,
        ) {
            scene.must(&[part.instruction()], &["keeper 0"]);
        }
        scene.attest("keeper 1", number).unwrap();
        scene.world.warp(DAY - 1);
        if number == 1 {
            scene.world.warp(1);
            scene.activate(1).unwrap();
        }
    }
    let leaf = rewards.leaves()[1];
    let open = OpenChallenge {
        challenger: address("stranger"),
        pool: scene.pool,
        active: EpochNumber::new(1),
        number: EpochNumber::new(2),
        attempt: 0,
        index: LeafIndex::new(1),
        owner: leaf.owner.into(),
        tokens: leaf.tokens,
        points: leaf.points,
        credits: leaf.credits,
        proof: tall.proof.clone(),
    };
    let mut answer = AnswerChallenge {
        answerer: address("keeper 2"),
        challenger: address("stranger"),
        pool: scene.pool,
        number: EpochNumber::new(2),
        challenge: open.challenge(),
        owner: Some(member(9)),
        tokens: leaf.tokens,
        points: leaf.points,
        credits: leaf.credits,
        proof: tall.proof.clone(),
    };
    let bytes = |scene: &Scene, instruction: Instruction, who: &str| {
        let signed = scene
            .world
            .sign(&key(who), &with_budget(instruction), &[&key(who)]);
        1 + 64 * signed.signatures.len() + signed.message.serialize().len()
    };
    let opening = bytes(&scene, open.instruction(), "stranger");
    let answering = bytes(&scene, answer.instruction(), "keeper 2");
    println!("open_challenge {opening} bytes, answer_challenge {answering} bytes");
    assert!(opening <= 1_232 && answering <= 1_232);
    let opened = scene.must(&[open.instruction()], &["stranger"]);
    answer.owner = None;
    let answered = scene.must(&[answer.instruction()], &["keeper 2"]);
    scene.world.warp(1);
    let activated = scene.activate(2).unwrap();
    println!(
        "open_challenge {} CU, answer_challenge {} CU, activate_epoch {} CU",
        opened.compute_units, answered.compute_units, activated.compute_units
    );
    assert!(opened.compute_units <= 11_000, "{}", opened.compute_units);
    assert!(
        answered.compute_units <= 7_000,
        "{}",
        answered.compute_units
    );
    assert!(
        activated.compute_units <= 5_000,
        "{}",
        activated.compute_units
    );
}
