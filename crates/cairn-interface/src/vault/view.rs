use anchor_lang::Discriminator;
use cairn_merkle::{NODE_LEN, Node, canopy_len, page_of, slot_of};
use reward_vault::{
    constants::ACCOUNT_VERSION,
    state::{Epoch, MemberPage, Pool},
};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{
    DecodeError,
    decode::{body, fixed},
    ids::REWARD_VAULT,
    text,
};

const POOL: &str = "a pool";
const EPOCH: &str = "an epoch";
const PAGE: &str = "a member page";

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
        let bytes = body(&address, account, POOL, &REWARD_VAULT, Pool::DISCRIMINATOR)?;
        let (pool, rest) = fixed::<Pool>(&address, POOL, Pool::DISCRIMINATOR.len(), bytes)?;
        exact(&address, POOL, account, rest)?;
        version(&address, POOL, pool.version)?;
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
    pub version: u8,
}

impl EpochView {
    /// Reads an epoch.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version or status.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let bytes = body(&address, account, EPOCH, &REWARD_VAULT, Epoch::DISCRIMINATOR)?;
        let offset = Epoch::DISCRIMINATOR.len();
        let (epoch, rest) = fixed::<Epoch>(&address, EPOCH, offset, bytes)?;
        version(&address, EPOCH, epoch.version)?;
        let canopy = nodes(&address, account, rest)?;
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
            version: epoch.version,
        })
    }
}

/// What one member took out, over their whole life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Base units paid.
    pub tokens_claimed: u64,
    /// Milli-points burnt.
    pub points_burnt: u64,
    /// Data credits redeemed.
    pub credits_redeemed: u64,
}

/// The counters of 420 members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub pool: Pubkey,
    pub page: u32,
    /// One for each index from `page × 420` on.
    pub slots: Vec<Slot>,
    pub version: u8,
}

impl PageView {
    /// Reads a member page.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let discriminator = MemberPage::DISCRIMINATOR;
        let bytes = body(&address, account, PAGE, &REWARD_VAULT, discriminator)?;
        let (page, rest) = fixed::<MemberPage>(&address, PAGE, discriminator.len(), bytes)?;
        exact(&address, PAGE, account, rest)?;
        version(&address, PAGE, page.version)?;
        Ok(Self {
            address,
            pool: page.pool,
            page: page.page,
            slots: page
                .slots
                .iter()
                .map(|slot| Slot {
                    tokens_claimed: slot.tokens_claimed,
                    points_burnt: slot.points_burnt,
                    credits_redeemed: slot.credits_redeemed,
                })
                .collect(),
            version: page.version,
        })
    }

    /// The counters of the member at `index`; `None` when another page holds them.
    #[must_use]
    pub fn slot(&self, index: u32) -> Option<Slot> {
        let at = usize::try_from(slot_of(index)).ok()?;
        (page_of(index) == self.page)
            .then(|| self.slots.get(at).copied())
            .flatten()
    }
}

/// The nodes behind an epoch's fixed part: how many (u32 LE), then 40 bytes each.
fn nodes(address: &Pubkey, account: &Account, rest: &[u8]) -> Result<Vec<Node>, DecodeError> {
    let head = account.data.len().saturating_sub(rest.len());
    let wrong_length = |expected: usize| DecodeError::WrongLength {
        address: *address,
        what: EPOCH,
        expected,
        found: account.data.len(),
    };
    let (count, items) = rest
        .split_first_chunk::<4>()
        .ok_or_else(|| wrong_length(head.saturating_add(4)))?;
    let wanted = usize::try_from(u32::from_le_bytes(*count))
        .unwrap_or(usize::MAX)
        .saturating_mul(NODE_LEN);
    let used = items
        .get(..wanted)
        .ok_or_else(|| wrong_length(head.saturating_add(4).saturating_add(wanted)))?;
    Ok(Node::slice_from_bytes(used).unwrap_or_default().to_vec())
}

/// Nothing may stand behind a fixed account: it would be another, newer layout.
fn exact(
    address: &Pubkey,
    what: &'static str,
    account: &Account,
    rest: &[u8],
) -> Result<(), DecodeError> {
    if rest.is_empty() {
        return Ok(());
    }
    Err(DecodeError::WrongLength {
        address: *address,
        what,
        expected: account.data.len().saturating_sub(rest.len()),
        found: account.data.len(),
    })
}

fn version(address: &Pubkey, what: &'static str, version: u8) -> Result<(), DecodeError> {
    if version == ACCOUNT_VERSION {
        return Ok(());
    }
    Err(DecodeError::UnknownVersion {
        address: *address,
        what,
        version,
    })
}

/// Zeros stand for none.
fn told(key: Pubkey) -> Option<Pubkey> {
    (key != Pubkey::default()).then_some(key)
}
