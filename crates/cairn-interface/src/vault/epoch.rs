use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node};
use reward_vault::{ProposeEpochArgs, accounts, instruction};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{epoch_address, event_authority, vault_address};
use crate::{
    build::{self, instructions, nodes_to_bytes},
    ids::{REWARD_VAULT, SYSTEM_PROGRAM},
};

instructions! { reward_vault;
    /// Stores the next nodes of the canopy; `offset` is how many are stored, or 0 to start over. `proposer` signs.
    PutCanopy as it { proposer: Pubkey, pool: Pubkey, number: EpochNumber, offset: u8, nodes: Vec<Node> }
    by { proposer, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with PutCanopyArgs { offset, nodes: nodes_to_bytes(&it.nodes) }

    /// A keeper's word that it recomputed the proposal in every field. `keeper` signs.
    AttestEpoch as it {
        keeper: Pubkey,
        pool: Pubkey,
        number: EpochNumber,
        /// What [`ProposeEpoch::proposal`] says of what the keeper derived itself, and of the attempt that it saw.
        proposal: [u8; 32],
    }
    by { keeper, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with AttestEpochArgs { proposal }

    /// Stops an epoch before it is active. `guardian` (or the admin) signs.
    VetoEpoch as it {
        guardian: Pubkey,
        pool: Pubkey,
        number: EpochNumber,
        /// The guardian's own code, below [`FIRST_OWN_REASON`](super::FIRST_OWN_REASON); shown, never interpreted.
        reason: u16,
    }
    by { guardian, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with VetoEpochArgs { reason }

    /// Clears away a proposal that was not complete within its window. `sender`, anybody, signs.
    LapseEpoch as it { sender: Pubkey, pool: Pubkey, number: EpochNumber }
    by { sender, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with {}

    /// Takes the active epoch back; the next proposal is a correction. `admin` and `guardian` sign.
    RevokeEpoch as it {
        admin: Pubkey,
        guardian: Pubkey,
        pool: Pubkey,
        /// The pool's active epoch.
        number: EpochNumber,
    }
    by { admin, guardian, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with {}

    /// Brings an epoch of an older layout to the program's; changes nothing when it has it. `payer`, anybody, signs and pays
    /// the rent of what the account grows by.
    MigrateEpoch as it { payer: Pubkey, pool: Pubkey, number: EpochNumber }
    by { payer, pool, epoch: epoch_address(&it.pool, it.number).0, system_program: SYSTEM_PROGRAM }
    with {}

    /// Makes an attested epoch claimable after its window. Anyone may send it.
    ActivateEpoch as it {
        pool: Pubkey,
        number: EpochNumber,
        /// The pool's active epoch; `None` before the first.
        previous: Option<EpochNumber>,
    }
    by {
        pool, epoch: epoch_address(&it.pool, it.number).0,
        previous: it.previous.map(|number| epoch_address(&it.pool, number).0), vault: vault_address(&it.pool).0,
    }
    with {}

    /// Shrinks an epoch that is older than the last but one to its tombstone; the rest of the rent goes to `rent_payer`.
    /// Anyone may send it.
    CloseEpoch as it {
        pool: Pubkey,
        number: EpochNumber,
        /// Who paid the rent, as in the epoch.
        rent_payer: Pubkey,
    }
    by { pool, epoch: epoch_address(&it.pool, it.number).0, rent_payer }
    with {}
}

/// Proposes the pool's next epoch, or a vetoed one again. `proposer`, a keeper, signs, pays the account's rent and attests by
/// it. A correction is signed by `admin` and `guardian` too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposeEpoch {
    pub proposer: Pubkey,
    pub pool: Pubkey,
    pub number: EpochNumber,
    /// Hash of the tree and its tokens.
    pub root: Node,
    /// Of all leaves, and so the credits.
    pub points: MilliPoints,
    pub credits: Credits,
    pub leaf_count: u32,
    /// Unix seconds.
    pub period_start: i64,
    /// Unix seconds.
    pub period_end: i64,
    pub manifest_hash: [u8; 32],
    pub ruleset_hash: [u8; 32],
    pub code_hash: [u8; 32],
    pub accepted: u64,
    pub rejected: u64,
    /// The pool's admin, of a correction.
    pub admin: Option<Pubkey>,
    /// The pool's guardian, of a correction.
    pub guardian: Option<Pubkey>,
}

impl ProposeEpoch {
    /// What is proposed, as the program hashes it.
    #[must_use]
    pub const fn args(&self) -> ProposeEpochArgs {
        ProposeEpochArgs {
            number: self.number.get(),
            root: self.root.hash,
            tokens: self.root.sum().get(),
            points: self.points.get(),
            credits: self.credits.get(),
            leaf_count: self.leaf_count,
            period_start: self.period_start,
            period_end: self.period_end,
            manifest_hash: self.manifest_hash,
            ruleset_hash: self.ruleset_hash,
            code_hash: self.code_hash,
            accepted: self.accepted,
            rejected: self.rejected,
        }
    }

    /// What attestations of this proposal's `attempt` name.
    #[must_use]
    pub fn proposal(&self, attempt: u32) -> [u8; 32] {
        self.args().hash(&self.pool, attempt)
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::ProposeEpoch {
                proposer: self.proposer,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                admin: self.admin,
                guardian: self.guardian,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::ProposeEpoch { args: self.args() },
        )
    }
}

impl PutCanopy {
    /// Nodes that fit one transaction with its two budget instructions and two signers.
    pub const MAX_NODES: usize = 16;

    /// The instructions that store a whole canopy, in order.
    #[must_use]
    pub fn all(proposer: Pubkey, pool: Pubkey, number: EpochNumber, canopy: &[Node]) -> Vec<Self> {
        canopy
            .chunks(Self::MAX_NODES)
            .zip((0_u8..).step_by(Self::MAX_NODES))
            .map(|(nodes, offset)| Self {
                proposer,
                pool,
                number,
                offset,
                nodes: nodes.to_vec(),
            })
            .collect()
    }
}
