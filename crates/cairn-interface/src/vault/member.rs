use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Node, Tokens, member_page_of};
use reward_vault::{ClaimArgs, MemberLeaf, OpenPageArgs, accounts, instruction};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{
    epoch_address, event_authority, member_page_address, recipient_address, vault_address,
};
use crate::{
    build::{self, destination_and_bump, nodes_to_bytes},
    ids::{MEMO_PROGRAM, REWARD_VAULT, SYSTEM_PROGRAM},
};

/// Creates the account that holds the counters of 420 members: what the program calls `open_page`. `payer` signs and pays
/// its rent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMemberPage {
    pub payer: Pubkey,
    pub pool: Pubkey,
    /// See `cairn_merkle::member_page_of`.
    pub page: u32,
}

impl OpenMemberPage {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::OpenPage {
                payer: self.payer,
                pool: self.pool,
                page: member_page_address(&self.pool, self.page).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::OpenPage {
                args: OpenPageArgs { page: self.page },
            },
        )
    }
}

/// Pays `owner` what the epoch's root grants above what was paid before, into the associated token account of `owner`
/// or of the wallet that their recipient account names. Nobody signs but whoever pays the fee, unless the member
/// restricted claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub pool: Pubkey,
    /// The active epoch or the one before it.
    pub number: EpochNumber,
    pub owner: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub index: LeafIndex,
    /// Over the member's life, and so the next two.
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
    /// Siblings from the leaf up to the canopy.
    pub proof: Vec<Node>,
    /// The most to pay, above zero; what is not paid stays claimable. [`Tokens::MAX`] for all.
    pub at_most: Tokens,
    /// The wallet that the member's recipient account has in effect; `None` when they have no such account.
    pub payout: Option<Pubkey>,
    /// The owner or delegate, who then signs: needed when the member restricted claims.
    pub authority: Option<Pubkey>,
    /// Whether the destination lets in no transfer without a memo.
    pub memo: bool,
}

impl Claim {
    /// Where the tokens go: the canonical token account of the wallet that is paid.
    #[must_use]
    pub fn destination(&self) -> Pubkey {
        self.destination_and_bump().0
    }

    fn destination_and_bump(&self) -> (Pubkey, u8) {
        let wallet = self.payout.as_ref().unwrap_or(&self.owner);
        destination_and_bump(wallet, &self.mint, &self.token_program)
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let (destination, destination_bump) = self.destination_and_bump();
        self.instruction_to(destination, destination_bump)
    }

    /// As [`Claim::instruction`], to any token account. The program refuses all but the canonical one; tests and
    /// diagnostics ask it.
    #[must_use]
    pub fn instruction_to(&self, destination: Pubkey, destination_bump: u8) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::Claim {
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                page: member_page_address(&self.pool, member_page_of(self.index)).0,
                vault: vault_address(&self.pool).0,
                mint: self.mint,
                destination,
                token_program: self.token_program,
                recipient: self
                    .payout
                    .map(|_| recipient_address(&self.pool, &self.owner).0),
                authority: self.authority,
                memo_program: self.memo.then_some(MEMO_PROGRAM),
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::Claim {
                args: ClaimArgs {
                    leaf: MemberLeaf {
                        index: self.index.get(),
                        tokens: self.tokens.get(),
                        points: self.points.get(),
                        credits: self.credits.get(),
                    },
                    at_most: self.at_most.get(),
                    destination_bump,
                    proof: nodes_to_bytes(&self.proof),
                },
            },
        )
    }
}
