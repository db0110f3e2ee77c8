use reward_vault::event as on_chain;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::VaultEvent;
use crate::text;

/// A burn round was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundOpened {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub opener: Pubkey,
    pub number: u64,
    /// Base units to share, as they arrived.
    pub tokens: u64,
    /// Least milli-points of one burn.
    pub minimum: u64,
    /// Unix seconds.
    pub starts_at: i64,
    /// Unix seconds.
    pub ends_at: i64,
}

/// A member burnt points in a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsBurnt {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// The round's number.
    pub round: u64,
    pub index: u32,
    /// Milli-points burnt now.
    pub burnt: u64,
    /// Milli-points that the member burnt in this round.
    pub receipt_burnt: u64,
    /// Milli-points that all members burnt in this round.
    pub round_burnt: u64,
    /// Milli-points that the member burnt over their life.
    pub points_burnt: u64,
}

/// A member got their share of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnSettled {
    #[serde(with = "text")]
    pub pool: Pubkey,
    #[serde(with = "text")]
    pub owner: Pubkey,
    /// The wallet whose token account was paid.
    #[serde(with = "text")]
    pub payout: Pubkey,
    /// The round's number.
    pub round: u64,
    pub index: u32,
    /// Milli-points that the member burnt in this round.
    pub burnt: u64,
    /// Base units that left the round.
    pub paid: u64,
    /// Base units that arrived: less when the mint takes a fee.
    pub received: u64,
}

/// A round ended and was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundClosed {
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub number: u64,
    /// Base units that were to share.
    pub tokens: u64,
    /// Base units that left to members.
    pub paid: u64,
    /// Base units that were left and went to the pool's vault.
    pub left: u64,
    /// Base units of them that arrived there.
    pub received: u64,
    /// Milli-points burnt.
    pub burnt: u64,
    /// Receipts settled.
    pub receipts: u32,
}

pub(super) fn round_opened(event: on_chain::RoundOpened) -> VaultEvent {
    VaultEvent::RoundOpened(RoundOpened {
        pool: event.pool,
        opener: event.opener,
        number: event.number,
        tokens: event.tokens,
        minimum: event.minimum,
        starts_at: event.starts_at,
        ends_at: event.ends_at,
    })
}

pub(super) fn points_burnt(event: on_chain::PointsBurnt) -> VaultEvent {
    VaultEvent::PointsBurnt(PointsBurnt {
        pool: event.pool,
        owner: event.owner,
        round: event.round,
        index: event.index,
        burnt: event.burnt,
        receipt_burnt: event.receipt_burnt,
        round_burnt: event.round_burnt,
        points_burnt: event.points_burnt,
    })
}

pub(super) fn burn_settled(event: on_chain::BurnSettled) -> VaultEvent {
    VaultEvent::BurnSettled(BurnSettled {
        pool: event.pool,
        owner: event.owner,
        payout: event.payout,
        round: event.round,
        index: event.index,
        burnt: event.burnt,
        paid: event.paid,
        received: event.received,
    })
}

pub(super) fn round_closed(event: on_chain::RoundClosed) -> VaultEvent {
    VaultEvent::RoundClosed(RoundClosed {
        pool: event.pool,
        number: event.number,
        tokens: event.tokens,
        paid: event.paid,
        left: event.left,
        received: event.received,
        burnt: event.burnt,
        receipts: event.receipts,
    })
}
