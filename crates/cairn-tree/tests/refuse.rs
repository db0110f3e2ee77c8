//! Whatever is changed in a leaf, an index, a proof, a length or a sum is refused, each by its error; and no set of
//! accepted leaves exceeds the root, however the tree was forged.

use cairn_merkle::{
    Credits, LeafIndex, MerkleError, MilliPoints, NODE_LEN, Node, RewardLeaf, Tokens, fold_canopy,
    parent, verify,
};
use cairn_tree::{Tree, TreeError};
use proptest::prelude::*;

const POOL: [u8; 32] = [0x17; 32];

#[derive(Debug)]
struct Claim {
    leaf: RewardLeaf,
    leaf_count: u32,
    proof: Vec<Node>,
    canopy: Vec<Node>,
    canopy_depth: u8,
}

impl Claim {
    fn verdict(&self) -> Result<(), MerkleError> {
        self.verdict_of(self.leaf.node(), self.leaf.index)
    }

    fn verdict_of(&self, node: Node, index: LeafIndex) -> Result<(), MerkleError> {
        verify(
            node,
            index,
            self.leaf_count,
            &self.proof,
            &self.canopy,
            self.canopy_depth,
        )
    }
}

fn leaves(tokens: &[u64]) -> Vec<RewardLeaf> {
    (0..)
        .zip(tokens)
        .map(|(index, &tokens)| RewardLeaf {
            pool: POOL,
            index: LeafIndex::new(index),
            owner: [index.to_le_bytes()[0]; 32],
            tokens: Tokens::new(tokens),
            points: MilliPoints::new(tokens / 2),
            credits: Credits::new(1),
        })
        .collect()
}

prop_compose! {
    /// An honest claim on a tree of 2 to 90 members.
    fn any_claim()(
        tokens in prop::collection::vec(1..1_000_000_000u64, 2..90),
        at: prop::sample::Index, canopy_depth in 0..8u8,
    ) -> Claim {
        let leaves = leaves(&tokens);
        let tree = Tree::build(&POOL, &leaves).expect("a tree");
        let canopy_depth = cairn_merkle::canopy_depth_for(canopy_depth, tree.depth());
        let leaf = leaves[at.index(leaves.len())];
        Claim {
            leaf,
            leaf_count: tree.leaf_count(),
            proof: tree.proof(leaf.index, canopy_depth).expect("a leaf"),
            canopy: tree.canopy(canopy_depth).expect("no deeper than the tree"),
            canopy_depth,
        }
    }
}

fn with_bit_flipped(node: Node, bit: usize) -> Node {
    let mut bytes = [0; NODE_LEN];
    bytes.copy_from_slice(node.as_bytes());
    bytes[bit / 8] ^= 1 << (bit % 8);
    Node::from_bytes(&bytes)
}

proptest! {
    #[test]
    fn an_honest_claim_is_accepted(claim in any_claim()) {
        prop_assert_eq!(claim.verdict(), Ok(()));
        prop_assert!(fold_canopy(&claim.canopy).is_ok());
    }

    #[test]
    fn a_leaf_with_another_pool_owner_points_or_credits_has_another_hash(
        mut claim in any_claim(), field in 0..4, bit in 0..64usize,
    ) {
        match field {
            0 => claim.leaf.pool[bit / 2] ^= 1 << (bit % 8),
            1 => claim.leaf.owner[bit / 2] ^= 1 << (bit % 8),
            2 => claim.leaf.points = MilliPoints::new(claim.leaf.points.get() ^ 1 << bit),
            _ => claim.leaf.credits = Credits::new(claim.leaf.credits.get() ^ 1 << bit),
        }
        prop_assert_eq!(claim.verdict(), Err(MerkleError::HashMismatch));
    }

    #[test]
    fn a_leaf_with_other_tokens_has_another_sum(mut claim in any_claim(), bit in 0..60usize) {
        claim.leaf.tokens = Tokens::new(claim.leaf.tokens.get() ^ 1 << bit);
        prop_assert_eq!(claim.verdict(), Err(MerkleError::SumMismatch));
    }

    #[test]
    fn tokens_that_would_wrap_the_sum_overflow(mut claim in any_claim()) {
        claim.leaf.tokens = Tokens::MAX;
        let expected = if claim.proof.iter().all(|sibling| sibling.sum() == Tokens::ZERO) {
            MerkleError::SumMismatch
        } else {
            MerkleError::SumOverflow
        };
        prop_assert_eq!(claim.verdict(), Err(expected));
    }

    #[test]
    fn an_index_beyond_the_last_leaf_is_out_of_range(claim in any_claim(), beyond: u32) {
        let index = LeafIndex::new(claim.leaf_count.saturating_add(beyond % 200));
        prop_assert_eq!(claim.verdict_of(claim.leaf.node(), index), Err(MerkleError::IndexOutOfRange));
        // Positions of padding hold a node that has no preimage as a leaf.
        prop_assert_eq!(
            claim.verdict_of(cairn_merkle::EMPTY_LEAF, index),
            Err(MerkleError::IndexOutOfRange)
        );
    }

    #[test]
    fn another_members_index_is_refused(claim in any_claim(), other: prop::sample::Index) {
        let index = LeafIndex::new(other.index(claim.leaf_count as usize) as u32);
        prop_assume!(index != claim.leaf.index);
        // The same leaf bytes at another position.
        let moved = claim.verdict_of(claim.leaf.node(), index);
        prop_assert!(
            matches!(moved, Err(MerkleError::HashMismatch | MerkleError::SumMismatch)),
            "{moved:?}"
        );
        // A leaf that names another index.
        let mut renamed = claim.leaf;
        renamed.index = index;
        prop_assert_eq!(
            claim.verdict_of(renamed.node(), claim.leaf.index),
            Err(MerkleError::HashMismatch)
        );
    }

    #[test]
    fn any_flipped_bit_of_a_sibling_is_refused_by_what_it_touches(
        mut claim in any_claim(), level: prop::sample::Index, bit in 0..NODE_LEN * 8,
    ) {
        prop_assume!(!claim.proof.is_empty());
        let level = level.index(claim.proof.len());
        claim.proof[level] = with_bit_flipped(claim.proof[level], bit);
        let verdict = claim.verdict();
        if bit < 32 * 8 {
            prop_assert_eq!(verdict, Err(MerkleError::HashMismatch));
        } else {
            prop_assert!(
                matches!(verdict, Err(MerkleError::SumMismatch | MerkleError::SumOverflow)),
                "{verdict:?}"
            );
        }
    }

    #[test]
    fn any_flipped_bit_of_the_canopy_node_above_is_refused(
        mut claim in any_claim(), bit in 0..NODE_LEN * 8,
    ) {
        let above = (claim.leaf.index.get() >> claim.proof.len()) as usize;
        claim.canopy[above] = with_bit_flipped(claim.canopy[above], bit);
        let expected = if bit < 32 * 8 { MerkleError::HashMismatch } else { MerkleError::SumMismatch };
        prop_assert_eq!(claim.verdict(), Err(expected));
    }

    #[test]
    fn siblings_in_another_order_are_refused(mut claim in any_claim(), a: prop::sample::Index, b: prop::sample::Index) {
        prop_assume!(claim.proof.len() > 1);
        let (a, b) = (a.index(claim.proof.len()), b.index(claim.proof.len()));
        prop_assume!(claim.proof[a] != claim.proof[b]);
        claim.proof.swap(a, b);
        prop_assert_eq!(claim.verdict(), Err(MerkleError::HashMismatch));
    }

    #[test]
    fn a_shorter_or_longer_proof_is_refused_whatever_it_proves(mut claim in any_claim()) {
        // Cutting the lowest sibling and presenting the node above as a leaf is the old attack on trees.
        if let Some((first, rest)) = claim.proof.clone().split_first() {
            let inner = if claim.leaf.index.get() & 1 == 0 {
                parent(&claim.leaf.node(), first)
            } else {
                parent(first, &claim.leaf.node())
            };
            claim.proof = rest.to_vec();
            prop_assert_eq!(
                claim.verdict_of(inner.expect("small sums"), LeafIndex::new(claim.leaf.index.get() >> 1)),
                Err(MerkleError::ProofTooShort)
            );
            claim.proof.insert(0, *first);
        }
        claim.proof.push(Node::default());
        prop_assert_eq!(claim.verdict(), Err(MerkleError::ProofTooLong));
    }

    #[test]
    fn a_canopy_of_another_size_or_depth_is_refused(mut claim in any_claim()) {
        claim.canopy.push(Node::default());
        prop_assert_eq!(claim.verdict(), Err(MerkleError::CanopyLength));
        if claim.canopy_depth > 0 {
            prop_assert_eq!(fold_canopy(&claim.canopy), Err(MerkleError::CanopyLength));
        }
        claim.canopy.pop();
        let depth = cairn_merkle::depth_for(claim.leaf_count).expect("a legal count");
        for deeper in [depth + 1, 25, u8::MAX] {
            claim.canopy_depth = deeper;
            prop_assert_eq!(claim.verdict(), Err(MerkleError::CanopyLength));
        }
    }
}

/// A keeper who may write any sum into any node. Every node commits to what it *says* its children are; where that is
/// not what they are, their leaves' proofs lead elsewhere.
#[derive(Debug)]
struct Forged {
    /// By level, what each node is.
    levels: Vec<Vec<Node>>,
    /// By level, what the parent says each node is.
    said: Vec<Vec<Node>>,
}

fn forge(leaves: &[RewardLeaf], mut lie: impl FnMut(u64) -> u64) -> Option<Forged> {
    let mut forged = Forged {
        levels: vec![],
        said: vec![],
    };
    let mut level: Vec<Node> = leaves.iter().map(RewardLeaf::node).collect();
    while level.len() > 1 {
        let said: Vec<Node> = level
            .iter()
            .map(|node| Node::new(node.hash, Tokens::new(lie(node.sum().get()))))
            .collect();
        let above: Result<Vec<Node>, MerkleError> = said
            .chunks(2)
            .map(|pair| parent(&pair[0], &pair[1]))
            .collect();
        forged
            .levels
            .push(std::mem::replace(&mut level, above.ok()?));
        forged.said.push(said);
    }
    forged.levels.push(level);
    Some(forged)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_set_of_accepted_leaves_exceeds_the_root_of_a_forged_tree(
        tokens in prop::collection::vec(0..1_000_000u64, 16),
        lies in prop::collection::vec((0..6u8, 0..2_000_000u64), 30),
    ) {
        let leaves = leaves(&tokens);
        let mut lies = lies.into_iter();
        let forged = forge(&leaves, |honest| match lies.next() {
            Some((0, lie)) => lie,
            Some((1, _)) => 0,
            Some((2, _)) => honest / 2,
            _ => honest,
        });
        let forged = forged.expect("small sums");
        let root = forged.levels[4][0];
        let mut paid = 0u64;
        let mut accepted = 0;
        for leaf in &leaves {
            let sibling = |level: usize| ((leaf.index.get() >> level) ^ 1) as usize;
            let committed: Vec<Node> = (0..4).map(|level| forged.said[level][sibling(level)]).collect();
            let honest: Vec<Node> = (0..4).map(|level| forged.levels[level][sibling(level)]).collect();
            let wins = [committed, honest]
                .iter()
                .any(|proof| verify(leaf.node(), leaf.index, 16, proof, &[root], 0).is_ok());
            if wins {
                paid += leaf.tokens.get();
                accepted += 1;
            }
        }
        prop_assert!(paid <= root.sum().get(), "{accepted} leaves take {paid} of {}", root.sum());
    }
}

#[test]
fn an_honest_forgery_pays_everybody() {
    let leaves = leaves(&[5; 16]);
    let forged = forge(&leaves, |honest| honest).expect("small sums");
    let tree = Tree::build(&POOL, &leaves).expect("a tree");
    assert_eq!(forged.levels[4][0], tree.root());
    for leaf in &leaves {
        let proof = tree.proof(leaf.index, 0).expect("a leaf");
        assert_eq!(
            verify(leaf.node(), leaf.index, 16, &proof, &[tree.root()], 0),
            Ok(())
        );
    }
}

#[test]
fn bare_nodes_are_held_to_the_same_count_and_sum() {
    let scope = [4; 32];
    assert_eq!(
        Tree::from_nodes(&scope, Vec::new()).err(),
        Some(TreeError::LeafCount { count: 0 })
    );
    let nodes = |sums: &[u64]| -> Vec<Node> {
        let node = |sum: &u64| Node::new([9; 32], Tokens::new(*sum));
        sums.iter().map(node).collect()
    };
    assert_eq!(
        Tree::from_nodes(&scope, nodes(&[1, u64::MAX - 1, 1])).err(),
        Some(TreeError::SumOverflow {
            index: LeafIndex::new(2)
        })
    );
    let tree = Tree::from_nodes(&scope, nodes(&[1, u64::MAX - 1])).expect("just fits");
    assert_eq!((tree.root().sum(), tree.pool()), (Tokens::MAX, &scope));
}
