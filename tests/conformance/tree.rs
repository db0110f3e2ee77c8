use cairn_merkle::{LeafIndex, RewardLeaf, fold_canopy, verify};
use cairn_tree::{Tree, second_opinion::SecondOpinion};
use serde::Deserialize;

use crate::{
    form::{CanopyForm, NodeForm, ProofForm, amount, node, nodes},
    read, unhex,
};

#[derive(Deserialize)]
struct TreeFile {
    pool: String,
    leaf_count: u32,
    depth: u8,
    root: NodeForm,
    leaves: Vec<LeafForm>,
    #[serde(default)]
    levels: Vec<Vec<NodeForm>>,
    canopies: Vec<CanopyForm>,
    proofs: Vec<ProofForm>,
}

#[derive(Deserialize)]
struct LeafForm {
    index: u32,
    owner: String,
    tokens: String,
    points: String,
    credits: String,
    preimage: Option<String>,
    hash: String,
}

#[derive(Deserialize)]
struct Refusal {
    case: String,
    error: String,
    leaf_count: u32,
    index: u32,
    node: NodeForm,
    canopy_depth: u8,
    canopy: Vec<NodeForm>,
    proof: Vec<NodeForm>,
}

fn trees() -> Vec<TreeFile> {
    [1, 2, 3, 5, 64, 1_000]
        .map(|count| {
            let file: TreeFile = read(&format!("tree-{count:04}.json"));
            assert_eq!(file.leaf_count, count);
            file
        })
        .into()
}

fn leaves(file: &TreeFile) -> Vec<RewardLeaf> {
    let pool = unhex(&file.pool);
    file.leaves
        .iter()
        .map(|form| RewardLeaf {
            pool,
            index: LeafIndex::new(form.index),
            owner: unhex(&form.owner),
            tokens: amount(&form.tokens),
            points: amount(&form.points),
            credits: amount(&form.credits),
        })
        .collect()
}

#[test]
fn leaves_have_the_published_bytes_and_hashes() {
    for file in trees() {
        for (leaf, form) in leaves(&file).iter().zip(&file.leaves) {
            assert_eq!(leaf.node().hash, unhex(&form.hash));
            assert_eq!(form.preimage.is_some(), file.leaf_count <= 64);
            if let Some(preimage) = &form.preimage {
                assert_eq!(leaf.preimage(), unhex(preimage));
            }
        }
    }
}

#[test]
fn the_builder_makes_the_published_trees() {
    for file in trees() {
        let tree = Tree::build(&unhex(&file.pool), &leaves(&file)).expect("a legal tree");
        assert_eq!(tree.root(), node(&file.root));
        assert_eq!(
            (tree.leaf_count(), tree.depth()),
            (file.leaf_count, file.depth)
        );
        assert_eq!(file.levels.is_empty(), file.leaf_count > 64);
        for (level, published) in (0u8..).zip(&file.levels) {
            for (position, published) in (0u32..).zip(published) {
                assert_eq!(tree.node(level, position), node(published));
            }
        }
        for canopy in &file.canopies {
            assert_eq!(tree.canopy(canopy.canopy_depth), Ok(nodes(&canopy.nodes)));
        }
        for proof in &file.proofs {
            assert_eq!(
                tree.proof(LeafIndex::new(proof.index), proof.canopy_depth),
                Ok(nodes(&proof.nodes))
            );
        }
    }
}

#[test]
fn the_programs_verifier_accepts_every_published_proof() {
    for file in trees() {
        let leaves = leaves(&file);
        for canopy in &file.canopies {
            assert_eq!(fold_canopy(&nodes(&canopy.nodes)), Ok(node(&file.root)));
        }
        for proof in &file.proofs {
            let canopy = file
                .canopies
                .iter()
                .find(|canopy| canopy.canopy_depth == proof.canopy_depth)
                .expect("a canopy of every proof's depth");
            assert_eq!(
                verify(
                    leaves[proof.index as usize].node(),
                    LeafIndex::new(proof.index),
                    file.leaf_count,
                    &nodes(&proof.nodes),
                    &nodes(&canopy.nodes),
                    proof.canopy_depth,
                ),
                Ok(())
            );
        }
    }
}

#[test]
fn the_programs_verifier_refuses_every_published_forgery_by_its_error() {
    let cases: Vec<Refusal> = read("tree-refusals.json");
    let mut seen = std::collections::BTreeSet::new();
    for case in cases {
        let refusal = verify(
            node(&case.node),
            LeafIndex::new(case.index),
            case.leaf_count,
            &nodes(&case.proof),
            &nodes(&case.canopy),
            case.canopy_depth,
        )
        .expect_err(&case.case);
        assert_eq!(format!("{refusal:?}"), case.error, "{}", case.case);
        seen.insert(case.error);
    }
    assert_eq!(seen.len(), 8, "every error has a case: {seen:?}");
}

#[test]
fn merkle_light_makes_the_published_roots_and_proofs() {
    for file in trees() {
        let second = SecondOpinion::build(&leaves(&file)).expect("a legal tree");
        assert_eq!(second.root(), node(&file.root));
        for proof in &file.proofs {
            let (siblings, validates) = second.proof(LeafIndex::new(proof.index)).expect("a leaf");
            assert!(validates);
            assert_eq!(siblings[..proof.nodes.len()], nodes(&proof.nodes));
            assert_eq!(
                siblings.len(),
                proof.nodes.len() + usize::from(proof.canopy_depth)
            );
        }
    }
}
