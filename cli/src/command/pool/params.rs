//! A pool's parameters in words.

use cairn_interface::vault::{PoolParams, WHOLE_BPS};
use cairn_merkle::{MilliPoints, Tokens};

use crate::amount::{Amount, grouped, of_points, of_tokens, percent};
use crate::moment::span;
use crate::page::Page;
use crate::shown::shown;

shown! {
    /// Parameters as results carry them.
    ParamsShown(params: &PoolParams, decimals: u8) {
        epoch_interval_secs: u64 = params.epoch_interval_secs,
        challenge_window_secs: u64 = params.challenge_window_secs,
        /// Per epoch interval.
        emission_cap: Amount = of_tokens(Tokens::new(params.emission_cap), decimals),
        /// Per epoch interval; null for any number.
        points_cap: Option<Amount> =
            (params.points_cap != u64::MAX).then(|| of_points(MilliPoints::new(params.points_cap))),
        /// Per epoch interval; null for any number.
        credits_cap: Option<u64> = (params.credits_cap != u64::MAX).then_some(params.credits_cap),
        breaker_window_secs: u64 = params.breaker_window_secs,
        /// Of the vault, in hundredths of a percent; 10,000 is no limit.
        breaker_share_bps: u16 = params.breaker_share_bps,
        /// What leaves in the breaker's window whatever the share says.
        breaker_floor: Amount = of_tokens(Tokens::new(params.breaker_floor), decimals),
        recipient_cooldown_secs: u64 = params.recipient_cooldown_secs,
        params_delay_secs: u64 = params.params_delay_secs,
        answer_secs: u64 = params.answer_secs,
    }
}

impl ParamsShown {
    /// Label and value of each, in the order people read them.
    pub(super) fn words(&self) -> [(&'static str, String); 8] {
        [
            (
                "emission cap",
                format!(
                    "{} tokens in {}",
                    self.emission_cap.grouped(),
                    span(self.epoch_interval_secs)
                ),
            ),
            (
                "points cap",
                self.capped(self.points_cap.map(|cap| cap.grouped())),
            ),
            ("credits cap", self.capped(self.credits_cap.map(grouped))),
            ("challenge window", span(self.challenge_window_secs)),
            ("time to answer", span(self.answer_secs)),
            ("breaker", self.breaker()),
            ("payout cooldown", span(self.recipient_cooldown_secs)),
            ("parameters' delay", span(self.params_delay_secs)),
        ]
    }

    fn capped(&self, cap: Option<String>) -> String {
        match cap {
            Some(cap) => format!("{cap} in {}", span(self.epoch_interval_secs)),
            None => "none".to_owned(),
        }
    }

    fn breaker(&self) -> String {
        let window = span(self.breaker_window_secs);
        if self.breaker_share_bps >= WHOLE_BPS {
            return format!("off (window {window})");
        }
        let share = percent(self.breaker_share_bps.into());
        if self.breaker_floor.base() == 0 {
            return format!("at most {share}% of the vault in {window}");
        }
        format!(
            "at most {share}% of the vault in {window}, or {} tokens",
            self.breaker_floor.grouped()
        )
    }

    /// What is unsafe about such parameters, a sentence each. The choice is the operator's, who can never loosen one later
    /// and should not learn from a loss what it meant.
    pub(super) fn doubts(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if self.breaker_share_bps >= WHOLE_BPS {
            doubts.push(
                "The breaker is off: whoever gets a forged root through the window takes everything at once, before the guardian can pause.".to_owned(),
            );
        }
        if self.challenge_window_secs < SAFE_WINDOW_SECS {
            doubts.push(format!(
                "The challenge window is {}: nobody who sleeps through it can challenge or veto a forged root.",
                span(self.challenge_window_secs)
            ));
        }
        if self.points_cap.is_none() || self.credits_cap.is_none() {
            doubts.push(
                "Points or credits have no cap: keepers who agree can state so many that no honest epoch can follow.".to_owned(),
            );
        }
        doubts
    }

    /// What the pool was created with where it is tighter now, label by label.
    pub(super) fn tightened_from(&self, creation: &Self) -> Vec<(&'static str, String)> {
        let pairs = self.words().into_iter().zip(creation.words());
        pairs
            .filter(|((_, now), (_, then))| now != then)
            .map(|(_, then)| then)
            .collect()
    }

    pub(super) fn facts(&self, page: &mut Page) {
        for (label, value) in self.words() {
            page.fact(label, value);
        }
    }
}

/// The challenge window from which on people in every time zone see a proposal while they are awake.
const SAFE_WINDOW_SECS: u64 = 86_400;

/// What changes, label by label: before and after.
pub(super) fn differences(
    from: &PoolParams,
    to: &PoolParams,
    decimals: u8,
) -> Vec<(&'static str, String, String)> {
    let (from, to) = (
        ParamsShown::new(from, decimals),
        ParamsShown::new(to, decimals),
    );
    let pairs = from.words().into_iter().zip(to.words());
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((label, before), (_, after))| (label, before, after))
        .collect()
}
