//! `cairn claim --all`: pays every member that has something to claim, in any number of pools.

use cairn_client::{Became, Bill, packs};
use cairn_interface::vault::MEMBER_PAGE_LEN;
use cairn_merkle::{EpochNumber, Tokens};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::due::open_page;

use crate::address::Address;
use crate::amount::{Amount, grouped, of_tokens};
use crate::args::FilesArg;
use crate::batch::{Failed, Fault, LIMITS, Tally, agree, estimate, exit_of, first, show_unpaid};
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::{CliError, Exit};
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::Spent;

mod gather;
mod one;

use gather::Owed;
use one::One;

/// Which files, and of which pool.
#[derive(Clone, Debug)]
pub struct Args {
    /// Those of each pool.
    pub files: Vec<FilesArg>,
    /// The pool of the files when not named.
    pub pool: Option<Pubkey>,
}

/// What was paid to whom, and to whom not.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimedAll {
    pub pools: Vec<PoolClaimed>,
    /// Transactions that landed for it, the opening of pages and refused ones too, or that claims would be packed into.
    #[serde(flatten)]
    pub spent: Spent,
    /// What it may cost at most, as it was agreed to.
    pub fee_lamports_at_most: u64,
    pub pages_opened: usize,
    pub token_accounts_created: usize,
    /// For what was created.
    pub rent_lamports: u64,
    pub failed: Vec<Failed>,
    /// Members that were not reached, because of what stopped it.
    pub not_reached: u64,
    pub stopped: Option<Fault>,
    /// True when nothing was sent (`--dry-run`).
    pub simulated: bool,
}

/// What became of one pool's members.
#[derive(Clone, Debug, Serialize)]
pub struct PoolClaimed {
    pub pool: Address,
    pub epoch: EpochNumber,
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
    let mut all = summary(&owed);
    if owed.iter().all(|owed| owed.dues.is_empty()) {
        return Ok(all);
    }
    let ones = ones(&owed);
    let (pages, page_rent) = missing_pages(ctx, &owed)?;
    let pages = first(ctx, pages)?;
    let estimate = estimate(ctx, &ones, Bill::of(&pages, page_rent))?;
    all.spent.transactions = packs(&ctx.frame()?, &LIMITS, &ones).len() as u64;
    all.fee_lamports_at_most = estimate.bill().fees;
    let Some(batch) = agree(ctx, effect(&all, &owed), &estimate).await? else {
        all.simulated = true;
        return Ok(all);
    };
    all.spent = Spent::on(&batch.first(&pages, page_rent).await?);
    let tally = Tally::of(ctx, "paying members", ones.len() as u64);
    let (became, transactions) = batch.pay(&ones, &tally).await;
    all.spent.add(&transactions);
    all.stopped = batch.stopped();
    all.settle(&owed, &ones, became, page_rent);
    Ok(all)
}

/// Every claim of every pool, in order.
fn ones(owed: &[Owed]) -> Vec<One<'_>> {
    let mut ones = Vec::new();
    for one in owed {
        let account_rent = one.account_rent();
        ones.extend(one.dues.iter().map(|due| One {
            pool: &one.pool,
            due,
            rent: if due.account_missing { account_rent } else { 0 },
        }));
    }
    ones
}

/// Opens every missing page before the first claim, because members share them; and the rent of all of them.
fn missing_pages(ctx: &Context, owed: &[Owed]) -> Result<(Vec<Vec<Instruction>>, u64), CliError> {
    let payer = ctx.fee_payer()?;
    let (mut steps, mut rent) = (Vec::new(), 0_u64);
    for owed in owed {
        for page in owed.missing_pages() {
            rent = rent.saturating_add(owed.rent.minimum_balance(MEMBER_PAGE_LEN));
            steps.push(vec![open_page(&owed.pool, payer, page)]);
        }
    }
    Ok((steps, rent))
}

fn summary(owed: &[Owed]) -> ClaimedAll {
    let (mut pages, mut accounts, mut rent_lamports) = (0_usize, 0_usize, 0_u64);
    for owed in owed {
        let missing = owed.missing_pages().len();
        let created = owed.dues.iter().filter(|due| due.account_missing).count();
        let rent = |count: usize, each: u64| each.saturating_mul(count as u64);
        rent_lamports = rent_lamports
            .saturating_add(rent(missing, owed.rent.minimum_balance(MEMBER_PAGE_LEN)))
            .saturating_add(rent(created, owed.account_rent()));
        pages = pages.saturating_add(missing);
        accounts = accounts.saturating_add(created);
    }
    ClaimedAll {
        pools: owed.iter().map(PoolClaimed::planned).collect(),
        spent: Spent::default(),
        fee_lamports_at_most: 0,
        pages_opened: pages,
        token_accounts_created: accounts,
        rent_lamports,
        failed: owed.iter().flat_map(|owed| owed.failed.clone()).collect(),
        not_reached: 0,
        stopped: None,
        simulated: false,
    }
}

impl PoolClaimed {
    fn planned(owed: &Owed) -> Self {
        let dues = owed.dues.len();
        let others = owed.failed.len().saturating_add(owed.restricted);
        let tokens = owed
            .dues
            .iter()
            .fold(Tokens::ZERO, |sum, due| sum.saturating_add(due.amount));
        Self {
            pool: owed.pool.address.into(),
            epoch: owed.epoch,
            members: owed.members,
            settled: owed.members.saturating_sub(dues).saturating_sub(others),
            restricted: owed.restricted,
            paid: dues,
            in_part: owed
                .dues
                .iter()
                .filter(|due| due.rest > Tokens::ZERO)
                .count(),
            tokens: of_tokens(tokens, owed.pool.decimals),
        }
    }
}

fn effect(all: &ClaimedAll, owed: &[Owed]) -> Effect {
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
        .fact("opens", format!("{} member pages", all.pages_opened))
        .fact("transactions", grouped(all.spent.transactions))
}

impl ClaimedAll {
    /// Puts what really happened into the result: `became` are the claims in order.
    fn settle(&mut self, owed: &[Owed], ones: &[One<'_>], became: Vec<Became>, page_rent: u64) {
        (self.token_accounts_created, self.rent_lamports) = (0, page_rent);
        let mut became = ones.iter().zip(became);
        for (pool, owed) in self.pools.iter_mut().zip(owed) {
            (pool.paid, pool.in_part) = (0, 0);
            let mut paid = Tokens::ZERO;
            for (one, became) in became.by_ref().take(owed.dues.len()) {
                match became {
                    Became::Paid => {
                        let due = one.due;
                        pool.paid = pool.paid.saturating_add(1);
                        pool.in_part = pool
                            .in_part
                            .saturating_add(usize::from(due.rest > Tokens::ZERO));
                        paid = paid.saturating_add(due.amount);
                        self.token_accounts_created = self
                            .token_accounts_created
                            .saturating_add(usize::from(due.account_missing));
                        self.rent_lamports = self.rent_lamports.saturating_add(one.rent);
                    }
                    // Somebody else had claimed meanwhile, or an earlier run whose end nobody saw.
                    Became::MadeBefore => {
                        pool.settled = pool.settled.saturating_add(1);
                    }
                    Became::Refused(error) | Became::Unknown(error) => {
                        self.failed.push(Failed::new(one.due.owner, error.as_ref()));
                    }
                    Became::NotReached => self.not_reached = self.not_reached.saturating_add(1),
                }
            }
            pool.tokens = of_tokens(paid, owed.pool.decimals);
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
        match exit_of(&self.failed, self.stopped.as_ref()) {
            Exit::Done if self.count(|pool| pool.in_part) > 0 => Exit::TryAgain,
            exit => exit,
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
        if self.simulated {
            page.fact("transactions", grouped(self.spent.transactions));
            let fees = Amount::lamports(self.fee_lamports_at_most).grouped();
            page.fact("fees", format!("at most {fees} SOL"));
        } else {
            self.spent.show(page);
        }
        show_unpaid(
            page,
            "members",
            (self.not_reached, self.stopped.as_ref()),
            (self.failed.len() as u64, &self.failed),
        );
    }
}
