use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Node, Tokens, member_page_of};
use reward_vault::MemberLeaf;
use solana_sdk::pubkey::Pubkey;

use super::{epoch_address, member_page_address, recipient_address};
use crate::{
    build::{instructions, nodes_to_bytes},
    ids::SYSTEM_PROGRAM,
};

instructions! { reward_vault;
    /// Says where a member is paid and who may claim for them. `owner`, the member, and `payer`, who pays the rent of a
    /// new account, sign. A change of `payout` waits for the pool's cooldown; the rest is in effect at once.
    SetRecipient as it {
        payer: Pubkey,
        owner: Pubkey,
        pool: Pubkey,
        /// The active epoch or the one before it.
        number: EpochNumber,
        index: LeafIndex,
        /// Over the member's life, and so the next two; all up to the proof count for a new account only.
        tokens: Tokens,
        points: MilliPoints,
        credits: Credits,
        /// Siblings from the leaf up to the canopy; may be empty once the account exists.
        proof: Vec<Node>,
        /// The wallet to be paid; `None` for the member's own.
        payout: Option<Pubkey>,
        /// Who may claim besides the member when claims are restricted.
        delegate: Option<Pubkey>,
        /// Whether only the member and the delegate may claim.
        restricted: bool,
    }
    by {
        payer, owner, pool, epoch: epoch_address(&it.pool, it.number).0,
        page: member_page_address(&it.pool, member_page_of(it.index)).0, recipient: recipient_address(&it.pool, &it.owner).0,
        system_program: SYSTEM_PROGRAM,
    }
    with SetRecipientArgs {
        leaf: MemberLeaf {
            index: it.index.get(), tokens: it.tokens.get(), points: it.points.get(), credits: it.credits.get(),
        },
        payout, delegate, restricted, proof: nodes_to_bytes(&it.proof),
    }

    /// Has a member paid directly again; the account's rent goes to `rent_payer`. `owner` signs. Only once the member's
    /// own wallet is in effect and anyone may claim.
    CloseRecipient as it {
        owner: Pubkey,
        pool: Pubkey,
        /// The member's index, as in the account.
        index: LeafIndex,
        /// Who paid the rent, as in the account.
        rent_payer: Pubkey,
    }
    by {
        owner, pool, page: member_page_address(&it.pool, member_page_of(it.index)).0,
        recipient: recipient_address(&it.pool, &it.owner).0, rent_payer,
    }
    with {}
}
