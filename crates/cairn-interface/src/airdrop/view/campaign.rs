use ::airdrop::{
    constants::ACCOUNT_VERSION,
    state::{Campaign, CampaignTombstone},
};
use cairn_merkle::{Node, canopy_len};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError,
    decode::{head, version, whole},
    ids::AIRDROP,
    nodes::nodes,
    text,
};

const CAMPAIGN: &str = "a campaign";
const TOMBSTONE: &str = "a closed campaign";

/// Where a campaign stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStatus {
    /// Created; its canopy and tokens are being put in.
    Draft,
    /// Funded; claimable between start and expiry.
    Open,
    /// What was left went to the receiver.
    Swept,
}

impl CampaignStatus {
    /// The status in lower case, as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Swept => "swept",
        }
    }
}

/// A campaign, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub creator: Pubkey,
    pub id: u64,
    pub status: CampaignStatus,
    #[serde(with = "text")]
    pub mint: Pubkey,
    #[serde(with = "text")]
    pub token_program: Pubkey,
    /// The mint's.
    pub decimals: u8,
    #[serde(with = "text")]
    pub vault: Pubkey,
    /// Whose canonical token account gets what nobody claims.
    #[serde(with = "text")]
    pub receiver: Pubkey,
    /// Hash of the tree and the base units of all drops.
    #[serde(with = "text")]
    pub root: Node,
    /// SHA-256 of the published list of drops.
    #[serde(with = "text")]
    pub snapshot_hash: [u8; 32],
    /// Base units that went to claimants.
    pub claimed: u64,
    /// Base units that went to the receiver.
    pub swept: u64,
    /// Unix seconds, as all that follow.
    pub starts_at: i64,
    pub vesting_start: i64,
    pub cliff_at: i64,
    pub vesting_end: i64,
    pub expires_at: i64,
    pub leaf_count: u32,
    /// Pages that are open.
    pub pages: u32,
    /// Vesting accounts that are open.
    pub vestings: u32,
    pub depth: u8,
    pub canopy_depth: u8,
    /// Nodes stored so far, left to right.
    #[serde(with = "text")]
    pub canopy: Vec<Node>,
    pub canopy_complete: bool,
    pub version: u8,
}

impl CampaignView {
    /// Reads a campaign.
    ///
    /// # Errors
    /// Another program's or kind's account (as a closed campaign is), another length, an unknown version or status.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let (campaign, rest) = head::<Campaign>(&address, account, CAMPAIGN, &AIRDROP)?;
        version(&address, CAMPAIGN, campaign.version, ACCOUNT_VERSION)?;
        let canopy = nodes(&address, account, rest, CAMPAIGN)?;
        let damaged = |field| DecodeError::BadField {
            address,
            what: "campaign",
            field,
        };
        let full = canopy_len(campaign.canopy_depth).map_err(|_| damaged("its canopy depth"))?;
        if canopy.len() > full {
            return Err(damaged("its canopy"));
        }
        Ok(Self {
            address,
            creator: campaign.creator,
            id: campaign.id,
            status: match campaign.status {
                1 => CampaignStatus::Draft,
                2 => CampaignStatus::Open,
                3 => CampaignStatus::Swept,
                _ => return Err(damaged("its status")),
            },
            mint: campaign.mint,
            token_program: campaign.token_program,
            decimals: campaign.decimals,
            vault: campaign.vault,
            receiver: campaign.receiver,
            root: Node::new(campaign.root, campaign.tokens),
            snapshot_hash: campaign.snapshot_hash,
            claimed: campaign.claimed,
            swept: campaign.swept,
            starts_at: campaign.starts_at,
            vesting_start: campaign.vesting_start,
            cliff_at: campaign.cliff_at,
            vesting_end: campaign.vesting_end,
            expires_at: campaign.expires_at,
            leaf_count: campaign.leaf_count,
            pages: campaign.pages,
            vestings: campaign.vestings,
            depth: campaign.depth,
            canopy_depth: campaign.canopy_depth,
            canopy_complete: canopy.len() == full,
            canopy,
            version: campaign.version,
        })
    }

    /// Base units of a drop's locked part that are vested at `now` (chain time, unix seconds), by the program's own
    /// arithmetic.
    #[must_use]
    pub fn vested(&self, locked: u64, now: i64) -> u64 {
        let mut campaign: Campaign = bytemuck::Zeroable::zeroed();
        campaign.vesting_start = self.vesting_start;
        campaign.cliff_at = self.cliff_at;
        campaign.vesting_end = self.vesting_end;
        campaign.vested(locked, now)
    }

    /// Whether drops are paid at `now` (chain time, unix seconds).
    #[must_use]
    pub fn is_claimable(&self, now: i64) -> bool {
        self.status == CampaignStatus::Open && now >= self.starts_at && now <= self.expires_at
    }
}

/// What stays of a closed campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedCampaignView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub creator: Pubkey,
    pub id: u64,
    #[serde(with = "text")]
    pub mint: Pubkey,
    #[serde(with = "text")]
    pub receiver: Pubkey,
    /// Hash of the tree and the base units of all drops.
    #[serde(with = "text")]
    pub root: Node,
    /// SHA-256 of the published list of drops.
    #[serde(with = "text")]
    pub snapshot_hash: [u8; 32],
    /// Base units that went to claimants.
    pub claimed: u64,
    /// Base units that went to the receiver.
    pub swept: u64,
    pub leaf_count: u32,
    pub version: u8,
}

impl ClosedCampaignView {
    /// Reads a closed campaign.
    ///
    /// # Errors
    /// Another program's or kind's account (as a campaign that is not closed is), another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let closed: CampaignTombstone = whole(&address, account, TOMBSTONE, &AIRDROP)?;
        version(&address, TOMBSTONE, closed.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            creator: closed.creator,
            id: closed.id,
            mint: closed.mint,
            receiver: closed.receiver,
            root: Node::new(closed.root, closed.tokens),
            snapshot_hash: closed.snapshot_hash,
            claimed: closed.claimed,
            swept: closed.swept,
            leaf_count: closed.leaf_count,
            version: closed.version,
        })
    }
}
