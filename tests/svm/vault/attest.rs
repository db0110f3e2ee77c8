use cairn_interface::vault::{
    EpochAttested, EpochStatus, ProposeEpoch, SetKeepers, VaultError, VaultEvent,
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, Tokens};
use cairn_testkit::assert_refused;

use super::scene::{Scene, address, event};

fn proposed() -> Scene {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.propose(1, &rewards).unwrap();
    scene.put_canopy(1, &rewards);
    scene
}

#[test]
fn the_threshold_of_keepers_attests_an_epoch() {
    let mut scene = proposed();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Proposed);
    let said = event(scene.attest("keeper 2", 1));
    assert!(matches!(
        said,
        VaultEvent::EpochAttested(EpochAttested {
            tally: 2,
            threshold: 2,
            ..
        })
    ));
    assert_eq!(scene.epoch(1).status(), EpochStatus::Attested);
    assert_eq!(
        scene.epoch(1).attesters(),
        [address("keeper 0"), address("keeper 2")]
    );
    // One more than needed does no harm.
    scene.attest("keeper 1", 1).unwrap();
}

#[test]
fn a_keeper_attests_once_and_proposing_is_attesting() {
    let mut scene = proposed();
    assert_refused(scene.attest("keeper 0", 1), VaultError::AttestedAlready);
    scene.attest("keeper 1", 1).unwrap();
    assert_refused(scene.attest("keeper 1", 1), VaultError::AttestedAlready);
}

#[test]
fn only_keepers_attest() {
    let mut scene = proposed();
    for actor in ["stranger", "admin", "guardian"] {
        assert_refused(scene.attest(actor, 1), VaultError::NotKeeper);
    }
}

#[test]
fn an_attestation_names_what_was_proposed() {
    let mut scene = proposed();
    let rewards = scene.rewards(&[10, 20]);
    let proposal = scene.proposal(1, &rewards);
    assert_eq!(scene.epoch(1).proposal, proposal.proposal(0));
    // Every field of it, and the attempt.
    let spoils: [fn(&mut ProposeEpoch); 13] = [
        |it| it.number = EpochNumber::new(2),
        |it| it.root.hash[0] ^= 1,
        |it| it.root = Node::new(it.root.hash, it.root.sum().saturating_add(Tokens::new(1))),
        |it| it.points = it.points.saturating_add(MilliPoints::new(1)),
        |it| it.credits = it.credits.saturating_add(Credits::new(1)),
        |it| it.leaf_count += 1,
        |it| it.period_start -= 1,
        |it| it.period_end += 1,
        |it| it.manifest_hash[31] ^= 1,
        |it| it.ruleset_hash[0] ^= 1,
        |it| it.code_hash[0] ^= 1,
        |it| it.accepted += 1,
        |it| it.rejected += 1,
    ];
    let mut words: Vec<[u8; 32]> = spoils
        .map(|spoil| {
            let mut other = proposal.clone();
            spoil(&mut other);
            other.proposal(0)
        })
        .to_vec();
    words.push(proposal.proposal(1));
    let mut elsewhere = proposal;
    elsewhere.pool = address("stranger");
    words.push(elsewhere.proposal(0));
    for word in words {
        let mut other = scene.attestation("keeper 1", 1);
        other.proposal = word;
        let ran = scene.run(&[other.instruction()], &["keeper 1"]);
        assert_refused(ran, VaultError::AttestProposalMismatch);
    }
}

#[test]
fn an_active_or_vetoed_epoch_is_attested_no_more() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    assert_refused(scene.attest("keeper 2", 1), VaultError::EpochNotOpen);
    let mut scene = proposed();
    scene.veto("guardian", 1).unwrap();
    assert_refused(scene.attest("keeper 2", 1), VaultError::EpochNotOpen);
}

#[test]
fn the_word_that_completes_an_epoch_again_is_its_last() {
    let mut scene = proposed();
    scene.attest("keeper 1", 1).unwrap();
    let complete_at = scene.world.now();
    assert_eq!(scene.epoch(1).complete_at(), Some(complete_at));
    let change = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: ["keeper 1", "keeper 2"].map(address).to_vec(),
        threshold: 2,
    };
    scene.must(&[change.instruction()], &["admin"]);
    scene.world.warp(100);
    scene.attest("keeper 2", 1).unwrap();
    let epoch = scene.epoch(1);
    assert_eq!(epoch.attesters(), ["keeper 1", "keeper 2"].map(address));
    assert_eq!(epoch.status(), EpochStatus::Attested);
    assert_eq!(epoch.complete_at(), Some(complete_at + 100));
}
