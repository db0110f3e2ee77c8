use anchor_lang::prelude::*;

/// A burn round was opened.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RoundOpened {
    pub pool: Address,
    pub opener: Address,
    pub number: u64,
    /// The epoch whose root points burn against.
    pub epoch: u64,
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
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct PointsBurnt {
    pub pool: Address,
    pub owner: Address,
    /// The round's number.
    pub round: u64,
    /// Milli-points burnt now.
    pub burnt: u64,
    /// Milli-points that the member burnt in this round.
    pub receipt_burnt: u64,
    /// Milli-points that all members burnt in this round.
    pub round_burnt: u64,
    /// Milli-points that the member burnt over their life.
    pub points_burnt: u64,
    /// The member's index.
    pub index: u32,
    pub reserved: [u8; 4],
}

/// A member got their share of a round.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct BurnSettled {
    pub pool: Address,
    pub owner: Address,
    /// The wallet whose account was paid.
    pub payout: Address,
    /// The round's number.
    pub round: u64,
    /// Milli-points that the member burnt in this round.
    pub burnt: u64,
    /// Base units that left the round.
    pub paid: u64,
    /// Base units that arrived.
    pub received: u64,
    /// The member's index.
    pub index: u32,
    pub reserved: [u8; 4],
}

/// A round ended and was closed.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RoundClosed {
    pub pool: Address,
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
    pub reserved: [u8; 4],
}
