use cairn_interface::vault::{CanopyStored, EpochStatus, PutCanopy, VaultError, VaultEvent};
use cairn_merkle::{EpochNumber, Node, Tokens};
use cairn_testkit::{Rewards, assert_refused};

use super::scene::{Ran, Scene, address, event};

/// A proposed epoch with a canopy of four nodes to come.
fn proposed() -> (Scene, Rewards, Vec<Node>) {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20, 30, 40, 50, 60, 70]);
    scene.propose(1, &rewards).unwrap();
    let canopy = rewards.canopy(2);
    (scene, rewards, canopy)
}

fn put(scene: &mut Scene, offset: u8, nodes: &[Node]) -> Ran {
    let part = PutCanopy {
        proposer: address("keeper 0"),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        offset,
        nodes: nodes.to_vec(),
    };
    scene.run(&[part.instruction()], &["keeper 0"])
}

#[test]
fn a_canopy_comes_in_parts_and_is_complete_when_it_folds_to_the_root() {
    let (mut scene, _, canopy) = proposed();
    let said = event(put(&mut scene, 0, &canopy[..3]));
    assert!(matches!(
        said,
        VaultEvent::CanopyStored(CanopyStored {
            stored: 3,
            needed: 4,
            ..
        })
    ));
    assert!(!scene.epoch(1).facts.canopy.complete);
    put(&mut scene, 3, &canopy[3..]).unwrap();
    assert_eq!(scene.epoch(1).facts.canopy.nodes, canopy);
    assert!(scene.epoch(1).facts.canopy.complete);
}

#[test]
fn a_complete_canopy_is_fixed() {
    let (mut scene, _, canopy) = proposed();
    put(&mut scene, 0, &canopy).unwrap();
    assert_refused(put(&mut scene, 0, &canopy), VaultError::CanopyComplete);
    assert_refused(put(&mut scene, 4, &canopy), VaultError::CanopyComplete);
}

#[test]
fn parts_follow_each_other_or_start_over() {
    let (mut scene, _, canopy) = proposed();
    put(&mut scene, 0, &[Node::default(); 2]).unwrap();
    assert_refused(put(&mut scene, 1, &canopy[1..]), VaultError::CanopyOffset);
    assert_refused(put(&mut scene, 3, &canopy[3..]), VaultError::CanopyOffset);
    put(&mut scene, 0, &canopy).unwrap();
    assert!(scene.epoch(1).facts.canopy.complete);
}

#[test]
fn a_part_holds_whole_nodes_and_no_more_than_fit() {
    let (mut scene, _, canopy) = proposed();
    assert_refused(put(&mut scene, 0, &[]), VaultError::CanopyBytes);
    assert_refused(
        put(&mut scene, 0, &[canopy[0]; 5]),
        VaultError::CanopyTooLong,
    );
    let mut part = PutCanopy {
        proposer: address("keeper 0"),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        offset: 0,
        nodes: canopy,
    }
    .instruction();
    // One byte less than four nodes, and the length says so.
    part.data.pop();
    part.data[2] -= 1;
    assert_refused(scene.run(&[part], &["keeper 0"]), VaultError::CanopyBytes);
}

#[test]
fn a_canopy_of_another_root_is_refused() {
    let (mut scene, _, mut canopy) = proposed();
    canopy.swap(0, 1);
    assert_refused(put(&mut scene, 0, &canopy), VaultError::CanopyHashMismatch);
    let (_, _, mut canopy) = proposed();
    canopy[0] = Node::new(
        canopy[0].hash,
        canopy[0].sum().saturating_add(Tokens::new(1)),
    );
    assert_refused(put(&mut scene, 0, &canopy), VaultError::CanopySumMismatch);
    canopy[1] = Node::new(canopy[1].hash, Tokens::MAX);
    assert_refused(put(&mut scene, 0, &canopy), VaultError::CanopySumMismatch);
}

#[test]
fn only_the_proposer_puts_it() {
    let (mut scene, _, canopy) = proposed();
    for actor in ["keeper 1", "admin", "stranger"] {
        let part = PutCanopy {
            proposer: address(actor),
            pool: scene.pool,
            number: EpochNumber::FIRST,
            offset: 0,
            nodes: canopy.clone(),
        };
        let ran = scene.run(&[part.instruction()], &[actor]);
        assert_refused(ran, VaultError::NotProposer);
    }
}

#[test]
fn a_canopy_that_completes_after_the_attestations_makes_the_epoch_attested() {
    let (mut scene, _, canopy) = proposed();
    scene.attest("keeper 1", 1).unwrap();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Proposed);
    put(&mut scene, 0, &canopy).unwrap();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Attested);
}

#[test]
fn a_vetoed_epoch_takes_no_canopy() {
    let (mut scene, _, canopy) = proposed();
    scene.veto("guardian", 1).unwrap();
    assert_refused(put(&mut scene, 0, &canopy), VaultError::EpochNotOpen);
}
