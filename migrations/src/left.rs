//! What a vault of an older build still holds, and how each of it ends.

use std::fmt;

use cairn_interface::airdrop::CampaignStatus;
use solana_sdk::pubkey::Pubkey;

/// An account that still stands in the vault of a build with campaigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub address: Pubkey,
    pub what: Standing,
}

/// What it is, and so what ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// `expires_at` is unix seconds of the last claim.
    Campaign {
        status: CampaignStatus,
        creator: Pubkey,
        expires_at: i64,
    },
    Page {
        campaign: Pubkey,
        page: u32,
    },
    Vesting {
        campaign: Pubkey,
        owner: Pubkey,
    },
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address;
        match &self.what {
            Standing::Campaign {
                status: CampaignStatus::Draft,
                creator,
                ..
            } => write!(
                f,
                "campaign {address} is a draft: its creator {creator} gives it up (`cairn campaign sweep`) and closes it"
            ),
            Standing::Campaign {
                status: CampaignStatus::Open,
                expires_at,
                ..
            } => write!(
                f,
                "campaign {address} is open until {expires_at} (unix seconds): claim or wait, then sweep and close it"
            ),
            Standing::Campaign {
                status: CampaignStatus::Swept,
                ..
            } => write!(
                f,
                "campaign {address} is swept: close it (`cairn campaign close`)"
            ),
            Standing::Page { campaign, page } => write!(
                f,
                "page {page} ({address}) of campaign {campaign}: the campaign's close closes it"
            ),
            Standing::Vesting { campaign, owner } => write!(
                f,
                "the vesting account {address} of {owner} in campaign {campaign}: the campaign's close closes it, or paying it in full"
            ),
        }
    }
}
