use std::collections::BTreeSet;

use cairn_merkle::{DropLeaf, LeafIndex, Node, Tokens, fold_canopy, verify};
use cairn_tree::Tree;
use serde::Deserialize;

use crate::{
    form::{CanopyForm, NodeForm, ProofForm, amount, node, nodes},
    read, unhex,
};

#[derive(Deserialize)]
struct DropFile {
    campaign: String,
    leaf_count: u32,
    depth: u8,
    root: NodeForm,
    leaves: Vec<LeafForm>,
    canopies: Vec<CanopyForm>,
    proofs: Vec<ProofForm>,
    refusals: Vec<Refusal>,
}

#[derive(Deserialize)]
struct LeafForm {
    index: u32,
    owner: String,
    unlocked: String,
    locked: String,
    preimage: String,
    hash: String,
    sum: String,
}

#[derive(Deserialize)]
struct Refusal {
    case: String,
    error: String,
    campaign: String,
    index: u32,
    owner: String,
    unlocked: String,
    locked: String,
    position: u32,
    canopy_depth: u8,
    proof: Vec<NodeForm>,
}

impl DropFile {
    fn leaf(&self, index: u32) -> DropLeaf {
        let form = &self.leaves[index as usize];
        assert_eq!(form.index, index);
        DropLeaf {
            campaign: unhex(&self.campaign),
            index: LeafIndex::new(index),
            owner: unhex(&form.owner),
            unlocked: amount(&form.unlocked),
            locked: amount(&form.locked),
        }
    }

    fn canopy(&self, depth: u8) -> Vec<Node> {
        let canopy = self
            .canopies
            .iter()
            .find(|canopy| canopy.canopy_depth == depth);
        nodes(&canopy.expect("a canopy of every proof's depth").nodes)
    }
}

fn file() -> DropFile {
    read("drops.json")
}

#[test]
fn drop_leaves_have_the_published_bytes_hashes_and_sums() {
    let file = file();
    assert_eq!(file.leaves.len(), file.leaf_count as usize);
    for (index, form) in (0..).zip(&file.leaves) {
        let leaf = file.leaf(index);
        assert_eq!(leaf.preimage(), unhex(&form.preimage));
        assert_eq!(
            leaf.node(),
            Ok(Node::new(unhex(&form.hash), amount(&form.sum)))
        );
    }
}

#[test]
fn the_builder_makes_the_published_campaign_and_the_programs_verifier_accepts_it() {
    let file = file();
    let leaves = (0..file.leaf_count).map(|index| file.leaf(index).node().expect("it fits"));
    let tree = Tree::from_nodes(&unhex(&file.campaign), leaves.collect()).expect("a legal tree");
    let root = node(&file.root);
    assert_eq!((tree.root(), tree.depth()), (root, file.depth));
    assert_eq!(root.sum(), Tokens::MAX);
    for canopy in &file.canopies {
        assert_eq!(tree.canopy(canopy.canopy_depth), Ok(nodes(&canopy.nodes)));
        assert_eq!(fold_canopy(&nodes(&canopy.nodes)), Ok(root));
    }
    for proof in &file.proofs {
        assert_eq!(
            tree.proof(LeafIndex::new(proof.index), proof.canopy_depth),
            Ok(nodes(&proof.nodes))
        );
        assert_eq!(
            verify(
                file.leaf(proof.index).node().expect("it fits"),
                LeafIndex::new(proof.index),
                file.leaf_count,
                &nodes(&proof.nodes),
                &file.canopy(proof.canopy_depth),
                proof.canopy_depth,
            ),
            Ok(())
        );
    }
}

#[test]
fn the_programs_verifier_refuses_every_published_forgery_of_a_drop_by_its_error() {
    let file = file();
    let mut seen = BTreeSet::new();
    for case in &file.refusals {
        let leaf = DropLeaf {
            campaign: unhex(&case.campaign),
            index: LeafIndex::new(case.index),
            owner: unhex(&case.owner),
            unlocked: amount(&case.unlocked),
            locked: amount(&case.locked),
        };
        let refusal = leaf
            .node()
            .and_then(|node| {
                verify(
                    node,
                    LeafIndex::new(case.position),
                    file.leaf_count,
                    &nodes(&case.proof),
                    &file.canopy(case.canopy_depth),
                    case.canopy_depth,
                )
            })
            .expect_err(&case.case);
        assert_eq!(format!("{refusal:?}"), case.error, "{}", case.case);
        seen.insert(case.error.as_str());
    }
    // All that a proof can be wrong in; leaf count and canopy are the campaign's own.
    assert_eq!(seen.len(), 6, "{seen:?}");
}
