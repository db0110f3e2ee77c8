//! `cairn epoch`.

use cairn_interface::vault::{EpochRecord, EpochStatus, EpochTombstoneView, EpochView, PoolView};
use cairn_merkle::{Credits, EpochNumber};
use clap::Subcommand;
use serde::Serialize;

use super::boxed;
use crate::address::{Address, Hash};
use crate::amount::{Amount, of_points, of_tokens};
use crate::context::{Context, Manner};
use crate::error::CliError;
use crate::printer::Outcome;
use crate::shown::shown;
use crate::wallet::Wallet;

pub mod activate;
pub mod answer;
pub mod challenge;
pub mod close;
pub mod correct;
pub mod expire;
pub mod lapse;
mod leaf;
pub mod list;
pub mod open_member_page;
pub mod revoke;
pub mod show;
pub mod veto;

/// The pool's guardian, who signs beside its admin: by a key file, or by address where nothing is signed here.
///
/// # Errors
/// Somebody else; no key where one is needed. Better said before a transaction is built than by the chain.
fn guardian(ctx: &Context, pool: &PoolView, named: &str) -> Result<Wallet, CliError> {
    let guardian = Wallet::beside(named)?;
    if guardian.address() != pool.guardian {
        return Err(CliError::refused(
            "not-the-guardian",
            format!("{} is not the pool's guardian", guardian.address()),
            format!("give the key file of {}", pool.guardian),
        ));
    }
    if ctx.manner == Manner::Send {
        guardian.key()?;
    }
    Ok(guardian)
}

#[derive(Debug, Subcommand)]
pub enum EpochCommand {
    List(list::Args),
    Show(show::Args),
    Challenge(challenge::Args),
    Answer(answer::Args),
    Expire(expire::Args),
    Veto(veto::Args),
    Lapse(lapse::Args),
    Revoke(revoke::Args),
    Correct(correct::Args),
    Activate(activate::Args),
    OpenMemberPage(open_member_page::Args),
    Close(close::Args),
}

impl EpochCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::List(args) => boxed(list::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Challenge(args) => boxed(challenge::run(ctx, args).await),
            Self::Answer(args) => boxed(answer::run(ctx, args).await),
            Self::Expire(args) => boxed(expire::run(ctx, args).await),
            Self::Lapse(args) => boxed(lapse::run(ctx, args).await),
            Self::Revoke(args) => boxed(revoke::run(ctx, args).await),
            Self::Correct(args) => boxed(correct::run(ctx, args).await),
            Self::Veto(args) => boxed(veto::run(ctx, args).await),
            Self::Activate(args) => boxed(activate::run(ctx, args).await),
            Self::OpenMemberPage(args) => boxed(open_member_page::run(ctx, args).await),
            Self::Close(args) => boxed(close::run(ctx, args).await),
        }
    }
}

shown! {
    /// An epoch as its pool sees it now.
    EpochShown(epoch: &EpochView, pool: &PoolView) {
        number: EpochNumber = epoch.number(),
        address: Address = epoch.address.into(),
        /// proposed, attested, active, superseded, vetoed or revoked.
        status: &'static str = epoch.status().name(),
        /// Whether a proof of this epoch is paid now.
        claimable: bool = epoch.status() != EpochStatus::Revoked && is_claimable(epoch.number(), pool),
        /// 0 for the first proposal of this number.
        attempt: u32 = epoch.attempt,
        /// Whether it is the correction of a revoked epoch.
        correction: bool = epoch.correction != 0,
        proposer: Address = epoch.proposer.into(),
        /// Unix seconds.
        proposed_at: i64 = epoch.proposed_at,
        /// Unix seconds at which it was complete; null while it is not.
        complete_at: Option<i64> = epoch.complete_at(),
        /// Unix seconds; while it is not complete, the earliest there can be.
        activatable_at: i64 = earliest(epoch, pool),
        /// Challenges that nobody answered yet.
        open_challenges: u32 = epoch.open_challenges,
        /// What attestations name.
        proposal: Hash = epoch.proposal.into(),
        /// Unix seconds; null before.
        activated_at: Option<i64> = (epoch.activated_at != 0).then_some(epoch.activated_at),
        /// Unix seconds.
        period_start: i64 = epoch.period_start,
        /// Unix seconds.
        period_end: i64 = epoch.period_end,
        root: Hash = epoch.root.into(),
        /// Cumulative: the root's sum.
        tokens: Amount = of_tokens(epoch.tokens(), pool.decimals),
        /// Cumulative.
        points: Amount = of_points(epoch.points()),
        /// Cumulative.
        credits: Credits = epoch.credits(),
        members: u32 = epoch.leaf_count,
        accepted: u64 = epoch.accepted,
        rejected: u64 = epoch.rejected,
        attested_by: Vec<Address> = epoch.attesters().iter().copied().map(Address).collect(),
        /// Attestations of keys that are keepers now.
        attestations: usize = epoch.tally(pool),
        /// Attestations needed now: a changed pool can make an epoch harder to pass, never easier.
        threshold: u8 = epoch.needed(pool),
        canopy_complete: bool = epoch.facts.canopy.complete,
        manifest_hash: Hash = epoch.manifest_hash.into(),
        ruleset_hash: Hash = epoch.ruleset_hash.into(),
        code_hash: Hash = epoch.code_hash.into(),
        veto_reason: Option<u16> =
            (epoch.status() == EpochStatus::Vetoed).then_some(epoch.veto_reason),
    }
}

shown! {
    /// What stays on chain of an epoch that was closed.
    ClosedShown(epoch: &EpochTombstoneView, pool: &PoolView) {
        number: EpochNumber = epoch.number(),
        address: Address = epoch.address.into(),
        /// closed.
        status: &'static str = "closed",
        root: Hash = epoch.root.into(),
        /// Cumulative: the root's sum.
        tokens: Amount = of_tokens(epoch.tokens(), pool.decimals),
        /// Cumulative.
        points: Amount = of_points(epoch.points()),
        /// Cumulative.
        credits: Credits = epoch.credits(),
        members: u32 = epoch.leaf_count,
        manifest_hash: Hash = epoch.manifest_hash.into(),
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
            EpochRecord::Stored(epoch) => Self::Stored(Box::new(EpochShown::new(epoch, pool))),
            EpochRecord::Closed(epoch) => Self::Closed(ClosedShown::new(epoch, pool)),
        }
    }
}

/// Whether claims against the pool's epoch `number` are paid: the active one's, and the one's before it, so that a
/// claim in flight never races a new root. A revoked one's are not.
#[must_use]
pub fn is_claimable(number: EpochNumber, pool: &PoolView) -> bool {
    let active = pool.active_epoch();
    number >= EpochNumber::FIRST
        && ((number == active && !pool.is_correction_due()) || Some(number) == active.previous())
}

/// Unix seconds from which an epoch in flight may be activated; while it is not complete, the earliest there can be.
#[must_use]
pub fn earliest(epoch: &EpochView, pool: &PoolView) -> i64 {
    let complete = epoch.activatable_at(pool);
    complete.unwrap_or_else(|| epoch.window_over_at(pool))
}
