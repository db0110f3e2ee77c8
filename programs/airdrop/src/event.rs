//! What the program says happened. The accounts alone answer an auditor; events save the replay.

use anchor_lang::{accounts::UncheckedAccount, prelude::*};
use bytemuck::Pod;

/// Says `event` as this program: see [`cairn_onchain::event::emit`].
pub fn emit<E: Pod + Discriminator>(authority: &UncheckedAccount, bump: u8, event: E) {
    cairn_onchain::event::emit(&crate::ID, authority, bump, event);
}

/// A campaign was created.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignCreated {
    pub campaign: Address,
    pub creator: Address,
    pub mint: Address,
    pub receiver: Address,
    pub root: [u8; 32],
    pub snapshot_hash: [u8; 32],
    pub id: u64,
    /// Base units in the root.
    pub tokens: u64,
    /// Unix seconds, as all that follow.
    pub starts_at: i64,
    pub vesting_start: i64,
    pub cliff_at: i64,
    pub vesting_end: i64,
    pub expires_at: i64,
    pub leaf_count: u32,
    pub depth: u8,
    pub canopy_depth: u8,
    pub reserved: [u8; 2],
}

/// Canopy nodes of a campaign were stored.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignCanopyStored {
    pub campaign: Address,
    /// Nodes stored so far.
    pub stored: u32,
    /// Nodes that make the canopy complete.
    pub needed: u32,
}

/// A campaign holds what its root grants and can be claimed from its start on.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignOpened {
    pub campaign: Address,
    /// Base units in the root.
    pub tokens: u64,
    /// Base units in the vault.
    pub vault_balance: u64,
    /// Unix seconds.
    pub opened_at: i64,
}

/// An account for up to 80,000 claimants' bits was opened.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignPageOpened {
    pub campaign: Address,
    pub payer: Address,
    pub page: u32,
}

/// A drop was claimed.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct DropClaimed {
    pub campaign: Address,
    pub owner: Address,
    /// Base units of the drop that were never locked.
    pub unlocked: u64,
    /// Base units of the drop that vest.
    pub locked: u64,
    /// Base units paid now: the unlocked ones and what had vested.
    pub paid: u64,
    /// Base units that arrived.
    pub received: u64,
    /// The claimant's index.
    pub index: u32,
    pub reserved: [u8; 4],
}

/// More of a drop's locked part was paid.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct VestedClaimed {
    pub campaign: Address,
    pub owner: Address,
    /// Base units paid now.
    pub paid: u64,
    /// Base units that arrived.
    pub received: u64,
    /// Base units of the drop that vest.
    pub locked: u64,
    /// Base units of them that were paid so far.
    pub vested_paid: u64,
    /// The claimant's index.
    pub index: u32,
    pub reserved: [u8; 4],
}

/// The creator gave claimants more time.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignExtended {
    pub campaign: Address,
    /// Unix seconds.
    pub old_expires_at: i64,
    /// Unix seconds.
    pub expires_at: i64,
}

/// What nobody claimed went to the receiver.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignSwept {
    pub campaign: Address,
    pub receiver: Address,
    /// Base units sent.
    pub swept: u64,
    /// Base units that arrived.
    pub received: u64,
    /// Base units that claimants had been paid.
    pub claimed: u64,
}

/// A page was closed and its rent returned.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignPageClosed {
    pub campaign: Address,
    pub rent_payer: Address,
    pub page: u32,
}

/// A vesting account was closed and its rent returned.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct VestingClosed {
    pub campaign: Address,
    pub owner: Address,
    pub rent_payer: Address,
    pub locked: u64,
    pub paid: u64,
    /// The claimant's index.
    pub index: u32,
    pub reserved: [u8; 4],
}

/// Of a campaign only the tombstone is left.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignClosed {
    pub campaign: Address,
    pub creator: Address,
    /// Base units that went to claimants.
    pub claimed: u64,
    /// Base units that went to the receiver.
    pub swept: u64,
}
