use anchor_lang::prelude::*;

/// Somebody asked that a member's leaf be shown in a proposed epoch.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ChallengeOpened {
    pub pool: Address,
    pub challenger: Address,
    /// The member.
    pub owner: Address,
    /// The proposed epoch.
    pub number: u64,
    /// Base units of the leaf in the active epoch.
    pub tokens: u64,
    /// Milli-points of it.
    pub points: u64,
    /// Data credits of it.
    pub credits: u64,
    /// Unix seconds up to which it is answered.
    pub deadline: i64,
    pub index: u32,
    pub attempt: u32,
}

/// Somebody showed a challenged leaf, and nothing was taken from it. Of one that was, [`EpochVetoed`](super::EpochVetoed) tells:
/// the instruction holds what was shown.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ChallengeAnswered {
    pub pool: Address,
    pub answerer: Address,
    pub challenger: Address,
    /// The leaf's owner in the proposed epoch.
    pub owner: Address,
    pub number: u64,
    /// Base units of the leaf in the proposed epoch.
    pub tokens: u64,
    /// Milli-points of it.
    pub points: u64,
    /// Data credits of it.
    pub credits: u64,
    pub index: u32,
    pub attempt: u32,
}

/// A challenge ended without an answer.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct ChallengeExpired {
    /// The challenged epoch's account.
    pub epoch: Address,
    pub challenger: Address,
    pub index: u32,
    pub attempt: u32,
    /// 1 when the epoch was vetoed for it; 0 when its attempt was over already.
    pub vetoed: u8,
    pub reserved: [u8; 7],
}
