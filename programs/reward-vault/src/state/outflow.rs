use anchor_lang::prelude::*;

use crate::constants::WHOLE_BPS;

/// Parts that a breaker's window is counted in.
const PARTS: usize = 8;

/// What left the vault lately: one counter for each eighth of the breaker's window, and one more, because a window
/// that ends now begins inside the oldest eighth. All nine together hold at least what left in any window of full
/// length, so a limit on their sum is a limit on every such window: a counter that merely drained with time would let
/// twice the share leave within one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct Outflow {
    /// The newest part's number: Unix seconds / seconds of a part.
    pub newest: i64,
    /// Base units that left in the parts, the newest first.
    pub parts: [u64; 9],
}

const _: () = assert!(size_of::<Outflow>() == 80 && PARTS + 1 == 9);

/// What a pool lets out of its vault in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// Seconds of the window.
    pub window_secs: u64,
    /// Base units that leave in it whatever the share says. A share of what is left would shrink with it and never let
    /// the last units go.
    pub floor: u64,
    /// The share of the vault, in hundredths of a percent.
    pub share_bps: u16,
}

/// Who asks for a payout. Half of the room is kept for claims that their member signs: a stranger who has dormant
/// members paid could otherwise use all of it up, window after window, and keep one member from ever being paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The member or their delegate, by their signature: up to the whole room.
    Member,
    /// Anyone: up to half of it.
    Anyone,
}

impl Asker {
    /// Into how many parts the room is divided, of which one is the asker's.
    const fn parts(self) -> u64 {
        match self {
            Self::Member => 1,
            Self::Anyone => 2,
        }
    }
}

/// What may leave the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Base units that may leave now.
    pub available: u64,
    /// Unix seconds from which more may, when nothing leaves meanwhile; now when nothing holds it back.
    pub more_at: i64,
}

impl Outflow {
    const fn part_secs(window_secs: u64) -> u64 {
        let secs = window_secs.div_ceil(PARTS as u64);
        if secs == 0 { 1 } else { secs }
    }

    /// The number of the part that `now` lies in. Unsigned, because the chain divides signed numbers in software.
    fn part_of(now: i64, window_secs: u64) -> i64 {
        let now = u64::try_from(now).unwrap_or(0);
        let part = now.checked_div(Self::part_secs(window_secs)).unwrap_or(0);
        i64::try_from(part).unwrap_or(i64::MAX)
    }

    /// Forgets the parts that no window ending at `now` reaches. A clock that steps back forgets nothing.
    pub fn advance(&mut self, now: i64, window_secs: u64) {
        let part = Self::part_of(now, window_secs);
        let passed = part.saturating_sub(self.newest);
        if passed <= 0 {
            return;
        }
        self.newest = part;
        let passed = usize::try_from(passed).unwrap_or(usize::MAX);
        let Some(kept) = self.parts.len().checked_sub(passed) else {
            self.parts = [0; 9];
            return;
        };
        self.parts.copy_within(..kept, passed);
        if let Some(fresh) = self.parts.get_mut(..passed) {
            fresh.fill(0);
        }
    }

    /// The same, [advanced](Self::advance) to `now`.
    #[must_use]
    pub fn at(mut self, now: i64, window_secs: u64) -> Self {
        self.advance(now, window_secs);
        self
    }

    /// Counts in parts of another window from `now` on. Everything that is remembered moves into the newest part: it
    /// is remembered for a whole new window from now, never for less than the new window asks.
    pub fn change_window(&mut self, now: i64, old_secs: u64, new_secs: u64) {
        self.advance(now, old_secs);
        let used = self.used();
        *self = Self {
            newest: Self::part_of(now, new_secs),
            parts: [used, 0, 0, 0, 0, 0, 0, 0, 0],
        };
    }

    /// Base units that left in the window.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.parts
            .iter()
            .fold(0, |sum, part| sum.saturating_add(*part))
    }

    /// Most base units that leave in a window, floored: the share of what the vault would hold had nothing left, but
    /// never less than the breaker's floor; and of it the asker's part.
    #[must_use]
    pub fn limit(&self, balance: u64, breaker: &Breaker, asker: Asker) -> u64 {
        let whole = u128::from(balance).saturating_add(u128::from(self.used()));
        let share = whole
            .saturating_mul(u128::from(breaker.share_bps))
            .max(u128::from(breaker.floor).saturating_mul(u128::from(WHOLE_BPS)))
            .checked_div(u128::from(WHOLE_BPS).saturating_mul(u128::from(asker.parts())));
        u64::try_from(share.unwrap_or(0)).unwrap_or(u64::MAX)
    }

    /// Whether `units` more may leave a vault that holds `balance`: [`Self::limit`] without its division, which costs
    /// a claimant several hundred compute units.
    #[must_use]
    pub fn admits(&self, units: u64, balance: u64, breaker: &Breaker, asker: Asker) -> bool {
        let used = u128::from(self.used());
        let whole = used.saturating_add(u128::from(balance));
        let after = used.saturating_add(u128::from(units));
        let after = after.saturating_mul(u128::from(asker.parts()));
        after <= u128::from(breaker.floor)
            || after.saturating_mul(u128::from(WHOLE_BPS))
                <= whole.saturating_mul(u128::from(breaker.share_bps))
    }

    /// What may leave at the moment that this was [advanced](Self::advance) to.
    #[must_use]
    pub fn room(&self, now: i64, balance: u64, breaker: &Breaker, asker: Asker) -> Room {
        let limit = self.limit(balance, breaker, asker);
        let available = limit.saturating_sub(self.used()).min(balance);
        let oldest = self.parts.iter().rposition(|part| *part > 0);
        let more_at = oldest.map_or(now, |at| {
            let parts_left = i64::try_from(self.parts.len().saturating_sub(at)).unwrap_or(0);
            let part = self.newest.saturating_add(parts_left);
            let secs = Self::part_secs(breaker.window_secs);
            part.saturating_mul(i64::try_from(secs).unwrap_or(i64::MAX))
        });
        Room { available, more_at }
    }

    /// Counts `units` that leave now.
    pub fn add(&mut self, units: u64) {
        if let Some(newest) = self.parts.first_mut() {
            *newest = newest.saturating_add(units);
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows or expects wrongly should stop"
)]
mod tests {
    use super::*;

    /// A breaker without a floor.
    const fn breaker(window_secs: u64, share_bps: u16) -> Breaker {
        Breaker {
            window_secs,
            floor: 0,
            share_bps,
        }
    }

    #[test]
    fn what_left_is_counted_for_a_whole_window_and_no_more_than_an_eighth_longer() {
        let window = 800;
        let mut outflow = Outflow::default().at(1_050, window);
        outflow.add(7);
        for (now, used) in [(1_050, 7), (1_850, 7), (1_899, 7), (1_900, 0), (9_999, 0)] {
            assert_eq!(outflow.at(now, window).used(), used, "at {now}");
        }
    }

    #[test]
    fn the_room_says_when_the_oldest_outflow_is_forgotten() {
        let window = 800;
        let mut outflow = Outflow::default().at(1_050, window);
        outflow.add(10);
        let room = outflow.room(1_050, 90, &breaker(window, 1_000), Asker::Member);
        assert_eq!(
            room,
            Room {
                available: 0,
                more_at: 1_900
            }
        );
        let later = outflow.at(room.more_at, window);
        let tenth = breaker(window, 1_000);
        let room_then = later.room(room.more_at, 90, &tenth, Asker::Member);
        assert_eq!(room_then.available, 9);
        assert_eq!(outflow.at(room.more_at - 1, window).used(), 10);
    }

    #[test]
    fn the_whole_share_lets_everything_leave() {
        let mut outflow = Outflow::default().at(5, 8);
        outflow.add(u64::MAX / 2);
        let room = outflow.room(5, 77, &breaker(8, WHOLE_BPS), Asker::Member);
        assert_eq!(room.available, 77);
    }

    #[test]
    fn half_of_the_room_is_the_members() {
        let tenth = breaker(800, 1_000);
        let mut outflow = Outflow::default().at(1_050, 800);
        let room = |outflow: &Outflow, balance, asker| {
            outflow.room(1_050, balance, &tenth, asker).available
        };
        assert_eq!(room(&outflow, 1_000, Asker::Anyone), 50);
        assert_eq!(room(&outflow, 1_000, Asker::Member), 100);
        assert!(outflow.admits(50, 1_000, &tenth, Asker::Anyone));
        assert!(!outflow.admits(51, 1_000, &tenth, Asker::Anyone));
        outflow.add(50);
        assert_eq!(room(&outflow, 950, Asker::Anyone), 0);
        assert_eq!(room(&outflow, 950, Asker::Member), 50);
        assert!(outflow.admits(50, 950, &tenth, Asker::Member));
        assert!(!outflow.admits(51, 950, &tenth, Asker::Member));
    }

    #[test]
    fn below_the_floor_the_last_unit_leaves() {
        let mut floored = breaker(800, 500);
        let outflow = Outflow::default().at(1_050, 800);
        assert!(!outflow.admits(7, 7, &floored, Asker::Member));
        floored.floor = 7;
        assert!(outflow.admits(7, 7, &floored, Asker::Member));
        assert!(outflow.admits(3, 7, &floored, Asker::Anyone));
        assert!(!outflow.admits(4, 7, &floored, Asker::Anyone));
        let room = outflow.room(1_050, 5, &floored, Asker::Member);
        assert_eq!(room.available, 5, "no more than the vault holds");
    }

    /// A generator of test data (SplitMix64): the same numbers on every machine.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) % bound
        }
    }

    /// What left and when.
    type Payments = Vec<(i64, u64)>;

    /// Base units that left in the `secs` seconds that end with `now`.
    fn left(payments: &Payments, now: i64, secs: u64) -> u64 {
        let since = now - i64::try_from(secs).expect("a window");
        let lately = payments.iter().filter(|(at, _)| *at > since);
        lately.map(|(_, units)| units).sum()
    }

    #[test]
    fn no_window_of_full_length_sees_more_than_the_share_leave() {
        let mut paid = 0;
        for seed in 0..400 {
            let mut numbers = Numbers(seed);
            let mut window = 8 + numbers.below(400);
            let mut share = u16::try_from(1 + numbers.below(10_000)).expect("bps");
            let mut now = i64::try_from(numbers.below(10_000)).expect("seconds");
            let mut balance = numbers.below(1_000_000);
            let mut outflow = Outflow::default();
            let mut payments = Payments::new();
            for _ in 0..300 {
                now += i64::try_from(numbers.below(window / 4 + 2)).expect("seconds");
                match numbers.below(40) {
                    0 => balance += numbers.below(100_000),
                    1 => share = u16::try_from(1 + numbers.below(10_000)).expect("bps"),
                    2 => {
                        let new = 8 + numbers.below(400);
                        outflow.change_window(now, window, new);
                        // What the new window must remember is only what the old one still did.
                        payments
                            .retain(|(at, _)| *at > now - i64::try_from(window).expect("a window"));
                        window = new;
                    }
                    _ => {}
                }
                outflow.advance(now, window);
                let floor = numbers.below(2) * numbers.below(1_000);
                let set = Breaker {
                    window_secs: window,
                    floor,
                    share_bps: share,
                };
                let asker = [Asker::Member, Asker::Anyone][usize::from(numbers.below(2) == 1)];
                let room = outflow.room(now, balance, &set, asker);
                let admits = |units| outflow.admits(units, balance, &set, asker);
                assert!(room.available <= balance);
                // A share that was lowered below what left already admits nothing.
                assert!(room.available == 0 || admits(room.available));
                assert!(room.available == balance || !admits(room.available + 1));
                let limit = outflow.limit(balance, &set, Asker::Member);
                let units = numbers.below(room.available.saturating_mul(2) + 1);
                let funded = (1..=balance).contains(&units);
                if funded && admits(units) {
                    outflow.add(units);
                    balance -= units;
                    payments.push((now, units));
                    paid += 1;
                    assert!(
                        left(&payments, now, window) <= limit,
                        "seed {seed} at {now}"
                    );
                }
            }
        }
        assert!(paid > 20_000, "{paid} payments say little");
    }

    #[test]
    fn another_window_forgets_nothing_that_was_remembered() {
        let mut outflow = Outflow::default();
        outflow.advance(1_000, 80);
        outflow.add(3);
        outflow.advance(1_040, 80);
        outflow.add(4);
        outflow.change_window(1_045, 80, 16);
        assert_eq!(outflow.used(), 7);
        assert_eq!(outflow.at(1_045 + 16, 16).used(), 7);
        assert_eq!(outflow.at(1_045 + 18, 16).used(), 0);
    }

    #[test]
    fn a_clock_that_steps_back_forgets_nothing() {
        let mut outflow = Outflow::default().at(1_000, 80);
        outflow.add(3);
        assert_eq!(outflow.at(10, 80).used(), 3);
    }
}
