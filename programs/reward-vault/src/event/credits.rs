use anchor_lang::prelude::*;

/// A carrier was named or its terms were changed.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CarrierSet {
    pub pool: Address,
    pub carrier: Address,
    /// Seconds it has to fulfil a redemption.
    pub period_secs: u64,
    /// 1 while members may redeem with it.
    pub active: u8,
    pub reserved: [u8; 7],
}

/// A member redeemed data credits.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CreditsRedeemed {
    pub pool: Address,
    pub owner: Address,
    pub carrier: Address,
    pub commitment: [u8; 32],
    pub nonce: u64,
    pub credits: u64,
    /// Credits that the member redeemed over their life.
    pub credits_redeemed: u64,
    /// Unix seconds up to which it may be fulfilled.
    pub deadline: i64,
    /// The member's index.
    pub index: u32,
    pub reserved: [u8; 4],
}

/// A carrier delivered what was redeemed.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CreditsFulfilled {
    pub pool: Address,
    pub owner: Address,
    pub carrier: Address,
    pub commitment: [u8; 32],
    /// SHA-256 of the carrier's receipt.
    pub receipt_hash: [u8; 32],
    pub nonce: u64,
    pub credits: u64,
}

/// Credits that nobody delivered in time went back to their member.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CreditsRefunded {
    pub pool: Address,
    pub owner: Address,
    pub carrier: Address,
    pub nonce: u64,
    pub credits: u64,
    /// Credits that the member redeemed over their life, without these.
    pub credits_redeemed: u64,
    /// The member's index.
    pub index: u32,
    pub reserved: [u8; 4],
}
