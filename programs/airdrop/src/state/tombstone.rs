use anchor_lang::prelude::*;
use cairn_merkle::{Node, Tokens};
use cairn_onchain::{Guard, Guarded, tombstone::is_buried};

use super::{Campaign, CampaignAccount};
use crate::error::AirdropError;

/// What stays at a closed campaign's address: enough to audit it, and in the way of another campaign under its number.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignTombstone {
    pub creator: Address,
    pub mint: Address,
    pub receiver: Address,
    /// Hash of the tree's root.
    pub root: [u8; 32],
    /// SHA-256 of the published list of drops.
    pub snapshot_hash: [u8; 32],
    pub id: u64,
    /// Base units of all drops.
    pub tokens: u64,
    /// Base units that went to claimants.
    pub claimed: u64,
    /// Base units that went to the receiver.
    pub swept: u64,
    pub leaf_count: u32,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

const _: () = assert!(size_of::<CampaignTombstone>() == 200);

impl CampaignTombstone {
    /// The root as a node.
    #[must_use]
    pub const fn root_node(&self) -> Node {
        Node::new(self.root, Tokens::new(self.tokens))
    }

    /// What stays of `campaign`.
    #[must_use]
    pub const fn of(campaign: &Campaign) -> Self {
        Self {
            creator: campaign.creator,
            mint: campaign.mint,
            receiver: campaign.receiver,
            root: campaign.root,
            snapshot_hash: campaign.snapshot_hash,
            id: campaign.id,
            tokens: campaign.tokens,
            claimed: campaign.claimed,
            swept: campaign.swept,
            leaf_count: campaign.leaf_count,
            version: crate::constants::ACCOUNT_VERSION,
            reserved: [0; 3],
        }
    }

    /// What held when the campaign closed.
    ///
    /// # Errors
    /// [`AirdropError::BrokenCampaign`].
    pub fn invariant(&self) -> Result<()> {
        require!(self.claimed <= self.tokens, AirdropError::BrokenCampaign);
        Ok(())
    }
}

/// A campaign that may be closed: says [`AirdropError::CampaignNotOpen`] then.
pub type StandingCampaign = Guarded<CampaignAccount, NotBuried>;

/// The guard of [`StandingCampaign`].
pub struct NotBuried;

impl Guard for NotBuried {
    fn reason(view: &AccountView, error: ProgramError) -> ProgramError {
        if is_buried::<CampaignTombstone>(&crate::ID, view) {
            AirdropError::CampaignNotOpen.into()
        } else {
            error
        }
    }
}
