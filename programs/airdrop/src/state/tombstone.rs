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

cairn_onchain::describe_tombstone!(CampaignTombstone);

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

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;

    fn campaign() -> Campaign {
        let mut campaign: Campaign = bytemuck::Zeroable::zeroed();
        campaign.creator = Address::new_from_array([1; 32]);
        campaign.mint = Address::new_from_array([2; 32]);
        campaign.receiver = Address::new_from_array([3; 32]);
        (campaign.root, campaign.snapshot_hash) = ([4; 32], [5; 32]);
        (campaign.id, campaign.tokens) = (6, 9);
        (campaign.claimed, campaign.swept) = (7, 2);
        campaign.leaf_count = 8;
        campaign
    }

    #[test]
    fn a_tombstone_says_of_its_campaign_what_an_auditor_asks() {
        let stone = CampaignTombstone::of(&campaign());
        let expected = CampaignTombstone {
            creator: Address::new_from_array([1; 32]),
            mint: Address::new_from_array([2; 32]),
            receiver: Address::new_from_array([3; 32]),
            root: [4; 32],
            snapshot_hash: [5; 32],
            id: 6,
            tokens: 9,
            claimed: 7,
            swept: 2,
            leaf_count: 8,
            version: crate::constants::ACCOUNT_VERSION,
            reserved: [0; 3],
        };
        assert_eq!(stone, expected);
        assert_eq!(stone.root_node(), Node::new([4; 32], Tokens::new(9)));
    }

    #[test]
    fn no_more_was_claimed_than_there_was() {
        let mut stone = CampaignTombstone::of(&campaign());
        stone.claimed = 9;
        assert_eq!(stone.invariant(), Ok(()));
        stone.claimed = 10;
        assert_eq!(stone.invariant(), Err(AirdropError::BrokenCampaign.into()));
    }

    #[test]
    fn a_closed_campaign_is_told_from_what_is_none() {
        let stone = CampaignTombstone::of(&campaign());
        let mut standing = Memory::of(&crate::ID, &campaign(), &[0; 4]);
        assert_eq!(standing.refusal::<StandingCampaign>(), None);
        let mut buried = Memory::of(&crate::ID, &stone, &[]);
        let closed = Some(AirdropError::CampaignNotOpen.into());
        assert_eq!(buried.refusal::<StandingCampaign>(), closed);
        let mut foreign = Memory::of(&Address::default(), &stone, &[]);
        let refusal = foreign.refusal::<StandingCampaign>();
        assert_eq!(refusal, Some(ProgramError::IllegalOwner));
    }
}
