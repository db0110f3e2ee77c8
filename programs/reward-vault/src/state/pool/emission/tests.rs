use super::*;

fn pool(emission_cap: u64) -> Pool {
    let mut pool: Pool = bytemuck::Zeroable::zeroed();
    (pool.points_cap, pool.credits_cap) = (u64::MAX, u64::MAX);
    pool.emission_cap = emission_cap;
    pool.epoch_interval_secs = 100;
    pool.emission_anchor = 1_000;
    pool
}

#[test]
fn only_whole_intervals_count() {
    let pool = pool(7);
    for (now, allowance) in [
        (i64::MIN, 0),
        (999, 0),
        (1_000, 0),
        (1_099, 0),
        (1_100, 7),
        (1_199, 7),
        (1_200, 14),
    ] {
        assert_eq!(pool.emission_allowance(now), allowance, "at {now}");
    }
}

#[test]
fn the_allowance_saturates_instead_of_wrapping() {
    assert_eq!(pool(u64::MAX).emission_allowance(i64::MAX), u64::MAX);
    assert_eq!(pool(1).emission_intervals(i64::MAX), u32::MAX);
    let mut never = pool(1);
    never.epoch_interval_secs = 0;
    assert_eq!(never.emission_allowance(i64::MAX), 0);
}

fn params(interval: u64, cap: u64) -> Params {
    Params::new(interval, 10, cap)
}

#[test]
fn a_change_of_interval_or_cap_pays_past_intervals_once_at_most() {
    for (interval, cap, allowance) in [
        (1, 7, 7),
        (1, 70, 70),
        (100, 70, 70),
        (1_000, 7, 7),
        (1_001, 7, 0),
        // Nothing of the schedule changes: all ten intervals stay.
        (100, 7, 70),
    ] {
        let mut pool = pool(7);
        pool.apply_params(&params(interval, cap), 2_000);
        let granted = pool.emission_allowance(2_000);
        assert_eq!(granted, allowance, "{interval} s, cap {cap}");
    }
}

#[test]
fn no_parameters_pay_more_in_a_time_than_those_at_creation() {
    let creation = params(100, 7);
    for (interval, cap, allowed) in [
        (100, 7, true),
        (100, 8, false),
        (99, 7, false),
        (50, 3, true),
        (50, 4, false),
        (200, 14, true),
        (1, 0, true),
        (31_622_400, 2_213_568, true),
        (31_622_400, 2_213_569, false),
        (u64::MAX, u64::MAX, false),
    ] {
        let mut wished = params(interval, cap);
        assert_eq!(
            wished.validate_against(&creation).is_ok(),
            allowed,
            "{cap} in {interval} s"
        );
        // Points and credits are counted in the same way.
        let mut capped = creation;
        (capped.points_cap, capped.credits_cap) = (7, 7);
        wished.emission_cap = 0;
        (wished.points_cap, wished.credits_cap) = (cap, 0);
        assert_eq!(wished.validate_against(&capped).is_ok(), allowed);
        (wished.points_cap, wished.credits_cap) = (0, cap);
        assert_eq!(wished.validate_against(&capped).is_ok(), allowed);
    }
}

type Change = fn(&mut Params);

#[test]
fn nothing_is_looser_than_at_creation() {
    let mut creation = params(100, 7);
    creation.breaker_share_bps = 500;
    creation.breaker_floor = 10;
    assert!(creation.validate_against(&creation).is_ok());
    let looser: [(Change, VaultError); 7] = [
        (
            |it| it.challenge_window_secs -= 1,
            VaultError::ChallengeWindowBelowCreation,
        ),
        (
            |it| it.recipient_cooldown_secs -= 1,
            VaultError::CooldownBelowCreation,
        ),
        (
            |it| it.params_delay_secs -= 1,
            VaultError::DelayBelowCreation,
        ),
        (
            |it| it.answer_secs -= 1,
            VaultError::AnswerTimeBelowCreation,
        ),
        (
            |it| it.breaker_window_secs -= 1,
            VaultError::BreakerWindowBelowCreation,
        ),
        (
            |it| it.breaker_share_bps += 1,
            VaultError::BreakerShareAboveCreation,
        ),
        (
            |it| it.breaker_floor += 1,
            VaultError::BreakerFloorAboveCreation,
        ),
    ];
    for (loosen, refusal) in looser {
        let mut wished = creation;
        loosen(&mut wished);
        let verdict = wished.validate_against(&creation);
        assert_eq!(verdict, Err(refusal.into()));
    }
}

#[test]
fn the_first_caps_of_a_pool_without_are_its_caps_for_good() {
    let mut pool = pool(7);
    pool.creation = crate::state::StoredParams::from(&params(100, 7));
    let mut first = params(200, 14);
    first.points_cap = 30;
    pool.apply_params(&first, 2_000);
    assert_eq!(pool.creation.points_cap, 15);
    assert_eq!(pool.creation.credits_cap, u64::MAX);
    assert!(pool.validate_params(&first).is_ok());
    first.points_cap = 31;
    let looser = pool.validate_params(&first);
    assert_eq!(looser, Err(VaultError::PointsAboveCreation.into()));
    // A later one does not take the first one's place, and what is still without a cap stays so.
    first.points_cap = 20;
    pool.apply_params(&first, 2_000);
    assert_eq!(pool.creation.points_cap, 15);
    pool.creation.epoch_interval_secs = 1;
    pool.apply_params(&first, 2_000);
    assert_eq!(pool.creation.credits_cap, u64::MAX);
}

#[test]
fn a_change_of_points_or_credits_alone_pays_past_intervals_once_at_most_too() {
    let changes: [(Change, i64); 5] = [
        (|it| it.points_cap = 5, 1_900),
        (|it| it.credits_cap = 5, 1_900),
        (|it| it.answer_secs = 7_200, 1_000),
        (|it| it.breaker_floor = 1, 1_000),
        (|_| (), 1_000),
    ];
    for (change, anchor) in changes {
        let mut pool = pool(7);
        let mut wished = params(100, 7);
        change(&mut wished);
        pool.apply_params(&wished, 2_000);
        assert_eq!((pool.emission_anchor, pool.params()), (anchor, wished));
        assert_eq!(pool.pending_params, PendingParams::default());
    }
}

#[test]
fn what_left_is_remembered_for_the_whole_new_window() {
    // A window as before counts on; a new one counts from now on.
    for (window, forgotten_at) in [(80, 1_090), (160, 1_240)] {
        let mut pool = pool(7);
        pool.breaker_window_secs = 80;
        pool.outflow.advance(1_000, 80);
        pool.outflow.add(3);
        let mut wished = params(100, 7);
        wished.breaker_window_secs = window;
        pool.apply_params(&wished, 1_060);
        let used = |now| pool.outflow.at(now, window).used();
        assert_eq!([forgotten_at - 1, forgotten_at].map(used), [3, 0]);
    }
}

#[test]
fn an_allowance_is_each_cap_for_each_interval() {
    let mut pool = pool(7);
    (pool.points_cap, pool.credits_cap) = (3, u64::MAX);
    let of = |tokens, points, credits| Allowance {
        tokens,
        points,
        credits,
    };
    assert_eq!(pool.allowance(0), of(0, 0, 0));
    assert_eq!(pool.allowance(2), of(14, 6, u64::MAX));
}

#[test]
fn no_total_falls_and_none_outgrows_its_allowance() {
    let mut pool = pool(7);
    (pool.total_cumulative, pool.points_issued) = (10, 20);
    (pool.credits_issued, pool.members) = (30, 40);
    let grows = |tokens, points, credits, leaves| {
        let verdict = pool.validate_growth(tokens, points, credits, leaves);
        verdict.err()
    };
    let refused = |code: VaultError| Some(code.into());
    assert_eq!(grows(10, 20, 30, 40), None);
    assert_eq!(grows(11, 21, 31, 41), None);
    assert_eq!(grows(9, 20, 30, 40), refused(VaultError::TokensBelowActive));
    assert_eq!(
        grows(10, 19, 30, 40),
        refused(VaultError::PointsBelowActive)
    );
    assert_eq!(
        grows(10, 20, 29, 40),
        refused(VaultError::CreditsBelowActive)
    );
    assert_eq!(
        grows(10, 20, 30, 39),
        refused(VaultError::LeafCountBelowActive)
    );
    let allowance = Allowance {
        tokens: 1,
        points: 2,
        credits: 3,
    };
    let allowed = |tokens, points, credits| {
        let verdict = pool.validate_allowance(tokens, points, credits, &allowance);
        verdict.err()
    };
    assert_eq!(allowed(11, 22, 33), None);
    assert_eq!(allowed(0, 0, 0), None);
    assert_eq!(
        allowed(12, 22, 33),
        refused(VaultError::EmissionCapExceeded)
    );
    assert_eq!(allowed(11, 23, 33), refused(VaultError::PointsCapExceeded));
    assert_eq!(allowed(11, 22, 34), refused(VaultError::CreditsCapExceeded));
}
