use reward_vault::event as on_chain;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::{PoolParams, VaultEvent};
use crate::text;

/// An admin announced parameters; those announced before are void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamsAnnounced {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub admin: Pubkey,
    pub params: PoolParams,
    /// Unix seconds from which anyone may apply them.
    pub effective_at: i64,
}

/// Announced parameters took effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamsApplied {
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub params: PoolParams,
    /// Unix seconds from which emission counts now.
    pub emission_anchor: i64,
}

/// Announced parameters were withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParamsCancelled {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub by: Pubkey,
}

/// A pool was brought to a newer layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolMigrated {
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub from_version: u8,
    pub to_version: u8,
}

/// The parameters that an event of the program names one by one.
macro_rules! params_of {
    ($event:ident) => {
        PoolParams {
            epoch_interval_secs: $event.epoch_interval_secs,
            challenge_window_secs: $event.challenge_window_secs,
            emission_cap: $event.emission_cap,
            breaker_window_secs: $event.breaker_window_secs,
            recipient_cooldown_secs: $event.recipient_cooldown_secs,
            params_delay_secs: $event.params_delay_secs,
            breaker_share_bps: $event.breaker_share_bps,
        }
    };
}
pub(super) use params_of;

pub(super) fn params_announced(event: on_chain::ParamsAnnounced) -> VaultEvent {
    VaultEvent::ParamsAnnounced(ParamsAnnounced {
        pool: event.pool,
        admin: event.admin,
        params: params_of!(event),
        effective_at: event.effective_at,
    })
}

pub(super) fn params_applied(event: on_chain::ParamsApplied) -> VaultEvent {
    VaultEvent::ParamsApplied(ParamsApplied {
        pool: event.pool,
        params: params_of!(event),
        emission_anchor: event.emission_anchor,
    })
}

pub(super) fn params_cancelled(event: on_chain::ParamsCancelled) -> VaultEvent {
    VaultEvent::ParamsCancelled(ParamsCancelled {
        pool: event.pool,
        by: event.by,
    })
}

pub(super) fn pool_migrated(event: on_chain::PoolMigrated) -> VaultEvent {
    VaultEvent::PoolMigrated(PoolMigrated {
        pool: event.pool,
        from_version: event.from_version,
        to_version: event.to_version,
    })
}
