//! The concurrent tree against two others: a whole tree that recomputes everything, and spl-concurrent-merkle-tree, an
//! independent implementation of the same idea, run with the same hash.

use device_registry::merkle::{
    CHANGES, EMPTY, Layout, Node, NodeHash, Sha256Nodes, TreeError, TreeHead, WholeTree, fold,
};
use proptest::prelude::*;
use spl_concurrent_merkle_tree::{
    concurrent_merkle_tree::{ConcurrentMerkleTree, SetLeafArgs},
    hash::recompute,
    node::empty_node,
};

/// The hash of spl-concurrent-merkle-tree, taken from that crate itself.
#[derive(Clone, Copy, Debug)]
struct SplNodes;

impl NodeHash for SplNodes {
    fn parent(left: &Node, right: &Node) -> Node {
        recompute(*left, &[*right], 0)
    }
    fn empty(level: u8) -> Node {
        empty_node(u32::from(level))
    }
}

/// A leaf that no other number gives.
fn leaf(number: u64) -> Node {
    let mut node = [7; 32];
    node[..8].copy_from_slice(&number.to_le_bytes());
    node
}

/// The chain's side and the whole tree, in step.
struct Pair<H> {
    head: TreeHead,
    words: Vec<Node>,
    whole: WholeTree<H>,
}

impl<H: NodeHash + Clone> Pair<H> {
    fn new(depth: u8, canopy: u8) -> Self {
        let layout = Layout::new(depth, canopy).unwrap();
        Self {
            head: TreeHead::empty::<H>(depth, canopy).unwrap(),
            words: vec![EMPTY; layout.words()],
            whole: WholeTree::new(depth, canopy, vec![]).unwrap(),
        }
    }

    fn append(&mut self, leaf: Node) -> Result<u32, TreeError> {
        let index = self.head.append::<H>(&mut self.words, &leaf)?;
        self.whole.set(index, leaf).unwrap();
        Ok(index)
    }

    fn replace(
        &mut self,
        index: u32,
        old: Node,
        new: Node,
        proof: &[Node],
        at: u64,
    ) -> Result<(), TreeError> {
        self.head
            .replace::<H>(&mut self.words, index, &old, &new, proof, at)?;
        self.whole.set(index, new).unwrap();
        Ok(())
    }
}

#[derive(Clone, Debug)]
enum Step {
    Append,
    /// Replace the device at this share of the tree with a proof that is this many changes old.
    Replace {
        place: u16,
        age: u64,
    },
}

fn steps(number: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::Append),
        3 => (any::<u16>(), 0..=CHANGES).prop_map(|(place, age)| Step::Replace { place, age }),
    ];
    proptest::collection::vec(step, 1..number)
}

fn shape() -> impl Strategy<Value = (u8, u8)> {
    (3_u8..=7).prop_flat_map(|depth| (Just(depth), 0..depth))
}

/// Runs the steps; every state of the whole tree is kept so that proofs can be as old as a step asks.
fn run<H: NodeHash + Clone>(
    depth: u8,
    canopy: u8,
    steps: &[Step],
    mut after: impl FnMut(&Pair<H>, &Step, Option<(u32, Node, Node)>),
) {
    let mut pair = Pair::<H>::new(depth, canopy);
    let mut history = vec![pair.whole.clone()];
    for (number, step) in steps.iter().enumerate() {
        let new = leaf(number as u64);
        let changed = match step {
            Step::Append => match pair.append(new) {
                Ok(index) => Some((index, EMPTY, new)),
                Err(error) => {
                    assert_eq!((error, pair.head.next_index), (TreeError::Full, 1 << depth));
                    None
                }
            },
            Step::Replace { place, age } if pair.head.next_index > 0 => {
                let index = u32::from(*place) % pair.head.next_index;
                let at = pair.head.sequence.saturating_sub(*age);
                let seen = &history[usize::try_from(at).unwrap()];
                let (old, proof) = (pair.whole.leaf(index), seen.proof(index));
                let result = pair.replace(index, old, new, &proof, at);
                assert_eq!(
                    result,
                    Ok(()),
                    "a proof {age} changes old of the present leaf"
                );
                Some((index, old, new))
            }
            Step::Replace { .. } => None,
        };
        if changed.is_some() {
            history.push(pair.whole.clone());
        }
        assert_eq!(pair.head.root, pair.whole.root());
        after(&pair, step, changed);
    }
}

/// The root by nothing but the definition: pad with empty leaves, hash pairs.
fn root_by_definition(depth: u8, whole: &WholeTree<Sha256Nodes>) -> Node {
    let mut level: Vec<Node> = (0..1_u32 << depth).map(|index| whole.leaf(index)).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| Sha256Nodes::parent(&pair[0], &pair[1]))
            .collect();
    }
    level[0]
}

proptest! {
    #[test]
    fn any_appends_and_stale_replacements_keep_the_root_of_the_whole_tree(
        (depth, canopy) in shape(),
        steps in steps(160),
    ) {
        run::<Sha256Nodes>(depth, canopy, &steps, |pair, _, _| {
            assert_eq!(pair.head.root, root_by_definition(depth, &pair.whole));
        });
    }

    #[test]
    fn every_root_is_the_one_of_spl_concurrent_merkle_tree(steps in steps(200)) {
        const DEPTH: usize = 5;
        let mut spl = Box::new(ConcurrentMerkleTree::<DEPTH, 64>::new());
        spl.initialize().unwrap();
        let mut whole = WholeTree::<SplNodes>::new(DEPTH as u8, 0, vec![]).unwrap();
        run::<SplNodes>(DEPTH as u8, 0, &steps, |pair, step, changed| {
            let Some((index, old, new)) = changed else { return };
            let root = match step {
                Step::Append => spl.append(new).unwrap(),
                Step::Replace { .. } => spl.set_leaf(&SetLeafArgs {
                    current_root: whole.root(),
                    previous_leaf: old,
                    new_leaf: new,
                    proof_vec: whole.proof(index),
                    index,
                }).unwrap(),
            };
            whole.set(index, new).unwrap();
            assert_eq!(root, pair.head.root);
        });
    }

    #[test]
    fn an_imported_tree_goes_on_as_if_its_devices_had_been_appended(
        (depth, canopy) in shape(),
        share in 0.0_f64..=1.0,
        steps in steps(40),
    ) {
        let capacity = 1_u32 << depth;
        let count = ((f64::from(capacity) * share) as u32).clamp(1, capacity);
        let leaves: Vec<Node> = (0..count).map(|n| leaf(1_000 + u64::from(n))).collect();
        let whole = WholeTree::<Sha256Nodes>::new(depth, canopy, leaves.clone()).unwrap();

        let mut imported = Pair::<Sha256Nodes>::new(depth, canopy);
        for (chunk, nodes) in whole.canopy().chunks(3).enumerate() {
            imported.head.fill_canopy(&mut imported.words, chunk as u16 * 3, nodes).unwrap();
        }
        imported.head
            .import::<Sha256Nodes>(&mut imported.words, &whole.root(), count, &whole.peaks())
            .unwrap();
        imported.whole = whole;

        let mut appended = Pair::<Sha256Nodes>::new(depth, canopy);
        for leaf in leaves {
            appended.append(leaf).unwrap();
        }
        for (number, step) in steps.iter().enumerate() {
            let new = leaf(number as u64);
            for pair in [&mut imported, &mut appended] {
                match step {
                    Step::Append => {
                        let _full = pair.append(new);
                    }
                    Step::Replace { place, .. } => {
                        let index = u32::from(*place) % pair.head.next_index;
                        let (old, proof) = (pair.whole.leaf(index), pair.whole.proof(index));
                        pair.replace(index, old, new, &proof, pair.head.sequence).unwrap();
                    }
                }
                assert_eq!(pair.head.root, pair.whole.root());
            }
            prop_assert_eq!(imported.head.root, appended.head.root);
        }
    }

    #[test]
    fn a_proof_with_anything_changed_is_refused(
        (depth, canopy) in shape(),
        count in 2_u32..8,
        place in any::<u16>(),
        mutation in 0_usize..6,
        bit in any::<u16>(),
    ) {
        let mut pair = Pair::<Sha256Nodes>::new(depth, canopy);
        for number in 0..count {
            pair.append(leaf(u64::from(number))).unwrap();
        }
        let index = u32::from(place) % count;
        let (mut old, mut proof) = (pair.whole.leaf(index), pair.whole.proof(index));
        let (mut at_index, mut at) = (index, pair.head.sequence);
        let flip = |node: &mut Node| node[usize::from(bit) % 32] ^= 1 << (bit >> 8 & 7);
        let expected = match mutation {
            0 => { flip(&mut old); TreeError::ProofMismatch }
            1 => {
                let level = usize::from(bit) % proof.len();
                flip(&mut proof[level]);
                TreeError::ProofMismatch
            }
            2 => { proof.push(EMPTY); TreeError::ProofLength }
            3 => { proof.pop(); TreeError::ProofLength }
            4 => { at_index = count; TreeError::IndexOutOfRange }
            _ => { at += 1; TreeError::ProofStale }
        };
        let before = pair.words.clone();
        let result = pair.replace(at_index, old, leaf(99), &proof, at);
        prop_assert_eq!(result, Err(expected));
        prop_assert_eq!(before, pair.words);
    }
}

#[test]
fn a_proof_may_be_sixty_four_changes_old_and_not_sixty_five() {
    for (age, expected) in [(64, Ok(())), (65, Err(TreeError::ProofStale))] {
        let mut pair = Pair::<Sha256Nodes>::new(5, 2);
        for number in 0..8 {
            pair.append(leaf(number)).unwrap();
        }
        let (proof, at, old) = (pair.whole.proof(3), pair.head.sequence, pair.whole.leaf(3));
        for number in 0..age {
            let (old, fresh) = (pair.whole.leaf(5), pair.whole.proof(5));
            let now = pair.head.sequence;
            pair.replace(5, old, leaf(100 + number), &fresh, now)
                .unwrap();
        }
        assert_eq!(pair.replace(3, old, leaf(99), &proof, at), expected);
    }
}

#[test]
fn the_account_tells_the_roots_of_its_last_sixty_four_changes_an_import_first() {
    let layout = Layout::new(7, 0).unwrap();
    let mut pair = Pair::<Sha256Nodes>::new(7, 0);
    assert_eq!(layout.recent_roots(&pair.words, 0), Ok(vec![]));
    pair.whole = WholeTree::new(7, 0, (0..11).map(leaf).collect()).unwrap();
    let (root, peaks) = (pair.whole.root(), pair.whole.peaks());
    pair.head
        .import::<Sha256Nodes>(&mut pair.words, &root, 11, &peaks)
        .unwrap();
    let mut roots = vec![root];
    for number in 11..111 {
        pair.append(leaf(number)).unwrap();
        roots.insert(0, pair.head.root);
        let told = layout.recent_roots(&pair.words, pair.head.sequence);
        assert_eq!(told.unwrap(), roots[..roots.len().min(64)]);
    }
}

#[test]
fn the_second_of_two_changes_of_one_device_is_told_that_it_changed() {
    let mut pair = Pair::<Sha256Nodes>::new(4, 0);
    pair.append(leaf(0)).unwrap();
    pair.append(leaf(1)).unwrap();
    let (proof, at) = (pair.whole.proof(1), pair.head.sequence);
    pair.replace(1, leaf(1), leaf(2), &proof, at).unwrap();
    let second = pair.replace(1, leaf(1), leaf(3), &proof, at);
    assert_eq!(second, Err(TreeError::LeafChanged));
}

#[test]
fn an_empty_position_can_not_be_filled_with_a_proof() {
    let mut pair = Pair::<Sha256Nodes>::new(4, 0);
    pair.append(leaf(0)).unwrap();
    let (proof, at) = (pair.whole.proof(1), pair.head.sequence);
    // The proof is true: the position is empty. It is refused all the same.
    assert_eq!(fold::<Sha256Nodes>(&EMPTY, 1, &proof), pair.head.root);
    let result = pair.replace(1, EMPTY, leaf(1), &proof, at);
    assert_eq!(result, Err(TreeError::IndexOutOfRange));
}

#[test]
fn a_full_tree_takes_no_more_and_still_changes() {
    let mut pair = Pair::<Sha256Nodes>::new(3, 1);
    for number in 0..8 {
        pair.append(leaf(number)).unwrap();
    }
    assert_eq!(pair.append(leaf(8)), Err(TreeError::Full));
    let (proof, at) = (pair.whole.proof(7), pair.head.sequence);
    pair.replace(7, leaf(7), leaf(9), &proof, at).unwrap();
    assert_eq!(pair.head.root, root_by_definition(3, &pair.whole));
}

/// An import's arguments, and what one change to them must answer.
#[test]
fn an_import_that_is_not_the_tree_it_says_is_refused() {
    let leaves: Vec<Node> = (0..11).map(leaf).collect();
    let whole = WholeTree::<Sha256Nodes>::new(5, 2, leaves).unwrap();
    let import = |canopy: &[Node], root: Node, count: u32, peaks: &[Node]| {
        let mut pair = Pair::<Sha256Nodes>::new(5, 2);
        if !canopy.is_empty() {
            pair.head.fill_canopy(&mut pair.words, 0, canopy).unwrap();
        }
        pair.head
            .import::<Sha256Nodes>(&mut pair.words, &root, count, peaks)
    };
    let (canopy, root, peaks) = (whole.canopy(), whole.root(), whole.peaks());
    assert_eq!(import(canopy, root, 11, &peaks), Ok(()));
    assert_eq!(import(canopy, root, 0, &[]), Err(TreeError::ImportCount));
    assert_eq!(
        import(canopy, root, 33, &peaks[..2]),
        Err(TreeError::ImportCount)
    );
    assert_eq!(
        import(canopy, root, 11, &peaks[..2]),
        Err(TreeError::ImportPeaks)
    );
    // Thirteen has as many bits as eleven: only the root tells.
    assert_eq!(import(canopy, root, 13, &peaks), Err(TreeError::ImportRoot));
    assert_eq!(
        import(canopy, leaf(0), 11, &peaks),
        Err(TreeError::ImportRoot)
    );
    assert_eq!(import(&[], root, 11, &peaks), Err(TreeError::CanopyRoot));
    let mut forged = canopy.to_vec();
    forged[1] = leaf(1);
    assert_eq!(
        import(&forged, root, 11, &peaks),
        Err(TreeError::CanopyRoot)
    );
}

#[test]
fn canopy_nodes_outside_the_canopy_or_after_the_first_device_are_refused() {
    let mut pair = Pair::<Sha256Nodes>::new(5, 2);
    let fill = |pair: &mut Pair<Sha256Nodes>, offset, number| {
        pair.head
            .fill_canopy(&mut pair.words, offset, &vec![leaf(0); number])
    };
    assert_eq!(fill(&mut pair, 3, 2), Err(TreeError::CanopyRange));
    assert_eq!(fill(&mut pair, u16::MAX, 1), Err(TreeError::CanopyRange));
    assert_eq!(fill(&mut pair, 0, 0), Err(TreeError::CanopyRange));
    pair.append(leaf(0)).unwrap();
    assert_eq!(fill(&mut pair, 0, 1), Err(TreeError::NotEmpty));

    let mut bare = Pair::<Sha256Nodes>::new(5, 0);
    assert_eq!(fill(&mut bare, 0, 1), Err(TreeError::CanopyRange));
}

#[test]
fn shapes_that_do_not_exist_are_refused() {
    for (depth, canopy, expected) in [
        (2, 0, TreeError::Depth),
        (25, 0, TreeError::Depth),
        (14, 12, TreeError::CanopyDepth),
        (3, 3, TreeError::CanopyDepth),
    ] {
        assert_eq!(Layout::new(depth, canopy), Err(expected));
    }
    let mut pair = Pair::<Sha256Nodes>::new(3, 0);
    pair.words.pop();
    assert_eq!(pair.append(leaf(0)), Err(TreeError::Layout));
}
