//! What the program says happened. The accounts alone answer an auditor; events save the replay.

mod credits;
mod params;
mod recipient;
mod round;

use anchor_lang::{accounts::UncheckedAccount, prelude::*};
use bytemuck::Pod;

pub use credits::{CarrierSet, CreditsFulfilled, CreditsRedeemed, CreditsRefunded};
pub use params::{ParamsAnnounced, ParamsApplied, ParamsCancelled, PoolMigrated};
pub use recipient::{RecipientClosed, RecipientSet};
pub use round::{BurnSettled, PointsBurnt, RoundClosed, RoundOpened};

/// Says `event` as this program: see [`cairn_onchain::event::emit`].
pub fn emit<E: Pod + Discriminator>(authority: &UncheckedAccount, bump: u8, event: E) {
    cairn_onchain::event::emit(&crate::ID, authority, bump, event);
}

/// A pool was created.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct PoolCreated {
    pub pool: Address,
    pub network: Address,
    pub mint: Address,
    pub admin: Address,
    pub guardian: Address,
    pub id: u64,
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    pub emission_cap: u64,
    /// Unix seconds.
    pub created_at: i64,
    pub breaker_window_secs: u64,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
    pub breaker_share_bps: u16,
    pub reserved: [u8; 6],
}

/// The pool was offered to another admin, or the offer was withdrawn (zero key).
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct AdminProposed {
    pub pool: Address,
    pub admin: Address,
    pub pending_admin: Address,
}

/// The new admin took over.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct AdminAccepted {
    pub pool: Address,
    pub old_admin: Address,
    pub admin: Address,
}

/// The guardian was replaced.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct GuardianSet {
    pub pool: Address,
    pub old_guardian: Address,
    pub guardian: Address,
}

/// The keepers were replaced.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct KeepersSet {
    pub pool: Address,
    /// `keeper_count` keys, the rest zero.
    pub keepers: [Address; 16],
    pub keeper_count: u8,
    pub threshold: u8,
}

/// Tokens arrived in the vault.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct Funded {
    pub pool: Address,
    pub funder: Address,
    /// Base units sent.
    pub amount: u64,
    /// Base units that arrived.
    pub received: u64,
    /// Base units that ever arrived.
    pub total_funded: u64,
}

/// Claims and activation were stopped (1) or resumed (0).
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct PauseSet {
    pub pool: Address,
    pub by: Address,
    pub paused: u8,
}

/// A keeper proposed a root.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochProposed {
    pub pool: Address,
    pub proposer: Address,
    pub root: [u8; 32],
    pub manifest_hash: [u8; 32],
    pub number: u64,
    pub tokens: u64,
    pub points: u64,
    pub credits: u64,
    /// Unix seconds.
    pub activatable_at: i64,
    pub leaf_count: u32,
    pub attempt: u16,
    pub depth: u8,
    pub canopy_depth: u8,
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
    /// Attestations that count now.
    pub tally: u32,
    /// Attestations that are needed.
    pub threshold: u32,
}

/// An epoch was stopped.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct EpochVetoed {
    pub pool: Address,
    pub by: Address,
    pub number: u64,
    pub attempt: u16,
    pub reason: u16,
    pub reserved: [u8; 4],
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

/// An account for 420 members' counters was opened.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct PageOpened {
    pub pool: Address,
    pub payer: Address,
    pub page: u32,
}

/// A member was paid.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct Claimed {
    pub pool: Address,
    /// The member.
    pub owner: Address,
    /// The wallet whose token account was paid.
    pub payout: Address,
    pub number: u64,
    /// Base units that left the vault now.
    pub paid: u64,
    /// Base units that arrived: less when the mint takes a fee.
    pub received: u64,
    /// Base units paid over the member's life.
    pub tokens_claimed: u64,
    /// The member's index.
    pub index: u32,
    pub reserved: [u8; 4],
}
