use cairn_merkle::{
    Credits, EMPTY_LEAF, LeafIndex, MerkleError, MilliPoints, Node, RewardLeaf, SLOTS_PER_PAGE,
    Tokens, canopy_depth_for, parent, verify,
};
use cairn_tree::Tree;
use serde::Serialize;

use super::{CanopyForm, File, NodeForm, ONE, ProofForm, layout, node_forms, variant};

/// Leaf counts of the trees.
pub(super) const SIZES: [u32; 6] = [1, 2, 3, 5, 64, 1_000];

/// Trees up to this size show every preimage and every node.
const SPELLED_OUT: u32 = 64;

const POOL: [u8; 32] = *b"cairn golden vectors: this pool.";

#[derive(Serialize)]
struct TreeFile {
    pool: String,
    leaf_count: u32,
    depth: u8,
    root: NodeForm,
    leaves: Vec<LeafForm>,
    /// Level 0 are the leaves; every level whole, padding included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    levels: Vec<Vec<NodeForm>>,
    canopies: Vec<CanopyForm>,
    proofs: Vec<ProofForm>,
}

#[derive(Serialize)]
struct LeafForm {
    index: u32,
    owner: String,
    tokens: String,
    points: String,
    credits: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preimage: Option<String>,
    hash: String,
}

#[derive(Serialize)]
struct RefusalForm {
    case: &'static str,
    error: String,
    leaf_count: u32,
    index: u32,
    node: NodeForm,
    canopy_depth: u8,
    canopy: Vec<NodeForm>,
    proof: Vec<NodeForm>,
}

/// Amounts that touch the edges where the total allows it: nothing earned, one base unit, the largest of each.
fn leaf(index: u32, leaf_count: u32) -> RewardLeaf {
    let n = u64::from(index);
    let mut owner = [0; 32];
    for (byte, step) in owner.iter_mut().zip(1u8..) {
        *byte = step.wrapping_mul(index.to_le_bytes()[0].wrapping_add(7)) ^ index.to_le_bytes()[1];
    }
    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
    let (tokens, points, credits) = match (leaf_count, index) {
        // Five leaves that fill a u64 to its last unit.
        (5, 0) => (u64::MAX - 16, u64::MAX, 0),
        (5, 4) => (13, 0, u64::MAX),
        (5, _) => (1, n, n),
        (_, 1) => (0, 0, 0),
        _ => (mixed % 1_000_000_000_000 + 1, mixed % 77_777, mixed % 11),
    };
    RewardLeaf {
        pool: POOL,
        index: LeafIndex::new(index),
        owner,
        tokens: Tokens::new(tokens),
        points: MilliPoints::new(points),
        credits: Credits::new(credits),
    }
}

fn tree(leaf_count: u32) -> Tree {
    Tree::build_with(&POOL, leaf_count, |index| leaf(index.get(), leaf_count))
        .expect("the vectors' leaves are a legal tree")
}

fn leaf_form(leaf: &RewardLeaf, spelled_out: bool) -> LeafForm {
    LeafForm {
        index: leaf.index.get(),
        owner: hex::encode(leaf.owner),
        tokens: leaf.tokens.to_string(),
        points: leaf.points.to_string(),
        credits: leaf.credits.to_string(),
        preimage: spelled_out.then(|| hex::encode(leaf.preimage())),
        hash: hex::encode(leaf.node().hash),
    }
}

pub(super) fn file(leaf_count: u32) -> File {
    let tree = tree(leaf_count);
    let depth = tree.depth();
    let spelled_out = leaf_count <= SPELLED_OUT;
    let mut canopy_depths: Vec<u8> = [0, 1, 2, 6]
        .map(|wish| canopy_depth_for(wish, depth))
        .into();
    canopy_depths.dedup();
    let indices: Vec<u32> = if leaf_count <= 5 {
        (0..leaf_count).collect()
    } else {
        [
            0,
            1,
            31,
            32,
            63,
            SLOTS_PER_PAGE - 1,
            SLOTS_PER_PAGE,
            511,
            512,
            998,
            999,
        ]
        .into_iter()
        .filter(|index| *index < leaf_count)
        .collect()
    };
    let levels = (0..=depth).map(|level| {
        (0..1u32 << (depth - level))
            .map(|position| tree.node(level, position).into())
            .collect()
    });
    let form = TreeFile {
        pool: hex::encode(POOL),
        leaf_count,
        depth,
        root: tree.root().into(),
        leaves: (0..leaf_count)
            .map(|index| leaf_form(&leaf(index, leaf_count), spelled_out))
            .collect(),
        levels: if spelled_out {
            levels.collect()
        } else {
            Vec::new()
        },
        canopies: canopy_depths
            .iter()
            .map(|&canopy_depth| CanopyForm {
                canopy_depth,
                nodes: node_forms(&tree.canopy(canopy_depth).expect("fits the tree")),
            })
            .collect(),
        proofs: canopy_depths
            .iter()
            .flat_map(|&canopy_depth| indices.iter().map(move |&index| (canopy_depth, index)))
            .map(|(canopy_depth, index)| ProofForm {
                index,
                canopy_depth,
                nodes: node_forms(
                    &tree
                        .proof(LeafIndex::new(index), canopy_depth)
                        .expect("a leaf"),
                ),
            })
            .collect(),
    };
    File {
        name: format!("tree-{leaf_count:04}.json"),
        text: layout::json(&form),
    }
}

/// An honest claim on the tree of 5, bent in one way a case.
#[derive(Clone)]
struct Claim {
    leaf_count: u32,
    index: u32,
    node: Node,
    canopy_depth: u8,
    canopy: Vec<Node>,
    proof: Vec<Node>,
}

impl Claim {
    fn honest(index: u32, canopy_depth: u8) -> Self {
        let tree = tree(5);
        Self {
            leaf_count: 5,
            index,
            node: leaf(index, 5).node(),
            canopy_depth,
            canopy: tree.canopy(canopy_depth).expect("fits the tree"),
            proof: tree
                .proof(LeafIndex::new(index), canopy_depth)
                .expect("a leaf"),
        }
    }

    fn bent(index: u32, canopy_depth: u8, bend: impl FnOnce(&mut Self)) -> Self {
        let mut claim = Self::honest(index, canopy_depth);
        bend(&mut claim);
        claim
    }

    fn verdict(&self) -> Result<(), MerkleError> {
        verify(
            self.node,
            LeafIndex::new(self.index),
            self.leaf_count,
            &self.proof,
            &self.canopy,
            self.canopy_depth,
        )
    }
}

pub(super) fn refusals() -> File {
    let forms: Vec<RefusalForm> = cases()
        .into_iter()
        .map(|(case, claim)| RefusalForm {
            case,
            error: variant(&claim.verdict().expect_err("every case is a refusal")),
            leaf_count: claim.leaf_count,
            index: claim.index,
            node: claim.node.into(),
            canopy_depth: claim.canopy_depth,
            canopy: node_forms(&claim.canopy),
            proof: node_forms(&claim.proof),
        })
        .collect();
    File {
        name: "tree-refusals.json".to_owned(),
        text: layout::json(&forms),
    }
}

fn cases() -> Vec<(&'static str, Claim)> {
    let changed = |index, change: fn(&mut RewardLeaf)| {
        Claim::bent(index, 0, |claim| {
            let mut leaf = leaf(index, 5);
            change(&mut leaf);
            claim.node = leaf.node();
        })
    };
    vec![
        ("no leaves", Claim::bent(0, 0, |claim| claim.leaf_count = 0)),
        (
            "more leaves than a tree holds",
            Claim::bent(0, 0, |claim| claim.leaf_count = (1 << 24) + 1),
        ),
        (
            "a canopy deeper than the tree",
            Claim::bent(0, 0, |claim| {
                claim.canopy_depth = 4;
                claim.canopy = vec![EMPTY_LEAF; 16];
                claim.proof.clear();
            }),
        ),
        (
            "a canopy with a node missing",
            Claim::bent(0, 2, |claim| {
                claim.canopy.pop();
            }),
        ),
        (
            "the phantom after the last leaf",
            Claim::bent(4, 0, |claim| claim.index = 5),
        ),
        (
            "a padding position claimed with the empty leaf",
            Claim::bent(4, 0, |claim| {
                claim.index = 7;
                claim.node = EMPTY_LEAF;
            }),
        ),
        (
            "an inner node as a leaf, with the proof cut to fit",
            Claim::bent(2, 0, |claim| {
                claim.node = parent(&claim.node, &claim.proof[0]).expect("a node of the tree");
                claim.index = 1;
                claim.proof.remove(0);
            }),
        ),
        (
            "a proof with a node too many",
            Claim::bent(3, 2, |claim| claim.proof.push(EMPTY_LEAF)),
        ),
        (
            "a sibling whose sum wraps the total",
            Claim::bent(3, 0, |claim| {
                claim.proof[0] = Node::new(claim.proof[0].hash, Tokens::MAX);
            }),
        ),
        (
            "a sibling with a smaller sum",
            Claim::bent(1, 0, |claim| {
                claim.proof[0] = Node::new(claim.proof[0].hash, ONE);
            }),
        ),
        (
            "a sibling with another hash",
            Claim::bent(1, 0, |claim| claim.proof[2].hash[31] ^= 1),
        ),
        (
            "more tokens than the leaf has",
            Claim::bent(4, 2, |claim| {
                let mut leaf = leaf(4, 5);
                leaf.tokens = leaf.tokens.saturating_add(ONE);
                claim.node = leaf.node();
            }),
        ),
        (
            "tokens that wrap the total",
            changed(3, |leaf| leaf.tokens = leaf.tokens.saturating_add(ONE)),
        ),
        (
            "more points than the leaf has",
            changed(3, |leaf| {
                leaf.points = leaf.points.saturating_add(MilliPoints::new(1));
            }),
        ),
        (
            "more credits than the leaf has",
            changed(3, |leaf| {
                leaf.credits = leaf.credits.saturating_add(Credits::new(1));
            }),
        ),
        ("another owner", changed(3, |leaf| leaf.owner[0] ^= 1)),
        ("another pool", changed(3, |leaf| leaf.pool[0] ^= 1)),
        (
            "another member's index in the leaf",
            changed(3, |leaf| leaf.index = LeafIndex::new(2)),
        ),
        (
            "another member's place",
            Claim::bent(3, 0, |claim| claim.index = 2),
        ),
        (
            "a canopy node with another sum",
            Claim::bent(4, 2, |claim| {
                claim.canopy[2] = Node::new(claim.canopy[2].hash, Tokens::new(14));
            }),
        ),
        (
            "another canopy node's place",
            Claim::bent(3, 2, |claim| claim.canopy.swap(0, 1)),
        ),
    ]
}
