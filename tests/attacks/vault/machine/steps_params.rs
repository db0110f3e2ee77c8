//! Limits, announced, withdrawn, applied; pause and resumption.

use cairn_interface::vault::{
    ApplyParams, CancelParams, PAUSE_SECS, Pause, PoolParams, SetParams, Unpause, VaultError,
};
use cairn_testkit::assert_refused;

use super::{
    DAY, Play,
    actors::{GUARDIANS, address_of},
    model::secs,
};

/// Base units that leave in a window whatever the share says, at creation.
pub const FLOOR: u64 = 40;
/// Milli-points and credits that may be added in a week, at creation.
pub const POINTS_CAP: u64 = 40_000;
/// See [`POINTS_CAP`].
pub const CREDITS_CAP: u64 = 400;

impl Play {
    pub fn params(&mut self) {
        match self.roll(5) {
            0..=1 => self.announce(),
            2 => self.withdraw(),
            _ => self.apply(),
        }
    }

    /// One wish in many is looser than the pool was created.
    fn loosen(&mut self, params: &mut PoolParams) -> Option<VaultError> {
        match self.roll(12) {
            0 => {
                params.challenge_window_secs = 60;
                Some(VaultError::ChallengeWindowBelowCreation)
            }
            1 => {
                params.breaker_window_secs = 8;
                Some(VaultError::BreakerWindowBelowCreation)
            }
            2 => {
                params.recipient_cooldown_secs = 60;
                Some(VaultError::CooldownBelowCreation)
            }
            3 => {
                params.breaker_floor = FLOOR + 1;
                Some(VaultError::BreakerFloorAboveCreation)
            }
            _ => None,
        }
    }

    fn announce(&mut self) {
        let day = DAY.unsigned_abs();
        let share = self.one_of([10_000, 10_000, 5_000, 1_000, 100]);
        let interval = self.one_of([day, 7 * day, 3_600]);
        // As much in a time as at creation, or less; sometimes more.
        let part = |cap: u64| cap * interval / (7 * day);
        let [points, credits] = [POINTS_CAP, CREDITS_CAP].map(|cap| match self.roll(8) {
            0 => part(cap) + 1,
            1..=2 => part(cap) / 2,
            _ => part(cap),
        });
        let mut params = PoolParams {
            epoch_interval_secs: interval,
            challenge_window_secs: self.one_of([3_600, 3_600, 7_200, day]),
            emission_cap: self.one_of([5_000, 2_000, 700, 29]),
            points_cap: points,
            credits_cap: credits,
            breaker_window_secs: self.one_of([day, day + 801, 7 * day]),
            recipient_cooldown_secs: self.one_of([day, 2 * day]),
            params_delay_secs: self.one_of([2 * day, 3 * day]),
            breaker_floor: self.one_of([0, FLOOR / 2, FLOOR]),
            answer_secs: self.one_of([day, 2 * day]),
            breaker_share_bps: u16::try_from(share).unwrap(),
        };
        let looser = self.loosen(&mut params);
        let announcement = SetParams {
            admin: address_of(self.yard().roles.admin),
            pool: self.scene.pool,
            params,
        };
        let ran = self.send(&[announcement.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        // Nothing grows faster than at creation.
        let created = yard.created;
        let faster = |cap: u64, granted: u64| {
            u128::from(cap) * u128::from(created.epoch_interval_secs)
                > u128::from(granted) * u128::from(params.epoch_interval_secs)
        };
        for (cap, granted, refusal) in [
            (
                params.emission_cap,
                created.emission_cap,
                VaultError::EmissionAboveCreation,
            ),
            (
                params.points_cap,
                created.points_cap,
                VaultError::PointsAboveCreation,
            ),
            (
                params.credits_cap,
                created.credits_cap,
                VaultError::CreditsAboveCreation,
            ),
        ] {
            if faster(cap, granted) {
                assert_refused(ran, refusal);
                return;
            }
        }
        if let Some(refusal) = looser {
            assert_refused(ran, refusal);
            return;
        }
        assert!(ran.is_ok(), "{ran:?}");
        let delay = secs(yard.params.params_delay_secs);
        yard.announced = Some((params, now + delay));
        self.note("announce params", &ran);
    }

    fn withdraw(&mut self) {
        let by = self.one_of(GUARDIANS);
        let withdrawal = CancelParams {
            authority: address_of(by),
            pool: self.scene.pool,
        };
        let ran = self.send(&[withdrawal.instruction()]);
        let yard = self.yard();
        let expected = if !yard.roles.may_stop(by) {
            Err(VaultError::NotGuardianOrAdmin)
        } else if yard.announced.is_none() {
            Err(VaultError::ParamsNotPending)
        } else {
            Ok(())
        };
        if self.as_expected("cancel params", ran, expected).is_some() {
            self.yard().announced = None;
        }
    }

    fn apply(&mut self) {
        let pool = self.scene.pool;
        let ran = self.send(&[ApplyParams { pool }.instruction()]);
        let now = self.now();
        let yard = self.yard();
        match yard.announced {
            None => assert_refused(ran, VaultError::ParamsNotPending),
            Some((_, at)) if now < at => assert_refused(ran, VaultError::ParamsNotDue),
            Some(_) if yard.proposed.is_some() => {
                assert_refused(ran, VaultError::ParamsEpochPending);
            }
            Some(_) => {
                yard.apply(now);
                assert!(self.note("apply params", &ran), "{ran:?}");
            }
        }
    }

    pub fn pause_or_resume(&mut self) {
        if self.roll(4) == 0 {
            self.pause();
        } else {
            self.resume();
        }
    }

    fn pause(&mut self) {
        let pool = self.scene.pool;
        let by = if self.roll(2) == 0 {
            self.yard().roles.guardian
        } else {
            self.one_of(GUARDIANS)
        };
        let stop = Pause {
            authority: address_of(by),
            pool,
        };
        let ran = self.send(&[stop.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let (began, ended) = yard.pause;
        let expected = if !yard.roles.may_stop(by) {
            Err(VaultError::NotGuardianOrAdmin)
        } else if yard.is_paused(now) {
            Err(VaultError::AlreadyPaused)
        } else if now < ended + (ended - began) {
            // It rests as long as it lasted.
            Err(VaultError::PauseRests)
        } else {
            Ok(())
        };
        if self.as_expected("pause", ran, expected).is_some() {
            let yard = self.yard();
            yard.paused_before = yard.paused_secs();
            yard.pause = (now, now + PAUSE_SECS);
        }
    }

    fn resume(&mut self) {
        let (by, pool) = (self.some_admin(), self.scene.pool);
        let resume = Unpause {
            admin: address_of(by),
            pool,
        };
        let ran = self.send(&[resume.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let expected = if by != yard.roles.admin {
            Err(VaultError::NotAdmin)
        } else if !yard.is_paused(now) {
            Err(VaultError::NotPaused)
        } else {
            Ok(())
        };
        if self.as_expected("resume", ran, expected).is_some() {
            self.yard().pause.1 = now;
        }
    }
}
