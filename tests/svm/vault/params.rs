mod emission;

use cairn_interface::vault::{
    ApplyParams, CancelParams, Claim, ParamsAnnounced, ParamsApplied, ParamsCancelled, PoolParams,
    SetParams, StoredParams, VaultError, VaultEvent, VetoEpoch,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_testkit::assert_refused;

use super::scene::{DAY, DELAY, HOUR, Ran, Scene, Terms, WEEK, address, event};

fn wish() -> PoolParams {
    PoolParams {
        epoch_interval_secs: 86_400,
        challenge_window_secs: 7_200,
        emission_cap: 500,
        points_cap: 70_000,
        credits_cap: 7,
        breaker_window_secs: 172_800,
        recipient_cooldown_secs: 172_800,
        params_delay_secs: 259_200,
        breaker_floor: 0,
        answer_secs: 172_800,
        breaker_share_bps: 2_500,
    }
}

fn set(scene: &mut Scene, by: &str, params: PoolParams) -> Ran {
    let set = SetParams {
        admin: address(by),
        pool: scene.pool,
        params,
    };
    scene.run(&[set.instruction()], &[by])
}

fn apply(scene: &mut Scene) -> Ran {
    let apply = ApplyParams { pool: scene.pool };
    scene.run(&[apply.instruction()], &[])
}

fn cancel(scene: &mut Scene, by: &str) -> Ran {
    let cancel = CancelParams {
        authority: address(by),
        pool: scene.pool,
    };
    scene.run(&[cancel.instruction()], &[by])
}

#[test]
fn parameters_take_effect_after_their_delay_and_not_a_second_before() {
    let mut scene = Scene::new();
    let now = scene.world.now();
    let said = event(set(&mut scene, "admin", wish()));
    assert_eq!(
        said,
        VaultEvent::ParamsAnnounced(ParamsAnnounced {
            pool: scene.pool,
            admin: address("admin"),
            effective_at: now + DELAY,
            params: StoredParams::from(&wish()),
        })
    );
    assert_eq!(scene.pool().params(), scene.terms.params());
    scene.world.warp(DELAY - 1);
    assert_refused(apply(&mut scene), VaultError::ParamsNotDue);
    scene.world.warp(1);
    let said = event(apply(&mut scene));
    assert_eq!(
        said,
        VaultEvent::ParamsApplied(ParamsApplied {
            pool: scene.pool,
            emission_anchor: scene.world.now() - DAY,
            params: StoredParams::from(&wish()),
        })
    );
    let pool = scene.pool();
    assert_eq!(
        (pool.params(), pool.pending_params.params()),
        (wish(), None)
    );
    assert_refused(apply(&mut scene), VaultError::ParamsNotPending);
}

#[test]
fn only_the_admin_announces() {
    let mut scene = Scene::new();
    for by in ["guardian", "keeper 0", "stranger"] {
        assert_refused(set(&mut scene, by, wish()), VaultError::NotAdmin);
    }
}

#[test]
fn guardian_and_admin_withdraw() {
    let mut scene = Scene::new();
    for by in ["guardian", "admin"] {
        set(&mut scene, "admin", wish()).unwrap();
        assert_refused(
            cancel(&mut scene, "stranger"),
            VaultError::NotGuardianOrAdmin,
        );
        let said = event(cancel(&mut scene, by));
        assert_eq!(
            said,
            VaultEvent::ParamsCancelled(ParamsCancelled {
                pool: scene.pool,
                by: address(by),
            })
        );
        scene.world.warp(DELAY);
        assert_refused(apply(&mut scene), VaultError::ParamsNotPending);
        assert_refused(cancel(&mut scene, by), VaultError::ParamsNotPending);
    }
}

#[test]
fn announcing_again_restarts_the_delay() {
    let mut scene = Scene::new();
    set(&mut scene, "admin", wish()).unwrap();
    scene.world.warp(DELAY - 1);
    let second = PoolParams {
        emission_cap: 499,
        ..wish()
    };
    set(&mut scene, "admin", second).unwrap();
    scene.world.warp(DELAY - 1);
    assert_refused(apply(&mut scene), VaultError::ParamsNotDue);
    scene.world.warp(1);
    apply(&mut scene).unwrap();
    assert_eq!(scene.pool().params(), second);
}

#[test]
fn the_delay_in_force_counts_and_not_the_announced_one() {
    let mut scene = Scene::new();
    let slow = PoolParams {
        params_delay_secs: WEEK.unsigned_abs(),
        ..scene.terms.params()
    };
    set(&mut scene, "admin", slow).unwrap();
    scene.world.warp(DELAY);
    apply(&mut scene).unwrap();
    set(&mut scene, "admin", wish()).unwrap();
    scene.world.warp(WEEK - 1);
    assert_refused(apply(&mut scene), VaultError::ParamsNotDue);
    scene.world.warp(1);
    apply(&mut scene).unwrap();
}

/// A stolen admin could otherwise lift the breaker and shorten the window first, and take everything then.
#[test]
fn nothing_is_ever_looser_than_at_creation() {
    type Loosen = fn(&mut PoolParams);
    let looser: [(Loosen, VaultError); 9] = [
        (
            |p| p.challenge_window_secs -= 1,
            VaultError::ChallengeWindowBelowCreation,
        ),
        (
            |p| p.recipient_cooldown_secs -= 1,
            VaultError::CooldownBelowCreation,
        ),
        (|p| p.params_delay_secs -= 1, VaultError::DelayBelowCreation),
        (|p| p.answer_secs -= 1, VaultError::AnswerTimeBelowCreation),
        (
            |p| p.breaker_window_secs -= 1,
            VaultError::BreakerWindowBelowCreation,
        ),
        (
            |p| p.breaker_share_bps += 1,
            VaultError::BreakerShareAboveCreation,
        ),
        (
            |p| p.breaker_floor += 1,
            VaultError::BreakerFloorAboveCreation,
        ),
        (|p| p.points_cap += 1, VaultError::PointsAboveCreation),
        (|p| p.emission_cap += 1, VaultError::EmissionAboveCreation),
    ];
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 500,
        breaker_floor: 10,
        points_cap: 7,
        ..Terms::default()
    });
    for (loosen, expected) in looser {
        let mut params = scene.terms.params();
        loosen(&mut params);
        assert_refused(set(&mut scene, "admin", params), expected);
    }
    // What was tightened may go back to where it was.
    let mut tight = scene.terms.params();
    tight.breaker_share_bps = 100;
    tight.challenge_window_secs += 1;
    for params in [tight, scene.terms.params()] {
        set(&mut scene, "admin", params).unwrap();
        scene.world.warp(DELAY);
        apply(&mut scene).unwrap();
        assert_eq!(scene.pool().params(), params);
    }
}

#[test]
fn every_parameter_has_bounds() {
    type Spoil = fn(&mut PoolParams);
    let spoilt: [(Spoil, VaultError); 13] = [
        (
            |p| p.epoch_interval_secs = 0,
            VaultError::EpochIntervalRange,
        ),
        (
            |p| p.epoch_interval_secs = 31_622_401,
            VaultError::EpochIntervalRange,
        ),
        (
            |p| p.challenge_window_secs = 0,
            VaultError::ChallengeWindowRange,
        ),
        (
            |p| p.challenge_window_secs = 2_592_001,
            VaultError::ChallengeWindowRange,
        ),
        (
            |p| p.breaker_window_secs = 7,
            VaultError::BreakerWindowRange,
        ),
        (
            |p| p.breaker_window_secs = 31_622_401,
            VaultError::BreakerWindowRange,
        ),
        (
            |p| p.recipient_cooldown_secs = 0,
            VaultError::RecipientCooldownRange,
        ),
        (
            |p| p.recipient_cooldown_secs = 2_592_001,
            VaultError::RecipientCooldownRange,
        ),
        (|p| p.params_delay_secs = 0, VaultError::ParamsDelayRange),
        (
            |p| p.params_delay_secs = 5_184_001,
            VaultError::ParamsDelayRange,
        ),
        (|p| p.breaker_share_bps = 0, VaultError::BreakerShareRange),
        (
            |p| p.breaker_share_bps = 10_001,
            VaultError::BreakerShareRange,
        ),
        (
            |p| p.breaker_share_bps = u16::MAX,
            VaultError::BreakerShareRange,
        ),
    ];
    let mut scene = Scene::new();
    for (spoil, expected) in spoilt {
        let mut params = wish();
        spoil(&mut params);
        assert_refused(set(&mut scene, "admin", params), expected);
        let mut create = scene.create_pool();
        create.id = 9;
        create.params = params;
        assert_refused(scene.run(&[create.instruction()], &["admin"]), expected);
    }
}

#[test]
fn a_proposed_epoch_keeps_the_terms_it_was_proposed_under() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.fund(100).unwrap();
    set(&mut scene, "admin", wish()).unwrap();
    scene.world.warp(DELAY);
    scene.propose(1, &rewards).unwrap();
    assert_refused(apply(&mut scene), VaultError::ParamsEpochPending);
    scene.put_canopy(1, &rewards);
    scene.attest("keeper 1", 1).unwrap();
    assert_refused(apply(&mut scene), VaultError::ParamsEpochPending);
    scene.world.warp(HOUR);
    scene.activate(1).unwrap();
    apply(&mut scene).unwrap();
    assert_eq!(scene.epoch(1).challenge_window_secs, 3_600);
}

#[test]
fn keepers_who_always_have_an_epoch_in_flight_hold_nothing_up() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    set(&mut scene, "admin", wish()).unwrap();
    scene.world.warp(DELAY);
    scene.propose(1, &rewards).unwrap();
    let veto = VetoEpoch {
        guardian: address("guardian"),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        reason: 1,
    };
    let apply = ApplyParams { pool: scene.pool };
    scene.must(&[veto.instruction(), apply.instruction()], &["guardian"]);
    assert_eq!(scene.pool().params(), wish());
}

#[test]
fn another_breaker_window_forgets_nothing_that_left() {
    let mut scene = Scene::with(Terms {
        breaker_share_bps: 5_000,
        breaker_window_secs: 8,
        ..Terms::default()
    });
    let first = scene.rewards(&[60, 40]);
    scene.fund(100).unwrap();
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    scene.open_wallet(&super::scene::member(0));
    let wide = PoolParams {
        breaker_window_secs: DAY.unsigned_abs(),
        ..scene.terms.params()
    };
    set(&mut scene, "admin", wide).unwrap();
    scene.world.warp(DELAY);
    let signed = |scene: &Scene, at_most| {
        Claim {
            at_most: Tokens::new(at_most),
            authority: Some(super::scene::member(0)),
            ..scene.claim_of(1, &first, 0)
        }
        .instruction()
    };
    let part = signed(&scene, 50);
    scene.must(&[part], &["member 0"]);
    apply(&mut scene).unwrap();
    let rest = signed(&scene, u64::MAX);
    for secs in [0, 9, DAY - 9] {
        scene.world.warp(secs);
        let held = scene.run(std::slice::from_ref(&rest), &["member 0"]);
        assert_refused(held, VaultError::BreakerOpen);
    }
    // One new window and its eighth later it is forgotten.
    scene.world.warp(DAY / 8 + 1);
    scene.must(&[rest], &["member 0"]);
}
