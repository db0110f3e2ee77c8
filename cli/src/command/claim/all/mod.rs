//! `cairn claim --all`: pays every member that has something to claim, in any number of pools.

use std::path::PathBuf;

use cairn_interface::vault::PAGE_LEN;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::{CliError, Exit};
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::token;
use crate::transact::Transaction;

mod gather;
mod send;

use gather::Owed;
use send::{Became, Settled, open_missing, pack, quiet, send_all};

/// Which files, and of which pool.
#[derive(Clone, Debug)]
pub struct Args {
    /// One path for each pool.
    pub files: Vec<PathBuf>,
    /// The pool of the files when not named.
    pub pool: Option<Pubkey>,
}

/// What was paid to whom, and to whom not.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimedAll {
    pub pools: Vec<PoolClaimed>,
    /// Transactions that claims were packed into, or would be.
    pub transactions: usize,
    pub pages_opened: usize,
    pub token_accounts_created: usize,
    /// For what was created.
    pub rent_lamports: u64,
    pub fee_lamports: u64,
    /// Of the dearest transaction.
    pub compute_units_max: u64,
    pub failed: Vec<Failed>,
    /// True when nothing was sent (`--dry-run`).
    pub simulated: bool,
}

/// What became of one pool's members.
#[derive(Clone, Debug, Serialize)]
pub struct PoolClaimed {
    pub pool: Address,
    pub epoch: u64,
    /// Members of the epoch.
    pub members: usize,
    /// Members that had nothing to claim.
    pub settled: usize,
    /// Members that let only others claim for them.
    pub restricted: usize,
    /// Members that were paid, or would be.
    pub paid: usize,
    /// Of these, members that were paid a part, or would be: the outflow breaker lets the rest leave later.
    pub in_part: usize,
    /// What they were paid together, or would be.
    pub tokens: Amount,
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
            "--all makes too many transactions to be signed elsewhere",
            "use --owner with --unsigned, one member at a time",
        ));
    }
    if args.files.len() > 1 && args.pool.is_some() {
        return Err(CliError::argument(
            "--pool names one pool, and there are several --files",
            "leave --pool out: each set of files says which pool it is about",
        ));
    }
    // A restricted member may have made the signer its delegate; without a wallet they are left out.
    let signer = ctx.reader().ok();
    let mut owed = Vec::with_capacity(args.files.len());
    for files in &args.files {
        owed.push(Owed::read(ctx, files, args.pool, signer).await?);
    }
    let mut all = summary(ctx, &owed).await?;
    if owed.iter().all(|owed| owed.dues.is_empty()) {
        return Ok(all);
    }
    let payer = ctx.fee_payer()?;
    let packs = pack(ctx, &owed, payer)?;
    all.transactions = packs.len();
    ctx.talk.effect(&effect(&all, &owed, payer));
    if ctx.manner == Manner::DryRun {
        all.simulated = true;
        return Ok(all);
    }
    if !ctx.talk.agree("Sign and send all of them?")? {
        return Err(CliError::Declined);
    }
    let quiet = quiet(ctx);
    for owed in &owed {
        open_missing(&quiet, owed, payer).await?;
    }
    let settled = send_all(ctx, &quiet, &packs, payer).await;
    all.settle(&owed, settled);
    Ok(all)
}

async fn summary(ctx: &Context, owed: &[Owed]) -> Result<ClaimedAll, CliError> {
    let page_rent = ctx.ledger.minimum_balance(PAGE_LEN).await?;
    let (mut pages, mut accounts, mut rent_lamports) = (0_usize, 0_usize, 0_u64);
    for owed in owed {
        let missing = owed.missing_pages().len();
        let created = owed.dues.iter().filter(|due| due.account_missing).count();
        let length = token::account_len(ctx, &owed.pool.mint, &owed.pool.token_program).await?;
        let account_rent = ctx.ledger.minimum_balance(length).await?;
        let rent = |count: usize, each: u64| each.saturating_mul(count as u64);
        rent_lamports = rent_lamports
            .saturating_add(rent(missing, page_rent))
            .saturating_add(rent(created, account_rent));
        pages = pages.saturating_add(missing);
        accounts = accounts.saturating_add(created);
    }
    Ok(ClaimedAll {
        pools: owed.iter().map(PoolClaimed::planned).collect(),
        transactions: 0,
        pages_opened: pages,
        token_accounts_created: accounts,
        rent_lamports,
        fee_lamports: 0,
        compute_units_max: 0,
        failed: owed.iter().flat_map(|owed| owed.failed.clone()).collect(),
        simulated: false,
    })
}

impl PoolClaimed {
    fn planned(owed: &Owed) -> Self {
        let dues = owed.dues.len();
        let others = owed.failed.len().saturating_add(owed.restricted);
        let tokens = owed
            .dues
            .iter()
            .fold(0_u64, |sum, due| sum.saturating_add(due.amount));
        Self {
            pool: owed.pool.address.into(),
            epoch: owed.epoch,
            members: owed.members,
            settled: owed.members.saturating_sub(dues).saturating_sub(others),
            restricted: owed.restricted,
            paid: dues,
            in_part: owed.dues.iter().filter(|due| due.rest > 0).count(),
            tokens: Amount::new(tokens, owed.pool.decimals),
        }
    }
}

fn effect(all: &ClaimedAll, owed: &[Owed], payer: Pubkey) -> Effect {
    let members: usize = all.pools.iter().map(|pool| pool.paid).sum();
    let mut effect = Effect::new(match all.pools.as_slice() {
        [one] => format!(
            "Claim {} tokens for {} members",
            one.tokens.grouped(),
            grouped(one.paid as u64)
        ),
        _ => format!("Claim for {} members", grouped(members as u64)),
    });
    for (one, owed) in all.pools.iter().zip(owed) {
        effect = effect.fact(
            "pool",
            format!(
                "{}\n{} tokens of {} for {} members, epoch {}",
                one.pool,
                one.tokens.grouped(),
                owed.pool.mint,
                grouped(one.paid as u64),
                one.epoch
            ),
        );
    }
    effect
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
            format!("{}, each with its fee", grouped(all.transactions as u64)),
        )
        .fact("signed by", payer)
}

impl ClaimedAll {
    /// Puts what really happened into the result: `settled` are the packs in order.
    fn settle(&mut self, owed: &[Owed], settled: Vec<Settled>) {
        let mut became = Vec::new();
        for pack in settled {
            became.extend(pack.members);
            for transaction in pack.transactions {
                if let Transaction::Sent {
                    compute_units,
                    fee_lamports,
                    ..
                } = transaction
                {
                    self.fee_lamports = self.fee_lamports.saturating_add(fee_lamports);
                    self.compute_units_max = self.compute_units_max.max(compute_units);
                }
            }
        }
        let mut became = became.into_iter();
        for (pool, owed) in self.pools.iter_mut().zip(owed) {
            (pool.paid, pool.in_part, pool.tokens.base) = (0, 0, 0);
            for (due, one) in owed.dues.iter().zip(&mut became) {
                match one {
                    Became::Paid(amount) => {
                        pool.paid = pool.paid.saturating_add(1);
                        pool.in_part = pool.in_part.saturating_add(usize::from(due.rest > 0));
                        pool.tokens.base = pool.tokens.base.saturating_add(amount);
                    }
                    Became::PaidBefore => pool.settled = pool.settled.saturating_add(1),
                    Became::Failed(failed) => self.failed.push(failed),
                }
            }
        }
    }

    fn count(&self, of: impl Fn(&PoolClaimed) -> usize) -> u64 {
        self.pools
            .iter()
            .fold(0, |sum: u64, pool| sum.saturating_add(of(pool) as u64))
    }
}

impl Verdict for ClaimedAll {
    fn exit(&self) -> Exit {
        match self.failed.first() {
            None if self.count(|pool| pool.in_part) > 0 => Exit::TryAgain,
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
        let paid = self.count(|pool| pool.paid);
        page.title(&match (paid, self.simulated) {
            (0, _) => "Nobody was paid".to_owned(),
            (_, true) => format!("Would pay {} members: nothing was sent", grouped(paid)),
            (_, false) => format!("Paid {} members", grouped(paid)),
        });
        for pool in &self.pools {
            page.fact("pool", format!("{}, epoch {}", pool.pool, pool.epoch));
            page.fact("tokens", pool.tokens.grouped());
        }
        let nothing = self.count(|pool| pool.settled);
        page.fact("nothing to claim", format!("{} members", grouped(nothing)));
        let restricted = self.count(|pool| pool.restricted);
        if restricted > 0 {
            page.fact(
                "claim themselves",
                format!("{} members who restricted claims", grouped(restricted)),
            );
        }
        let in_part = self.count(|pool| pool.in_part);
        if in_part > 0 {
            page.fact(
                "paid in part",
                format!(
                    "{} members: run it again when more may leave, see `cairn pool show`",
                    grouped(in_part)
                ),
            );
        }
        page.fact(
            "rent",
            format!("{} SOL", Amount::lamports(self.rent_lamports).grouped()),
        );
        if self.transactions > 0 {
            page.fact("transactions", grouped(self.transactions as u64));
        }
        if self.fee_lamports > 0 {
            page.fact(
                "fees",
                format!("{} SOL", Amount::lamports(self.fee_lamports).grouped()),
            );
            page.fact(
                "dearest",
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
