use reward_vault::{constants::ACCOUNT_VERSION, state::Recipient};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use super::pool::told;
use crate::{
    DecodeError,
    decode::{version, whole},
    ids::REWARD_VAULT,
    text,
};

const RECIPIENT: &str = "a recipient";

/// Where a member wants to be paid and who may ask for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    /// The member.
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// The wallet that is paid until `effective_at`; `None` for the member's own.
    #[serde(with = "text")]
    pub payout: Option<Pubkey>,
    /// The wallet that is paid from `effective_at` on; `None` for the member's own.
    #[serde(with = "text")]
    pub pending_payout: Option<Pubkey>,
    /// Unix seconds; `None` when nothing is pending.
    pub effective_at: Option<i64>,
    #[serde(with = "text")]
    pub delegate: Option<Pubkey>,
    /// Whether only the member and the delegate may claim.
    pub restricted: bool,
    /// The index of the member's leaf.
    pub index: u32,
    /// Who gets the rent back.
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    pub version: u8,
}

impl RecipientView {
    /// Reads a recipient.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let recipient: Recipient = whole(&address, account, RECIPIENT, &REWARD_VAULT)?;
        version(&address, RECIPIENT, recipient.version, ACCOUNT_VERSION)?;
        Ok(Self {
            address,
            pool: recipient.pool,
            owner: recipient.owner,
            payout: told(recipient.payout),
            pending_payout: told(recipient.pending_payout),
            effective_at: (recipient.effective_at != 0).then_some(recipient.effective_at),
            delegate: told(recipient.delegate),
            restricted: recipient.restricted != 0,
            index: recipient.index,
            rent_payer: recipient.rent_payer,
            version: recipient.version,
        })
    }

    /// The wallet whose canonical token account is paid at `now` (chain time, unix seconds).
    #[must_use]
    pub fn payout_at(&self, now: i64) -> Pubkey {
        let due = self.effective_at.is_some_and(|at| now >= at);
        let wallet = if due {
            self.pending_payout
        } else {
            self.payout
        };
        wallet.unwrap_or(self.owner)
    }
}
