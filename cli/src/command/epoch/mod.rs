//! `cairn epoch`.

use cairn_interface::vault::{EpochRecord, EpochStatus, EpochTombstoneView, EpochView, PoolView};
use clap::Subcommand;
use serde::Serialize;

use super::boxed;
use crate::address::{Address, Hash};
use crate::amount::Amount;
use crate::context::Context;
use crate::error::CliError;
use crate::printer::Outcome;

pub mod activate;
pub mod close;
pub mod list;
pub mod open_page;
pub mod show;
pub mod veto;

#[derive(Debug, Subcommand)]
pub enum EpochCommand {
    List(list::Args),
    Show(show::Args),
    Veto(veto::Args),
    Activate(activate::Args),
    OpenPage(open_page::Args),
    Close(close::Args),
}

impl EpochCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::List(args) => boxed(list::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Veto(args) => boxed(veto::run(ctx, args).await),
            Self::Activate(args) => boxed(activate::run(ctx, args).await),
            Self::OpenPage(args) => boxed(open_page::run(ctx, args).await),
            Self::Close(args) => boxed(close::run(ctx, args).await),
        }
    }
}

/// An epoch as it stands on chain.
#[derive(Clone, Debug, Serialize)]
pub struct EpochShown {
    pub number: u64,
    pub address: Address,
    /// proposed, attested, active, superseded or vetoed.
    pub status: &'static str,
    /// Whether a proof of this epoch is paid now.
    pub claimable: bool,
    /// 0 for the first proposal of this number.
    pub attempt: u16,
    pub proposer: Address,
    /// Unix seconds.
    pub proposed_at: i64,
    /// Unix seconds.
    pub activatable_at: i64,
    /// Unix seconds; null before.
    pub activated_at: Option<i64>,
    /// Unix seconds.
    pub period_start: i64,
    /// Unix seconds.
    pub period_end: i64,
    pub root: Hash,
    /// Cumulative: the root's sum.
    pub tokens: Amount,
    /// Cumulative.
    pub points: Amount,
    /// Cumulative.
    pub credits: u64,
    pub members: u32,
    pub accepted: u64,
    pub rejected: u64,
    pub attested_by: Vec<Address>,
    /// Attestations of keys that are keepers now.
    pub attestations: usize,
    /// Attestations needed now: a changed pool can make an epoch harder to pass, never easier.
    pub threshold: u8,
    pub canopy_complete: bool,
    pub manifest_hash: Hash,
    pub ruleset_hash: Hash,
    pub code_hash: Hash,
    pub veto_reason: Option<u16>,
}

/// What stays on chain of an epoch that was closed.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedShown {
    pub number: u64,
    pub address: Address,
    /// closed.
    pub status: &'static str,
    pub root: Hash,
    /// Cumulative: the root's sum.
    pub tokens: Amount,
    /// Cumulative.
    pub points: Amount,
    /// Cumulative.
    pub credits: u64,
    pub members: u32,
    pub manifest_hash: Hash,
}

impl ClosedShown {
    fn new(epoch: &EpochTombstoneView, pool: &PoolView) -> Self {
        Self {
            number: epoch.number,
            address: epoch.address.into(),
            status: "closed",
            root: epoch.root.hash.into(),
            tokens: Amount::new(epoch.root.sum(), pool.decimals),
            points: Amount::milli_points(epoch.points),
            credits: epoch.credits,
            members: epoch.leaf_count,
            manifest_hash: epoch.manifest_hash.into(),
        }
    }
}

/// An epoch as the chain still has it.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum RecordShown {
    Stored(Box<EpochShown>),
    Closed(ClosedShown),
}

impl RecordShown {
    fn new(record: &EpochRecord, pool: &PoolView) -> Self {
        match record {
            EpochRecord::Stored(epoch) => Self::Stored(Box::new(shown(epoch, pool))),
            EpochRecord::Closed(epoch) => Self::Closed(ClosedShown::new(epoch, pool)),
        }
    }
}

/// The epoch as this pool sees it now.
fn shown(epoch: &EpochView, pool: &PoolView) -> EpochShown {
    EpochShown {
        number: epoch.number,
        address: epoch.address.into(),
        status: epoch.status.name(),
        claimable: is_claimable(epoch.number, pool),
        attempt: epoch.attempt,
        proposer: epoch.proposer.into(),
        proposed_at: epoch.proposed_at,
        activatable_at: epoch.activatable_at,
        activated_at: (epoch.activated_at != 0).then_some(epoch.activated_at),
        period_start: epoch.period_start,
        period_end: epoch.period_end,
        root: epoch.root.hash.into(),
        tokens: Amount::new(epoch.root.sum(), pool.decimals),
        points: Amount::milli_points(epoch.points),
        credits: epoch.credits,
        members: epoch.leaf_count,
        accepted: epoch.accepted,
        rejected: epoch.rejected,
        attested_by: epoch.attested_by.iter().copied().map(Address).collect(),
        attestations: epoch.tally(pool),
        threshold: epoch.needed(pool),
        canopy_complete: epoch.canopy_complete,
        manifest_hash: epoch.manifest_hash.into(),
        ruleset_hash: epoch.ruleset_hash.into(),
        code_hash: epoch.code_hash.into(),
        veto_reason: (epoch.status == EpochStatus::Vetoed).then_some(epoch.veto_reason),
    }
}

/// Whether claims against the pool's epoch `number` are paid: the active one's, and the one's before it, so that a
/// claim in flight never races a new root.
#[must_use]
pub const fn is_claimable(number: u64, pool: &PoolView) -> bool {
    number > 0
        && pool.active_epoch > 0
        && (number == pool.active_epoch || number == pool.active_epoch.saturating_sub(1))
}
