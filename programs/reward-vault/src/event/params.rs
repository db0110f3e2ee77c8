use anchor_lang::prelude::*;

use crate::state::StoredParams;

/// An admin announced parameters; those announced before are void.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ParamsAnnounced {
    pub pool: Address,
    pub admin: Address,
    /// Unix seconds from which anyone may apply them.
    pub effective_at: i64,
    pub params: StoredParams,
}

/// Announced parameters took effect.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ParamsApplied {
    pub pool: Address,
    /// Unix seconds from which emission counts now.
    pub emission_anchor: i64,
    pub params: StoredParams,
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

/// An epoch was brought to a newer layout.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochMigrated {
    pub pool: Address,
    pub number: u64,
    pub from_version: u8,
    pub to_version: u8,
    pub reserved: [u8; 6],
}
