//! Parameters that touch the emission schedule.

use cairn_interface::vault::{PoolParams, VaultError};
use cairn_testkit::assert_refused;

use super::super::scene::{DELAY, Scene, WEEK};
use super::{apply, set};

#[test]
fn a_shorter_interval_mints_nothing_for_the_past() {
    let mut scene = Scene::new();
    let hourly = PoolParams {
        epoch_interval_secs: 3_600,
        emission_cap: 5_000,
        ..scene.terms.params()
    };
    // Ten weeks without an epoch are ten caps under the old interval and would be 1,680 under the new one.
    scene.world.warp(10 * WEEK);
    set(&mut scene, "admin", hourly).unwrap();
    scene.world.warp(DELAY);
    apply(&mut scene).unwrap();
    let now = scene.world.now();
    assert_eq!(scene.pool().emission_allowance(now), hourly.emission_cap);
}

#[test]
fn emission_never_rises_above_the_rate_at_creation() {
    let mut scene = Scene::new();
    let created = scene.terms.params();
    let week = created.epoch_interval_secs;
    let cap = created.emission_cap;
    for (interval, cap) in [
        (week, cap + 1),
        (week - 1, cap),
        (week / 7, cap / 7 + 1),
        (week, u64::MAX),
    ] {
        let greedy = PoolParams {
            epoch_interval_secs: interval,
            emission_cap: cap,
            ..created
        };
        assert_refused(
            set(&mut scene, "admin", greedy),
            VaultError::EmissionAboveCreation,
        );
    }
    // Lowered first, it may come back up to where it was and no further.
    for (cap, allowed) in [(1, true), (cap, true), (cap + 1, false)] {
        let params = PoolParams {
            emission_cap: cap,
            ..created
        };
        let ran = set(&mut scene, "admin", params);
        if allowed {
            ran.unwrap();
            scene.world.warp(DELAY);
            apply(&mut scene).unwrap();
        } else {
            assert_refused(ran, VaultError::EmissionAboveCreation);
        }
    }
}

#[test]
fn a_longer_interval_gives_no_advance_on_its_cap() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[1_000_000]);
    scene.fund(100_000_000).unwrap();
    scene.run_epoch(1, &rewards);
    let created = scene.terms.params();
    let yearly = PoolParams {
        epoch_interval_secs: 52 * created.epoch_interval_secs,
        emission_cap: 52 * created.emission_cap,
        ..created
    };
    set(&mut scene, "admin", yearly).unwrap();
    scene.world.warp(DELAY);
    apply(&mut scene).unwrap();
    let anchor = scene.pool().emission_anchor;
    assert_eq!(scene.pool().emission_allowance(anchor + 52 * WEEK - 1), 0);
    assert_eq!(
        scene.pool().emission_allowance(anchor + 52 * WEEK),
        yearly.emission_cap
    );
}

#[test]
fn other_parameters_leave_the_emission_schedule_alone() {
    let mut scene = Scene::new();
    let anchor = scene.pool().emission_anchor;
    let breaker = PoolParams {
        breaker_share_bps: 100,
        ..scene.terms.params()
    };
    scene.world.warp(3 * WEEK);
    set(&mut scene, "admin", breaker).unwrap();
    scene.world.warp(DELAY);
    apply(&mut scene).unwrap();
    assert_eq!(scene.pool().emission_anchor, anchor);
}
