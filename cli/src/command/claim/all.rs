//! `cairn claim --all`: pays every member that has something to claim.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use cairn_epoch::ClaimFile;
use cairn_interface::spl::TOKEN_ACCOUNT_LEN;
use cairn_interface::vault::{PAGE_LEN, PageView, PoolView};
use cairn_merkle::page_of;
use futures::StreamExt;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::due::{Due, claimed, destination, open_page};
use super::pay::paused;
use super::{Args, check, claimable_epoch};
use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::chain;
use crate::context::{Context, Manner};
use crate::conversation::{Decided, Effect};
use crate::error::{CliError, Exit};
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::published::{Published, pool_of};
use crate::transact::{Deed, Transaction, perform};

/// Claims in flight at a time: enough to hide the wait for confirmation, few enough for a public node.
const AT_ONCE: usize = 8;

/// What was paid to whom, and to whom not.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimedAll {
    pub pool: Address,
    pub epoch: u64,
    /// Members of the epoch.
    pub members: usize,
    /// Members that had nothing to claim.
    pub settled: usize,
    /// Members that were paid, or would be.
    pub paid: usize,
    /// What they were paid together, or would be.
    pub tokens: Amount,
    pub pages_opened: usize,
    pub token_accounts_created: usize,
    /// For what was created.
    pub rent_lamports: u64,
    pub fee_lamports: u64,
    /// Of the dearest claim.
    pub compute_units_max: u64,
    pub failed: Vec<Failed>,
    /// True when nothing was sent (`--dry-run`).
    pub simulated: bool,
}

/// A member that could not be paid.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    pub owner: Address,
    pub code: String,
    pub message: String,
    #[serde(skip)]
    exit: Option<Exit>,
}

impl Failed {
    fn new(owner: Pubkey, error: &CliError) -> Self {
        Self {
            owner: owner.into(),
            code: error.code().into_owned(),
            message: error.to_string(),
            exit: Some(error.exit()),
        }
    }
}

/// # Errors
/// Files that are stale or forged; a node that can not be reached before the first claim. A member that can not be paid
/// does not stop the others; see [`ClaimedAll::failed`].
pub async fn run(ctx: &Context, args: &Args) -> Result<ClaimedAll, CliError> {
    if ctx.manner == Manner::Unsigned {
        return Err(CliError::argument(
            "--all makes one transaction a member, too many to be signed elsewhere",
            "use --owner with --unsigned, one member at a time",
        ));
    }
    let files = Published::open(&args.files)?;
    let pool = chain::pool(ctx, &pool_of(args.pool, &files)?).await?;
    if pool.paused {
        return Err(paused(&pool));
    }
    let number = claimable_epoch(&files, &pool)?;
    let claims: Vec<ClaimFile> =
        cairn_epoch::claims(files.epoch(number)?).collect::<Result<_, _>>()?;
    let epoch = chain::epoch(ctx, &pool, number).await?;
    for claim in &claims {
        check(claim, &epoch, &pool)?;
    }
    let members = claims.len();
    let pages = pages(ctx, &pool, &claims).await?;
    let (dues, mut failed) = dues(ctx, &pool, claims, &pages).await?;
    let mut all = summary(ctx, &pool, number, members, &dues).await?;
    all.settled = members
        .saturating_sub(dues.len())
        .saturating_sub(failed.len());
    if dues.is_empty() {
        all.failed = failed;
        return Ok(all);
    }
    let payer = ctx.signer()?;
    ctx.talk.effect(&effect(&pool, &all, payer));
    if ctx.manner == Manner::DryRun {
        all.simulated = true;
        all.failed = failed;
        return Ok(all);
    }
    if !ctx.talk.agree("Sign and send all of them?")? {
        return Err(CliError::Declined);
    }
    // The person agreed to the whole; nothing is asked or told once more for each.
    let quiet = Context {
        talk: std::sync::Arc::new(Decided),
        ..ctx.clone()
    };
    open_missing(&quiet, &pool, &dues, payer).await?;
    let paid = pay_all(ctx, &quiet, &pool, &dues, payer).await;
    settle(&mut all, paid, &mut failed);
    all.failed = failed;
    Ok(all)
}

/// The pages of all members, `None` where one is not open.
async fn pages(
    ctx: &Context,
    pool: &PoolView,
    claims: &[ClaimFile],
) -> Result<BTreeMap<u32, Option<PageView>>, CliError> {
    let numbers: BTreeSet<u32> = claims.iter().map(|claim| page_of(claim.index)).collect();
    let pages = chain::pages(ctx, &pool.address, numbers.iter().copied()).await?;
    Ok(numbers.into_iter().zip(pages).collect())
}

/// Members with something to claim, and those whose token account can not be paid to.
async fn dues(
    ctx: &Context,
    pool: &PoolView,
    claims: Vec<ClaimFile>,
    pages: &BTreeMap<u32, Option<PageView>>,
) -> Result<(Vec<Due>, Vec<Failed>), CliError> {
    let page = |index| pages.get(&page_of(index)).and_then(Option::as_ref);
    let owed: Vec<ClaimFile> = claims
        .into_iter()
        .filter(|claim| claim.tokens > claimed(page(claim.index), claim.index))
        .collect();
    let addresses: Vec<Pubkey> = owed
        .iter()
        .map(|claim| destination(pool, &Pubkey::new_from_array(claim.owner)))
        .collect();
    let accounts = chain::token_accounts(ctx, &addresses).await?;
    let (mut dues, mut failed) = (Vec::with_capacity(owed.len()), Vec::new());
    for (claim, account) in owed.into_iter().zip(accounts) {
        let owner = Pubkey::new_from_array(claim.owner);
        let page = page(claim.index);
        match account.and_then(|account| Due::new(pool, claim, page, account.as_ref())) {
            Ok(due) => dues.push(due),
            Err(error) => failed.push(Failed::new(owner, &error)),
        }
    }
    Ok((dues, failed))
}

async fn summary(
    ctx: &Context,
    pool: &PoolView,
    epoch: u64,
    members: usize,
    dues: &[Due],
) -> Result<ClaimedAll, CliError> {
    let missing: BTreeSet<u32> = dues
        .iter()
        .filter(|due| due.page_missing)
        .map(Due::page)
        .collect();
    let accounts = dues.iter().filter(|due| due.account_missing).count();
    let page_rent = ctx.ledger.minimum_balance(PAGE_LEN).await?;
    let account_rent = ctx.ledger.minimum_balance(TOKEN_ACCOUNT_LEN).await?;
    let rent = |count: usize, each: u64| each.saturating_mul(count as u64);
    let tokens = dues
        .iter()
        .fold(0_u64, |sum, due| sum.saturating_add(due.amount));
    Ok(ClaimedAll {
        pool: pool.address.into(),
        epoch,
        members,
        settled: 0,
        paid: dues.len(),
        tokens: Amount::new(tokens, pool.decimals),
        pages_opened: missing.len(),
        token_accounts_created: accounts,
        rent_lamports: rent(missing.len(), page_rent).saturating_add(rent(accounts, account_rent)),
        fee_lamports: 0,
        compute_units_max: 0,
        failed: Vec::new(),
        simulated: false,
    })
}

fn effect(pool: &PoolView, all: &ClaimedAll, payer: Pubkey) -> Effect {
    let count = grouped(all.paid as u64);
    Effect::new(format!(
        "Claim {} tokens for {count} members",
        all.tokens.grouped()
    ))
    .fact("pool", pool.address)
    .fact("token", pool.mint)
    .fact("epoch", all.epoch)
    .fact(
        "creates",
        format!("{} token accounts", all.token_accounts_created),
    )
    .fact("opens", format!("{} counter pages", all.pages_opened))
    .fact(
        "rent",
        format!("{} SOL", Amount::lamports(all.rent_lamports).grouped()),
    )
    .fact(
        "transactions",
        format!("at least {count}, each with its fee"),
    )
    .fact("signed by", payer)
}

/// Opens every missing page before the first claim, because members share them.
async fn open_missing(
    quiet: &Context,
    pool: &PoolView,
    dues: &[Due],
    payer: Pubkey,
) -> Result<(), CliError> {
    let missing: BTreeSet<u32> = dues
        .iter()
        .filter(|due| due.page_missing)
        .map(Due::page)
        .collect();
    for page in missing {
        let deed = Deed::new(Effect::new("Open a page")).step([open_page(pool, payer, page)]);
        perform(quiet, deed).await?;
    }
    Ok(())
}

/// One member's claim: what it paid and cost, or why it failed.
type Paid = Result<(u64, Vec<Transaction>), Failed>;

async fn pay_all(
    ctx: &Context,
    quiet: &Context,
    pool: &PoolView,
    dues: &[Due],
    payer: Pubkey,
) -> Vec<Paid> {
    let task = ctx.talk.task("paying members", dues.len() as u64);
    let done = AtomicU64::new(0);
    futures::stream::iter(dues)
        .map(|due| {
            let (task, done) = (&task, &done);
            async move {
                let mut deed = Deed::new(Effect::new("Claim"));
                if due.account_missing {
                    deed = deed.step([due.create_account(pool, payer)]);
                }
                let paid = perform(quiet, deed.step([due.pay(pool)])).await;
                task.reached(done.fetch_add(1, Ordering::Relaxed).saturating_add(1));
                paid.map(|transactions| (due.amount, transactions.list))
                    .map_err(|error| Failed::new(due.owner, &error))
            }
        })
        .buffered(AT_ONCE)
        .collect()
        .await
}

/// Puts what really happened into the result.
fn settle(all: &mut ClaimedAll, paid: Vec<Paid>, failed: &mut Vec<Failed>) {
    (all.paid, all.tokens.base) = (0, 0);
    for one in paid {
        match one {
            Ok((amount, transactions)) => {
                all.paid = all.paid.saturating_add(1);
                all.tokens.base = all.tokens.base.saturating_add(amount);
                for transaction in transactions {
                    if let Transaction::Sent {
                        compute_units,
                        fee_lamports,
                        ..
                    } = transaction
                    {
                        all.fee_lamports = all.fee_lamports.saturating_add(fee_lamports);
                        all.compute_units_max = all.compute_units_max.max(compute_units);
                    }
                }
            }
            Err(error) => failed.push(error),
        }
    }
}

impl Verdict for ClaimedAll {
    fn exit(&self) -> Exit {
        match self.failed.first() {
            None => Exit::Done,
            Some(_)
                if self
                    .failed
                    .iter()
                    .all(|one| one.exit == Some(Exit::TryAgain)) =>
            {
                Exit::TryAgain
            }
            Some(_) => Exit::Failed,
        }
    }
}

impl Show for ClaimedAll {
    fn show(&self, page: &mut Page) {
        let paid = grouped(self.paid as u64);
        page.title(&match (self.paid, self.simulated) {
            (0, _) => "Nobody was paid".to_owned(),
            (_, true) => format!("Would pay {paid} members: nothing was sent"),
            (_, false) => format!("Paid {paid} members"),
        });
        page.fact("pool", self.pool.to_string());
        page.fact("epoch", self.epoch.to_string());
        page.fact("tokens", self.tokens.grouped());
        page.fact(
            "nothing to claim",
            format!("{} members", grouped(self.settled as u64)),
        );
        page.fact(
            "rent",
            format!("{} SOL", Amount::lamports(self.rent_lamports).grouped()),
        );
        if self.fee_lamports > 0 {
            page.fact(
                "fees",
                format!("{} SOL", Amount::lamports(self.fee_lamports).grouped()),
            );
            page.fact(
                "dearest claim",
                format!("{} compute units", grouped(self.compute_units_max)),
            );
        }
        if !self.failed.is_empty() {
            page.gap();
            page.bad(&format!(
                "{} members could not be paid",
                grouped(self.failed.len() as u64)
            ));
            page.table(
                &[Column::Text("owner"), Column::Text("why")],
                self.failed
                    .iter()
                    .map(|one| vec![one.owner.to_string(), one.message.clone()]),
            );
        }
    }
}
