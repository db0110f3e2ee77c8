use anchor_lang::prelude::*;

/// An admin announced parameters; those announced before are void.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ParamsAnnounced {
    pub pool: Address,
    pub admin: Address,
    /// Unix seconds from which anyone may apply them.
    pub effective_at: i64,
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    /// Base units.
    pub emission_cap: u64,
    pub breaker_window_secs: u64,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
    pub breaker_share_bps: u16,
    pub reserved: [u8; 6],
}

/// Announced parameters took effect.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ParamsApplied {
    pub pool: Address,
    /// Unix seconds from which emission counts now.
    pub emission_anchor: i64,
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    /// Base units.
    pub emission_cap: u64,
    pub breaker_window_secs: u64,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
    pub breaker_share_bps: u16,
    pub reserved: [u8; 6],
}

/// Announced parameters were withdrawn.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ParamsCancelled {
    pub pool: Address,
    pub by: Address,
}

/// A pool was brought to a newer layout.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct PoolMigrated {
    pub pool: Address,
    pub from_version: u8,
    pub to_version: u8,
}
