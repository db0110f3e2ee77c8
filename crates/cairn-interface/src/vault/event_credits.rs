use reward_vault::event as on_chain;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::VaultEvent;
use crate::text;

/// A carrier was named or its terms were changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarrierSet {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub carrier: Pubkey,
    /// Seconds it has to fulfil a redemption.
    pub period_secs: u64,
    /// Whether members may redeem with it.
    pub active: bool,
}

/// A member redeemed data credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditsRedeemed {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    #[serde(with = "text")]
    pub carrier: Pubkey,
    #[serde(with = "text")]
    pub commitment: [u8; 32],
    pub nonce: u64,
    pub credits: u64,
    /// Credits that the member redeemed over their life.
    pub credits_redeemed: u64,
    /// Unix seconds up to which it may be fulfilled.
    pub deadline: i64,
    pub index: u32,
}

/// A carrier delivered what was redeemed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditsFulfilled {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    #[serde(with = "text")]
    pub carrier: Pubkey,
    #[serde(with = "text")]
    pub commitment: [u8; 32],
    /// SHA-256 of the carrier's receipt.
    #[serde(with = "text")]
    pub receipt_hash: [u8; 32],
    pub nonce: u64,
    pub credits: u64,
}

/// Credits that nobody delivered in time went back to their member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditsRefunded {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    #[serde(with = "text")]
    pub carrier: Pubkey,
    pub nonce: u64,
    pub credits: u64,
    /// Credits that the member redeemed over their life, without these.
    pub credits_redeemed: u64,
    pub index: u32,
}

pub(super) fn carrier_set(event: on_chain::CarrierSet) -> VaultEvent {
    VaultEvent::CarrierSet(CarrierSet {
        pool: event.pool,
        carrier: event.carrier,
        period_secs: event.period_secs,
        active: event.active != 0,
    })
}

pub(super) fn credits_redeemed(event: on_chain::CreditsRedeemed) -> VaultEvent {
    VaultEvent::CreditsRedeemed(CreditsRedeemed {
        pool: event.pool,
        owner: event.owner,
        carrier: event.carrier,
        commitment: event.commitment,
        nonce: event.nonce,
        credits: event.credits,
        credits_redeemed: event.credits_redeemed,
        deadline: event.deadline,
        index: event.index,
    })
}

pub(super) fn credits_fulfilled(event: on_chain::CreditsFulfilled) -> VaultEvent {
    VaultEvent::CreditsFulfilled(CreditsFulfilled {
        pool: event.pool,
        owner: event.owner,
        carrier: event.carrier,
        commitment: event.commitment,
        receipt_hash: event.receipt_hash,
        nonce: event.nonce,
        credits: event.credits,
    })
}

pub(super) fn credits_refunded(event: on_chain::CreditsRefunded) -> VaultEvent {
    VaultEvent::CreditsRefunded(CreditsRefunded {
        pool: event.pool,
        owner: event.owner,
        carrier: event.carrier,
        nonce: event.nonce,
        credits: event.credits,
        credits_redeemed: event.credits_redeemed,
        index: event.index,
    })
}
