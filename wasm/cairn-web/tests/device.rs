//! A device's proof out of a published file: of the tree as it is, or as it was within the changes that its account remembers.

use cairn_device_tree::{Layout, Node, Sha256Nodes, TreeError, TreeHead, WholeTree};
use cairn_web::{Fault, answer};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const DEPTH: u8 = 5;
const CANOPY: u8 = 2;

/// What a leaf hashes: anything of this length.
fn preimage(index: u32, change: u8) -> [u8; 230] {
    let mut bytes = [change; 230];
    bytes[..4].copy_from_slice(&index.to_le_bytes());
    bytes
}

fn leaf(index: u32, change: u8) -> Node {
    Sha256::digest(preimage(index, change)).into()
}

/// A tree on chain.
struct Chain {
    head: TreeHead,
    words: Vec<Node>,
}

impl Chain {
    fn of(devices: u32) -> Self {
        let layout = Layout::new(DEPTH, CANOPY).expect("a shape");
        let mut chain = Self {
            head: TreeHead::empty::<Sha256Nodes>(DEPTH, CANOPY).expect("a shape"),
            words: vec![[0; 32]; layout.words()],
        };
        for index in 0..devices {
            chain.append(&leaf(index, 0));
        }
        chain
    }

    fn append(&mut self, leaf: &Node) {
        let appended = self.head.append::<Sha256Nodes>(&mut self.words, leaf);
        appended.expect("room");
    }

    /// What a page asks for the device at `index`, out of a file of leaves that changed as often as `changes` says.
    fn question(&self, index: u32, changes: &[u8]) -> Vec<u8> {
        let count = |length: usize| u32::try_from(length).expect("few").to_le_bytes();
        let mut question = self.head.root.to_vec();
        question.extend(self.head.sequence.to_le_bytes());
        question.extend(self.head.next_index.to_le_bytes());
        question.extend([DEPTH, CANOPY]);
        question.extend(count(self.words.len()));
        question.extend(self.words.iter().flatten());
        question.extend(index.to_le_bytes());
        question.extend(count(changes.len()));
        for (at, change) in (0..).zip(changes) {
            question.extend(preimage(at, *change));
        }
        question
    }

    /// Replaces the device at `index` by the proof that an answer holds.
    fn replace(
        &mut self,
        index: u32,
        old: &Node,
        new: &Node,
        told: &[u8],
    ) -> Result<(), TreeError> {
        let (sequence, proof) = told.split_first_chunk().expect("a sequence");
        let proof: Vec<Node> = proof.as_chunks().0.to_vec();
        let sequence = u64::from_le_bytes(*sequence);
        self.head
            .replace::<Sha256Nodes>(&mut self.words, index, old, new, &proof, sequence)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_proof_of_a_file_that_is_some_changes_old_changes_the_device(devices in 1_u32..20, later in 0_u32..10, at in 0_u32..20) {
        let index = at % devices;
        let mut chain = Chain::of(devices);
        for new in devices..devices + later {
            chain.append(&leaf(new, 0));
        }
        let file = vec![0; devices as usize];
        let told = answer(9, &chain.question(index, &file)).expect("a proof");
        prop_assert_eq!(told.len(), 8 + 32 * usize::from(DEPTH - CANOPY));
        prop_assert_eq!(chain.replace(index, &leaf(index, 0), &leaf(index, 1), &told), Ok(()));
        let mut now: Vec<Node> = (0..devices + later).map(|at| leaf(at, 0)).collect();
        now[index as usize] = leaf(index, 1);
        let whole = WholeTree::<Sha256Nodes>::new(DEPTH, CANOPY, now).expect("a tree");
        prop_assert_eq!(chain.head.root, whole.root());
        // The file is of before: the device in it is no more what it was.
        let refused = answer(9, &chain.question(index, &file));
        prop_assert_eq!(refused, Err(Fault::Tree(TreeError::LeafChanged)));
    }
}

#[test]
fn what_is_no_state_of_the_tree_proves_nothing() {
    let chain = Chain::of(9);
    let asked = chain.question(3, &[0; 9]);
    assert!(answer(9, &asked).is_ok());
    assert_eq!(
        answer(9, &chain.question(3, &[0, 0, 0, 0, 0, 0, 0, 0, 1])),
        Err(Fault::Stale)
    );
    assert_eq!(answer(9, &chain.question(3, &[0; 10])), Err(Fault::Stale));
    assert_eq!(
        answer(9, &chain.question(3, &[0; 33])),
        Err(Fault::Tree(TreeError::Full))
    );
    // Below the tree's count and outside the file: a position that the file says is empty.
    assert_eq!(
        answer(9, &chain.question(8, &[0; 8])),
        Err(Fault::Tree(TreeError::EmptyLeaf))
    );
    assert_eq!(answer(9, &asked[..asked.len() - 1]), Err(Fault::Question));
    let told = Fault::Tree(TreeError::ProofStale).to_string();
    assert_eq!(
        told,
        "ProofStale: the proof is more than 64 changes old, or newer than the tree"
    );
}

#[test]
fn more_changes_than_the_account_remembers_make_a_file_stale() {
    // A change each that is forgotten after 64 others.
    let mut chain = Chain::of(2);
    let file = [0, 0];
    for change in 0..64_u8 {
        let told = answer(9, &chain.question(1, &[0, change])).expect("a proof");
        let changed = chain.replace(1, &leaf(1, change), &leaf(1, change + 1), &told);
        changed.expect("a change");
        let old = answer(9, &chain.question(0, &file));
        assert_eq!(old.is_ok(), change < 63, "{change}");
    }
    assert_eq!(answer(9, &chain.question(0, &file)), Err(Fault::Stale));
}
