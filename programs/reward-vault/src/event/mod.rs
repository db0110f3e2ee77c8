//! What the program says happened. The accounts alone answer an auditor; events save the replay.

mod challenge;
mod credits;
mod epoch;
mod params;
mod recipient;
mod roles;
mod round;

use anchor_lang::{accounts::UncheckedAccount, prelude::*};
use bytemuck::Pod;

use crate::state::StoredParams;

pub use challenge::{ChallengeAnswered, ChallengeExpired, ChallengeOpened};
pub use credits::{CarrierSet, CreditsFulfilled, CreditsRedeemed, CreditsRefunded};
pub use epoch::{
    CanopyStored, EpochActivated, EpochAttested, EpochClosed, EpochProposed, EpochRevoked,
    EpochVetoed,
};
pub use params::{EpochMigrated, ParamsAnnounced, ParamsApplied, ParamsCancelled, PoolMigrated};
pub use recipient::{RecipientClosed, RecipientSet};
pub use roles::{
    AdminAccepted, AdminProposed, GuardianSet, KeepersSet, PauseSet, RolesAnnounced, RolesApplied,
    RolesCancelled, RulesetAnnounced, RulesetCancelled,
};
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
    pub ruleset_hash: [u8; 32],
    pub id: u64,
    /// Unix seconds.
    pub created_at: i64,
    pub params: StoredParams,
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
