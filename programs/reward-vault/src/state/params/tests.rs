use super::*;

fn params() -> Params {
    Params::new(100, 50, 7)
}

#[test]
fn the_delay_outlasts_the_window_by_a_day_and_never_wraps() {
    assert_eq!(Params::least_delay(50), 86_450);
    assert_eq!(Params::least_delay(u64::MAX), u64::MAX);
    assert_eq!(params().params_delay_secs, 86_450);
}

type Set = fn(&mut Params, u64);

#[test]
fn each_field_has_bounds_and_a_code() {
    // A field, its least and its largest value, the refusal beyond.
    let fields: [(Set, u64, u64, VaultError); 7] = [
        (
            |it, to| it.epoch_interval_secs = to,
            1,
            MAX_EPOCH_INTERVAL_SECS,
            VaultError::EpochIntervalRange,
        ),
        (
            |it, to| {
                it.challenge_window_secs = to;
                it.params_delay_secs = MAX_PARAMS_DELAY_SECS;
            },
            1,
            MAX_CHALLENGE_WINDOW_SECS,
            VaultError::ChallengeWindowRange,
        ),
        (
            |it, to| it.breaker_window_secs = to,
            MIN_BREAKER_WINDOW_SECS,
            MAX_PERIOD_SECS,
            VaultError::BreakerWindowRange,
        ),
        (
            |it, to| it.recipient_cooldown_secs = to,
            1,
            MAX_COOLDOWN_SECS,
            VaultError::RecipientCooldownRange,
        ),
        (
            |it, to| it.params_delay_secs = to,
            86_450,
            MAX_PARAMS_DELAY_SECS,
            VaultError::ParamsDelayRange,
        ),
        (
            |it, to| it.answer_secs = to,
            MIN_ANSWER_SECS,
            MAX_ANSWER_SECS,
            VaultError::AnswerTimeRange,
        ),
        (
            |it, to| it.breaker_share_bps = u16::try_from(to).unwrap_or(u16::MAX),
            1,
            u64::from(WHOLE_BPS),
            VaultError::BreakerShareRange,
        ),
    ];
    assert_eq!(params().validate(), Ok(()));
    for (set, least, most, code) in fields {
        let refused = || Err(code.into());
        for (value, verdict) in [
            (0, refused()),
            (least - 1, refused()),
            (least, Ok(())),
            (most, Ok(())),
            (most + 1, refused()),
            (u64::MAX, refused()),
        ] {
            let mut wished = params();
            set(&mut wished, value);
            assert_eq!(wished.validate(), verdict, "{code:?} at {value}");
        }
    }
}

#[test]
fn each_cap_has_a_code_above_creation() {
    let mut creation = params();
    (creation.points_cap, creation.credits_cap) = (7, 7);
    let caps: [(Set, VaultError); 3] = [
        (
            |it, to| it.emission_cap = to,
            VaultError::EmissionAboveCreation,
        ),
        (|it, to| it.points_cap = to, VaultError::PointsAboveCreation),
        (
            |it, to| it.credits_cap = to,
            VaultError::CreditsAboveCreation,
        ),
    ];
    for (set, code) in caps {
        let mut wished = creation;
        set(&mut wished, 8);
        let verdict = wished.validate_against(&creation);
        assert_eq!(verdict, Err(code.into()));
    }
}

#[test]
fn what_is_stored_is_what_was_announced() {
    // Every field is another number, so that none stands in for its neighbour.
    let announced = Params {
        epoch_interval_secs: 1,
        challenge_window_secs: 2,
        emission_cap: 3,
        points_cap: 4,
        credits_cap: 5,
        breaker_window_secs: 6,
        recipient_cooldown_secs: 7,
        params_delay_secs: 8,
        breaker_floor: 9,
        answer_secs: 10,
        breaker_share_bps: 11,
    };
    let stored = StoredParams::from(&announced);
    assert_eq!(stored.params(), announced);
    assert_eq!(
        bytemuck::cast_slice::<_, u64>(&[stored]),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    );
    let pending = PendingParams::new(&announced, 100);
    assert_eq!((pending.stored, pending.effective_at), (stored, 100));
    assert_eq!(pending.params(), Some(announced));
    assert_eq!(PendingParams::default().params(), None);
    assert_eq!(PendingParams::new(&announced, 0).params(), None);
}
