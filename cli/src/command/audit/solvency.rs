//! `cairn audit solvency`.

use cairn_client::Reading;
use cairn_interface::vault::{MemberPageView, PoolView, Taken as _, member_page_address};
use cairn_merkle::{EpochNumber, SLOTS_PER_PAGE, Tokens, member_pages_for};
use cairn_mirror::Wanted;
use serde::Serialize;

use crate::address::Address;
use crate::amount::{Amount, grouped, of_tokens};
use crate::args::{FilesArg, FilesWish, PoolArg};
use crate::chain;
use crate::context::Context;
use crate::error::{CliError, Exit};
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::published::Published;

/// Check that a pool can pay everyone, from every member's counters
///
/// Reads every member page from the chain, adds up what was paid, and compares with the pool's books and the vault. With
/// --files it also checks that no member was paid more than the active epoch's files grant.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn audit solvency --pool POOL
  cairn audit solvency --pool POOL --files DIR     also member by member")]
pub struct Args {
    #[command(flatten)]
    pub pool: PoolArg,
    #[command(flatten)]
    pub files: FilesWish,
}

/// A pool's books against its vault and its members' counters.
#[derive(Clone, Debug, Serialize)]
pub struct Solvency {
    pub pool: Address,
    pub active_epoch: EpochNumber,
    pub members: u32,
    /// What the active root grants, over all members' lives.
    pub granted: Amount,
    /// What left the vault, by the pool's books.
    pub claimed: Amount,
    /// What left the vault, by the members' counters.
    pub claimed_by_counters: Amount,
    /// Granted less claimed.
    pub owed: Amount,
    pub vault_balance: Amount,
    /// What the vault holds above what is owed.
    pub surplus: Amount,
    pub funded: Amount,
    pub pages_read: u32,
    /// Members whose counter was compared with the files; 0 without files.
    pub members_compared: usize,
    /// What does not hold, one sentence each.
    pub broken: Vec<String>,
    /// "solvent", or the first thing that does not hold.
    pub verdict: String,
}

/// # Errors
/// No pool at that address; files of another epoch; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<Solvency, CliError> {
    let pool = chain::pool(ctx, &args.pool.pool).await?;
    let task = ctx.talk.task("reading counters", 0);
    // More pages than one answer holds are read at several slots: the pool before the first of them, and behind the last.
    let mut reading = Reading::new();
    let (before, vault) = (
        reading.state(pool.address),
        reading.token_account(pool.vault),
    );
    let numbers = 0..member_pages_for(pool.members);
    let addresses = numbers.map(|page| member_page_address(&pool.address, page).0);
    let pages = reading.all(addresses, MemberPageView::decode);
    let after = reading.state(pool.address);
    let read = chain::answer(ctx, reading).await?;
    drop(task);
    let (pool, after): (PoolView, PoolView) = (read.need(&before)?, read.need(&after)?);
    let vault = read.find(&vault)?;
    let pages = read.all(&pages).filter_map(Result::transpose);
    let pages: Vec<MemberPageView> = pages.collect::<Result<_, _>>()?;
    // Claims in between would make the books differ from the counters.
    if after.total_claimed != pool.total_claimed || after.active_epoch != pool.active_epoch {
        return Err(CliError::not_yet(
            "pool-moving",
            "members claimed while their counters were read, so the sums can not be compared",
            "run it again at a quieter moment",
        ));
    }
    let granted = match args.files.named() {
        Some(files) => Some(leaves(ctx, &files, &pool).await?),
        None => None,
    };
    Ok(judge(
        &pool,
        vault.map_or(Tokens::ZERO, |vault| vault.tokens()),
        &pages,
        granted.as_deref(),
    ))
}

/// What the files of the active epoch grant each member, by index.
async fn leaves(ctx: &Context, files: &FilesArg, pool: &PoolView) -> Result<Vec<Tokens>, CliError> {
    if pool.active_epoch() < EpochNumber::FIRST {
        return Ok(Vec::new());
    }
    let files = Published::open(ctx, files).await?;
    let wanted = Wanted::Files(&["outputs/leaves.parquet"]);
    let folder = files.epoch(pool.active_epoch(), wanted).await?;
    let leaves = cairn_epoch::read_leaves(&folder)?;
    Ok(leaves.iter().map(|leaf| leaf.tokens).collect())
}

/// The verdict on what was read. Sums are widened: an auditor must not overflow on what it audits.
fn judge(
    pool: &PoolView,
    balance: Tokens,
    pages: &[MemberPageView],
    granted: Option<&[Tokens]>,
) -> Solvency {
    let tokens = |amount: Tokens| of_tokens(amount, pool.decimals);
    let words = |base: u128| {
        u64::try_from(base).map_or_else(
            |_| base.to_string(),
            |base| tokens(Tokens::new(base)).grouped(),
        )
    };
    let counted = pages
        .iter()
        .flat_map(|page| &page.slots)
        .fold(0_u128, |sum, slot| {
            sum.saturating_add(slot.tokens_claimed.into())
        });
    let (granted_in_all, claimed) = (pool.total_cumulative(), pool.total_claimed());
    let owed = granted_in_all.saturating_sub(claimed);
    let mut broken = Vec::new();
    if counted != u128::from(claimed.get()) {
        broken.push(format!(
            "the members' counters add up to {} tokens paid, the pool's books say {}",
            words(counted),
            tokens(claimed).grouped()
        ));
    }
    if claimed > granted_in_all {
        broken.push("more was claimed than the active root grants".to_owned());
    }
    if granted_in_all > pool.total_funded() {
        broken.push("the active root grants more than the vault ever received".to_owned());
    }
    if balance < owed {
        broken.push(format!(
            "the vault holds {} tokens, {} less than the {} it owes",
            tokens(balance).grouped(),
            tokens(owed.saturating_sub(balance)).grouped(),
            tokens(owed).grouped()
        ));
    }
    // Fewer is fine: anyone may open a page beyond the last member, and it holds zeros.
    if u32::try_from(pages.len()).is_ok_and(|open| open > pool.pages) {
        broken.push(format!(
            "{} member pages are open, the pool's books say {}",
            pages.len(),
            pool.pages
        ));
    }
    let members_compared = granted.map_or(0, <[Tokens]>::len);
    broken.extend(overpaid(
        pages,
        granted.unwrap_or_default(),
        members_compared > 0,
        tokens,
    ));
    Solvency {
        pool: pool.address.into(),
        active_epoch: pool.active_epoch(),
        members: pool.members,
        granted: tokens(granted_in_all),
        claimed: tokens(claimed),
        claimed_by_counters: tokens(u64::try_from(counted).map_or(Tokens::MAX, Tokens::new)),
        owed: tokens(owed),
        vault_balance: tokens(balance),
        surplus: tokens(balance.saturating_sub(owed)),
        funded: tokens(pool.total_funded()),
        pages_read: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        members_compared,
        verdict: broken
            .first()
            .cloned()
            .unwrap_or_else(|| "solvent".to_owned()),
        broken,
    }
}

/// Members that were paid more than they were granted, or that no leaf knows.
fn overpaid(
    pages: &[MemberPageView],
    granted: &[Tokens],
    compare: bool,
    tokens: impl Fn(Tokens) -> Amount,
) -> Vec<String> {
    if !compare {
        return Vec::new();
    }
    let members = pages.iter().flat_map(|page| {
        let first = u64::from(page.page).saturating_mul(SLOTS_PER_PAGE.into());
        (first..).zip(&page.slots)
    });
    members
        .filter_map(|(index, slot)| {
            let at = usize::try_from(index).ok()?;
            let grant = granted.get(at).copied().unwrap_or_default();
            (slot.tokens() > grant).then(|| {
                format!(
                    "member {index} was paid {} tokens and granted {}",
                    tokens(slot.tokens()).grouped(),
                    tokens(grant).grouped()
                )
            })
        })
        .collect()
}

impl Verdict for Solvency {
    fn exit(&self) -> Exit {
        if self.broken.is_empty() {
            Exit::Done
        } else {
            Exit::Failed
        }
    }
}

impl Show for Solvency {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Solvency of pool {}", self.pool));
        page.fact(
            "granted",
            format!("{} in epoch {}", self.granted.grouped(), self.active_epoch),
        );
        page.fact(
            "claimed",
            format!("{} by the pool's books", self.claimed.grouped()),
        );
        page.fact(
            "",
            format!(
                "{} by the counters of {} members on {} member pages",
                self.claimed_by_counters.grouped(),
                grouped(self.members.into()),
                grouped(self.pages_read.into())
            ),
        );
        page.fact("owed", self.owed.grouped());
        page.fact("in the vault", self.vault_balance.grouped());
        page.fact("surplus", self.surplus.grouped());
        page.fact("ever funded", self.funded.grouped());
        if self.members_compared > 0 {
            page.fact(
                "compared",
                format!(
                    "{} members with the files",
                    grouped(self.members_compared as u64)
                ),
            );
        }
        page.gap();
        if self.broken.is_empty() {
            page.good("solvent: every member can be paid");
        }
        for sentence in &self.broken {
            page.bad(sentence);
        }
    }
}
