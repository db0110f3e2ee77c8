use cairn_merkle::Node;
use reward_vault::{
    AttestEpochArgs, ProposeEpochArgs, PutCanopyArgs, VetoEpochArgs, accounts, instruction,
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{epoch_address, event_authority, vault_address};
use crate::{
    build,
    ids::{REWARD_VAULT, SYSTEM_PROGRAM},
    nodes::nodes_to_bytes,
};

/// Proposes the pool's next epoch, or a vetoed one again. `proposer`, a keeper, signs, pays the account's rent and
/// attests by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposeEpoch {
    pub proposer: Pubkey,
    pub pool: Pubkey,
    pub number: u64,
    /// Hash of the tree and its tokens.
    pub root: Node,
    /// Milli-points of all leaves.
    pub points: u64,
    /// Data credits of all leaves.
    pub credits: u64,
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
}

impl ProposeEpoch {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::ProposeEpoch {
                proposer: self.proposer,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::ProposeEpoch {
                args: ProposeEpochArgs {
                    number: self.number,
                    root: self.root.hash,
                    tokens: self.root.sum(),
                    points: self.points,
                    credits: self.credits,
                    leaf_count: self.leaf_count,
                    period_start: self.period_start,
                    period_end: self.period_end,
                    manifest_hash: self.manifest_hash,
                    ruleset_hash: self.ruleset_hash,
                    code_hash: self.code_hash,
                    accepted: self.accepted,
                    rejected: self.rejected,
                },
            },
        )
    }
}

/// Stores the next nodes of the canopy; `offset` is how many are stored, or 0 to start over. `proposer` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutCanopy {
    pub proposer: Pubkey,
    pub pool: Pubkey,
    pub number: u64,
    pub offset: u8,
    pub nodes: Vec<Node>,
}

impl PutCanopy {
    /// Nodes that fit one transaction with its two budget instructions and two signers.
    pub const MAX_NODES: usize = 16;

    /// The instructions that store a whole canopy, in order.
    #[must_use]
    pub fn all(proposer: Pubkey, pool: Pubkey, number: u64, canopy: &[Node]) -> Vec<Self> {
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

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        let nodes = nodes_to_bytes(&self.nodes);
        build::instruction(
            REWARD_VAULT,
            &accounts::PutCanopy {
                proposer: self.proposer,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::PutCanopy {
                args: PutCanopyArgs {
                    offset: self.offset,
                    nodes,
                },
            },
        )
    }
}

/// A keeper's word that it recomputed this manifest and this root. `keeper` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestEpoch {
    pub keeper: Pubkey,
    pub pool: Pubkey,
    pub number: u64,
    pub manifest_hash: [u8; 32],
    /// Hash of the root; its sum is part of the manifest.
    pub root: [u8; 32],
}

impl AttestEpoch {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::AttestEpoch {
                keeper: self.keeper,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::AttestEpoch {
                args: AttestEpochArgs {
                    manifest_hash: self.manifest_hash,
                    root: self.root,
                },
            },
        )
    }
}

/// Stops an epoch before it is active. `guardian` (or the admin) signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VetoEpoch {
    pub guardian: Pubkey,
    pub pool: Pubkey,
    pub number: u64,
    /// The guardian's own code; shown, never interpreted.
    pub reason: u16,
}

impl VetoEpoch {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::VetoEpoch {
                guardian: self.guardian,
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::VetoEpoch {
                args: VetoEpochArgs {
                    reason: self.reason,
                },
            },
        )
    }
}

/// Makes an attested epoch claimable after its window. Anyone may send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivateEpoch {
    pub pool: Pubkey,
    pub number: u64,
    /// The pool's active epoch; `None` before the first.
    pub previous: Option<u64>,
}

impl ActivateEpoch {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::ActivateEpoch {
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                previous: self
                    .previous
                    .map(|number| epoch_address(&self.pool, number).0),
                vault: vault_address(&self.pool).0,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::ActivateEpoch {},
        )
    }
}

/// Shrinks an epoch that is older than the last but one to its tombstone; the rest of the rent goes to `rent_payer`.
/// Anyone may send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseEpoch {
    pub pool: Pubkey,
    pub number: u64,
    /// Who paid the rent, as in the epoch.
    pub rent_payer: Pubkey,
}

impl CloseEpoch {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            REWARD_VAULT,
            &accounts::CloseEpoch {
                pool: self.pool,
                epoch: epoch_address(&self.pool, self.number).0,
                rent_payer: self.rent_payer,
                event_authority: event_authority(),
                program: REWARD_VAULT,
            },
            &instruction::CloseEpoch {},
        )
    }
}
