//! A pool's parameters in words.

use cairn_interface::vault::{PoolParams, WHOLE_BPS};
use cairn_merkle::Tokens;

use crate::amount::{Amount, of_tokens, percent};
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
        breaker_window_secs: u64 = params.breaker_window_secs,
        /// Of the vault, in hundredths of a percent; 10,000 is no limit.
        breaker_share_bps: u16 = params.breaker_share_bps,
        recipient_cooldown_secs: u64 = params.recipient_cooldown_secs,
        params_delay_secs: u64 = params.params_delay_secs,
    }
}

impl ParamsShown {
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
                percent(self.breaker_share_bps.into())
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
