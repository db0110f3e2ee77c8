use reward_vault::{
    constants::{DEFAULT_PERIOD_SECS, WHOLE_BPS},
    state::Params,
};
use serde::{Deserialize, Serialize};

/// What a pool's admin may change after its creation, with delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolParams {
    /// Seconds in which tokens may grow by one emission cap.
    pub epoch_interval_secs: u64,
    /// Seconds between an epoch's proposal and its earliest activation.
    pub challenge_window_secs: u64,
    /// Base units that cumulative tokens may grow by in one interval.
    pub emission_cap: u64,
    /// Seconds in which at most the breaker's share of the vault leaves it.
    pub breaker_window_secs: u64,
    /// Seconds between a member's change of payout and its effect.
    pub recipient_cooldown_secs: u64,
    /// Seconds between the announcement of parameters and their effect.
    pub params_delay_secs: u64,
    /// The breaker's share of the vault, in hundredths of a percent; 10,000 lets everything leave.
    pub breaker_share_bps: u16,
}

impl PoolParams {
    /// These times and cap, and for the rest what a migrated pool gets: a breaker that lets everything leave, and a
    /// day for window, cooldown and delay.
    #[must_use]
    pub const fn new(
        epoch_interval_secs: u64,
        challenge_window_secs: u64,
        emission_cap: u64,
    ) -> Self {
        Self {
            epoch_interval_secs,
            challenge_window_secs,
            emission_cap,
            breaker_window_secs: DEFAULT_PERIOD_SECS,
            recipient_cooldown_secs: DEFAULT_PERIOD_SECS,
            params_delay_secs: DEFAULT_PERIOD_SECS,
            breaker_share_bps: WHOLE_BPS,
        }
    }

    pub(crate) const fn on_chain(self) -> Params {
        Params {
            epoch_interval_secs: self.epoch_interval_secs,
            challenge_window_secs: self.challenge_window_secs,
            emission_cap: self.emission_cap,
            breaker_window_secs: self.breaker_window_secs,
            recipient_cooldown_secs: self.recipient_cooldown_secs,
            params_delay_secs: self.params_delay_secs,
            breaker_share_bps: self.breaker_share_bps,
        }
    }
}

impl From<Params> for PoolParams {
    fn from(params: Params) -> Self {
        Self {
            epoch_interval_secs: params.epoch_interval_secs,
            challenge_window_secs: params.challenge_window_secs,
            emission_cap: params.emission_cap,
            breaker_window_secs: params.breaker_window_secs,
            recipient_cooldown_secs: params.recipient_cooldown_secs,
            params_delay_secs: params.params_delay_secs,
            breaker_share_bps: params.breaker_share_bps,
        }
    }
}

/// Parameters that an admin announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingParams {
    pub params: PoolParams,
    /// Unix seconds from which anyone may apply them, while no epoch is proposed.
    pub effective_at: i64,
}
