use cairn_merkle::{Node, page_of};
use reward_vault::{MemberLeaf, SetRecipientArgs, accounts, instruction};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{epoch_address, event_authority, page_address, recipient_address};
use crate::{
    build,
    ids::{REWARD_VAULT, SYSTEM_PROGRAM},
    nodes::nodes_to_bytes,
};

/// Says where a member is paid and who may claim for them. `owner`, the member, and `payer`, who pays the rent of a
/// new account, sign. A change of `payout` waits for the pool's cooldown; the rest is in effect at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRecipient {
    pub payer: Pubkey,
    pub owner: Pubkey,
    pub pool: Pubkey,
    /// The active epoch or the one before it.
    pub number: u64,
    pub index: u32,
    /// Base units over the member's life; this and what follows up to the proof count for a new account only.
    pub tokens: u64,
    /// Milli-points over the member's life.
    pub points: u64,
    /// Data credits over the member's life.
    pub credits: u64,
    /// Siblings from the leaf up to the canopy; may be empty once the account exists.
    pub proof: Vec<Node>,
    /// The wallet to be paid; `None` for the member's own.
    pub payout: Option<Pubkey>,
    /// Who may claim besides the member when claims are restricted.
    pub delegate: Option<Pubkey>,
    /// Whether only the member and the delegate may claim.
    pub restricted: bool,
}

impl SetRecipient {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::SetRecipient {
                payer: self.payer,
                owner: self.owner,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                page: page_address(&self.pool, page_of(self.index)).0,
                recipient: recipient_address(&self.pool, &self.owner).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::SetRecipient {
                args: SetRecipientArgs {
                    leaf: MemberLeaf {
                        index: self.index,
                        tokens: self.tokens,
                        points: self.points,
                        credits: self.credits,
                    },
                    payout: self.payout,
                    delegate: self.delegate,
                    restricted: self.restricted,
                    proof: nodes_to_bytes(&self.proof),
                },
            },
        )
    }
}

/// Has a member paid directly again; the account's rent goes to `rent_payer`. `owner` signs. Only once the member's
/// own wallet is in effect and anyone may claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseRecipient {
    pub owner: Pubkey,
    pub pool: Pubkey,
    /// The member's index, as in the account.
    pub index: u32,
    /// Who paid the rent, as in the account.
    pub rent_payer: Pubkey,
}

impl CloseRecipient {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::CloseRecipient {
                owner: self.owner,
                pool: self.pool,
                page: page_address(&self.pool, page_of(self.index)).0,
                recipient: recipient_address(&self.pool, &self.owner).0,
                rent_payer: self.rent_payer,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::CloseRecipient {},
        )
    }
}
