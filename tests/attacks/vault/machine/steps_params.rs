//! Limits, announced, withdrawn, applied; pause and resumption.

use cairn_interface::vault::{
    ApplyParams, CancelParams, Pause, PoolParams, SetParams, Unpause, VaultError,
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

    fn announce(&mut self) {
        let day = DAY.unsigned_abs();
        let share = self.some([10_000, 10_000, 5_000, 1_000, 100]);
        let params = PoolParams {
            epoch_interval_secs: self.some([day, 7 * day, 3_600]),
            challenge_window_secs: self.some([60, 3_600, day]),
            emission_cap: self.some([5_000, 2_000, 700, 29]),
            breaker_window_secs: self.some([8, 801, day, 7 * day]),
            recipient_cooldown_secs: self.some([60, day]),
            params_delay_secs: self.some([60, 3_600, day]),
            breaker_share_bps: u16::try_from(share).unwrap(),
        };
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
        let paused = self.yard().paused;
        if self.roll(4) == 0 {
            let stop = Pause {
                authority: address("guardian"),
                pool,
            };
            let ran = self.scene.run(&[stop.instruction()], &["guardian"]);
            assert_eq!(self.note("pause", &ran), !paused);
            self.yard().paused = true;
        } else {
            let resume = Unpause { admin, pool };
            let ran = self.scene.run(&[resume.instruction()], &["admin"]);
            assert_eq!(self.note("resume", &ran), paused);
            self.yard().paused = false;
        }
    }
}
