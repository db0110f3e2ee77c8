use cairn_merkle::{DropLeaf, LeafIndex, MerkleError, Node, Tokens, parent, verify};
use cairn_tree::Tree;
use serde::Serialize;

use super::{CanopyForm, File, NodeForm, ONE, ProofForm, layout, node_forms, variant};

const CAMPAIGN: [u8; 32] = *b"cairn golden vectors: campaign 1";
const LEAVES: u32 = 11;
const CANOPY_DEPTHS: [u8; 3] = [0, 1, 3];

#[derive(Serialize)]
struct DropFile {
    campaign: String,
    leaf_count: u32,
    depth: u8,
    root: NodeForm,
    leaves: Vec<LeafForm>,
    canopies: Vec<CanopyForm>,
    proofs: Vec<ProofForm>,
    refusals: Vec<RefusalForm>,
}

#[derive(Serialize)]
struct LeafForm {
    index: u32,
    owner: String,
    unlocked: String,
    locked: String,
    preimage: String,
    hash: String,
    sum: String,
}

/// A claim on the campaign that must be refused; what it leaves out is as in the honest one of its index.
#[derive(Serialize)]
struct RefusalForm {
    case: &'static str,
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

/// Amounts at the edges: nothing at all, all unlocked, all locked, and together a u64 to its last unit.
fn leaf(index: u32) -> DropLeaf {
    let mut owner = [0; 32];
    for (byte, step) in owner.iter_mut().zip(1_u8..) {
        *byte = step.wrapping_mul(index.to_le_bytes()[0].wrapping_add(11));
    }
    let n = u64::from(index);
    let (unlocked, locked) = match index {
        0 => (u64::MAX - 3_000, 0),
        1 => (0, 0),
        2 => (0, 1),
        3 => (1, 0),
        4 => (0, 1_000),
        10 => (0, 3_000 - 1 - 1 - 1_000 - 5 * 20 - 35),
        _ => (20, n),
    };
    DropLeaf {
        campaign: CAMPAIGN,
        index: LeafIndex::new(index),
        owner,
        unlocked: Tokens::new(unlocked),
        locked: Tokens::new(locked),
    }
}

fn tree() -> Tree {
    let nodes: Result<Vec<Node>, MerkleError> =
        (0..LEAVES).map(|index| leaf(index).node()).collect();
    let nodes = nodes.expect("every leaf of the vectors fits");
    Tree::from_nodes(&CAMPAIGN, nodes).expect("the vectors' leaves are a legal tree")
}

fn leaf_form(leaf: &DropLeaf) -> LeafForm {
    let node = leaf.node().expect("every leaf of the vectors fits");
    LeafForm {
        index: leaf.index.get(),
        owner: hex::encode(leaf.owner),
        unlocked: leaf.unlocked.to_string(),
        locked: leaf.locked.to_string(),
        preimage: hex::encode(leaf.preimage()),
        hash: hex::encode(node.hash),
        sum: node.sum().to_string(),
    }
}

pub(super) fn file() -> File {
    let tree = tree();
    let form = DropFile {
        campaign: hex::encode(CAMPAIGN),
        leaf_count: LEAVES,
        depth: tree.depth(),
        root: tree.root().into(),
        leaves: (0..LEAVES).map(|index| leaf_form(&leaf(index))).collect(),
        canopies: CANOPY_DEPTHS
            .into_iter()
            .map(|canopy_depth| CanopyForm {
                canopy_depth,
                nodes: node_forms(&tree.canopy(canopy_depth).expect("fits the tree")),
            })
            .collect(),
        proofs: CANOPY_DEPTHS
            .into_iter()
            .flat_map(|canopy_depth| (0..LEAVES).map(move |index| (canopy_depth, index)))
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
        refusals: cases().into_iter().map(RefusalForm::from).collect(),
    };
    File {
        name: "drops.json".to_owned(),
        text: layout::json(&form),
    }
}

/// An honest claim, bent in one way a case.
struct Claim {
    case: &'static str,
    leaf: DropLeaf,
    /// Where the claim says that the leaf stands.
    position: u32,
    canopy_depth: u8,
    proof: Vec<Node>,
}

impl Claim {
    fn bent(
        case: &'static str,
        index: u32,
        canopy_depth: u8,
        bend: impl FnOnce(&mut Self),
    ) -> Self {
        let mut claim = Self {
            case,
            leaf: leaf(index),
            position: index,
            canopy_depth,
            proof: tree()
                .proof(LeafIndex::new(index), canopy_depth)
                .expect("a leaf"),
        };
        bend(&mut claim);
        claim
    }

    fn verdict(&self) -> Result<(), MerkleError> {
        let canopy = tree().canopy(self.canopy_depth).expect("fits the tree");
        verify(
            self.leaf.node()?,
            LeafIndex::new(self.position),
            LEAVES,
            &self.proof,
            &canopy,
            self.canopy_depth,
        )
    }
}

impl From<Claim> for RefusalForm {
    fn from(claim: Claim) -> Self {
        Self {
            case: claim.case,
            error: variant(&claim.verdict().expect_err("every case is a refusal")),
            campaign: hex::encode(claim.leaf.campaign),
            index: claim.leaf.index.get(),
            owner: hex::encode(claim.leaf.owner),
            unlocked: claim.leaf.unlocked.to_string(),
            locked: claim.leaf.locked.to_string(),
            position: claim.position,
            canopy_depth: claim.canopy_depth,
            proof: node_forms(&claim.proof),
        }
    }
}

fn cases() -> Vec<Claim> {
    vec![
        Claim::bent("parts that do not fit together", 4, 0, |claim| {
            claim.leaf.unlocked = Tokens::MAX;
        }),
        Claim::bent("the locked part as unlocked", 4, 1, |claim| {
            (claim.leaf.unlocked, claim.leaf.locked) = (Tokens::new(1_000), Tokens::ZERO);
        }),
        Claim::bent("a unit moved from one part to the other", 5, 1, |claim| {
            claim.leaf.unlocked = claim.leaf.unlocked.saturating_add(ONE);
            claim.leaf.locked = claim.leaf.locked.saturating_sub(ONE);
        }),
        Claim::bent("more than the leaf has", 3, 3, |claim| {
            claim.leaf.unlocked = claim.leaf.unlocked.saturating_add(ONE);
        }),
        Claim::bent("more, hidden in the sibling's sum", 3, 0, |claim| {
            claim.leaf.unlocked = claim.leaf.unlocked.saturating_add(ONE);
            let sibling = claim.proof[0];
            claim.proof[0] = Node::new(sibling.hash, sibling.sum().saturating_sub(ONE));
        }),
        Claim::bent("more than any tree holds", 2, 0, |claim| {
            claim.leaf.locked = claim.leaf.locked.saturating_add(ONE);
        }),
        Claim::bent("a sibling that wraps the total", 2, 0, |claim| {
            let sibling = claim.proof[0];
            claim.proof[0] = Node::new(sibling.hash, Tokens::MAX);
        }),
        Claim::bent("another campaign", 5, 3, |claim| {
            claim.leaf.campaign[31] ^= 1;
        }),
        Claim::bent("another owner", 5, 3, |claim| claim.leaf.owner[0] ^= 1),
        Claim::bent("another index in the leaf", 5, 3, |claim| {
            claim.leaf.index = LeafIndex::new(6);
        }),
        Claim::bent("another place", 5, 3, |claim| claim.position = 4),
        Claim::bent("the phantom after the last leaf", 10, 0, |claim| {
            claim.position = 11;
        }),
        Claim::bent("a proof without its last node", 5, 1, |claim| {
            claim.proof.pop();
        }),
        Claim::bent("a proof with a node too many", 5, 1, |claim| {
            let node = parent(&claim.proof[0], &claim.proof[0]).expect("small sums");
            claim.proof.push(node);
        }),
    ]
}
