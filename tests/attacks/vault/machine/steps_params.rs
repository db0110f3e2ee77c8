//! Limits, announced, withdrawn, applied; pause and resumption.

use cairn_interface::vault::{
    ApplyParams, CancelParams, PAUSE_SECS, Pause, PoolParams, SetParams, Unpause, VaultError,
};
use cairn_testkit::assert_refused;

use super::{DAY, Play, address};

impl Play {
    pub fn params(&mut self) {
        match self.roll(5) {
            0..=1 => self.announce(),
            2 if self.roll(3) == 0 => self.withdraw(),
            _ => self.apply(),
        }
    }

    fn some<const N: usize>(&mut self, of: [u64; N]) -> u64 {
        let sides = u32::try_from(N).unwrap();
        of[usize::try_from(self.roll(sides)).unwrap()]
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
                params.breaker_floor = 1;
                Some(VaultError::BreakerFloorAboveCreation)
            }
            _ => None,
        }
    }

    fn announce(&mut self) {
        let day = DAY.unsigned_abs();
        let share = self.some([10_000, 10_000, 5_000, 1_000, 100]);
        let mut params = PoolParams {
            epoch_interval_secs: self.some([day, 7 * day, 3_600]),
            challenge_window_secs: self.some([3_600, 3_600, 7_200, day]),
            emission_cap: self.some([5_000, 2_000, 700, 29]),
            points_cap: u64::MAX,
            credits_cap: u64::MAX,
            breaker_window_secs: self.some([day, day + 801, 7 * day]),
            recipient_cooldown_secs: self.some([day, 2 * day]),
            params_delay_secs: self.some([2 * day, 3 * day]),
            breaker_floor: 0,
            answer_secs: self.some([day, 2 * day]),
            breaker_share_bps: u16::try_from(share).unwrap(),
        };
        let looser = self.loosen(&mut params);
        let announcement = SetParams {
            admin: address("admin"),
            pool: self.scene.pool,
            params,
        };
        let ran = self.scene.run(&[announcement.instruction()], &["admin"]);
        let (now, yard) = (self.now(), self.yard());
        // The rate of emission never rises above the one at creation.
        let rate = |of: &PoolParams, over: &PoolParams| {
            u128::from(of.emission_cap) * u128::from(over.epoch_interval_secs)
        };
        if rate(&params, &yard.created) > rate(&yard.created, &params) {
            assert_refused(ran, VaultError::EmissionAboveCreation);
            return;
        }
        if let Some(refusal) = looser {
            assert_refused(ran, refusal);
            return;
        }
        assert!(ran.is_ok(), "{ran:?}");
        let delay = i64::try_from(yard.params.params_delay_secs).unwrap();
        yard.announced = Some((params, now + delay));
        self.note("announce params", &ran);
    }

    fn withdraw(&mut self) {
        let withdrawal = CancelParams {
            authority: address("guardian"),
            pool: self.scene.pool,
        };
        let ran = self.scene.run(&[withdrawal.instruction()], &["guardian"]);
        if self.yard().announced.take().is_some() {
            assert!(self.note("cancel params", &ran), "{ran:?}");
        } else {
            assert_refused(ran, VaultError::ParamsNotPending);
        }
    }

    fn apply(&mut self) {
        let pool = self.scene.pool;
        let ran = self.scene.run(&[ApplyParams { pool }.instruction()], &[]);
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
        let (admin, pool) = (address("admin"), self.scene.pool);
        let now = self.now();
        let yard = self.yard();
        let (paused, (began, ended)) = (yard.is_paused(now), yard.pause);
        if self.roll(4) == 0 {
            let stop = Pause {
                authority: address("guardian"),
                pool,
            };
            let ran = self.scene.run(&[stop.instruction()], &["guardian"]);
            // It rests as long as it lasted.
            let may = !paused && now >= ended + (ended - began);
            assert_eq!(self.note("pause", &ran), may, "{ran:?}");
            if may {
                let yard = self.yard();
                yard.paused_before = yard.paused_secs();
                yard.pause = (now, now + PAUSE_SECS);
            }
        } else {
            let resume = Unpause { admin, pool };
            let ran = self.scene.run(&[resume.instruction()], &["admin"]);
            assert_eq!(self.note("resume", &ran), paused);
            if paused {
                self.yard().pause.1 = now;
            }
        }
    }
}
