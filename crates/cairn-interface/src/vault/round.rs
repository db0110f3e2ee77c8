use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Node, Tokens, member_page_of};
use reward_vault::MemberLeaf;
use solana_sdk::pubkey::Pubkey;

use super::{
    epoch_address, member_page_address, receipt_address, recipient_address, round_address,
    round_vault_address, vault_address,
};
use crate::{
    build::{destination_and_bump, instructions, nodes_to_bytes},
    ids::{MEMO_PROGRAM, SYSTEM_PROGRAM},
};

instructions! { reward_vault;
    /// Opens a pool's next burn round and fills it with `tokens` from `from`. `opener`, who pays the rent, `admin` and
    /// `funder`, who owns `from`, sign; they may be one.
    OpenRound as it {
        opener: Pubkey,
        admin: Pubkey,
        funder: Pubkey,
        pool: Pubkey,
        mint: Pubkey,
        token_program: Pubkey,
        from: Pubkey,
        /// The pool's active epoch, against whose root points will burn.
        epoch: EpochNumber,
        /// The pool's next round; 0 is the first.
        number: u64,
        tokens: Tokens,
        /// The least of one burn.
        minimum: MilliPoints,
        /// Unix seconds from which points burn.
        starts_at: i64,
        /// Unix seconds before which they burn.
        ends_at: i64,
    }
    by {
        opener, admin, funder, pool, epoch: epoch_address(&it.pool, it.epoch).0, mint, from, token_program, round: it.round(),
        vault: round_vault_address(&it.round()).0, system_program: SYSTEM_PROGRAM,
    }
    with OpenRoundArgs { number, tokens: it.tokens.get(), minimum: it.minimum.get(), starts_at, ends_at }

    /// Burns `points` of a member for a share of a round's tokens. `owner`, the member, and `payer`, who
    /// pays the rent of a new receipt, sign.
    BurnPoints as it {
        payer: Pubkey,
        owner: Pubkey,
        pool: Pubkey,
        /// The epoch that the round binds.
        number: EpochNumber,
        /// The round's number.
        round: u64,
        index: LeafIndex,
        /// Over the member's life, and so the next two.
        tokens: Tokens,
        granted: MilliPoints,
        credits: Credits,
        /// Siblings from the leaf up to the canopy.
        proof: Vec<Node>,
        /// To burn.
        points: MilliPoints,
    }
    by {
        payer, owner, pool, epoch: epoch_address(&it.pool, it.number).0,
        page: member_page_address(&it.pool, member_page_of(it.index)).0, round: round_address(&it.pool, it.round).0,
        receipt: it.receipt().0, system_program: SYSTEM_PROGRAM,
    }
    with BurnPointsArgs {
        leaf: MemberLeaf {
            index: it.index.get(), tokens: it.tokens.get(), points: it.granted.get(), credits: it.credits.get(),
        },
        points: it.points.get(), receipt_bump: it.receipt().1, proof: nodes_to_bytes(&it.proof),
    }

    /// Pays a member's share of a round that has ended and closes their receipt. Anyone may send it.
    SettleBurn as it {
        pool: Pubkey,
        /// The round's number.
        round: u64,
        /// The member.
        owner: Pubkey,
        /// Who paid the receipt's rent, as in the receipt.
        rent_payer: Pubkey,
        mint: Pubkey,
        token_program: Pubkey,
        /// The wallet that the member's recipient account has in effect; `None` when they have no such account.
        payout: Option<Pubkey>,
        /// Whether the destination lets in no transfer without a memo.
        memo: bool,
    }
    by {
        pool, round: it.round(), receipt: receipt_address(&it.round(), &it.owner).0, rent_payer,
        vault: round_vault_address(&it.round()).0, mint, destination: it.destination(), token_program,
        recipient: recipient_address(&it.pool, &it.owner).0, memo_program: it.memo.then_some(MEMO_PROGRAM),
    }
    with SettleBurnArgs { destination_bump: it.destination_and_bump().1 }

    /// Closes a round whose receipts are all settled; what is left goes to the pool's vault, rent to `opener`. Anyone
    /// may send it.
    CloseRound as it {
        pool: Pubkey,
        /// The round's number.
        round: u64,
        /// Who opened it, as in the round.
        opener: Pubkey,
        mint: Pubkey,
        token_program: Pubkey,
    }
    by {
        pool, round: it.round(), opener, vault: round_vault_address(&it.round()).0,
        pool_vault: vault_address(&it.pool).0, mint, token_program,
    }
    with {}
}

impl OpenRound {
    /// The address the round will have.
    #[must_use]
    pub fn round(&self) -> Pubkey {
        round_address(&self.pool, self.number).0
    }
}

impl BurnPoints {
    fn receipt(&self) -> (Pubkey, u8) {
        receipt_address(&round_address(&self.pool, self.round).0, &self.owner)
    }
}

impl SettleBurn {
    fn round(&self) -> Pubkey {
        round_address(&self.pool, self.round).0
    }

    /// Where the tokens go: the canonical token account of the wallet that is paid.
    #[must_use]
    pub fn destination(&self) -> Pubkey {
        self.destination_and_bump().0
    }

    fn destination_and_bump(&self) -> (Pubkey, u8) {
        let wallet = self.payout.as_ref().unwrap_or(&self.owner);
        destination_and_bump(wallet, &self.mint, &self.token_program)
    }
}

impl CloseRound {
    fn round(&self) -> Pubkey {
        round_address(&self.pool, self.round).0
    }
}
