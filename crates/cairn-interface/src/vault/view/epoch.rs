use cairn_merkle::{Node, canopy_len};
use reward_vault::{constants::ACCOUNT_VERSION, state::Epoch};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use super::{PoolView, tombstone::is_closed};
use crate::{
    DecodeError,
    decode::{head, version},
    ids::REWARD_VAULT,
    nodes::nodes,
    text,
};

const EPOCH: &str = "an epoch";

/// Where an epoch stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EpochStatus {
    Proposed,
    /// Enough keepers attested and the canopy is complete.
    Attested,
    /// Claimable.
    Active,
    /// A later epoch is active; still claimable while it is the last but one.
    Superseded,
    /// Stopped; its number may be proposed again.
    Vetoed,
}

impl EpochStatus {
    /// The status in lower case, as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Attested => "attested",
            Self::Active => "active",
            Self::Superseded => "superseded",
            Self::Vetoed => "vetoed",
        }
    }
}

/// An epoch, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub number: u64,
    /// 0 for the first proposal of this number, one more after each veto.
    pub attempt: u16,
    pub status: EpochStatus,
    #[serde(with = "text")]
    pub proposer: Pubkey,
    /// Unix seconds.
    pub proposed_at: i64,
    pub challenge_window_secs: u64,
    /// Unix seconds from which it may be activated.
    pub activatable_at: i64,
    /// Unix seconds; 0 before.
    pub activated_at: i64,
    /// Hash of the tree and its tokens.
    #[serde(with = "text")]
    pub root: Node,
    /// Milli-points of all leaves.
    pub points: u64,
    /// Data credits of all leaves.
    pub credits: u64,
    pub leaf_count: u32,
    pub depth: u8,
    pub canopy_depth: u8,
    /// Nodes stored so far, left to right.
    #[serde(with = "text")]
    pub canopy: Vec<Node>,
    pub canopy_complete: bool,
    /// Unix seconds.
    pub period_start: i64,
    /// Unix seconds.
    pub period_end: i64,
    #[serde(with = "text")]
    pub manifest_hash: [u8; 32],
    #[serde(with = "text")]
    pub ruleset_hash: [u8; 32],
    #[serde(with = "text")]
    pub code_hash: [u8; 32],
    /// Proofs of work.
    pub accepted: u64,
    pub rejected: u64,
    /// Base units that tokens might grow by at proposal.
    pub emission_allowance: u64,
    /// The pool's interval at proposal.
    pub epoch_interval_secs: u64,
    /// Whole intervals that the allowance was counted from.
    pub intervals: u32,
    /// The pool's threshold at proposal.
    pub threshold: u8,
    /// Keepers that attested, the proposer first.
    #[serde(with = "text")]
    pub attested_by: Vec<Pubkey>,
    /// The guardian's code of the last veto; 0 when never vetoed.
    pub veto_reason: u16,
    /// Gets the rent back when the epoch is closed.
    #[serde(with = "text")]
    pub rent_payer: Pubkey,
    pub version: u8,
}

impl EpochView {
    /// Attestations that count: of keys that are the pool's keepers now, as the program counts.
    #[must_use]
    pub fn tally(&self, pool: &PoolView) -> usize {
        let attested = self.attested_by.iter();
        attested.filter(|key| pool.keepers.contains(key)).count()
    }

    /// Attestations it needs: a changed pool can make an epoch harder to pass, never easier.
    #[must_use]
    pub fn needed(&self, pool: &PoolView) -> u8 {
        self.threshold.max(pool.threshold)
    }

    /// Reads an epoch.
    ///
    /// # Errors
    /// A closed epoch (see [`super::EpochRecord`]), another program's or kind's account, another length, an unknown
    /// version or status.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        if is_closed(account) {
            return Err(DecodeError::Closed {
                address,
                what: EPOCH,
            });
        }
        let (epoch, rest) = head::<Epoch>(&address, account, EPOCH, &REWARD_VAULT)?;
        version(&address, EPOCH, epoch.version, ACCOUNT_VERSION)?;
        let canopy = nodes(&address, account, rest, EPOCH)?;
        let damaged = |field| DecodeError::BadField {
            address,
            what: "epoch",
            field,
        };
        let full = canopy_len(epoch.canopy_depth).map_err(|_| damaged("its canopy depth"))?;
        if canopy.len() > full {
            return Err(damaged("its canopy"));
        }
        Ok(Self {
            address,
            pool: epoch.pool,
            number: epoch.number,
            attempt: epoch.attempt,
            status: match epoch.status {
                1 => EpochStatus::Proposed,
                2 => EpochStatus::Attested,
                3 => EpochStatus::Active,
                4 => EpochStatus::Superseded,
                5 => EpochStatus::Vetoed,
                _ => return Err(damaged("its status")),
            },
            proposer: epoch.proposer,
            proposed_at: epoch.proposed_at,
            challenge_window_secs: epoch.challenge_window_secs,
            activatable_at: epoch.activatable_at(),
            activated_at: epoch.activated_at,
            root: epoch.root_node(),
            points: epoch.points,
            credits: epoch.credits,
            leaf_count: epoch.leaf_count,
            depth: epoch.depth,
            canopy_depth: epoch.canopy_depth,
            canopy_complete: canopy.len() == full,
            canopy,
            period_start: epoch.period_start,
            period_end: epoch.period_end,
            manifest_hash: epoch.manifest_hash,
            ruleset_hash: epoch.ruleset_hash,
            code_hash: epoch.code_hash,
            accepted: epoch.accepted,
            rejected: epoch.rejected,
            emission_allowance: epoch.emission_allowance,
            epoch_interval_secs: epoch.epoch_interval_secs,
            intervals: epoch.intervals,
            threshold: epoch.threshold,
            attested_by: epoch.attesters().to_vec(),
            veto_reason: epoch.veto_reason,
            rent_payer: *epoch.rent_payer(),
            version: epoch.version,
        })
    }
}
