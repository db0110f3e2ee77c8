use cairn_interface::vault::{
    AnnounceRuleset, CancelRuleset, RulesetAnnounced, RulesetCancelled, VaultError, VaultEvent,
};
use cairn_merkle::EpochNumber;
use cairn_testkit::{RULESET_HASH, Rewards, assert_refused};
use solana_sdk::instruction::Instruction;

use super::scene::{DELAY, Ran, Scene, WEEK, address, event};

const NEW: [u8; 32] = [0x44; 32];

fn announce(scene: &Scene, by: &str, hash: [u8; 32], from_epoch: u64) -> Instruction {
    AnnounceRuleset {
        admin: address(by),
        pool: scene.pool,
        hash,
        from_epoch: EpochNumber::new(from_epoch),
    }
    .instruction()
}

fn cancel(scene: &Scene, by: &str) -> Instruction {
    CancelRuleset {
        authority: address(by),
        pool: scene.pool,
    }
    .instruction()
}

fn propose_under(scene: &mut Scene, number: u64, rewards: &Rewards, hash: [u8; 32]) -> Ran {
    let mut proposal = scene.proposal(number, rewards);
    proposal.ruleset_hash = hash;
    scene.run(&[proposal.instruction()], &["keeper 0"])
}

#[test]
fn announced_rules_count_from_their_epoch_on_and_not_before_they_are_due() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    let new = announce(&scene, "admin", NEW, 2);
    let said = event(scene.run(&[new], &["admin"]));
    let expected = RulesetAnnounced {
        pool: scene.pool,
        old_hash: RULESET_HASH,
        hash: NEW,
        from_epoch: 2,
        effective_at: scene.world.now() + DELAY,
    };
    assert_eq!(said, VaultEvent::RulesetAnnounced(expected));
    let early = propose_under(&mut scene, 1, &rewards, NEW);
    assert_refused(early, VaultError::RulesetMismatch);
    scene.run_epoch(1, &rewards);
    assert_eq!(scene.pool().ruleset_hash(), Some(RULESET_HASH));

    // The named epoch waits for the delay, whatever rules it is proposed under.
    for hash in [NEW, RULESET_HASH] {
        let early = propose_under(&mut scene, 2, &rewards, hash);
        assert_refused(early, VaultError::RulesetNotDue);
    }
    scene.world.warp(WEEK);
    let old = propose_under(&mut scene, 2, &rewards, RULESET_HASH);
    assert_refused(old, VaultError::RulesetMismatch);
    propose_under(&mut scene, 2, &rewards, NEW).unwrap();
    scene.put_canopy(2, &rewards);
    scene.attest("keeper 1", 2).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(2).unwrap();
    let pool = scene.pool();
    assert_eq!(pool.ruleset_hash(), Some(NEW));
    assert_eq!(pool.pending_ruleset.effective_at, 0);
    scene.world.warp(WEEK);
    let old = propose_under(&mut scene, 3, &rewards, RULESET_HASH);
    assert_refused(old, VaultError::RulesetMismatch);
    propose_under(&mut scene, 3, &rewards, NEW).unwrap();
}

#[test]
fn only_the_admin_announces_and_only_for_epochs_to_come() {
    let mut scene = Scene::new();
    for thief in ["stranger", "guardian", "keeper 0"] {
        let theft = announce(&scene, thief, NEW, 5);
        assert_refused(scene.run(&[theft], &[thief]), VaultError::NotAdmin);
    }
    let zero = announce(&scene, "admin", [0; 32], 5);
    assert_refused(scene.run(&[zero], &["admin"]), VaultError::RulesetZero);
    let past = announce(&scene, "admin", NEW, 0);
    assert_refused(scene.run(&[past], &["admin"]), VaultError::RulesetPast);
    let rewards = scene.rewards(&[100]);
    scene.propose(1, &rewards).unwrap();
    let proposed = announce(&scene, "admin", NEW, 1);
    assert_refused(scene.run(&[proposed], &["admin"]), VaultError::RulesetPast);
    let next = announce(&scene, "admin", NEW, 2);
    scene.must(&[next], &["admin"]);
}

#[test]
fn guardian_and_admin_withdraw_them_and_an_epoch_under_them_falls() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    for by in ["guardian", "admin"] {
        let none = cancel(&scene, by);
        assert_refused(scene.run(&[none], &[by]), VaultError::RulesetNotPending);
        let new = announce(&scene, "admin", NEW, 1);
        scene.must(&[new], &["admin"]);
        let theft = cancel(&scene, "stranger");
        let ran = scene.run(&[theft], &["stranger"]);
        assert_refused(ran, VaultError::NotGuardianOrAdmin);
        let withdraw = cancel(&scene, by);
        let said = event(scene.run(&[withdraw], &[by]));
        let expected = RulesetCancelled {
            pool: scene.pool,
            by: address(by),
            hash: NEW,
        };
        assert_eq!(said, VaultEvent::RulesetCancelled(expected));
    }
    let new = announce(&scene, "admin", NEW, 1);
    scene.must(&[new], &["admin"]);
    scene.world.warp(DELAY);
    propose_under(&mut scene, 1, &rewards, NEW).unwrap();
    scene.put_canopy(1, &rewards);
    scene.attest("keeper 1", 1).unwrap();
    let withdraw = cancel(&scene, "guardian");
    scene.must(&[withdraw], &["guardian"]);
    scene.world.warp(scene.terms.challenge_window_secs);
    assert_refused(scene.activate(1), VaultError::RulesetMismatch);
}
