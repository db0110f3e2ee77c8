use ::airdrop::{ClaimDropArgs, ClaimVestedArgs, accounts, instruction};
use cairn_merkle::{LeafIndex, Node, Tokens, drop_page_of};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{campaign_page_address, campaign_vault_address, event_authority, vesting_address};
use crate::{
    build::{self, nodes_to_bytes, paid_to},
    ids::{AIRDROP, MEMO_PROGRAM, SYSTEM_PROGRAM},
};

/// Pays `owner` a drop, into `owner`'s canonical token account. Nobody signs but whoever pays the fee, and
/// `vesting_payer` when a part of the drop stays locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimDrop {
    pub campaign: Pubkey,
    pub owner: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub index: LeafIndex,
    /// Paid at the claim.
    pub unlocked: Tokens,
    /// Vests.
    pub locked: Tokens,
    /// Siblings from the leaf up to the canopy.
    pub proof: Vec<Node>,
    /// Pays the vesting account's rent and gets it back; needed while the locked part is not vested in full.
    pub vesting_payer: Option<Pubkey>,
    /// Whether the destination lets in no transfer without a memo.
    pub memo: bool,
}

paid_to!(ClaimDrop, owner);

impl ClaimDrop {
    /// As [`ClaimDrop::instruction`], to any token account. The program refuses all but the canonical one; tests and
    /// diagnostics ask it.
    #[must_use]
    pub fn instruction_to(&self, destination: Pubkey, destination_bump: u8) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::ClaimDrop {
                campaign: self.campaign,
                page: campaign_page_address(&self.campaign, drop_page_of(self.index)).0,
                vault: campaign_vault_address(&self.campaign).0,
                mint: self.mint,
                destination,
                token_program: self.token_program,
                vesting: self
                    .vesting_payer
                    .map(|_| vesting_address(&self.campaign, self.index).0),
                rent_payer: self.vesting_payer,
                system_program: self.vesting_payer.map(|_| SYSTEM_PROGRAM),
                memo_program: self.memo.then_some(MEMO_PROGRAM),
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::ClaimDrop {
                args: ClaimDropArgs {
                    index: self.index.get(),
                    unlocked: self.unlocked.get(),
                    locked: self.locked.get(),
                    destination_bump,
                    proof: nodes_to_bytes(&self.proof),
                },
            },
        )
    }
}

/// Pays `owner` what has vested of a claimed drop since the last payment. Nobody signs but whoever pays the fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimVested {
    pub campaign: Pubkey,
    pub owner: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub index: LeafIndex,
    /// Whether the destination lets in no transfer without a memo.
    pub memo: bool,
}

paid_to!(ClaimVested, owner);

impl ClaimVested {
    /// As [`ClaimVested::instruction`], to any token account. The program refuses all but the owner's.
    #[must_use]
    pub fn instruction_to(&self, destination: Pubkey, destination_bump: u8) -> Instruction {
        build::instruction(
            AIRDROP,
            &accounts::ClaimVested {
                campaign: self.campaign,
                vesting: vesting_address(&self.campaign, self.index).0,
                vault: campaign_vault_address(&self.campaign).0,
                mint: self.mint,
                destination,
                token_program: self.token_program,
                memo_program: self.memo.then_some(MEMO_PROGRAM),
                event_authority: event_authority(),
                program: AIRDROP,
            },
            &instruction::ClaimVested {
                args: ClaimVestedArgs { destination_bump },
            },
        )
    }
}
