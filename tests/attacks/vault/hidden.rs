//! A root whose leaves nobody published, and that became active because it took nothing of anybody who asked.

use cairn_interface::vault::{
    ExpireChallenge, OpenChallenge, REASON_LEAF_WITHHELD, RevokeEpoch, VaultError,
};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::{Rewards, assert_refused};

use crate::vault::scene::{DAY, Scene, Terms, WEEK, address, member};

/// What the thief asks of epoch 3: the leaf that only the thief knows.
fn question(scene: &Scene, hidden: &Rewards, active: u64, number: u64) -> OpenChallenge {
    let claim = scene.claim_of(2, hidden, 2);
    OpenChallenge {
        challenger: address("stranger"),
        pool: scene.pool,
        active: EpochNumber::new(active),
        number: EpochNumber::new(number),
        attempt: scene.epoch(number).attempt,
        index: LeafIndex::new(2),
        owner: claim.owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    }
}

/// Thieves who once were m keepers grant themselves a cap's worth in a leaf that they hide. No honest root can hold it, so
/// they bring each one down, without any role left, until admin and guardian take theirs back: what follows is a correction,
/// which nobody challenges.
#[test]
fn a_hidden_leaf_brings_honest_successors_down_until_its_root_is_taken_back() {
    let mut scene = Scene::with(Terms {
        challenge_window_secs: DAY,
        ..Terms::default()
    });
    scene.fund(1_000_000).unwrap();
    let first = scene.rewards(&[100, 200]);
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(1));
    let hidden = scene.rewards(&[100, 200, 1_000]);
    scene.run_epoch(2, &hidden);
    scene.world.warp(WEEK);
    // All that honest keepers know is the members and the sum.
    let honest = scene.rewards(&[150, 250, 1_000, 0]);
    let other = {
        let leaves = honest.leaves().iter();
        let members: Vec<_> = leaves
            .map(|leaf| {
                let owner = leaf.owner.into();
                let owner = if leaf.index.get() == 2 {
                    member(3)
                } else {
                    owner
                };
                (owner, leaf.tokens.get())
            })
            .collect();
        Rewards::of_tokens(&scene.pool, &members)
    };
    let mut proposal = scene.proposal(3, &other);
    proposal.points = honest.proposal(&address("keeper 0"), 3).points;
    proposal.credits = honest.proposal(&address("keeper 0"), 3).credits;
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(3, &other);
    scene.attest("keeper 1", 3).unwrap();
    let open = question(&scene, &hidden, 2, 3);
    scene.must(&[open.instruction()], &["stranger"]);
    scene.world.warp(DAY + 1);
    assert_refused(scene.activate(3), VaultError::ChallengesOpen);
    let expire = ExpireChallenge {
        challenger: address("stranger"),
        pool: scene.pool,
        number: EpochNumber::new(3),
        challenge: open.challenge(),
    };
    scene.must(&[expire.instruction()], &[]);
    assert_eq!(scene.epoch(3).veto_reason, REASON_LEAF_WITHHELD);

    let revoke = RevokeEpoch {
        admin: address("admin"),
        guardian: address("guardian"),
        pool: scene.pool,
        number: EpochNumber::new(2),
    };
    scene.must(&[revoke.instruction()], &["admin", "guardian"]);
    let correction = scene.rewards(&[150, 250]);
    let mut proposal = scene.proposal(3, &correction);
    proposal.admin = Some(address("admin"));
    proposal.guardian = Some(address("guardian"));
    scene.world.warp(DAY);
    scene.must(
        &[proposal.instruction()],
        &["keeper 0", "admin", "guardian"],
    );
    scene.put_canopy(3, &correction);
    scene.attest("keeper 1", 3).unwrap();
    let open = question(&scene, &hidden, 2, 3);
    let ran = scene.run(&[open.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::ChallengeOfCorrection);
    scene.world.warp(WEEK);
    scene.activate(3).unwrap();
    scene.claim(3, &correction, 1).unwrap();
    assert_eq!(scene.balance(1), 250);
}
