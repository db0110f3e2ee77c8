use cairn_interface::airdrop::{AirdropError, AirdropEvent, PutCampaignCanopy};
use cairn_merkle::{Node, Tokens};
use cairn_testkit::assert_refused;

use super::scene::{Airdrop, USUAL, event};
use crate::vault::scene::{Ran, address};

/// A draft with a canopy of four nodes to come.
fn created() -> (Airdrop, Vec<Node>) {
    let mut airdrop = Airdrop::unmade(&USUAL);
    airdrop.create().unwrap();
    let canopy = airdrop.drops.canopy(2);
    (airdrop, canopy)
}

fn put(airdrop: &mut Airdrop, actor: &str, offset: u8, nodes: &[Node]) -> Ran {
    let part = PutCampaignCanopy {
        creator: address(actor),
        campaign: airdrop.campaign,
        offset,
        nodes: nodes.to_vec(),
    };
    airdrop.run(&[part.instruction()], &[actor])
}

#[test]
fn a_canopy_comes_in_parts_and_is_complete_when_it_folds_to_the_root() {
    let (mut airdrop, canopy) = created();
    let AirdropEvent::CampaignCanopyStored(said) =
        event(put(&mut airdrop, "creator", 0, &canopy[..3]))
    else {
        panic!("another event");
    };
    assert_eq!((said.stored, said.needed), (3, 4));
    assert!(!airdrop.campaign().facts.canopy.complete);
    put(&mut airdrop, "creator", 3, &canopy[3..]).unwrap();
    assert!(airdrop.campaign().facts.canopy.complete);
    assert_eq!(airdrop.campaign().facts.canopy.nodes, canopy);
    assert_refused(
        put(&mut airdrop, "creator", 0, &canopy),
        AirdropError::CanopyComplete,
    );
}

#[test]
fn parts_follow_each_other_hold_whole_nodes_and_no_more_than_fit() {
    let (mut airdrop, canopy) = created();
    put(&mut airdrop, "creator", 0, &canopy[..2]).unwrap();
    let cases = [
        (1, canopy[1..].to_vec(), AirdropError::CanopyOffset),
        (2, Vec::new(), AirdropError::CanopyBytes),
        (2, vec![canopy[2]; 3], AirdropError::CanopyTooLong),
    ];
    for (offset, nodes, expected) in cases {
        assert_refused(put(&mut airdrop, "creator", offset, &nodes), expected);
    }
    // Starting over is always open.
    put(&mut airdrop, "creator", 0, &canopy).unwrap();
}

#[test]
fn a_canopy_of_another_root_is_refused() {
    let (mut airdrop, honest) = created();
    let mut canopy = honest.clone();
    canopy.swap(0, 1);
    assert_refused(
        put(&mut airdrop, "creator", 0, &canopy),
        AirdropError::CanopyHashMismatch,
    );
    // More for one half of the tree than the root commits to, in the open and by wrapping around.
    let mut canopy = honest.clone();
    canopy[0] = Node::new(
        canopy[0].hash,
        canopy[0].sum().saturating_add(Tokens::new(1)),
    );
    assert_refused(
        put(&mut airdrop, "creator", 0, &canopy),
        AirdropError::CanopySumMismatch,
    );
    canopy[1] = Node::new(canopy[1].hash, Tokens::MAX);
    assert_refused(
        put(&mut airdrop, "creator", 0, &canopy),
        AirdropError::CanopySumMismatch,
    );
    put(&mut airdrop, "creator", 0, &honest).unwrap();
}

#[test]
fn only_the_creator_puts_it_and_only_into_a_draft() {
    let (mut airdrop, canopy) = created();
    assert_refused(
        put(&mut airdrop, "stranger", 0, &canopy),
        AirdropError::NotCreator,
    );
    let mut open = Airdrop::open(&USUAL);
    assert_refused(
        put(&mut open, "creator", 0, &canopy),
        AirdropError::CampaignNotDraft,
    );
}
