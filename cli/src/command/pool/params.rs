//! A pool's parameters in words.

use cairn_interface::vault::{PoolParams, WHOLE_BPS};
use serde::Serialize;

use crate::amount::Amount;
use crate::moment::span;
use crate::page::Page;

/// Parameters as results carry them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParamsShown {
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    /// Per epoch interval.
    pub emission_cap: Amount,
    pub breaker_window_secs: u64,
    /// Of the vault, in hundredths of a percent; 10,000 is no limit.
    pub breaker_share_bps: u16,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
}

impl ParamsShown {
    #[must_use]
    pub const fn new(params: &PoolParams, decimals: u8) -> Self {
        Self {
            epoch_interval_secs: params.epoch_interval_secs,
            challenge_window_secs: params.challenge_window_secs,
            emission_cap: Amount::new(params.emission_cap, decimals),
            breaker_window_secs: params.breaker_window_secs,
            breaker_share_bps: params.breaker_share_bps,
            recipient_cooldown_secs: params.recipient_cooldown_secs,
            params_delay_secs: params.params_delay_secs,
        }
    }

    /// Label and value of each, in the order people read them.
    pub(super) fn words(&self) -> [(&'static str, String); 5] {
        [
            (
                "emission cap",
                format!(
                    "{} tokens in {}",
                    self.emission_cap.grouped(),
                    span(self.epoch_interval_secs)
                ),
            ),
            ("challenge window", span(self.challenge_window_secs)),
            ("breaker", self.breaker()),
            ("payout cooldown", span(self.recipient_cooldown_secs)),
            ("parameters' delay", span(self.params_delay_secs)),
        ]
    }

    fn breaker(&self) -> String {
        let window = span(self.breaker_window_secs);
        if self.breaker_share_bps >= WHOLE_BPS {
            format!("off (window {window})")
        } else {
            format!(
                "at most {}% of the vault in {window}",
                percent(self.breaker_share_bps)
            )
        }
    }

    pub(super) fn facts(&self, page: &mut Page) {
        for (label, value) in self.words() {
            page.fact(label, value);
        }
    }
}

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

/// Hundredths of a percent as a percentage: 5, 0.25.
pub(super) fn percent(bps: u16) -> String {
    Amount::new(bps.into(), 2).plain()
}
