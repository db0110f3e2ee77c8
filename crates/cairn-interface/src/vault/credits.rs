use cairn_merkle::{Node, page_of};
use reward_vault::{
    FulfilCreditsArgs, MemberLeaf, RedeemCreditsArgs, SetCarrierArgs, accounts, instruction,
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{carrier_address, epoch_address, event_authority, page_address, redemption_address};
use crate::{
    build,
    ids::{REWARD_VAULT, SYSTEM_PROGRAM},
    nodes::nodes_to_bytes,
};

/// Names a carrier of a pool, or changes its terms. `payer` and `admin` sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCarrier {
    pub payer: Pubkey,
    pub admin: Pubkey,
    pub pool: Pubkey,
    /// The key that signs fulfilments.
    pub carrier: Pubkey,
    /// Seconds it has to fulfil a redemption.
    pub period_secs: u64,
    /// Whether members may redeem with it.
    pub active: bool,
}

impl SetCarrier {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::SetCarrier {
                payer: self.payer,
                admin: self.admin,
                pool: self.pool,
                carrier: carrier_address(&self.pool, &self.carrier).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::SetCarrier {
                args: SetCarrierArgs {
                    carrier: self.carrier,
                    period_secs: self.period_secs,
                    active: self.active,
                },
            },
        )
    }
}

/// Redeems a member's data credits with a carrier. `owner`, the member, and `payer`, who pays the rent of the
/// redemption until it ends, sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedeemCredits {
    pub payer: Pubkey,
    pub owner: Pubkey,
    pub pool: Pubkey,
    /// The active epoch or the one before it.
    pub number: u64,
    pub carrier: Pubkey,
    pub index: u32,
    /// Base units over the member's life.
    pub tokens: u64,
    /// Milli-points over the member's life.
    pub points: u64,
    /// Data credits over the member's life.
    pub granted: u64,
    /// Siblings from the leaf up to the canopy.
    pub proof: Vec<Node>,
    /// Data credits to redeem.
    pub credits: u64,
    /// The member's own number for the redemption, unlike that of any other that is open.
    pub nonce: u64,
    /// What is to be delivered, as a salted hash that only member and carrier can open.
    pub commitment: [u8; 32],
}

impl RedeemCredits {
    /// The address the redemption will have.
    #[must_use]
    pub fn redemption(&self) -> Pubkey {
        redemption_address(&self.pool, &self.owner, self.nonce).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::RedeemCredits {
                payer: self.payer,
                owner: self.owner,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                page: page_address(&self.pool, page_of(self.index)).0,
                carrier: carrier_address(&self.pool, &self.carrier).0,
                redemption: self.redemption(),
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::RedeemCredits {
                args: RedeemCreditsArgs {
                    leaf: MemberLeaf {
                        index: self.index,
                        tokens: self.tokens,
                        points: self.points,
                        credits: self.granted,
                    },
                    credits: self.credits,
                    nonce: self.nonce,
                    commitment: self.commitment,
                    proof: nodes_to_bytes(&self.proof),
                },
            },
        )
    }
}

/// A carrier's word that it delivered what was redeemed. `carrier` signs; `credits` and `commitment` are the
/// redemption's. The redemption's rent goes to `rent_payer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FulfilCredits {
    pub carrier: Pubkey,
    pub pool: Pubkey,
    /// The member.
    pub owner: Pubkey,
    pub nonce: u64,
    pub rent_payer: Pubkey,
    pub credits: u64,
    pub commitment: [u8; 32],
    /// SHA-256 of the carrier's receipt.
    pub receipt_hash: [u8; 32],
}

impl FulfilCredits {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::FulfilCredits {
                signer: self.carrier,
                pool: self.pool,
                carrier: carrier_address(&self.pool, &self.carrier).0,
                redemption: redemption_address(&self.pool, &self.owner, self.nonce).0,
                rent_payer: self.rent_payer,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::FulfilCredits {
                args: FulfilCreditsArgs {
                    credits: self.credits,
                    commitment: self.commitment,
                    receipt_hash: self.receipt_hash,
                },
            },
        )
    }
}

/// Gives back credits that nobody delivered by the deadline. Anyone may send it; the redemption's rent goes to
/// `rent_payer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundCredits {
    pub pool: Pubkey,
    /// The member.
    pub owner: Pubkey,
    pub nonce: u64,
    /// The member's index, as in the redemption.
    pub index: u32,
    /// The carrier, as in the redemption.
    pub carrier: Pubkey,
    pub rent_payer: Pubkey,
}

impl RefundCredits {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::RefundCredits {
                pool: self.pool,
                page: page_address(&self.pool, page_of(self.index)).0,
                carrier: carrier_address(&self.pool, &self.carrier).0,
                redemption: redemption_address(&self.pool, &self.owner, self.nonce).0,
                rent_payer: self.rent_payer,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::RefundCredits {},
        )
    }
}
