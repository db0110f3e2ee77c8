use cairn_merkle::{Node, page_of};
use reward_vault::{
    BurnPointsArgs, MemberLeaf, OpenRoundArgs, SettleBurnArgs, accounts, instruction,
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{
    epoch_address, event_authority, page_address, receipt_address, recipient_address,
    round_address, round_vault_address, vault_address,
};
use crate::{
    build,
    ids::{ASSOCIATED_TOKEN_PROGRAM, MEMO_PROGRAM, REWARD_VAULT, SYSTEM_PROGRAM},
    nodes::nodes_to_bytes,
};

/// Opens a pool's next burn round and fills it with `tokens` from `from`. `opener`, who pays the rent, `admin` and
/// `funder`, who owns `from`, sign; they may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRound {
    pub opener: Pubkey,
    pub admin: Pubkey,
    pub funder: Pubkey,
    pub pool: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    pub from: Pubkey,
    /// The pool's next round; 0 is the first.
    pub number: u64,
    /// Base units.
    pub tokens: u64,
    /// Least milli-points of one burn.
    pub minimum: u64,
    /// Unix seconds from which points burn.
    pub starts_at: i64,
    /// Unix seconds before which they burn.
    pub ends_at: i64,
}

impl OpenRound {
    /// The address the round will have.
    #[must_use]
    pub fn round(&self) -> Pubkey {
        round_address(&self.pool, self.number).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let round = self.round();
        build::instruction(
            REWARD_VAULT,
            &accounts::OpenRound {
                opener: self.opener,
                admin: self.admin,
                funder: self.funder,
                pool: self.pool,
                mint: self.mint,
                from: self.from,
                token_program: self.token_program,
                round,
                vault: round_vault_address(&round).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::OpenRound {
                args: OpenRoundArgs {
                    number: self.number,
                    tokens: self.tokens,
                    minimum: self.minimum,
                    starts_at: self.starts_at,
                    ends_at: self.ends_at,
                },
            },
        )
    }
}

/// Burns `points` of a member's milli-points for a share of a round's tokens. `owner`, the member, and `payer`, who
/// pays the rent of a new receipt, sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BurnPoints {
    pub payer: Pubkey,
    pub owner: Pubkey,
    pub pool: Pubkey,
    /// The active epoch or the one before it.
    pub number: u64,
    /// The round's number.
    pub round: u64,
    pub index: u32,
    /// Base units over the member's life.
    pub tokens: u64,
    /// Milli-points over the member's life.
    pub granted: u64,
    /// Data credits over the member's life.
    pub credits: u64,
    /// Siblings from the leaf up to the canopy.
    pub proof: Vec<Node>,
    /// Milli-points to burn.
    pub points: u64,
}

impl BurnPoints {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let round = round_address(&self.pool, self.round).0;
        let (receipt, receipt_bump) = receipt_address(&round, &self.owner);
        build::instruction(
            REWARD_VAULT,
            &accounts::BurnPoints {
                payer: self.payer,
                owner: self.owner,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                page: page_address(&self.pool, page_of(self.index)).0,
                round,
                receipt,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::BurnPoints {
                args: BurnPointsArgs {
                    leaf: MemberLeaf {
                        index: self.index,
                        tokens: self.tokens,
                        points: self.granted,
                        credits: self.credits,
                    },
                    points: self.points,
                    receipt_bump,
                    proof: nodes_to_bytes(&self.proof),
                },
            },
        )
    }
}

/// Pays a member's share of a round that has ended and closes their receipt. Anyone may send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettleBurn {
    pub pool: Pubkey,
    /// The round's number.
    pub round: u64,
    /// The member.
    pub owner: Pubkey,
    /// Who paid the receipt's rent, as in the receipt.
    pub rent_payer: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
    /// The wallet that the member's recipient account has in effect; `None` when they have no such account.
    pub payout: Option<Pubkey>,
    /// Whether the destination lets in no transfer without a memo.
    pub memo: bool,
}

impl SettleBurn {
    /// Where the tokens go: the canonical token account of the wallet that is paid.
    #[must_use]
    pub fn destination(&self) -> Pubkey {
        self.destination_and_bump().0
    }

    fn destination_and_bump(&self) -> (Pubkey, u8) {
        let wallet = self.payout.as_ref().unwrap_or(&self.owner);
        Pubkey::find_program_address(
            &[
                wallet.as_ref(),
                self.token_program.as_ref(),
                self.mint.as_ref(),
            ],
            &ASSOCIATED_TOKEN_PROGRAM,
        )
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let round = round_address(&self.pool, self.round).0;
        let (destination, destination_bump) = self.destination_and_bump();
        build::instruction(
            REWARD_VAULT,
            &accounts::SettleBurn {
                pool: self.pool,
                round,
                receipt: receipt_address(&round, &self.owner).0,
                rent_payer: self.rent_payer,
                vault: round_vault_address(&round).0,
                mint: self.mint,
                destination,
                token_program: self.token_program,
                recipient: recipient_address(&self.pool, &self.owner).0,
                memo_program: self.memo.then_some(MEMO_PROGRAM),
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::SettleBurn {
                args: SettleBurnArgs { destination_bump },
            },
        )
    }
}

/// Closes a round whose receipts are all settled; what is left goes to the pool's vault, rent to `opener`. Anyone may
/// send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseRound {
    pub pool: Pubkey,
    /// The round's number.
    pub round: u64,
    /// Who opened it, as in the round.
    pub opener: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
}

impl CloseRound {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let round = round_address(&self.pool, self.round).0;
        build::instruction(
            REWARD_VAULT,
            &accounts::CloseRound {
                pool: self.pool,
                round,
                opener: self.opener,
                vault: round_vault_address(&round).0,
                pool_vault: vault_address(&self.pool).0,
                mint: self.mint,
                token_program: self.token_program,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::CloseRound {},
        )
    }
}
