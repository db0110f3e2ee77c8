use anchor_lang::prelude::*;

use crate::state::Pool;

/// The pool was offered to another admin, or the offer was withdrawn (zero key).
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct AdminProposed {
    pub pool: Address,
    pub admin: Address,
    pub pending_admin: Address,
    /// Unix seconds from which it may be taken over; 0 when the offer was withdrawn.
    pub effective_at: i64,
}

/// The new admin took over.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct AdminAccepted {
    pub pool: Address,
    pub old_admin: Address,
    pub admin: Address,
}

/// The guardian was replaced at once, with its own signature.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct GuardianSet {
    pub pool: Address,
    pub old_guardian: Address,
    pub guardian: Address,
}

/// Keepers were removed or their threshold was raised, at once.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct KeepersSet {
    pub pool: Address,
    /// `keeper_count` keys, the rest zero.
    pub keepers: [Address; 16],
    pub keeper_count: u8,
    pub threshold: u8,
}

impl KeepersSet {
    /// The keepers of `pool` at `address`.
    #[must_use]
    pub const fn of(address: Address, pool: &Pool) -> Self {
        Self {
            pool: address,
            keepers: pool.keepers,
            keeper_count: pool.keeper_count,
            threshold: pool.threshold,
        }
    }
}

/// An admin announced a guardian or keepers; these are all that are announced now.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RolesAnnounced {
    pub pool: Address,
    /// Zero when none is announced.
    pub guardian: Address,
    /// `keeper_count` keys, the rest zero; none when none are announced.
    pub keepers: [Address; 16],
    /// Unix seconds from which the guardian takes office; 0 when none is announced.
    pub guardian_effective_at: i64,
    /// Unix seconds from which the keepers do; 0 when none are announced.
    pub keepers_effective_at: i64,
    pub keeper_count: u8,
    pub threshold: u8,
    pub reserved: [u8; 6],
}

impl RolesAnnounced {
    /// What is announced in `pool` at `address`.
    #[must_use]
    pub const fn of(address: Address, pool: &Pool) -> Self {
        let roles = &pool.pending_roles;
        Self {
            pool: address,
            guardian: roles.guardian,
            keepers: roles.keepers,
            guardian_effective_at: roles.guardian_effective_at,
            keepers_effective_at: roles.keepers_effective_at,
            keeper_count: roles.keeper_count,
            threshold: roles.threshold,
            reserved: [0; 6],
        }
    }
}

/// Announced roles took office.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RolesApplied {
    pub pool: Address,
    pub guardian: Address,
    /// `keeper_count` keys, the rest zero.
    pub keepers: [Address; 16],
    pub keeper_count: u8,
    pub threshold: u8,
}

/// Announced roles or the pool's offer were withdrawn.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RolesCancelled {
    pub pool: Address,
    pub by: Address,
    /// 1 when the guardian to be was.
    pub guardian: u8,
    /// 1 when the keepers to be were.
    pub keepers: u8,
    /// 1 when the offer to another admin was.
    pub admin: u8,
}

/// Claims and activation were stopped (1) or resumed (0).
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct PauseSet {
    pub pool: Address,
    pub by: Address,
    /// Unix seconds at which the pause ends by itself, or ended.
    pub until: i64,
    pub paused: u8,
    pub reserved: [u8; 7],
}

/// An admin announced rules; those announced before are void.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RulesetAnnounced {
    pub pool: Address,
    /// SHA-256 of the rules in effect.
    pub old_hash: [u8; 32],
    /// SHA-256 of the rules to be.
    pub hash: [u8; 32],
    /// The first epoch that is scored by them.
    pub from_epoch: u64,
    /// Unix seconds before which no epoch is proposed under them.
    pub effective_at: i64,
}

/// Announced rules were withdrawn.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RulesetCancelled {
    pub pool: Address,
    pub by: Address,
    /// SHA-256 of the rules that are not to be.
    pub hash: [u8; 32],
}
