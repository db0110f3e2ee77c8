//! `cairn claim show`.

use cairn_client::{ClientError, Reading};
use cairn_epoch::ClaimFile;
use cairn_interface::vault::{
    Asker, EpochRecord, EpochStatus, EpochView, MemberPageView, PoolView, RecipientView, Slot,
    Taken as _, member_page_address, recipient_address,
};
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
    let files = Published::open(ctx, &args.files).await?;
    let pool = chain::pool(ctx, &pool_of(args.pool, &files)?).await?;
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    let (active, pending) = match pool.active_epoch {
        0 => (pool.active_epoch(), pool.pending_epoch()),
        _ => (claimable_epoch(&files, &pool)?, pool.pending_epoch()),
    };
    let (active_file, pending_file) = (
        Filed::of(&files, active, &owner).await?,
        Filed::of(&files, pending, &owner).await?,
    );
    // The pool once more: what is due follows from it and the rest together.
    let mut reading = Reading::new();
    let again = reading.state(pool.address);
    let active_record = chain::ask_record(&mut reading, &pool.address, active);
    let pending_record = chain::ask_record(&mut reading, &pool.address, pending);
    // Only one of two files may be proven, and it decides which page counts.
    let indices = [&active_file, &pending_file]
        .into_iter()
        .filter_map(Filed::index);
    let numbers: Vec<u32> = indices.map(member_page_of).collect();
    let pages = numbers
        .iter()
        .map(|page| member_page_address(&pool.address, *page).0);
    let pages = reading.all(pages, MemberPageView::decode);
    let recipient = reading.state(recipient_address(&pool.address, &owner).0);
    let (vault, clock) = (reading.token_account(pool.vault), reading.clock());
    let read = chain::answer(ctx, reading).await?;
    let pool: PoolView = read.need(&again)?;
    let active = active_file.leaf(&pool, || {
        chain::stored(&pool, active, read.find(&active_record)?)
    })?;
    let (pending, pending_epoch) = in_flight(&pool, &pending_file, read.find(&pending_record)?)?;
    let newest = pending.or(active).unwrap_or_default();
    let slot = match newest.index {
        Some(index) => slot_in(&numbers, read.all(&pages), index)?,
        None => Slot::default(),
    };
    let granted = active.unwrap_or_default().tokens;
    let recipient: Option<RecipientView> = read.find(&recipient)?;
    let now = read.need(&clock)?.unix_timestamp;
    let payout = payout(&owner, recipient.as_ref(), now);
    let claimable = granted.saturating_sub(slot.tokens());
    let vault = read.find(&vault)?;
    let vault = vault.map_or(Tokens::ZERO, |vault| vault.tokens());
    let room = pool.room(now, vault, Asker::Member);
    let available = breaker::available(&room);
    let tokens = |amount| of_tokens(amount, pool.decimals);
    Ok(Standing {
        pool: pool.address.into(),
        owner: owner.into(),
        payout: payout.into(),
        destination: destination(&pool, &payout).into(),
        index: newest.index,
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

/// What the files of one epoch say of the owner.
enum Filed {
    NoFiles,
    NoMember,
    Claim(Box<ClaimFile>),
}

impl Filed {
    async fn of(files: &Published, number: EpochNumber, owner: &Pubkey) -> Result<Self, CliError> {
        // A claims file alone stands for any epoch, but not for none.
        if number < EpochNumber::FIRST || !files.has_claims(number) {
            return Ok(Self::NoFiles);
        }
        let claim = member_claim(files, number, owner).await?;
        Ok(claim.map_or(Self::NoMember, |claim| Self::Claim(Box::new(claim))))
    }

    fn index(&self) -> Option<LeafIndex> {
        match self {
            Self::Claim(claim) => Some(claim.index),
            Self::NoFiles | Self::NoMember => None,
        }
    }

    /// The owner's leaf, checked against the epoch on chain; `None` where no files are here.
    fn leaf(
        &self,
        pool: &PoolView,
        epoch: impl FnOnce() -> Result<EpochView, CliError>,
    ) -> Result<Option<Leaf>, CliError> {
        let claim = match self {
            Self::NoFiles => return Ok(None),
            Self::NoMember => return Ok(Some(Leaf::default())),
            Self::Claim(claim) => claim,
        };
        check(claim, &epoch()?, pool)?;
        Ok(Some(Leaf {
            index: Some(claim.index),
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
        }))
    }
}

/// The member's counters, in the page that holds them; zeros while it is not open.
fn slot_in(
    numbers: &[u32],
    pages: impl Iterator<Item = Result<Option<MemberPageView>, ClientError>>,
    index: LeafIndex,
) -> Result<Slot, CliError> {
    let mut pages = numbers.iter().zip(pages);
    let page = pages.find(|(number, _)| **number == member_page_of(index));
    let page = page.map(|(_, page)| page).transpose()?.flatten();
    Ok(page.and_then(|page| page.slot(index)).unwrap_or_default())
}

/// What an epoch in flight holds for the owner, as far as its files are here and prove it.
fn in_flight(
    pool: &PoolView,
    filed: &Filed,
    record: Option<EpochRecord>,
) -> Result<(Option<Leaf>, Option<PendingEpoch>), CliError> {
    let is_open = |epoch: &EpochView| {
        matches!(
            epoch.status(),
            EpochStatus::Proposed | EpochStatus::Attested
        )
    };
    let Some(epoch) = record.and_then(EpochRecord::stored).filter(is_open) else {
        return Ok((None, None));
    };
    let pending = PendingEpoch {
        number: epoch.number(),
        status: epoch.status().name(),
        activatable_at: earliest(&epoch, pool),
        verified: false,
    };
    // Without the whole canopy nothing can be proven, and files of an older proposal prove nothing about this one.
    let leaf = if epoch.facts.canopy.complete {
        match filed.leaf(pool, || Ok(epoch)) {
            Err(CliError::Refused {
                code: PROOF_INVALID,
                ..
            }) => None,
            found => found?,
        }
    } else {
        None
    };
    let verified = leaf.is_some();
    Ok((
        leaf,
        Some(PendingEpoch {
            verified,
            ..pending
        }),
    ))
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
        } else if self.claimable.base() > 0 {
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
