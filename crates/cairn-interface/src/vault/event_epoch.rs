use reward_vault::event as on_chain;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::VaultEvent;
use crate::text;

/// An epoch was closed; its root and manifest hash stay in its tombstone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochClosed {
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub number: u64,
    #[serde(with = "text")]
    pub root: [u8; 32],
    #[serde(with = "text")]
    pub manifest_hash: [u8; 32],
    /// Who got the rent back.
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    /// Lamports that went back.
    pub refunded: u64,
}

pub(super) fn epoch_closed(event: on_chain::EpochClosed) -> VaultEvent {
    VaultEvent::EpochClosed(EpochClosed {
        pool: event.pool,
        number: event.number,
        root: event.root,
        manifest_hash: event.manifest_hash,
        rent_payer: event.rent_payer,
        refunded: event.refunded,
    })
}
