//! When an epoch may be closed, and which epoch a proof joins.

use cairn_epoch::Calendar;
use cairn_merkle::EpochNumber;

/// The network's calendar, and this keeper's patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From the ruleset: all keepers of a pool have the same one.
    pub calendar: Calendar,
    /// How long after its end an epoch still waits for late evidence.
    pub grace_secs: u32,
}

/// The time an epoch pays for: `start <= observed < end`, unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub start: i64,
    pub end: i64,
}

/// The number has no period: the calendar starts later, or the time does not fit 64 bits in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("epoch {number} lies outside the calendar")]
pub struct OutsideCalendar {
    pub number: EpochNumber,
}

impl Schedule {
    /// The period of an epoch.
    ///
    /// # Errors
    /// [`OutsideCalendar`] for epoch 0 and for numbers whose end does not fit in 64 bits of milliseconds.
    pub fn period(&self, number: EpochNumber) -> Result<Period, OutsideCalendar> {
        let period = self
            .calendar
            .period(number)
            .ok_or(OutsideCalendar { number })?;
        Ok(Period {
            start: period.start_ms.div_euclid(1_000),
            end: period.end_ms.div_euclid(1_000),
        })
    }

    /// From when an epoch may be closed: its end and the grace for late evidence.
    ///
    /// # Errors
    /// As [`Schedule::period`].
    pub fn closable_at(&self, number: EpochNumber) -> Result<i64, OutsideCalendar> {
        self.period(number)?
            .end
            .checked_add(i64::from(self.grace_secs))
            .ok_or(OutsideCalendar { number })
    }
}

/// The epoch whose evidence a proof joins: the one it names when that is still to come and near, else the open one,
/// where the rules refuse it with a reason. Without the upper bound a sender could make the keeper create folders for
/// epochs that nobody will ever close; without the lower one a late proof would vanish unanswered.
#[must_use]
pub fn filed_under(named: u32, open: EpochNumber, epochs_ahead: u32) -> EpochNumber {
    let named = EpochNumber::new(u64::from(named));
    let ahead = named.get().saturating_sub(open.get());
    if (1..=u64::from(epochs_ahead)).contains(&ahead) {
        named
    } else {
        open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEKLY: Schedule = Schedule {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start: 1_000,
            epoch_hours: 168,
        },
        grace_secs: 3_600,
    };

    #[test]
    fn epochs_follow_each_other_without_gap_or_overlap() {
        for number in 1..60 {
            let this = WEEKLY.period(EpochNumber::new(number)).unwrap();
            let next = WEEKLY.period(EpochNumber::new(number + 1)).unwrap();
            assert_eq!(this.end, next.start);
            assert_eq!(this.end - this.start, 604_800);
            assert_eq!(
                WEEKLY.closable_at(EpochNumber::new(number)).unwrap(),
                this.end + 3_600
            );
        }
        assert_eq!(WEEKLY.period(EpochNumber::new(1)).unwrap().start, 3_600_000);
    }

    #[test]
    fn numbers_outside_the_calendar_are_refused_not_wrapped() {
        for number in [0, u64::MAX, i64::MAX as u64, 1 << 50] {
            assert_eq!(
                WEEKLY.period(EpochNumber::new(number)),
                Err(OutsideCalendar {
                    number: EpochNumber::new(number)
                })
            );
        }
    }

    #[test]
    fn a_proof_joins_the_epoch_it_names_only_when_that_is_open_or_near() {
        assert_eq!(filed_under(5, EpochNumber::new(5), 8), EpochNumber::new(5));
        assert_eq!(filed_under(6, EpochNumber::new(5), 8), EpochNumber::new(6));
        assert_eq!(
            filed_under(13, EpochNumber::new(5), 8),
            EpochNumber::new(13)
        );
        assert_eq!(
            filed_under(14, EpochNumber::new(5), 8),
            EpochNumber::new(5),
            "too far ahead: refused by the rules of the open epoch"
        );
        assert_eq!(
            filed_under(4, EpochNumber::new(5), 8),
            EpochNumber::new(5),
            "late: refused by the rules of the open epoch"
        );
        assert_eq!(
            filed_under(u32::MAX, EpochNumber::new(5), 8),
            EpochNumber::new(5)
        );
        assert_eq!(filed_under(0, EpochNumber::new(1), 0), EpochNumber::new(1));
        assert_eq!(filed_under(2, EpochNumber::new(1), 0), EpochNumber::new(1));
    }
}
