//! One key stolen at a time: the worst it can do is what SECURITY.md says.

use cairn_interface::vault::{
    AcceptAdmin, Pause, ProposeAdmin, SetGuardian, SetKeepers, Unpause, VaultError,
};
use cairn_testkit::assert_refused;

use super::scene::{Scene, WEEK, address, member};

#[test]
fn one_stolen_keeper_gets_a_root_proposed_and_no_further() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let theft = scene.rewards(&[1_000_000]);
    scene.propose(1, &theft).unwrap();
    scene.put_canopy(1, &theft);
    assert_refused(scene.attest("keeper 0", 1), VaultError::AttestedAlready);
    scene.world.warp(52 * WEEK);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    scene.veto("guardian", 1).unwrap();
}

#[test]
fn a_threshold_of_stolen_keepers_moves_at_most_the_cap_and_waits_the_window() {
    let mut scene = Scene::new();
    scene.fund(50_000_000).unwrap();
    let too_much = scene.rewards(&[1_000_001]);
    assert_refused(scene.propose(1, &too_much), VaultError::EmissionCapExceeded);
    let theft = scene.rewards(&[1_000_000]);
    scene.propose(1, &theft).unwrap();
    scene.attest("keeper 1", 1).unwrap();
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(1).unwrap();
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    scene.claim(1, &theft, 0).unwrap();

    // A second root in the same interval adds nothing, whoever the leaves name.
    let again = scene.rewards(&[1_000_000, 1]);
    assert_refused(scene.propose(2, &again), VaultError::EmissionCapExceeded);
    let reshuffled = scene.rewards(&[0, 1_000_000]);
    scene.prepare(2, &reshuffled);
    scene.activate(2).unwrap();
    scene.open_wallet(&member(1));
    assert_refused(scene.claim(2, &reshuffled, 1), VaultError::ClaimsAboveRoot);
    assert_eq!(scene.vault_balance(), 49_000_000);
}

#[test]
fn a_stolen_guardian_stops_things_and_nothing_else() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    let pool = scene.pool;
    let thief = address("guardian");
    let refused = [
        (
            SetKeepers {
                admin: thief,
                pool,
                keepers: vec![thief],
                threshold: 1,
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            SetGuardian {
                admin: thief,
                pool,
                guardian: thief,
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            ProposeAdmin {
                admin: thief,
                pool,
                new_admin: thief,
            }
            .instruction(),
            VaultError::NotAdmin,
        ),
        (
            AcceptAdmin {
                new_admin: thief,
                pool,
            }
            .instruction(),
            VaultError::NotPendingAdmin,
        ),
        (
            Unpause { admin: thief, pool }.instruction(),
            VaultError::NotAdmin,
        ),
    ];
    for (instruction, expected) in refused {
        assert_refused(scene.run(&[instruction], &["guardian"]), expected);
    }
    let stop = Pause {
        authority: thief,
        pool,
    };
    scene.must(&[stop.instruction()], &["guardian"]);
    assert_refused(scene.claim(1, &first, 0), VaultError::Paused);

    // The admin ends it: another guardian, and on.
    let replace = SetGuardian {
        admin: address("admin"),
        pool,
        guardian: address("stranger"),
    };
    let resume = Unpause {
        admin: address("admin"),
        pool,
    };
    scene.must(&[replace.instruction(), resume.instruction()], &["admin"]);
    let again = scene.run(&[stop.instruction()], &["guardian"]);
    assert_refused(again, VaultError::NotGuardianOrAdmin);
    scene.claim(1, &first, 0).unwrap();
}

#[test]
fn a_stolen_admin_names_its_own_keepers_and_is_still_capped_and_seen() {
    let mut scene = Scene::new();
    scene.fund(50_000_000).unwrap();
    let seize = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: vec![address("admin")],
        threshold: 1,
    };
    scene.must(&[seize.instruction()], &["admin"]);
    let mut theft = scene.proposal(1, &scene.rewards(&[1_000_001]));
    theft.proposer = address("admin");
    let ran = scene.run(&[theft.instruction()], &["admin"]);
    assert_refused(ran, VaultError::EmissionCapExceeded);
    let mut theft = scene.proposal(1, &scene.rewards(&[1_000_000]));
    theft.proposer = address("admin");
    scene.must(&[theft.instruction()], &["admin"]);
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    // The guardian has the whole window to answer.
    scene.veto("guardian", 1).unwrap();
    scene.world.warp(WEEK);
    assert_refused(scene.activate(1), VaultError::EpochNotOpen);
}
