use anchor_lang::prelude::*;

/// A member said where to be paid and who may claim.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RecipientSet {
    pub pool: Address,
    /// The member.
    pub owner: Address,
    /// The wallet in effect.
    pub payout: Address,
    /// The wallet that takes its place; the one in effect when none does.
    pub pending_payout: Address,
    /// Zero for none.
    pub delegate: Address,
    /// Unix seconds; 0 when nothing is pending.
    pub effective_at: i64,
    /// The member's index.
    pub index: u32,
    /// 1 when only owner and delegate may claim.
    pub restricted: u8,
    pub reserved: [u8; 3],
}

/// A member is paid directly again.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct RecipientClosed {
    pub pool: Address,
    pub owner: Address,
    /// Who got the rent back.
    pub rent_payer: Address,
    pub index: u32,
}
