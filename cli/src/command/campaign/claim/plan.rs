//! What claims for all come to, by the published list and the campaign's pages alone.

use std::collections::BTreeSet;

use cairn_campaign::Recipient;
use cairn_interface::airdrop::{CampaignPageView, CampaignView};
use cairn_merkle::{LeafIndex, Tokens, drop_page_of};

use super::super::read::is_claimed;

/// What is to be done, by the list and the pages alone.
#[derive(Default)]
pub struct Plan {
    /// Recipients who have not claimed.
    pub owed: u64,
    /// What claims now would pay them.
    pub tokens: Tokens,
    /// Vesting accounts that these claims would make.
    pub vestings: u64,
    /// Pages that must be opened first.
    pub missing_pages: BTreeSet<u32>,
}

impl Plan {
    pub fn of(
        campaign: &CampaignView,
        list: &[Recipient],
        pages: &[Option<CampaignPageView>],
        now: i64,
    ) -> Self {
        let mut plan = Self::default();
        for (index, one) in (0..).map(LeafIndex::new).zip(list) {
            if is_claimed(pages, index) {
                continue;
            }
            let vested = campaign.vested_of(one.locked, now);
            plan.owed = plan.owed.saturating_add(1);
            // The root's sum bounds the total.
            plan.tokens = plan
                .tokens
                .saturating_add(one.unlocked)
                .saturating_add(vested);
            if vested < one.locked {
                plan.vestings = plan.vestings.saturating_add(1);
            }
            let page = drop_page_of(index);
            let number = usize::try_from(page).unwrap_or(usize::MAX);
            if pages.get(number).is_none_or(Option::is_none) {
                plan.missing_pages.insert(page);
            }
        }
        plan
    }
}
