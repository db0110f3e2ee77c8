use anchor_lang::{accounts::Slab, prelude::*};
use cairn_merkle::{Node, Tokens, canopy_depth_for, depth_for, drop_pages_for};
use cairn_onchain::canopy::{self, Canopy, MAX_CANOPY_DEPTH};

use crate::error::AirdropError;

/// A campaign's account: the [`Campaign`], then its canopy's nodes (u32 count, 40 bytes each).
pub type CampaignAccount = Slab<Campaign, Node>;

/// Where a campaign stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CampaignStatus {
    /// Created; its canopy and tokens are being put in.
    Draft = 1,
    /// Funded to the last unit of its root; claimable between start and expiry.
    Open = 2,
    /// What was left went to the receiver; its accounts can be closed.
    Swept = 3,
}

impl CampaignStatus {
    /// The status behind a stored byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Draft,
            2 => Self::Open,
            3 => Self::Swept,
            _ => return None,
        })
    }

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

/// One airdrop: a root of drops, the tokens for all of them, and the dates. Seeds: `"drop", creator, id`. Everything but
/// the expiry, the counters and the canopy is frozen at creation.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Made it, opens it, may move its expiry later; holds no right over tokens once it is open.
    pub creator: Address,
    /// The token that is dropped.
    pub mint: Address,
    /// The token program of mint and vault.
    pub token_program: Address,
    /// The token account that holds the drops; its owner is this campaign. Seeds: `"drop-vault", campaign`.
    pub vault: Address,
    /// The wallet whose canonical token account gets what nobody claimed.
    pub receiver: Address,
    /// Hash of the tree's root; its sum is `tokens`.
    pub root: [u8; 32],
    /// SHA-256 of the published list of drops.
    pub snapshot_hash: [u8; 32],
    /// Tells apart several campaigns of one creator.
    pub id: u64,
    /// Base units of all drops: the root's sum.
    pub tokens: u64,
    /// Base units that left the vault to claimants.
    pub claimed: u64,
    /// Base units that left the vault to the receiver.
    pub swept: u64,
    /// Unix seconds of the first claim.
    pub starts_at: i64,
    /// Unix seconds from which locked parts vest.
    pub vesting_start: i64,
    /// Unix seconds before which nothing of a locked part is paid.
    pub cliff_at: i64,
    /// Unix seconds at which locked parts are vested.
    pub vesting_end: i64,
    /// Unix seconds of the last claim.
    pub expires_at: i64,
    /// Drops in the tree; positions from here on are padding.
    pub leaf_count: u32,
    /// Pages that are open.
    pub pages: u32,
    /// Vesting accounts that are open.
    pub vestings: u32,
    /// Levels of the tree.
    pub depth: u8,
    /// Levels of it that the canopy stores.
    pub canopy_depth: u8,
    /// The mint's decimals, which no mint can change.
    pub decimals: u8,
    /// A [`CampaignStatus`].
    pub status: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 69],
}

const _: () = assert!(size_of::<Campaign>() == 384);

impl Campaign {
    /// Bytes of the account of a campaign of `leaf_count` drops that wishes `canopy_depth` levels of canopy.
    #[must_use]
    pub fn space(leaf_count: u32, canopy_depth: u8) -> usize {
        let levels = Self::canopy_levels(leaf_count, canopy_depth);
        CampaignAccount::space_for(1_u32.checked_shl(u32::from(levels)).unwrap_or(1))
    }

    /// Levels of canopy: no more than the wish, the tree, and an account that one instruction can create.
    #[must_use]
    pub fn canopy_levels(leaf_count: u32, wish: u8) -> u8 {
        let depth = depth_for(leaf_count).unwrap_or(0);
        canopy_depth_for(wish.min(MAX_CANOPY_DEPTH), depth)
    }

    /// The root as a node.
    #[must_use]
    pub const fn root_node(&self) -> Node {
        Node::new(self.root, Tokens::new(self.tokens))
    }

    /// The canopy that the account is to store.
    #[must_use]
    pub const fn canopy(&self) -> Canopy {
        Canopy {
            depth: self.canopy_depth,
            root: self.root_node(),
        }
    }

    #[must_use]
    pub const fn is_draft(&self) -> bool {
        self.status == CampaignStatus::Draft as u8
    }

    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.status == CampaignStatus::Open as u8
    }

    #[must_use]
    pub const fn is_swept(&self) -> bool {
        self.status == CampaignStatus::Swept as u8
    }

    /// Whether drops and what vested are paid at `now`: from the start on, up to and with the expiry. A sweep needs a
    /// later second, so that no clock lets both happen.
    ///
    /// # Errors
    /// [`AirdropError::CampaignNotOpen`], [`AirdropError::CampaignNotStarted`], [`AirdropError::CampaignExpired`].
    pub fn require_claimable(&self, now: i64) -> Result<()> {
        require!(self.is_open(), AirdropError::CampaignNotOpen);
        require!(now >= self.starts_at, AirdropError::CampaignNotStarted);
        require!(now <= self.expires_at, AirdropError::CampaignExpired);
        Ok(())
    }

    /// Base units of a locked part that are vested at `now`: none before the cliff, all from the end on, between them
    /// in proportion to the time since the start of vesting, rounded down: what a claimant lacks of a unit follows
    /// with the next claim.
    #[must_use]
    pub fn vested(&self, locked: u64, now: i64) -> u64 {
        if now >= self.vesting_end {
            return locked;
        }
        // In this order: a cliff lies between start and end, so both differences are positive from here on.
        if now < self.cliff_at {
            return 0;
        }
        let passed = now.saturating_sub(self.vesting_start);
        let whole = self.vesting_end.saturating_sub(self.vesting_start);
        let passed = u128::from(u64::try_from(passed).unwrap_or(0));
        let whole = u128::from(u64::try_from(whole).unwrap_or(0));
        let share = u128::from(locked)
            .saturating_mul(passed)
            .checked_div(whole)
            .unwrap_or(0);
        u64::try_from(share).unwrap_or(locked).min(locked)
    }

    /// Counts `units` as paid to claimants.
    ///
    /// # Errors
    /// [`AirdropError::Overflow`].
    pub fn count_claimed(&mut self, units: u64) -> Result<()> {
        self.claimed = self
            .claimed
            .checked_add(units)
            .ok_or(AirdropError::Overflow)?;
        Ok(())
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`AirdropError::BrokenCampaign`].
    pub fn invariant(&self) -> Result<()> {
        // No set of valid drops is above the root's sum, so neither is what was paid.
        require!(
            self.tokens > 0 && self.claimed <= self.tokens,
            AirdropError::BrokenCampaign
        );
        // Only an open campaign has paid, and only a swept one has given back.
        let status = CampaignStatus::from_byte(self.status).ok_or(AirdropError::BrokenCampaign)?;
        require!(
            (status != CampaignStatus::Draft || self.claimed == 0)
                && (status == CampaignStatus::Swept || self.swept == 0),
            AirdropError::BrokenCampaign
        );
        require!(self.times_follow(), AirdropError::BrokenCampaign);
        // The tree has the depth that its leaves need, and no more pages and vesting accounts than drops call for.
        let depth = depth_for(self.leaf_count).map_err(AirdropError::from)?;
        require!(
            self.depth == depth
                && self.canopy_depth <= depth
                && self.pages <= drop_pages_for(self.leaf_count)
                && self.vestings <= self.leaf_count,
            AirdropError::BrokenCampaign
        );
        Ok(())
    }

    /// Start, vesting start, cliff, vesting end, expiry: none before the last one, and all after 1970.
    #[must_use]
    pub const fn times_follow(&self) -> bool {
        0 <= self.starts_at
            && self.starts_at <= self.vesting_start
            && self.vesting_start <= self.cliff_at
            && self.cliff_at <= self.vesting_end
            && self.vesting_end <= self.expires_at
    }
}

/// Whether every node of the campaign's canopy is stored.
#[must_use]
pub fn campaign_canopy_complete(campaign: &CampaignAccount) -> bool {
    canopy::is_complete(campaign, campaign.canopy_depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(vesting_start: i64, cliff_at: i64, vesting_end: i64) -> Campaign {
        let mut campaign: Campaign = bytemuck::Zeroable::zeroed();
        campaign.tokens = u64::MAX;
        campaign.vesting_start = vesting_start;
        campaign.cliff_at = cliff_at;
        campaign.vesting_end = vesting_end;
        campaign.expires_at = vesting_end;
        campaign.leaf_count = 1;
        campaign.status = CampaignStatus::Open as u8;
        campaign
    }

    #[test]
    fn nothing_vests_before_the_cliff_and_everything_at_the_end() {
        let campaign = campaign(1_000, 1_250, 2_000);
        for (now, vested) in [
            (i64::MIN, 0),
            (1_000, 0),
            (1_249, 0),
            (1_250, 25),
            (1_259, 25),
            (1_260, 26),
            (1_999, 99),
            (2_000, 100),
            (i64::MAX, 100),
        ] {
            assert_eq!(campaign.vested(100, now), vested, "at {now}");
        }
    }

    #[test]
    fn a_schedule_of_no_length_vests_at_once() {
        let campaign = campaign(1_000, 1_000, 1_000);
        assert_eq!(campaign.vested(100, 999), 0);
        assert_eq!(campaign.vested(100, 1_000), 100);
    }

    #[test]
    fn the_largest_amounts_and_times_do_not_overflow() {
        let campaign = campaign(0, 0, i64::MAX);
        assert!(campaign.invariant().is_ok());
        assert_eq!(campaign.vested(u64::MAX, 0), 0);
        assert_eq!(campaign.vested(u64::MAX, i64::MAX - 1), u64::MAX - 3);
        assert_eq!(campaign.vested(u64::MAX, i64::MAX), u64::MAX);
        assert_eq!(campaign.vested(0, 5), 0);
    }

    #[test]
    fn the_invariant_names_what_can_not_be() {
        let good = campaign(1_000, 1_250, 2_000);
        assert!(good.invariant().is_ok());
        let spoilt: [fn(&mut Campaign); 9] = [
            |it| it.tokens = 0,
            |it| {
                it.tokens = 9;
                it.claimed = 10;
            },
            |it| {
                it.status = CampaignStatus::Draft as u8;
                it.claimed = 1;
            },
            |it| it.swept = 1,
            |it| it.status = 4,
            |it| it.starts_at = 1_001,
            |it| it.expires_at = 1_999,
            |it| it.depth = 1,
            |it| it.pages = 2,
        ];
        for (case, spoil) in spoilt.iter().enumerate() {
            let mut campaign = good;
            spoil(&mut campaign);
            assert_eq!(
                campaign.invariant(),
                Err(AirdropError::BrokenCampaign.into()),
                "case {case}"
            );
        }
    }

    #[test]
    fn a_status_has_one_byte_one_name_and_one_question() {
        let all = [
            (CampaignStatus::Draft, "draft", [true, false, false]),
            (CampaignStatus::Open, "open", [false, true, false]),
            (CampaignStatus::Swept, "swept", [false, false, true]),
        ];
        let mut asked = campaign(0, 0, 0);
        for (status, name, answers) in all {
            asked.status = status as u8;
            assert_eq!(CampaignStatus::from_byte(asked.status), Some(status));
            assert_eq!(status.name(), name);
            let told = [asked.is_draft(), asked.is_open(), asked.is_swept()];
            assert_eq!(told, answers, "{name}");
        }
        for byte in [0, 4, 255] {
            assert_eq!(CampaignStatus::from_byte(byte), None);
        }
    }

    #[test]
    fn drops_are_paid_from_the_start_up_to_and_with_the_expiry() {
        let mut campaign = campaign(1_000, 1_250, 2_000);
        campaign.starts_at = 500;
        for (now, verdict) in [
            (i64::MIN, Err(AirdropError::CampaignNotStarted.into())),
            (499, Err(AirdropError::CampaignNotStarted.into())),
            (500, Ok(())),
            (2_000, Ok(())),
            (2_001, Err(AirdropError::CampaignExpired.into())),
        ] {
            assert_eq!(campaign.require_claimable(now), verdict, "at {now}");
        }
        for status in [CampaignStatus::Draft, CampaignStatus::Swept] {
            campaign.status = status as u8;
            let closed = Err(AirdropError::CampaignNotOpen.into());
            assert_eq!(campaign.require_claimable(1_000), closed);
        }
    }

    #[test]
    fn what_is_paid_adds_up_and_never_wraps() {
        let mut campaign = campaign(0, 0, 0);
        assert_eq!(campaign.count_claimed(7), Ok(()));
        assert_eq!(campaign.count_claimed(u64::MAX - 7), Ok(()));
        assert_eq!(campaign.claimed, u64::MAX);
        assert_eq!(
            campaign.count_claimed(1),
            Err(AirdropError::Overflow.into())
        );
        assert_eq!(campaign.claimed, u64::MAX);
    }

    #[test]
    fn an_account_has_room_for_as_much_canopy_as_wish_tree_and_instruction_allow() {
        // Drops, levels wished, levels had.
        for (drops, wish, levels) in [
            (1, 5, 0),
            (2, 5, 1),
            (1_000, 0, 0),
            (1_000, 5, 5),
            (1_000, 200, MAX_CANOPY_DEPTH),
            (33, 200, 6),
        ] {
            assert_eq!(Campaign::canopy_levels(drops, wish), levels);
            let nodes = 40_usize << levels;
            // The discriminator, the head, the length of the list and its nodes.
            assert_eq!(Campaign::space(drops, wish), 8 + 384 + 4 + nodes);
        }
    }
}
