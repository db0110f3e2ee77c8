//! What enough stolen keepers reach that no emission cap bounds: grants that nobody claimed yet, and points, which no
//! root sums up.

use cairn_interface::vault::{EpochStatus, Pause, SetGuardian, SetKeepers, Unpause, VaultError};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_testkit::{Member, Rewards, assert_refused};

use crate::vault::{
    burning::MINIMUM,
    challenging::{answering, opening},
    scene::{DAY, Scene, Terms, WEEK, address, member},
};

#[test]
fn a_threshold_of_stolen_keepers_gives_itself_what_was_granted_and_not_claimed() {
    let mut scene = Scene::new();
    scene.fund(3_000_000).unwrap();
    for number in 1..=3 {
        let honest = scene.rewards(&[number * 1_000_000 - 1, 1]);
        scene.run_epoch(number, &honest);
    }
    let honest = scene.rewards(&[2_999_999, 1]);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    // The same sum under other names: no interval has to pass for it, only the window.
    let theft = scene.rewards(&[0, 3_000_000]);
    scene.prepare(4, &theft);
    scene.activate(4).unwrap();
    scene.claim(4, &theft, 1).unwrap();
    assert_eq!(scene.balance(1), 3_000_000);
    assert_refused(scene.claim(3, &honest, 0), VaultError::ClaimsAboveRoot);
}

#[test]
fn what_members_claimed_before_the_window_ends_no_stolen_keeper_takes_back() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[999_999, 1]);
    scene.run_epoch(1, &honest);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    let theft = scene.rewards(&[0, 1_000_000]);
    scene.prepare(2, &theft);
    scene.claim(1, &honest, 0).unwrap();
    scene.activate(2).unwrap();
    assert_refused(scene.claim(2, &theft, 1), VaultError::ClaimsAboveRoot);
}

#[test]
fn a_threshold_of_stolen_keepers_gives_itself_the_breakers_share_of_it_and_no_more() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 1_000,
        ..Terms::default()
    });
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[999_999, 1]);
    scene.run_epoch(1, &honest);
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(1));
    let theft = scene.rewards(&[0, 1_000_000]);
    scene.prepare(2, &theft);
    scene.activate(2).unwrap();
    assert_refused(scene.claim(2, &theft, 1), VaultError::BreakerOpen);
    let mut part = scene.claim_of(2, &theft, 1);
    part.at_most = Tokens::new(100_000);
    part.authority = Some(member(1));
    scene.must(&[part.instruction()], &["member 1"]);
    assert_eq!(scene.vault_balance(), 900_000);
}

#[test]
fn a_threshold_of_stolen_keepers_takes_nothing_of_an_open_burn_round() {
    let mut scene = Scene::new();
    let grant = |scene: &Scene, points: [u64; 2]| -> Rewards {
        let members = (0..).zip(points).map(|(index, points)| Member {
            owner: member(index),
            tokens: 0,
            points,
            credits: 0,
        });
        Rewards::new(&scene.pool, &members.collect::<Vec<_>>())
    };
    let honest = grant(&scene, [1_000 * MINIMUM, 0]);
    scene.run_epoch(1, &honest);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    scene.world.warp(WEEK);
    scene.open_round(0, 1_000_000).unwrap();
    let forged = u64::MAX / 2;
    let theft = grant(&scene, [1_000 * MINIMUM, forged]);
    scene.prepare(2, &theft);
    scene.activate(2).unwrap();
    let mut burn = scene.burn_of(&theft, 0, 1, forged);
    burn.number = EpochNumber::new(2);
    let ran = scene.run(&[burn.instruction()], &["member 1"]);
    assert_refused(ran, VaultError::WrongRoundEpoch);
    scene.burn(&honest, 0, 0, 1_000 * MINIMUM).unwrap();
    scene.world.warp(DAY);
    scene.settle(0, 0).unwrap();
    assert_eq!(scene.balance(0), 1_000_000);
}

#[test]
fn a_stolen_admin_gives_itself_what_was_granted_only_past_its_guardian_and_every_member() {
    let mut scene = Scene::new();
    scene.fund(1_000_000).unwrap();
    let honest = scene.rewards(&[999_999, 1]);
    scene.run_epoch(1, &honest);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    let (pool, admin) = (scene.pool, address("admin"));
    let seizure = [
        SetKeepers {
            admin,
            pool,
            keepers: vec![admin],
            threshold: 1,
        }
        .instruction(),
        SetGuardian {
            admin,
            pool,
            outgoing: None,
            guardian: address("stranger"),
        }
        .instruction(),
        Pause {
            authority: admin,
            pool,
        }
        .instruction(),
    ];
    scene.must(&seizure, &["admin"]);
    // Nothing of it is in effect: the guardian is who it was, and nobody vetoed in vain.
    assert_eq!(scene.pool().guardian, address("guardian"));
    // It does not act. After the delay the roles are the thief's, and its root is proposed.
    let theft = scene.rewards(&[0, 1_000_000]);
    scene.apply_roles();
    let proposal = theft.proposal(&admin, 2).instruction();
    scene.must(&[proposal], &["admin"]);
    for part in theft.put_canopy(&admin, 2, scene.terms.canopy_depth) {
        scene.must(&[part.instruction()], &["admin"]);
    }
    // Its pause costs itself the same time, and one member stops it, without any role.
    let challenge = opening(&scene, &honest, 0).instruction();
    scene.must(&[challenge], &[]);
    scene.world.warp(scene.terms.challenge_window_secs);
    assert_refused(scene.activate(2), VaultError::Paused);
    scene.must(&[Unpause { admin, pool }.instruction()], &["admin"]);
    assert_refused(scene.activate(2), VaultError::ChallengeWindowOpen);
    let answer = answering(&scene, &theft, 0, "stranger").instruction();
    scene.must(&[answer], &["stranger"]);
    assert_eq!(scene.epoch(2).status(), EpochStatus::Vetoed);
    scene.claim(1, &honest, 0).unwrap();
    assert_eq!(scene.balance(0), 999_999);
}
