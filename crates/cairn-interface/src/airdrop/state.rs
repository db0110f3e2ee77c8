//! The accounts of airdrop: the program's own types, what is checked when they are read, and how they read as JSON.

use ::airdrop::{
    constants::ACCOUNT_VERSION,
    state::{Campaign, CampaignPage, CampaignTombstone, Vesting},
};
use cairn_merkle::{DROPS_PER_PAGE, LeafIndex, Tokens, drop_bit_of, drop_page_of};
use solana_sdk::pubkey::Pubkey;

use crate::{
    DecodeError, View,
    ids::AIRDROP,
    json::records,
    view::{CanopyFacts, State, Tail, fixed, typed},
};

pub use ::airdrop::state::CampaignStatus;

/// A campaign.
pub type CampaignView = View<Campaign>;
/// Who of up to 80,000 neighbouring claimants claimed.
pub type CampaignPageView = View<CampaignPage>;

fixed! { AIRDROP, ACCOUNT_VERSION:
    /// What stays of a closed campaign.
    ClosedCampaignView = CampaignTombstone, "a closed campaign";
    /// The locked part of one drop.
    VestingView = Vesting, "a vesting account";
}

/// What a campaign's bytes tell besides its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignFacts {
    pub status: CampaignStatus,
    pub canopy: CanopyFacts,
}

impl State for Campaign {
    const WHAT: &'static str = "a campaign";
    const PROGRAM: Pubkey = AIRDROP;
    const VERSION: u8 = ACCOUNT_VERSION;
    type Facts = CampaignFacts;

    fn layout(&self) -> u8 {
        self.version
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<CampaignFacts, DecodeError> {
        Ok(CampaignFacts {
            canopy: tail.canopy(self.canopy_depth)?,
            status: CampaignStatus::from_byte(self.status)
                .ok_or_else(|| tail.damaged("its status"))?,
        })
    }
}

impl View<Campaign> {
    #[must_use]
    pub const fn status(&self) -> CampaignStatus {
        self.facts.status
    }

    /// What of a `locked` part has vested at `now` (chain time, unix seconds).
    #[must_use]
    pub fn vested_of(&self, locked: Tokens, now: i64) -> Tokens {
        Tokens::new(self.vested(locked.get(), now))
    }

    /// Whether drops are paid at `now` (chain time, unix seconds).
    #[must_use]
    pub fn is_claimable(&self, now: i64) -> bool {
        self.require_claimable(now).is_ok()
    }
}

/// What a campaign page's bytes tell besides its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignPageFacts {
    /// One bit for each index from `page × 80,000` on, the first in the lowest bit of the first byte.
    pub bits: Vec<u8>,
}

impl State for CampaignPage {
    const WHAT: &'static str = "a campaign page";
    const PROGRAM: Pubkey = AIRDROP;
    const VERSION: u8 = ACCOUNT_VERSION;
    type Facts = CampaignPageFacts;

    fn layout(&self) -> u8 {
        self.version
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<CampaignPageFacts, DecodeError> {
        let damaged = || tail.damaged("its bits");
        let (items, bits) = tail.rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let items = usize::try_from(u32::from_le_bytes(*items)).unwrap_or(usize::MAX);
        let full = usize::try_from(DROPS_PER_PAGE / 8).unwrap_or(usize::MAX);
        // The program makes pages exactly as long as their claimants need.
        if items.checked_mul(Self::ITEM_LEN) != Some(bits.len()) || bits.len() > full {
            return Err(damaged());
        }
        Ok(CampaignPageFacts {
            bits: bits.to_vec(),
        })
    }
}

impl View<CampaignPage> {
    /// Whether the drop at `index` was claimed; `None` when another page says so.
    #[must_use]
    pub fn claimed(&self, index: LeafIndex) -> Option<bool> {
        if drop_page_of(index) != self.page {
            return None;
        }
        let bit = drop_bit_of(index);
        let byte = self.facts.bits.get(usize::try_from(bit / 8).ok()?)?;
        Some(byte >> (bit % 8) & 1 == 1)
    }

    /// Drops that were claimed.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.facts.bits.iter().map(|byte| byte.count_ones()).sum()
    }
}

impl View<Vesting> {
    /// What a claim at `now` (chain time, unix seconds) would pay; its campaign must be claimable.
    #[must_use]
    pub fn due(&self, campaign: &CampaignView, now: i64) -> Tokens {
        campaign
            .vested_of(self.locked(), now)
            .saturating_sub(self.paid())
    }
}

typed! {
    View<Campaign> { tokens: Tokens, claimed: Tokens, swept: Tokens }
    View<CampaignTombstone> { tokens: Tokens, claimed: Tokens, swept: Tokens }
    View<Vesting> { index: LeafIndex, locked: Tokens, paid: Tokens }
}

records! {
    View<Campaign> as it {
        address, creator, id, status: it.status().name(), mint, token_program, decimals, vault, receiver,
        root: it.root_node(), snapshot_hash, claimed, swept, starts_at, vesting_start, cliff_at, vesting_end,
        expires_at, leaf_count, pages, vestings, depth, canopy_depth, canopy: &it.facts.canopy.nodes,
        canopy_complete: it.facts.canopy.complete, version,
    }
    View<CampaignTombstone> as it {
        address, creator, id, mint, receiver, root: it.root_node(), snapshot_hash, claimed, swept, leaf_count, version,
    }
    View<CampaignPage> as it { address, campaign, page, rent_payer, bits: hex::encode(&it.facts.bits), version }
    View<Vesting> as it { address, campaign, owner, rent_payer, index, locked, paid, version }
}
