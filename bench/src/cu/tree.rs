use cairn_merkle::{LeafIndex, Node, RewardLeaf, Tokens, fold_canopy, fold_proof, parent};

/// A tree of 2^depth leaves of which the first few are known, with the ways to them. The rest is fillers without a sum:
/// what a claim costs depends on the way alone, and a real tree of eight million leaves would take its time.
pub struct Tree {
    pub depth: u8,
    pub root: Node,
    pub canopy: Vec<Node>,
    /// One for each known leaf: siblings from the leaf up to the canopy.
    pub proofs: Vec<Vec<Node>>,
}

impl Tree {
    /// `leaves` are 2^k of the first indices, all below one node of the canopy.
    pub fn new(leaves: &[RewardLeaf], depth: u8, canopy_depth: u8) -> Self {
        Self::of_nodes(
            leaves.iter().map(RewardLeaf::node).collect(),
            depth,
            canopy_depth,
        )
    }

    /// The same from the nodes of the leaves.
    pub fn of_nodes(leaves: Vec<Node>, depth: u8, canopy_depth: u8) -> Self {
        assert!(leaves.len().is_power_of_two(), "a whole subtree of leaves");
        let climb = usize::from(depth - canopy_depth);
        let mut proofs = vec![Vec::with_capacity(climb); leaves.len()];
        let mut level = leaves.clone();
        for height in 0..climb {
            for (index, proof) in proofs.iter_mut().enumerate() {
                let sibling = level.get((index >> height) ^ 1);
                proof.push(sibling.copied().unwrap_or(Node::new([5; 32], Tokens::ZERO)));
            }
            level = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => parent(left, right).expect("sums fit"),
                    _ => Node::default(),
                })
                .collect();
        }
        let top = fold_proof(leaves[0], LeafIndex::new(0), &proofs[0]).expect("sums fit");
        let mut canopy = vec![Node::new([6; 32], Tokens::ZERO); 1 << canopy_depth];
        canopy[0] = top;
        Self {
            depth,
            root: fold_canopy(&canopy).expect("sums fit"),
            canopy,
            proofs,
        }
    }

    pub const fn leaf_count(&self) -> u32 {
        1 << self.depth
    }
}
