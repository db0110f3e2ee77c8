use ::airdrop::state::{Campaign, CampaignPage, CampaignTombstone, Vesting};
use anchor_lang::Discriminator;

/// What an account of campaigns is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Campaign,
    Page,
    Vesting,
    /// What stays of a closed campaign, for ever.
    Tombstone,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Campaign, Self::Page, Self::Vesting, Self::Tombstone];

    /// The first bytes of such an account's data, whichever program it belongs to.
    #[must_use]
    pub const fn discriminator(self) -> &'static [u8] {
        match self {
            Self::Campaign => Campaign::DISCRIMINATOR,
            Self::Page => CampaignPage::DISCRIMINATOR,
            Self::Vesting => Vesting::DISCRIMINATOR,
            Self::Tombstone => CampaignTombstone::DISCRIMINATOR,
        }
    }
}
