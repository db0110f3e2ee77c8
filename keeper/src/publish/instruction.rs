//! Act: the one instruction of each action.

use cairn_interface::vault::{ActivateEpoch, AttestEpoch, PoolView, ProposeEpoch, PutCanopy};
use cairn_merkle::EpochNumber;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::Publication;
use crate::KeeperError;
use crate::domain::step::{Action, CANOPY_PART};

const _: () = assert!(CANOPY_PART <= PutCanopy::MAX_NODES);

/// Builds the instruction that does `action`.
pub(super) fn build(
    action: Action,
    publication: &Publication,
    pool: &PoolView,
    me: Pubkey,
) -> Result<Instruction, KeeperError> {
    let number = EpochNumber::new(publication.number);
    let content = &publication.content;
    Ok(match action {
        Action::Propose { .. } => {
            let Some(manifest) = &publication.manifest else {
                return Err(KeeperError::NotClosed {
                    number: publication.number,
                });
            };
            ProposeEpoch {
                proposer: me,
                pool: pool.address,
                number,
                root: content.root,
                points: manifest.totals.milli_points,
                credits: manifest.totals.credits,
                leaf_count: manifest.tree.leaf_count,
                // Full hours by the calendar: nothing is lost.
                period_start: manifest.epoch.period_start_ms.div_euclid(1_000),
                period_end: manifest.epoch.period_end_ms.div_euclid(1_000),
                manifest_hash: content.manifest_hash,
                ruleset_hash: manifest.ruleset.hash,
                code_hash: manifest.code.hash,
                accepted: manifest.accepted,
                rejected: manifest.rejected,
            }
            .instruction()
        }
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
        Action::Attest { .. } => AttestEpoch {
            keeper: me,
            pool: pool.address,
            number,
            manifest_hash: content.manifest_hash,
            root: content.root.hash,
        }
        .instruction(),
        Action::Activate { .. } => ActivateEpoch {
            pool: pool.address,
            number,
            previous: (pool.active_epoch > 0).then(|| EpochNumber::new(pool.active_epoch)),
        }
        .instruction(),
    })
}
