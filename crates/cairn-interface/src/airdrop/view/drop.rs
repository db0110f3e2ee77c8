use ::airdrop::{
    constants::ACCOUNT_VERSION,
    state::{CampaignPage, Vesting},
};
use cairn_merkle::{DROPS_PER_PAGE, drop_bit_of, drop_page_of};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use super::CampaignView;
use crate::{
    DecodeError,
    decode::{head, version, whole},
    ids::AIRDROP,
    text,
};

const PAGE: &str = "a campaign page";
const VESTING: &str = "a vesting account";

/// Who of up to 80,000 neighbouring claimants claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignPageView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub campaign: Pubkey,
    pub page: u32,
    /// Gets the rent back.
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    /// One bit for each index from `page × 80,000` on, the first in the lowest bit of the first byte. As hexadecimal.
    #[serde(with = "text")]
    pub bits: Vec<u8>,
    pub version: u8,
}

impl CampaignPageView {
    /// Reads a campaign page.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let (page, rest) = head::<CampaignPage>(&address, account, PAGE, &AIRDROP)?;
        version(&address, PAGE, page.version, ACCOUNT_VERSION)?;
        let damaged = || DecodeError::BadField {
            address,
            what: "campaign page",
            field: "its bits",
        };
        let (items, bits) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let items = usize::try_from(u32::from_le_bytes(*items)).unwrap_or(usize::MAX);
        let full = usize::try_from(DROPS_PER_PAGE / 8).unwrap_or(usize::MAX);
        // The program makes pages exactly as long as their claimants need.
        if items.checked_mul(CampaignPage::ITEM_LEN) != Some(bits.len()) || bits.len() > full {
            return Err(damaged());
        }
        Ok(Self {
            address,
            campaign: page.campaign,
            page: page.page,
            rent_payer: page.rent_payer,
            bits: bits.to_vec(),
            version: page.version,
        })
    }

    /// Whether the drop at `index` was claimed; `None` when another page says so.
    #[must_use]
    pub fn claimed(&self, index: u32) -> Option<bool> {
        if drop_page_of(index) != self.page {
            return None;
        }
        let bit = drop_bit_of(index);
        let byte = self.bits.get(usize::try_from(bit / 8).ok()?)?;
        Some(byte >> (bit % 8) & 1 == 1)
    }

    /// Drops that were claimed.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.bits.iter().map(|byte| byte.count_ones()).sum()
    }
}

/// The locked part of one drop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VestingView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub campaign: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// Gets the rent back.
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    pub index: u32,
    /// Base units that vest.
    pub locked: u64,
    /// Base units of them that were paid.
    pub paid: u64,
    pub version: u8,
}

impl VestingView {
    /// Reads a vesting account.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let vesting: Vesting = whole(&address, account, VESTING, &AIRDROP)?;
        version(&address, VESTING, vesting.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            campaign: vesting.campaign,
            owner: vesting.owner,
            rent_payer: vesting.rent_payer,
            index: vesting.index,
            locked: vesting.locked,
            paid: vesting.paid,
            version: vesting.version,
        })
    }

    /// Base units that a claim at `now` (chain time, unix seconds) would pay; its campaign must be claimable.
    #[must_use]
    pub fn due(&self, campaign: &CampaignView, now: i64) -> u64 {
        campaign.vested(self.locked, now).saturating_sub(self.paid)
    }
}
