//! `cairn claim`: one owner's claim.

use cairn_interface::spl::TOKEN_ACCOUNT_LEN;
use cairn_interface::vault::{EpochView, PAGE_LEN, PoolView};
use cairn_merkle::{SLOTS_PER_PAGE, page_of};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::due::{Due, destination};
use super::{Args, check, claimable_epoch, member_claim};
use crate::address::Address;
use crate::amount::Amount;
use crate::chain;
use crate::command::epoch::is_claimable;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::published::{Published, pool_of};
use crate::transact::{Deed, Transactions, perform};

/// A claim that was made, or that there was no need for.
#[derive(Clone, Debug, Serialize)]
pub struct Claimed {
    pub pool: Address,
    pub epoch: u64,
    pub owner: Address,
    /// The member's index in the tree.
    pub index: u32,
    /// The owner's token account.
    pub destination: Address,
    /// Cumulative in this epoch.
    pub earned: Amount,
    /// Before this claim.
    pub claimed_before: Amount,
    /// What this claim pays; 0 when there was nothing to claim.
    pub paid: Amount,
    pub opened_page: bool,
    pub created_token_account: bool,
    /// For the page and token account that were created.
    pub rent_lamports: u64,
    pub transactions: Transactions,
}

/// # Errors
/// Not a member; files that are stale or forged; a token account that can not be paid to; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Claimed, CliError> {
    let files = Published::open(&args.files)?;
    let pool = chain::pool(ctx, &pool_of(args.pool, &files)?).await?;
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    let number = claimable_epoch(&files, &pool)?;
    let Some(claim) = member_claim(&files, number, &owner)? else {
        return Err(CliError::refused(
            "not-a-member",
            format!(
                "{owner} is not a member of pool {} in epoch {number}",
                pool.address
            ),
            "a wallet becomes a member with its first paid proof; `cairn why` tells what became of each",
        ));
    };
    // A claims file names its own epoch, which may not be the active one.
    let epoch = chain::epoch(ctx, &pool, claim.epoch).await?;
    if claim.epoch != number {
        claimable(&epoch, &pool)?;
    }
    if claim.epoch != pool.active_epoch {
        ctx.talk.note(&format!(
            "The files are of epoch {}, the active one is {}: claiming what they hold, the rest later.",
            claim.epoch, pool.active_epoch
        ));
    }
    check(&claim, &epoch, &pool)?;
    let page = chain::find_page(ctx, &pool.address, page_of(claim.index)).await?;
    let account = chain::find_token_account(ctx, &destination(&pool, &owner)).await?;
    let due = Due::new(&pool, claim, page.as_ref(), account.as_ref())?;
    let rent = Rent::of(ctx, &due).await?;
    if due.amount == 0 {
        return Ok(result(&pool, &due, &rent, Transactions::default()));
    }
    if pool.paused {
        return Err(paused(&pool));
    }
    let payer = ctx.signer()?;
    let mut deed = Deed::new(effect(&pool, &due, &rent, payer));
    if due.account_missing {
        deed = deed.step([due.create_account(&pool, payer)]);
    }
    if due.page_missing {
        deed = deed.step([due.open_page(&pool, payer)]);
    }
    let transactions = perform(ctx, deed.step([due.pay(&pool)])).await?;
    Ok(result(&pool, &due, &rent, transactions))
}

/// Lamports for accounts that a claim must create, 0 for those that exist.
struct Rent {
    page: u64,
    account: u64,
}

impl Rent {
    async fn of(ctx: &Context, due: &Due) -> Result<Self, CliError> {
        let mut rent = Self {
            page: 0,
            account: 0,
        };
        if due.amount > 0 && due.page_missing {
            rent.page = ctx.ledger.minimum_balance(PAGE_LEN).await?;
        }
        if due.amount > 0 && due.account_missing {
            rent.account = ctx.ledger.minimum_balance(TOKEN_ACCOUNT_LEN).await?;
        }
        Ok(rent)
    }
}

fn claimable(epoch: &EpochView, pool: &PoolView) -> Result<(), CliError> {
    if is_claimable(epoch.number, pool) {
        return Ok(());
    }
    Err(CliError::refused(
        "epoch-not-claimable",
        format!(
            "the files are of epoch {}, and epoch {} is the active one",
            epoch.number, pool.active_epoch
        ),
        "fetch the active epoch's files from a keeper",
    ))
}

pub(super) fn paused(pool: &PoolView) -> CliError {
    CliError::refused(
        "paused",
        format!("pool {} is paused: no claims are paid", pool.address),
        format!(
            "what was earned stays earned; only its admin {} can unpause it",
            pool.admin
        ),
    )
}

fn effect(pool: &PoolView, due: &Due, rent: &Rent, payer: Pubkey) -> Effect {
    let tokens = |base| Amount::new(base, pool.decimals).grouped();
    let what = if payer == due.owner {
        format!("Claim {} tokens", tokens(due.amount))
    } else {
        format!("Claim {} tokens for {}", tokens(due.amount), due.owner)
    };
    let mut effect = Effect::new(what)
        .fact("pool", pool.address)
        .fact("token", pool.mint)
        .fact("epoch", due.claim.epoch)
        .fact("paid to", due.destination)
        .fact("earned so far", tokens(due.claim.tokens))
        .fact("claimed before", tokens(due.claimed));
    if due.account_missing {
        let rent = Amount::lamports(rent.account).grouped();
        effect = effect.fact("creates", format!("the token account, {rent} SOL rent"));
    }
    if due.page_missing {
        effect = effect.warning(format!(
            "Counter page {} is not open yet: you pay {} SOL rent, once, for all its {SLOTS_PER_PAGE} members.",
            due.page(),
            Amount::lamports(rent.page).grouped(),
        ));
    }
    effect
}

fn result(pool: &PoolView, due: &Due, rent: &Rent, transactions: Transactions) -> Claimed {
    let tokens = |base| Amount::new(base, pool.decimals);
    Claimed {
        pool: pool.address.into(),
        epoch: due.claim.epoch,
        owner: due.owner.into(),
        index: due.claim.index,
        destination: due.destination.into(),
        earned: tokens(due.claim.tokens),
        claimed_before: tokens(due.claimed),
        paid: tokens(due.amount),
        opened_page: rent.page > 0,
        created_token_account: rent.account > 0,
        rent_lamports: rent.page.saturating_add(rent.account),
        transactions,
    }
}

impl Verdict for Claimed {}

impl Show for Claimed {
    fn show(&self, page: &mut Page) {
        if self.paid.base == 0 {
            page.title(&format!(
                "Nothing to claim: {} has claimed all it earned",
                self.owner
            ));
        } else {
            self.transactions.title(page);
        }
        page.fact("pool", self.pool.to_string());
        page.fact("epoch", self.epoch.to_string());
        page.fact("owner", self.owner.to_string());
        page.fact("token account", self.destination.to_string());
        page.fact("earned so far", self.earned.grouped());
        page.fact("claimed before", self.claimed_before.grouped());
        if self.paid.base > 0 {
            page.fact("this claim", self.paid.grouped());
        }
        if self.rent_lamports > 0 {
            let rent = Amount::lamports(self.rent_lamports).grouped();
            page.fact("rent", format!("{rent} SOL"));
        }
        self.transactions.show(page);
    }
}
