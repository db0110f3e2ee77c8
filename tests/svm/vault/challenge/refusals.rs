//! What is no challenge, and what is no answer to one.

use cairn_interface::vault::{OpenChallenge, VaultError};
use cairn_merkle::{EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::assert_refused;
use solana_sdk::signer::Signer;

use super::super::challenging::{
    answering, challenge_at, complete, opening, opening_beside, started,
};
use super::super::scene::{DAY, WEEK, address};

#[test]
fn nobody_challenges_what_the_active_epoch_does_not_hold_or_after_the_window() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    complete(&mut scene, &second);
    let mut forged = opening(&scene, &first, 0);
    forged.tokens = forged.tokens.saturating_add(Tokens::new(1));
    let ran = scene.run(&[forged.instruction()], &[]);
    assert_refused(ran, VaultError::ProofSumMismatch);
    let mut elsewhere = opening(&scene, &first, 0).instruction();
    elsewhere.accounts[4].pubkey = challenge_at(&scene, 0, 1);
    let ran = scene.run(&[elsewhere], &[]);
    assert_refused(ran, VaultError::WrongChallenge);
    let late = opening(&scene, &first, 0).instruction();
    scene.world.warp(DAY);
    let ran = scene.run(std::slice::from_ref(&late), &[]);
    assert_refused(ran, VaultError::ChallengeLate);
    scene.veto("guardian", 2).unwrap();
    let ran = scene.run(&[late], &[]);
    assert_refused(ran, VaultError::EpochNotOpen);
}

/// What can not be answered yet is not asked: the time to answer would run, and an honest proposer that is held up
/// before its canopy would lose its epoch to any stranger.
#[test]
fn nobody_asks_before_the_canopy_lets_anybody_answer() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(2, &second).unwrap();
    let open = opening(&scene, &first, 0).instruction();
    let ran = scene.run(std::slice::from_ref(&open), &[]);
    assert_refused(ran, VaultError::CanopyIncomplete);
    scene.put_canopy(2, &second);
    scene.must(&[open], &[]);
}

/// The bump of a challenge's address is its challenger's choice. One beside the usual address is answered like any other.
#[test]
fn a_challenge_beside_the_usual_address_is_answered_and_expires_where_it_stands() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    complete(&mut scene, &second);
    let usual = opening(&scene, &first, 0);
    scene.must(&[usual.instruction()], &[]);
    let (open, beside) = opening_beside(&usual);
    scene.must(&[open], &[]);
    assert_eq!(scene.epoch(2).open_challenges, 2);
    scene.world.warp(DAY);
    let mut answer = answering(&scene, &second, 0, "keeper 1");
    scene.must(&[answer.instruction()], &["keeper 1"]);
    assert_refused(scene.activate(2), VaultError::ChallengesOpen);
    answer.challenge = beside;
    scene.must(&[answer.instruction()], &["keeper 1"]);
    scene.activate(2).unwrap();
}

#[test]
fn a_challenge_shows_the_leaf_in_the_active_epoch_and_in_no_older_one() {
    let (mut scene, first) = started();
    scene.run_epoch(2, &first);
    scene.world.warp(WEEK);
    let third = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(3, &third).unwrap();
    scene.put_canopy(3, &third);
    let claim = scene.claim_of(1, &first, 0);
    let mut older = OpenChallenge {
        challenger: scene.world.payer().pubkey(),
        pool: scene.pool,
        active: EpochNumber::new(1),
        number: EpochNumber::new(3),
        attempt: 0,
        index: LeafIndex::new(0),
        owner: claim.owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    };
    let ran = scene.run(&[older.instruction()], &[]);
    assert_refused(ran, VaultError::ChallengeActiveEpoch);
    older.active = EpochNumber::new(2);
    scene.must(&[older.instruction()], &[]);
}

#[test]
fn nobody_answers_with_what_the_epoch_does_not_hold_or_to_another_challenge() {
    let (mut scene, first) = started();
    let second = scene.rewards(&[998_000, 2_000, 6]);
    scene.propose(2, &second).unwrap();
    scene.put_canopy(2, &second);
    let open = opening(&scene, &first, 0).instruction();
    scene.must(&[open], &[]);
    let honest = answering(&scene, &second, 0, "keeper 1");
    let mut forged = honest.clone();
    forged.points = forged.points.saturating_add(MilliPoints::new(1));
    let ran = scene.run(&[forged.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::ProofHashMismatch);
    let mut thief = honest.clone();
    thief.challenger = address("stranger");
    let ran = scene.run(&[thief.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::WrongChallenger);
    let mut none = honest.clone();
    none.challenge = challenge_at(&scene, 0, 1);
    let ran = scene.run(&[none.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::WrongChallenge);
    scene.must(&[honest.instruction()], &["keeper 1"]);
}
