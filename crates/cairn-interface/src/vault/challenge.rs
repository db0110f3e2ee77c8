use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Node, RewardLeaf, Tokens};
use reward_vault::MemberLeaf;
use solana_sdk::pubkey::Pubkey;

use super::{ChallengeView, challenge_address, epoch_address};
use crate::{
    build::{instructions, nodes_to_bytes},
    ids::SYSTEM_PROGRAM,
};

instructions! { reward_vault;
    /// Asks that a member's leaf of the active epoch be shown in the proposed one, at its `attempt`. `challenger`, anybody,
    /// signs and pays rent and deposit.
    OpenChallenge as it {
        challenger: Pubkey,
        pool: Pubkey,
        /// The pool's active epoch.
        active: EpochNumber,
        /// The proposed epoch.
        number: EpochNumber,
        /// The proposal's attempt.
        attempt: u32,
        index: LeafIndex,
        /// The member.
        owner: Pubkey,
        /// Base units of the leaf in the active epoch.
        tokens: Tokens,
        /// Milli-points of it.
        points: MilliPoints,
        /// Data credits of it.
        credits: Credits,
        /// Siblings from the leaf up to the active epoch's canopy.
        proof: Vec<Node>,
    }
    by {
        challenger, pool, active: epoch_address(&it.pool, it.active).0, epoch: epoch_address(&it.pool, it.number).0,
        challenge: it.challenge(), system_program: SYSTEM_PROGRAM,
    }
    with OpenChallengeArgs {
        leaf: MemberLeaf {
            index: it.index.get(), tokens: it.tokens.get(), points: it.points.get(), credits: it.credits.get(),
        },
        owner, challenge_bump: it.challenge_and_bump().1, proof: nodes_to_bytes(&it.proof),
    }

    /// Shows the leaf at a challenged index in the proposed epoch. `answerer`, anybody, signs and gets rent and deposit when
    /// nothing was taken from the member; otherwise they go back to `challenger` and the epoch is vetoed.
    AnswerChallenge as it {
        answerer: Pubkey,
        /// Where the challenge stands. Not derived: whoever opens one chooses among the addresses of its seeds, and one that
        /// nobody could answer would bring an honest epoch down.
        challenge: Pubkey,
        /// Who opened it, as in the challenge.
        challenger: Pubkey,
        pool: Pubkey,
        /// The proposed epoch.
        number: EpochNumber,
        /// The leaf's owner in the proposed epoch; `None` for the challenged member.
        owner: Option<Pubkey>,
        /// Base units of the leaf in the proposed epoch.
        tokens: Tokens,
        /// Milli-points of it.
        points: MilliPoints,
        /// Data credits of it.
        credits: Credits,
        /// Siblings from the leaf up to the proposed epoch's canopy.
        proof: Vec<Node>,
    }
    by {
        answerer, pool, epoch: epoch_address(&it.pool, it.number).0, challenge: it.challenge, challenger,
    }
    with AnswerChallengeArgs {
        owner, tokens: it.tokens.get(), points: it.points.get(), credits: it.credits.get(), proof: nodes_to_bytes(&it.proof),
    }

    /// Ends a challenge that nobody answered in time, which vetoes the epoch, or one whose attempt is over. Rent and deposit
    /// go back to `challenger`. Anyone may send it.
    ExpireChallenge as it {
        /// Where the challenge stands.
        challenge: Pubkey,
        /// Who opened it, as in the challenge.
        challenger: Pubkey,
        pool: Pubkey,
        /// The challenged epoch.
        number: EpochNumber,
    }
    by {
        pool, epoch: epoch_address(&it.pool, it.number).0, challenge: it.challenge, challenger,
    }
    with {}
}

impl OpenChallenge {
    /// The address the challenge will have.
    #[must_use]
    pub fn challenge(&self) -> Pubkey {
        self.challenge_and_bump().0
    }

    fn challenge_and_bump(&self) -> (Pubkey, u8) {
        let epoch = epoch_address(&self.pool, self.number).0;
        challenge_address(&epoch, self.attempt, self.index)
    }
}

impl AnswerChallenge {
    /// Shows `leaf`, which the proposed epoch `number` holds at the challenged index; `proof` leads up to its canopy.
    #[must_use]
    pub fn of(
        challenge: &ChallengeView,
        (pool, number): (Pubkey, EpochNumber),
        answerer: Pubkey,
        leaf: &RewardLeaf,
        proof: Vec<Node>,
    ) -> Self {
        let owner = Pubkey::new_from_array(leaf.owner);
        Self {
            answerer,
            challenge: challenge.address,
            challenger: challenge.challenger,
            pool,
            number,
            owner: (owner != challenge.owner).then_some(owner),
            tokens: leaf.tokens,
            points: leaf.points,
            credits: leaf.credits,
            proof,
        }
    }
}

impl ExpireChallenge {
    /// Ends `challenge` of epoch `number`.
    #[must_use]
    pub fn of(challenge: &ChallengeView, (pool, number): (Pubkey, EpochNumber)) -> Self {
        Self {
            challenge: challenge.address,
            challenger: challenge.challenger,
            pool,
            number,
        }
    }
}
