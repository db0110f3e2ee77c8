use reward_vault::event as on_chain;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::VaultEvent;
use crate::text;

/// A member said where to be paid and who may claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientSet {
    #[serde(with = "text")]
    pub pool: Pubkey,
    /// The member.
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// The wallet in effect.
    #[serde(with = "text")]
    pub payout: Pubkey,
    /// The wallet that takes its place at `effective_at`; the one in effect when none does.
    #[serde(with = "text")]
    pub pending_payout: Pubkey,
    /// Unix seconds; `None` when nothing is pending.
    pub effective_at: Option<i64>,
    #[serde(with = "text")]
    pub delegate: Option<Pubkey>,
    /// Whether only the member and the delegate may claim.
    pub restricted: bool,
    pub index: u32,
}

/// A member is paid directly again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientClosed {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// Who got the rent back.
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    pub index: u32,
}

pub(super) fn recipient_set(event: on_chain::RecipientSet) -> VaultEvent {
    VaultEvent::RecipientSet(RecipientSet {
        pool: event.pool,
        owner: event.owner,
        payout: event.payout,
        pending_payout: event.pending_payout,
        effective_at: (event.effective_at != 0).then_some(event.effective_at),
        delegate: (event.delegate != Pubkey::default()).then_some(event.delegate),
        restricted: event.restricted != 0,
        index: event.index,
    })
}

pub(super) fn recipient_closed(event: on_chain::RecipientClosed) -> VaultEvent {
    VaultEvent::RecipientClosed(RecipientClosed {
        pool: event.pool,
        owner: event.owner,
        rent_payer: event.rent_payer,
        index: event.index,
    })
}
