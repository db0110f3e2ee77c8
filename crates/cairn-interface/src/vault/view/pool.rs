use reward_vault::{constants::ACCOUNT_VERSION, state::Pool};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError,
    decode::{version, whole},
    ids::REWARD_VAULT,
    text,
};

const POOL: &str = "a pool";

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
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    /// Base units that cumulative tokens may grow by in one interval.
    pub emission_cap: u64,
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
    pub credits_redeemed: u64,
    /// Leaves in the active root.
    pub members: u32,
    /// Member pages opened.
    pub pages: u32,
    pub paused: bool,
    pub version: u8,
}

impl PoolView {
    /// Reads a pool.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let pool: Pool = whole(&address, account, POOL, &REWARD_VAULT)?;
        version(&address, POOL, pool.version, ACCOUNT_VERSION)?;
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
            epoch_interval_secs: pool.epoch_interval_secs,
            challenge_window_secs: pool.challenge_window_secs,
            emission_cap: pool.emission_cap,
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
            members: pool.members,
            pages: pool.pages,
            paused: pool.is_paused(),
            version: pool.version,
        })
    }

    /// Base units that an epoch proposed at `now` (chain time, unix seconds) may add.
    #[must_use]
    pub fn emission_allowance(&self, now: i64) -> u64 {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.epoch_interval_secs = self.epoch_interval_secs;
        pool.emission_cap = self.emission_cap;
        pool.emission_anchor = self.emission_anchor;
        pool.emission_allowance(now)
    }
}

/// Zeros stand for none.
fn told(key: Pubkey) -> Option<Pubkey> {
    (key != Pubkey::default()).then_some(key)
}
