use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Node, Tokens, member_page_of};
use reward_vault::MemberLeaf;
use solana_sdk::pubkey::Pubkey;

use super::{carrier_address, epoch_address, member_page_address, redemption_address};
use crate::{
    build::{instructions, nodes_to_bytes},
    ids::SYSTEM_PROGRAM,
};

instructions! { reward_vault;
    /// Names a carrier of a pool, or changes its terms. `payer` and `admin` sign.
    SetCarrier as it {
        payer: Pubkey,
        admin: Pubkey,
        pool: Pubkey,
        /// The key that signs fulfilments.
        carrier: Pubkey,
        /// Seconds it has to fulfil a redemption.
        period_secs: u64,
        /// Whether members may redeem with it.
        active: bool,
    }
    by {
        payer, admin, pool, carrier: carrier_address(&it.pool, &it.carrier).0, system_program: SYSTEM_PROGRAM,
    }
    with SetCarrierArgs { carrier, period_secs, active }

    /// Redeems a member's data credits with a carrier. `owner`, the member, and `payer`, who pays the rent of the
    /// redemption until it ends, sign.
    RedeemCredits as it {
        payer: Pubkey,
        owner: Pubkey,
        pool: Pubkey,
        /// The active epoch or the one before it.
        number: EpochNumber,
        carrier: Pubkey,
        index: LeafIndex,
        /// Over the member's life, and so the next two.
        tokens: Tokens,
        points: MilliPoints,
        granted: Credits,
        /// Siblings from the leaf up to the canopy.
        proof: Vec<Node>,
        /// To redeem.
        credits: Credits,
        /// The member's own number for the redemption, unlike that of any other that is open.
        nonce: u64,
        /// What is to be delivered, as a salted hash that only member and carrier can open.
        commitment: [u8; 32],
    }
    by {
        payer, owner, pool, epoch: epoch_address(&it.pool, it.number).0,
        page: member_page_address(&it.pool, member_page_of(it.index)).0, carrier: carrier_address(&it.pool, &it.carrier).0,
        redemption: it.redemption(), system_program: SYSTEM_PROGRAM,
    }
    with RedeemCreditsArgs {
        leaf: MemberLeaf {
            index: it.index.get(), tokens: it.tokens.get(), points: it.points.get(), credits: it.granted.get(),
        },
        credits: it.credits.get(), nonce, commitment, proof: nodes_to_bytes(&it.proof),
    }

    /// A carrier's word that it delivered what was redeemed. `carrier` signs; `credits` and `commitment` are the
    /// redemption's. The redemption's rent goes to `rent_payer`.
    FulfilCredits as it {
        carrier: Pubkey,
        pool: Pubkey,
        /// The member.
        owner: Pubkey,
        nonce: u64,
        rent_payer: Pubkey,
        credits: Credits,
        commitment: [u8; 32],
        /// SHA-256 of the carrier's receipt.
        receipt_hash: [u8; 32],
    }
    by {
        signer: it.carrier, pool, carrier: carrier_address(&it.pool, &it.carrier).0,
        redemption: redemption_address(&it.pool, &it.owner, it.nonce).0, rent_payer,
    }
    with FulfilCreditsArgs { credits: it.credits.get(), commitment, receipt_hash }

    /// Gives back credits that nobody delivered by the deadline. Anyone may send it; the redemption's rent goes to
    /// `rent_payer`.
    RefundCredits as it {
        pool: Pubkey,
        /// The member.
        owner: Pubkey,
        nonce: u64,
        /// The member's index, as in the redemption.
        index: LeafIndex,
        /// The carrier, as in the redemption.
        carrier: Pubkey,
        rent_payer: Pubkey,
    }
    by {
        pool, page: member_page_address(&it.pool, member_page_of(it.index)).0,
        carrier: carrier_address(&it.pool, &it.carrier).0,
        redemption: redemption_address(&it.pool, &it.owner, it.nonce).0, rent_payer,
    }
    with {}
}

impl RedeemCredits {
    /// The address the redemption will have.
    #[must_use]
    pub fn redemption(&self) -> Pubkey {
        redemption_address(&self.pool, &self.owner, self.nonce).0
    }
}
