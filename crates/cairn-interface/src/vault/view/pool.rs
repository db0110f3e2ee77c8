use reward_vault::{
    constants::POOL_VERSION,
    state::{Outflow, Pool},
};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use super::{PendingParams, PoolParams};
use crate::{DecodeError, decode::whole, ids::REWARD_VAULT, text};

const POOL: &str = "a pool";

/// What left the vault in the breaker's window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutflowView {
    /// The newest part's number: unix seconds / seconds of an eighth of the window.
    pub newest: i64,
    /// Base units that left in the parts, the newest first.
    pub parts: [u64; 9],
}

/// What may leave the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Base units that may leave now.
    pub available: u64,
    /// Unix seconds from which more may, when nothing leaves meanwhile; now when nothing holds it back.
    pub more_at: i64,
}

/// A pool, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub network: Pubkey,
    #[serde(with = "text")]
    pub mint: Pubkey,
    #[serde(with = "text")]
    pub vault: Pubkey,
    #[serde(with = "text")]
    pub token_program: Pubkey,
    #[serde(with = "text")]
    pub admin: Pubkey,
    /// The admin to be, until it accepts.
    #[serde(with = "text")]
    pub pending_admin: Option<Pubkey>,
    #[serde(with = "text")]
    pub guardian: Pubkey,
    #[serde(with = "text")]
    pub keepers: Vec<Pubkey>,
    pub threshold: u8,
    pub id: u64,
    /// The parameters in effect; of a pool of layout version 1, those that it will have once migrated.
    pub params: PoolParams,
    /// The emission cap at creation; with its interval the highest rate that parameters may set.
    pub creation_cap: u64,
    pub creation_interval_secs: u64,
    /// Parameters that were announced and not applied yet.
    pub pending_params: Option<PendingParams>,
    pub outflow: OutflowView,
    pub canopy_depth: u8,
    /// The mint's.
    pub decimals: u8,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds from which emission counts.
    pub emission_anchor: i64,
    /// The number the next proposal must carry.
    pub next_epoch: u64,
    /// The claimable epoch; 0 before the first.
    pub active_epoch: u64,
    /// The epoch that is proposed and neither active nor vetoed; 0 when none is.
    pub pending_epoch: u64,
    /// Base units in the active root.
    pub total_cumulative: u64,
    /// Base units paid to members.
    pub total_claimed: u64,
    /// Base units that ever reached the vault.
    pub total_funded: u64,
    /// Milli-points in the active root.
    pub points_issued: u64,
    pub points_burnt: u64,
    /// Data credits in the active root.
    pub credits_issued: u64,
    /// Data credits redeemed: fulfilled, or waiting for their carrier.
    pub credits_redeemed: u64,
    /// Data credits that carriers fulfilled.
    pub credits_fulfilled: u64,
    /// The number the next burn round will carry.
    pub next_round: u64,
    /// Leaves in the active root.
    pub members: u32,
    /// Member pages opened.
    pub pages: u32,
    pub paused: bool,
    /// 1 needs `MigratePool` before claims.
    pub version: u8,
}

impl PoolView {
    /// Reads a pool.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let mut pool: Pool = whole(&address, account, POOL, &REWARD_VAULT)?;
        let version = pool.version;
        pool.migrate().map_err(|_| DecodeError::UnknownVersion {
            address,
            what: POOL,
            version,
        })?;
        let pending_params = pool.pending_params.params().map(|params| PendingParams {
            params: params.into(),
            effective_at: pool.pending_params.effective_at,
        });
        Ok(Self {
            address,
            network: pool.network,
            mint: pool.mint,
            vault: pool.vault,
            token_program: pool.token_program,
            admin: pool.admin,
            pending_admin: told(pool.pending_admin),
            guardian: pool.guardian,
            keepers: pool.keepers().to_vec(),
            threshold: pool.threshold,
            id: pool.id,
            params: pool.params().into(),
            creation_cap: pool.creation_cap,
            creation_interval_secs: pool.creation_interval_secs,
            pending_params,
            outflow: OutflowView {
                newest: pool.outflow.newest,
                parts: pool.outflow.parts,
            },
            canopy_depth: pool.canopy_depth,
            decimals: pool.decimals,
            created_at: pool.created_at,
            emission_anchor: pool.emission_anchor,
            next_epoch: pool.next_epoch,
            active_epoch: pool.active_epoch,
            pending_epoch: pool.pending_epoch,
            total_cumulative: pool.total_cumulative,
            total_claimed: pool.total_claimed,
            total_funded: pool.total_funded,
            points_issued: pool.points_issued,
            points_burnt: pool.points_burnt,
            credits_issued: pool.credits_issued,
            credits_redeemed: pool.credits_redeemed,
            credits_fulfilled: pool.credits_fulfilled,
            next_round: pool.next_round,
            members: pool.members,
            pages: pool.pages,
            paused: pool.is_paused(),
            version,
        })
    }

    /// Whether the pool has the current layout; an older one needs `MigratePool` before anything is paid.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.version == POOL_VERSION
    }

    /// Base units that an epoch proposed at `now` (chain time, unix seconds) may add.
    #[must_use]
    pub fn emission_allowance(&self, now: i64) -> u64 {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.set_params(&self.params.on_chain());
        pool.emission_anchor = self.emission_anchor;
        pool.emission_allowance(now)
    }

    /// What may leave a vault that holds `balance` base units at `now` (chain time, unix seconds).
    #[must_use]
    pub fn room(&self, now: i64, balance: u64) -> Room {
        let outflow = Outflow {
            newest: self.outflow.newest,
            parts: self.outflow.parts,
        };
        let window = self.params.breaker_window_secs;
        let room =
            outflow
                .at(now, window)
                .room(now, window, balance, self.params.breaker_share_bps);
        Room {
            available: room.available,
            more_at: room.more_at,
        }
    }
}

/// Zeros stand for none.
pub(super) fn told(key: Pubkey) -> Option<Pubkey> {
    (key != Pubkey::default()).then_some(key)
}
