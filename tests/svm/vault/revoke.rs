//! An active root that is taken back, and the correction that takes its place.

use cairn_interface::vault::{EpochStatus, ProposeEpoch, RevokeEpoch, VaultError, VaultEvent};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::{Rewards, assert_refused};
use solana_sdk::instruction::Instruction;

use super::scene::{DAY, Scene, Terms, WEEK, address, event, member};

fn revocation(scene: &Scene, number: u64) -> RevokeEpoch {
    RevokeEpoch {
        admin: address("admin"),
        guardian: address("guardian"),
        pool: scene.pool,
        number: EpochNumber::new(number),
    }
}

fn revoke(scene: &Scene, number: u64) -> Instruction {
    revocation(scene, number).instruction()
}

/// Epoch 1 honest; epoch 2 forged: a thief in the place of member 0, of which 400,000 were paid to it.
fn forged() -> (Scene, Rewards, Rewards) {
    let (mut scene, first) = Scene::with_first_epoch(&[100_000, 1]);
    scene.fund(10_000_000).unwrap();
    scene.open_wallet(&member(2));
    let members = [(member(2), 900_000), (member(1), 1)];
    let theft = Rewards::of_tokens(&scene.pool, &members);
    scene.world.warp(WEEK);
    let mut proposal = theft.proposal(&address("keeper 0"), 2);
    proposal.points = MilliPoints::new(scene.pool().points_issued + 7);
    proposal.credits = Credits::new(scene.pool().credits_issued);
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(2, &theft);
    scene.attest("keeper 1", 2).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(2).unwrap();
    let mut part = scene.claim_of(2, &theft, 0);
    part.at_most = Tokens::new(400_000);
    scene.must(&[part.instruction()], &[]);
    (scene, first, theft)
}

/// The correction's proposal, as admin and guardian sign it.
fn correction(scene: &Scene, rewards: &Rewards, number: u64) -> Instruction {
    let mut proposal = scene.proposal(number, rewards);
    proposal.admin = Some(address("admin"));
    proposal.guardian = Some(address("guardian"));
    proposal.points = proposal
        .points
        .max(MilliPoints::new(scene.pool().points_issued));
    proposal.instruction()
}

#[test]
fn admin_and_guardian_take_a_root_back_and_what_was_paid_stays_counted() {
    let (mut scene, first, theft) = forged();
    let anchor = scene.pool().before.emission_anchor;
    let revoke = revoke(&scene, 2);
    let said = event(scene.run(&[revoke], &["admin", "guardian"]));
    assert!(matches!(
        said,
        VaultEvent::EpochRevoked(ref revoked) if revoked.tokens == 400_000
    ));
    let pool = scene.pool();
    assert_eq!(scene.epoch(2).status(), EpochStatus::Revoked);
    assert!(pool.is_correction_due());
    // Down to what was taken; the interval that it spent is there again.
    assert_eq!(
        (pool.total_cumulative, pool.total_claimed),
        (400_000, 400_000)
    );
    assert_eq!((pool.points_issued, pool.members), (1_000_010, 2));
    assert_eq!(pool.emission_anchor, anchor);
    assert_refused(scene.claim(2, &theft, 0), VaultError::EpochRevoked);
    // The epoch before it may be claimed from again, and the thief took more than it ever granted.
    assert_refused(scene.claim(1, &first, 1), VaultError::ClaimsAboveRoot);
}

#[test]
fn a_correction_is_signed_by_both_waits_a_week_and_goes_on_from_the_last_honest_totals() {
    let (mut scene, _, theft) = forged();
    let revoke = revoke(&scene, 2);
    scene.must(&[revoke], &["admin", "guardian"]);
    // Members as they are, and a leaf for what the thief got away with.
    let honest = scene.rewards(&[150_000, 50_001, 400_000]);
    let mut alone = scene.proposal(3, &honest);
    let ran = scene.run(&[alone.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::CorrectionUnsigned);
    alone.admin = Some(address("admin"));
    let ran = scene.run(&[alone.instruction()], &["keeper 0", "admin"]);
    assert_refused(ran, VaultError::CorrectionUnsigned);
    alone.guardian = Some(address("keeper 1"));
    let actors = ["keeper 0", "admin", "keeper 1"];
    let ran = scene.run(&[alone.instruction()], &actors);
    assert_refused(ran, VaultError::NotGuardian);

    let propose = correction(&scene, &honest, 3);
    scene.must(&[propose], &["keeper 0", "admin", "guardian"]);
    scene.put_canopy(3, &honest);
    scene.attest("keeper 1", 3).unwrap();
    assert_eq!(scene.epoch(3).challenge_window_secs, WEEK.unsigned_abs());
    // The thief would challenge it: its leaf shrinks.
    let mut challenge = opening_of(&scene, &theft);
    challenge.number = EpochNumber::new(3);
    let ran = scene.run(&[challenge.instruction()], &["stranger"]);
    assert_refused(ran, VaultError::ChallengeOfCorrection);
    scene.world.warp(WEEK - 1);
    assert_refused(scene.activate(3), VaultError::ChallengeWindowOpen);
    scene.world.warp(1);
    scene.activate(3).unwrap();
    let pool = scene.pool();
    assert!(!pool.is_correction_due());
    assert_eq!(scene.epoch(2).status(), EpochStatus::Revoked);
    assert_eq!(pool.total_cumulative, 600_001);
    scene.claim(3, &honest, 1).unwrap();
    assert_eq!(scene.balance(1), 50_001);
    assert_refused(scene.claim(2, &theft, 0), VaultError::EpochRevoked);

    // Afterwards all is as before: no more than a keeper proposes.
    scene.world.warp(WEEK);
    let next = scene.rewards(&[160_000, 60_001, 400_000]);
    scene.prepare(4, &next);
    scene.activate(4).unwrap();
    scene.claim(4, &next, 1).unwrap();
}

/// A network whose admin is one of its keepers corrects its root too.
#[test]
fn a_correction_is_proposed_by_a_keeper_that_is_the_admin_as_well() {
    let mut scene = Scene::without_pool(Terms::default());
    let mut creation = scene.create_pool();
    creation.keepers[0] = address("admin");
    scene.must(&[creation.instruction()], &["admin"]);
    scene.fund(1_000).unwrap();
    let rewards = scene.rewards(&[100, 200]);
    let prepare = |scene: &mut Scene, proposal: ProposeEpoch, actors: &[&str]| {
        scene.must(&[proposal.instruction()], actors);
        let number = proposal.number.get();
        for part in rewards.put_canopy(&address("admin"), number, scene.terms.canopy_depth) {
            scene.must(&[part.instruction()], &["admin"]);
        }
        scene.attest("keeper 1", number).unwrap();
        scene.world.warp(WEEK);
        scene.activate(number).unwrap();
    };
    prepare(
        &mut scene,
        rewards.proposal(&address("admin"), 1),
        &["admin"],
    );
    let revoke = revoke(&scene, 1);
    scene.must(&[revoke], &["admin", "guardian"]);
    let mut correction = rewards.proposal(&address("admin"), 2);
    correction.admin = Some(address("admin"));
    correction.guardian = Some(address("guardian"));
    prepare(&mut scene, correction, &["admin", "guardian"]);
    assert!(!scene.pool().is_correction_due());
}

fn opening_of(scene: &Scene, theft: &Rewards) -> cairn_interface::vault::OpenChallenge {
    let claim = scene.claim_of(2, theft, 0);
    cairn_interface::vault::OpenChallenge {
        challenger: address("stranger"),
        pool: scene.pool,
        active: EpochNumber::new(2),
        number: EpochNumber::new(3),
        attempt: 0,
        index: LeafIndex::new(0),
        owner: claim.owner,
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
    }
}

#[test]
fn neither_key_alone_revokes_nor_what_is_not_active_or_while_another_is_in_flight() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let mut alone = revocation(&scene, 1);
    alone.guardian = address("admin");
    let ran = scene.run(&[alone.instruction()], &["admin"]);
    assert_refused(ran, VaultError::NotGuardian);
    let mut alone = revocation(&scene, 1);
    alone.admin = address("guardian");
    let ran = scene.run(&[alone.instruction()], &["guardian"]);
    assert_refused(ran, VaultError::NotAdmin);
    scene.world.warp(WEEK);
    scene.propose(2, &first).unwrap();
    let pending = revoke(&scene, 2);
    let ran = scene.run(&[pending], &["admin", "guardian"]);
    assert_refused(ran, VaultError::EpochNotActive);
    let active = revoke(&scene, 1);
    let ran = scene.run(std::slice::from_ref(&active), &["admin", "guardian"]);
    assert_refused(ran, VaultError::EpochInFlight);
    scene.veto("guardian", 2).unwrap();
    scene.must(std::slice::from_ref(&active), &["admin", "guardian"]);
    let again = scene.run(&[active], &["admin", "guardian"]);
    assert_refused(again, VaultError::EpochNotActive);
}

#[test]
fn a_revoked_epoch_serves_no_round_and_no_new_one_opens_on_it() {
    let (mut scene, rewards) = Scene::with_points(&[1_000, 500]);
    scene.open_round(0, 1_000).unwrap();
    let revoke = revoke(&scene, 1);
    scene.must(&[revoke], &["admin", "guardian"]);
    assert_refused(scene.burn(&rewards, 0, 0, 200), VaultError::EpochRevoked);
    assert_refused(scene.open_round(1, 10), VaultError::EpochRevoked);
    // What nobody burnt for goes to the pool, as ever.
    scene.world.warp(DAY);
    scene.close_round(0).unwrap();
}
