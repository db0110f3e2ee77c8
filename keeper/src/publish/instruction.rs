//! Act: the one instruction of each action.

use cairn_interface::vault::{ActivateEpoch, AttestEpoch, PoolView, ProposeEpoch, PutCanopy};
use cairn_merkle::EpochNumber;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::Publication;
use crate::domain::step::{Action, CANOPY_PART};

const _: () = assert!(CANOPY_PART <= PutCanopy::MAX_NODES);

/// Builds the instruction that does `action`.
pub(super) fn build(
    action: Action,
    publication: &Publication,
    pool: &PoolView,
    me: Pubkey,
) -> Instruction {
    let number = publication.number;
    let content = &publication.content;
    match action {
        Action::Propose { .. } => proposal(publication, pool, me).instruction(),
        Action::PutCanopy { offset, len, .. } => {
            let nodes = content
                .canopy
                .iter()
                .skip(offset.into())
                .take(len.into())
                .copied()
                .collect();
            PutCanopy {
                proposer: me,
                pool: pool.address,
                number,
                offset,
                nodes,
            }
            .instruction()
        }
        // Not what stands on chain: what this keeper would have proposed itself, at the attempt that it saw.
        Action::Attest { attempt } => AttestEpoch {
            keeper: me,
            pool: pool.address,
            number,
            proposal: proposal(publication, pool, me).proposal(attempt),
        }
        .instruction(),
        Action::Activate { .. } => ActivateEpoch {
            pool: pool.address,
            number,
            previous: Some(pool.active_epoch()).filter(|active| *active >= EpochNumber::FIRST),
        }
        .instruction(),
    }
}

/// What this keeper proposes, or would.
fn proposal(publication: &Publication, pool: &PoolView, me: Pubkey) -> ProposeEpoch {
    let content = &publication.content;
    let says = &content.says;
    ProposeEpoch {
        proposer: me,
        pool: pool.address,
        number: publication.number,
        root: content.root(),
        points: says.points,
        credits: says.credits,
        leaf_count: says.members,
        period_start: says.period_start,
        period_end: says.period_end,
        manifest_hash: content.manifest_hash,
        ruleset_hash: says.ruleset_hash,
        code_hash: says.code_hash,
        accepted: says.accepted,
        rejected: says.rejected,
        admin: None,
        guardian: None,
    }
}
