use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node};
use solana_sdk::pubkey::Pubkey;

use super::{epoch_address, vault_address};
use crate::{
    build::{instructions, nodes_to_bytes},
    ids::SYSTEM_PROGRAM,
};

instructions! { reward_vault;
    /// Proposes the pool's next epoch, or a vetoed one again. `proposer`, a keeper, signs, pays the account's rent and
    /// attests by it.
    ProposeEpoch as it {
        proposer: Pubkey,
        pool: Pubkey,
        number: EpochNumber,
        /// Hash of the tree and its tokens.
        root: Node,
        /// Of all leaves, and so the credits.
        points: MilliPoints,
        credits: Credits,
        leaf_count: u32,
        /// Unix seconds.
        period_start: i64,
        /// Unix seconds.
        period_end: i64,
        manifest_hash: [u8; 32],
        ruleset_hash: [u8; 32],
        code_hash: [u8; 32],
        accepted: u64,
        rejected: u64,
    }
    by { proposer, pool, epoch: epoch_address(&it.pool, it.number).0, system_program: SYSTEM_PROGRAM }
    with ProposeEpochArgs {
        number: it.number.get(), root: it.root.hash, tokens: it.root.sum().get(), points: it.points.get(),
        credits: it.credits.get(), leaf_count, period_start, period_end, manifest_hash, ruleset_hash, code_hash, accepted, rejected,
    }

    /// Stores the next nodes of the canopy; `offset` is how many are stored, or 0 to start over. `proposer` signs.
    PutCanopy as it { proposer: Pubkey, pool: Pubkey, number: EpochNumber, offset: u8, nodes: Vec<Node> }
    by { proposer, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with PutCanopyArgs { offset, nodes: nodes_to_bytes(&it.nodes) }

    /// A keeper's word that it recomputed this manifest and this root. `keeper` signs.
    AttestEpoch as it {
        keeper: Pubkey,
        pool: Pubkey,
        number: EpochNumber,
        manifest_hash: [u8; 32],
        /// Hash of the root; its sum is part of the manifest.
        root: [u8; 32],
    }
    by { keeper, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with AttestEpochArgs { manifest_hash, root }

    /// Stops an epoch before it is active. `guardian` (or the admin) signs.
    VetoEpoch as it {
        guardian: Pubkey,
        pool: Pubkey,
        number: EpochNumber,
        /// The guardian's own code; shown, never interpreted.
        reason: u16,
    }
    by { guardian, pool, epoch: epoch_address(&it.pool, it.number).0 }
    with VetoEpochArgs { reason }

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
