//! `cairn claim show`.

use cairn_interface::vault::{Asker, EpochStatus, PoolView, Taken as _};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens, member_page_of};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::Args;
use super::breaker;
use super::due::{destination, payout};
use crate::address::Address;
use crate::amount::{Amount, grouped, of_credits, of_points, of_tokens};
use crate::chain;
use crate::command::epoch::earliest;
use crate::context::Context;
use crate::error::CliError;
use crate::membership::{PROOF_INVALID, check, claimable_epoch, member_claim};
use crate::moment::utc_from;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::published::{Published, pool_of};

/// What an owner earned and took out. `earned = claimed + claimable + pending`.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    pub pool: Address,
    pub owner: Address,
    /// The wallet that is paid: the owner's, or the one it named with `cairn recipient set`.
    pub payout: Address,
    /// That wallet's token account.
    pub destination: Address,
    /// The member's index; null for who never earned anything.
    pub index: Option<LeafIndex>,
    /// The epoch that is claimable now; 0 before the first.
    pub active_epoch: EpochNumber,
    /// Tokens in all epochs, also those not active yet.
    pub earned: Amount,
    /// Tokens of an epoch that is not active yet.
    pub pending: Amount,
    /// Tokens that a claim pays now.
    pub claimable: Amount,
    /// As much of it as the pool's outflow breaker lets out now.
    pub available: Amount,
    /// Unix seconds from which more may leave; null when nothing is held back.
    pub more_at: Option<i64>,
    /// Tokens paid.
    pub claimed: Amount,
    /// Points in the active epoch, or the pending one if that is newer.
    pub points: Amount,
    pub points_burnt: Amount,
    /// Credits likewise.
    pub credits: Credits,
    pub credits_redeemed: Credits,
    pub pending_epoch: Option<PendingEpoch>,
    pub paused: bool,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// An epoch in flight.
#[derive(Clone, Debug, Serialize)]
pub struct PendingEpoch {
    pub number: EpochNumber,
    /// proposed or attested.
    pub status: &'static str,
    /// Unix seconds.
    pub activatable_at: i64,
    /// Whether its files are here and lead to its root; pending amounts are 0 otherwise.
    pub verified: bool,
}

/// # Errors
/// Files that do not match the chain; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<Standing, CliError> {
    let files = Published::open(&args.files)?;
    let pool = chain::pool(ctx, &pool_of(args.pool, &files)?).await?;
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    let active = match pool.active_epoch {
        0 => None,
        _ => leaf_in(ctx, &files, &pool, claimable_epoch(&files, &pool)?, &owner).await?,
    };
    let (pending, pending_epoch) = pending(ctx, &files, &pool, &owner).await?;
    let newest = pending.or(active).unwrap_or_default();
    let index = newest.index;
    let page = match index {
        Some(index) => chain::find_page(ctx, &pool.address, member_page_of(index)).await?,
        None => None,
    };
    let slot = index
        .and_then(|index| page.as_ref()?.slot(index))
        .unwrap_or_default();
    let granted = active.unwrap_or_default().tokens;
    let recipient = chain::find_recipient(ctx, &pool.address, &owner).await?;
    let now = chain::now(ctx).await?;
    let payout = payout(&owner, recipient.as_ref(), now);
    let claimable = granted.saturating_sub(slot.tokens());
    let room = pool.room(now, chain::vault_balance(ctx, &pool).await?, Asker::Member);
    let available = breaker::available(&room);
    let tokens = |amount| of_tokens(amount, pool.decimals);
    Ok(Standing {
        pool: pool.address.into(),
        owner: owner.into(),
        payout: payout.into(),
        destination: destination(&pool, &payout).into(),
        index,
        active_epoch: pool.active_epoch(),
        earned: tokens(newest.tokens.max(granted)),
        pending: tokens(newest.tokens.saturating_sub(granted)),
        claimable: tokens(claimable),
        available: tokens(claimable.min(available)),
        more_at: (claimable > available).then_some(room.more_at),
        claimed: tokens(slot.tokens()),
        points: of_points(newest.points),
        points_burnt: of_points(slot.points()),
        credits: newest.credits,
        credits_redeemed: slot.credits(),
        pending_epoch,
        paused: pool.is_paused(now),
        now,
    })
}

/// A member's cumulative amounts in one epoch; zeros for who is no member in it.
#[derive(Clone, Copy, Debug, Default)]
struct Leaf {
    index: Option<LeafIndex>,
    tokens: Tokens,
    points: MilliPoints,
    credits: Credits,
}

/// The owner's leaf in an epoch that is on chain, checked against it. `None` where no files are here.
async fn leaf_in(
    ctx: &Context,
    files: &Published,
    pool: &PoolView,
    number: EpochNumber,
    owner: &Pubkey,
) -> Result<Option<Leaf>, CliError> {
    if files.claims_of(number).is_none() {
        return Ok(None);
    }
    let Some(claim) = member_claim(files, number, owner)? else {
        return Ok(Some(Leaf::default()));
    };
    let epoch = chain::epoch(ctx, pool, number).await?;
    check(&claim, &epoch, pool)?;
    Ok(Some(Leaf {
        index: Some(claim.index),
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
    }))
}

/// What an epoch in flight holds for the owner, as far as its files are here and prove it.
async fn pending(
    ctx: &Context,
    files: &Published,
    pool: &PoolView,
    owner: &Pubkey,
) -> Result<(Option<Leaf>, Option<PendingEpoch>), CliError> {
    let Some(epoch) = chain::find_epoch(ctx, &pool.address, pool.pending_epoch()).await? else {
        return Ok((None, None));
    };
    if !matches!(
        epoch.status(),
        EpochStatus::Proposed | EpochStatus::Attested
    ) {
        return Ok((None, None));
    }
    // Without the whole canopy nothing can be proven, and files of an older proposal prove nothing about this one.
    let leaf = if epoch.facts.canopy.complete {
        match leaf_in(ctx, files, pool, epoch.number(), owner).await {
            Err(CliError::Refused {
                code: PROOF_INVALID,
                ..
            }) => None,
            found => found?,
        }
    } else {
        None
    };
    let pending = PendingEpoch {
        number: epoch.number(),
        status: epoch.status().name(),
        activatable_at: earliest(&epoch, pool),
        verified: leaf.is_some(),
    };
    Ok((leaf, Some(pending)))
}

impl Verdict for Standing {}

impl Show for Standing {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Rewards of {}", self.owner));
        page.fact("pool", self.pool.to_string());
        if self.payout != self.owner {
            page.fact("paid wallet", self.payout.to_string());
        }
        page.fact("token account", self.destination.to_string());
        match self.index {
            Some(index) => page.fact("member", format!("number {}", grouped(index.get().into()))),
            None => page.fact("member", "not yet: nothing was earned"),
        }

        page.title("Tokens");
        page.fact("earned", self.earned.grouped());
        page.fact("pending", self.pending_words());
        page.fact("claimable", self.claimable.grouped());
        if let Some(at) = self.more_at {
            page.fact(
                "available now",
                format!(
                    "{}, more {}",
                    self.available.grouped(),
                    utc_from(at, self.now)
                ),
            );
        }
        page.fact("claimed", self.claimed.grouped());

        page.title("Points and credits");
        page.fact("points", self.points.grouped());
        page.fact("burnt", self.points_burnt.grouped());
        page.fact("credits", of_credits(self.credits));
        page.fact("redeemed", of_credits(self.credits_redeemed));
        if self.paused {
            page.gap();
            page.bad("The pool is paused: no claims are paid until the pause ends (`cairn pool show` says when).");
        } else if self.claimable.base > 0 {
            page.gap();
            page.good(&format!(
                "Claim {} tokens now with `cairn claim`.",
                self.claimable.grouped()
            ));
        }
    }
}

impl Standing {
    fn pending_words(&self) -> String {
        match &self.pending_epoch {
            None => self.pending.grouped(),
            Some(epoch) if epoch.verified => format!(
                "{} in epoch {}, which can be activated from {}",
                self.pending.grouped(),
                epoch.number,
                utc_from(epoch.activatable_at, self.now)
            ),
            Some(epoch) => format!(
                "unknown: the files of epoch {} are not here yet",
                epoch.number
            ),
        }
    }
}
