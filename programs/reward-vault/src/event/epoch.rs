use anchor_lang::prelude::*;

use crate::state::Epoch;

/// A keeper proposed a root.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochProposed {
    pub pool: Address,
    pub proposer: Address,
    pub root: [u8; 32],
    pub manifest_hash: [u8; 32],
    pub ruleset_hash: [u8; 32],
    /// What attestations name.
    pub proposal: [u8; 32],
    pub number: u64,
    pub tokens: u64,
    pub points: u64,
    pub credits: u64,
    /// Unix seconds at which the challenge window ends when the pool is not paused meanwhile.
    pub window_ends_at: i64,
    pub leaf_count: u32,
    pub attempt: u32,
    pub depth: u8,
    pub canopy_depth: u8,
    /// 1 for the correction of a revoked epoch.
    pub correction: u8,
    pub reserved: [u8; 5],
}

/// Canopy nodes were stored.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CanopyStored {
    pub pool: Address,
    pub number: u64,
    /// Nodes stored so far.
    pub stored: u32,
    /// Nodes that make the canopy complete.
    pub needed: u32,
}

/// A keeper attested.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochAttested {
    pub pool: Address,
    pub keeper: Address,
    pub number: u64,
    /// Unix seconds at which attestations and canopy were complete; 0 while they are not.
    pub complete_at: i64,
    pub attempt: u32,
    /// Attestations that count now.
    pub tally: u32,
    /// Attestations that are needed.
    pub threshold: u32,
    pub reserved: [u8; 4],
}

/// An epoch was stopped.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochVetoed {
    pub pool: Address,
    /// Guardian or admin; whoever answered a challenge, whose challenge ran out, or who noticed that it lapsed.
    pub by: Address,
    pub proposer: Address,
    pub number: u64,
    pub attempt: u32,
    /// The guardian's code, or one of the program's own from 65,280 on.
    pub reason: u16,
    pub reserved: [u8; 2],
}

impl EpochVetoed {
    /// The veto of `epoch` by `by`.
    #[must_use]
    pub const fn of(epoch: &Epoch, by: Address) -> Self {
        Self {
            pool: epoch.pool,
            by,
            proposer: epoch.proposer,
            number: epoch.number,
            attempt: epoch.attempt,
            reason: epoch.veto_reason,
            reserved: [0; 2],
        }
    }
}

/// An epoch became claimable.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochActivated {
    pub pool: Address,
    pub root: [u8; 32],
    pub number: u64,
    /// Base units in the root.
    pub tokens: u64,
    /// Base units above the epoch before.
    pub growth: u64,
    /// Base units in the vault.
    pub vault_balance: u64,
    /// Base units claimed so far.
    pub total_claimed: u64,
    /// Unix seconds.
    pub activated_at: i64,
}

/// An active epoch was taken back; the next one is a correction.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochRevoked {
    pub pool: Address,
    pub admin: Address,
    pub guardian: Address,
    pub number: u64,
    /// Base units that the correction states at least.
    pub tokens: u64,
    /// Milli-points that it states at least.
    pub points: u64,
    /// Data credits that it states at least.
    pub credits: u64,
    /// Unix seconds up to which intervals of emission are spent.
    pub emission_anchor: i64,
}

/// An epoch was closed; its root and manifest hash stay in its tombstone.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochClosed {
    pub pool: Address,
    pub rent_payer: Address,
    pub root: [u8; 32],
    pub manifest_hash: [u8; 32],
    pub number: u64,
    /// Lamports of rent that went back.
    pub refunded: u64,
}
