use cairn_merkle::{page_of, slot_of};
use reward_vault::{constants::ACCOUNT_VERSION, state::MemberPage};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError,
    decode::{version, whole},
    ids::REWARD_VAULT,
    text,
};

const PAGE: &str = "a member page";

/// What one member took out, over their whole life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Base units paid.
    pub tokens_claimed: u64,
    /// Milli-points burnt.
    pub points_burnt: u64,
    /// Data credits redeemed.
    pub credits_redeemed: u64,
    /// Whether the member has a recipient account, which a claim must bring along.
    pub has_recipient: bool,
}

/// The counters of 420 members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub page: u32,
    /// One for each index from `page × 420` on.
    pub slots: Vec<Slot>,
    pub version: u8,
}

impl PageView {
    /// Reads a member page.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let page: MemberPage = whole(&address, account, PAGE, &REWARD_VAULT)?;
        version(&address, PAGE, page.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            pool: page.pool,
            page: page.page,
            slots: page
                .slots
                .iter()
                .map(|slot| Slot {
                    tokens_claimed: slot.tokens_claimed,
                    points_burnt: slot.points_burnt,
                    credits_redeemed: slot.credits_redeemed(),
                    has_recipient: slot.has_recipient(),
                })
                .collect(),
            version: page.version,
        })
    }

    /// The counters of the member at `index`; `None` when another page holds them.
    #[must_use]
    pub fn slot(&self, index: u32) -> Option<Slot> {
        let at = usize::try_from(slot_of(index)).ok()?;
        (page_of(index) == self.page)
            .then(|| self.slots.get(at).copied())
            .flatten()
    }
}
