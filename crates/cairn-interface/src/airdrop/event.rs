use ::airdrop::event as on_chain;
use anchor_lang::event::EVENT_IX_TAG_LE;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use crate::{event::read, ids::AIRDROP, text};

/// What airdrop says happened: found among a transaction's inner instructions, never in its logs, which a validator
/// may truncate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum AirdropEvent {
    CampaignCreated(CampaignCreated),
    CampaignCanopyStored(CampaignCanopyStored),
    CampaignOpened(CampaignOpened),
    CampaignPageOpened(CampaignPageOpened),
    DropClaimed(DropClaimed),
    VestedClaimed(VestedClaimed),
    CampaignExtended(CampaignExtended),
    CampaignSwept(CampaignSwept),
    CampaignPageClosed(CampaignPageClosed),
    VestingClosed(VestingClosed),
    CampaignClosed(CampaignClosed),
}

impl AirdropEvent {
    /// Reads one inner instruction; `None` when it is no event of airdrop that this build knows.
    #[must_use]
    pub fn decode(program: &Pubkey, data: &[u8]) -> Option<Self> {
        if *program != AIRDROP {
            return None;
        }
        let event = data.strip_prefix(EVENT_IX_TAG_LE)?;
        None.or_else(|| read(event, campaign_created))
            .or_else(|| read(event, campaign_canopy_stored))
            .or_else(|| read(event, campaign_opened))
            .or_else(|| read(event, campaign_page_opened))
            .or_else(|| read(event, drop_claimed))
            .or_else(|| read(event, vested_claimed))
            .or_else(|| read(event, campaign_extended))
            .or_else(|| read(event, campaign_swept))
            .or_else(|| read(event, campaign_page_closed))
            .or_else(|| read(event, vesting_closed))
            .or_else(|| read(event, campaign_closed))
    }
}

/// A campaign was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignCreated {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub creator: Pubkey,
    #[serde(with = "text")]
    pub mint: Pubkey,
    #[serde(with = "text")]
    pub receiver: Pubkey,
    #[serde(with = "text")]
    pub root: [u8; 32],
    #[serde(with = "text")]
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
}

/// Canopy nodes of a campaign were stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignCanopyStored {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    /// Nodes stored so far.
    pub stored: u32,
    /// Nodes that make the canopy complete.
    pub needed: u32,
}

/// A campaign holds what its root grants and can be claimed from its start on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignOpened {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    /// Base units in the root.
    pub tokens: u64,
    /// Base units in the vault.
    pub vault_balance: u64,
    /// Unix seconds.
    pub opened_at: i64,
}

/// An account for up to 80,000 claimants' bits was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignPageOpened {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub payer: Pubkey,
    pub page: u32,
}

/// A drop was claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropClaimed {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    pub index: u32,
    /// Base units of the drop that were never locked.
    pub unlocked: u64,
    /// Base units of the drop that vest.
    pub locked: u64,
    /// Base units paid now: the unlocked ones and what had vested.
    pub paid: u64,
    /// Base units that arrived: less when the mint takes a fee.
    pub received: u64,
}

/// More of a drop's locked part was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VestedClaimed {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    pub index: u32,
    /// Base units paid now.
    pub paid: u64,
    /// Base units that arrived: less when the mint takes a fee.
    pub received: u64,
    /// Base units of the drop that vest.
    pub locked: u64,
    /// Base units of them that were paid so far.
    pub vested_paid: u64,
}

/// The creator gave claimants more time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignExtended {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    /// Unix seconds.
    pub old_expires_at: i64,
    /// Unix seconds.
    pub expires_at: i64,
}

/// What nobody claimed went to the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignSwept {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub receiver: Pubkey,
    /// Base units sent.
    pub swept: u64,
    /// Base units that arrived: less when the mint takes a fee.
    pub received: u64,
    /// Base units that claimants had been paid.
    pub claimed: u64,
}

/// A page was closed and its rent returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignPageClosed {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    pub page: u32,
}

/// A vesting account was closed and its rent returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VestingClosed {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    pub index: u32,
    /// Base units that vested or would have.
    pub locked: u64,
    /// Base units of them that were paid.
    pub paid: u64,
}

/// Of a campaign only the tombstone is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignClosed {
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub creator: Pubkey,
    /// Base units that went to claimants.
    pub claimed: u64,
    /// Base units that went to the receiver.
    pub swept: u64,
}

/// Copies the named fields of the program's event into the one for clients.
macro_rules! copied {
    ($($function:ident: $event:ident { $($field:ident),+ $(,)? })+) => {
        $(fn $function(event: on_chain::$event) -> AirdropEvent {
            AirdropEvent::$event($event { $($field: event.$field),+ })
        })+
    };
}

copied! {
    campaign_created: CampaignCreated {
        campaign, creator, mint, receiver, root, snapshot_hash, id, tokens, starts_at, vesting_start, cliff_at,
        vesting_end, expires_at, leaf_count, depth, canopy_depth,
    }
    campaign_canopy_stored: CampaignCanopyStored { campaign, stored, needed }
    campaign_opened: CampaignOpened { campaign, tokens, vault_balance, opened_at }
    campaign_page_opened: CampaignPageOpened { campaign, payer, page }
    drop_claimed: DropClaimed { campaign, owner, index, unlocked, locked, paid, received }
    vested_claimed: VestedClaimed { campaign, owner, index, paid, received, locked, vested_paid }
    campaign_extended: CampaignExtended { campaign, old_expires_at, expires_at }
    campaign_swept: CampaignSwept { campaign, receiver, swept, received, claimed }
    campaign_page_closed: CampaignPageClosed { campaign, rent_payer, page }
    vesting_closed: VestingClosed { campaign, owner, rent_payer, index, locked, paid }
    campaign_closed: CampaignClosed { campaign, creator, claimed, swept }
}
