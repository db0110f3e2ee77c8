//! `cairn claim`: one owner's claim.

use cairn_client::Reading;
use cairn_interface::spl::TokenAccountView;
use cairn_interface::vault::{MEMBER_PAGE_LEN, PoolView, WHOLE_BPS};
use cairn_merkle::{EpochNumber, LeafIndex, SLOTS_PER_PAGE, Tokens};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::due::{Due, Member, destination, payout};
use super::{Args, breaker};
use crate::address::Address;
use crate::amount::{Amount, of_tokens, read_tokens};
use crate::chain;
use crate::command::pool::running;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::membership::Membership;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// A claim that was made, or that there was no need for.
#[derive(Clone, Debug, Serialize)]
pub struct Claimed {
    pub pool: Address,
    pub epoch: EpochNumber,
    pub owner: Address,
    /// The member's index in the tree.
    pub index: LeafIndex,
    /// The wallet that is paid: the owner's, or the one it named.
    pub payout: Address,
    /// That wallet's token account.
    pub destination: Address,
    /// Cumulative in this epoch.
    pub earned: Amount,
    /// Before this claim.
    pub claimed_before: Amount,
    /// What this claim pays; 0 when there was nothing to claim.
    pub paid: Amount,
    /// What of it arrives: less when the token takes a fee.
    pub received: Amount,
    /// What stays claimable after it.
    pub rest: Amount,
    pub opened_page: bool,
    pub created_token_account: bool,
    /// For the page and token account that were created.
    pub rent_lamports: u64,
    pub transactions: Transactions,
}

/// # Errors
/// Not a member; files that are stale or forged; a token account that can not be paid to; more than the breaker lets out; what
/// sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Claimed, CliError> {
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    // Where most members are paid; one who named another wallet is looked up there.
    let ask =
        |reading: &mut Reading, pool: &PoolView| reading.token_account(destination(pool, &owner));
    let (member, own, read) = Membership::read_with(ctx, &args.member(), owner, None, ask).await?;
    let pool = &member.pool;
    let most = at_most(args, pool)?;
    if member.claim.epoch != pool.active_epoch() {
        ctx.talk.note(&format!(
            "The files are of epoch {}, the active one is {}: claiming what they hold, the rest later.",
            member.claim.epoch, pool.active_epoch
        ));
    }
    let now = member.now;
    let wallet = payout(&owner, member.recipient.as_ref(), now);
    let account = if wallet == owner {
        read.find(&own)?
    } else {
        chain::find_token_account(ctx, destination(pool, &wallet)).await?
    };
    let due = due(ctx, &member, account.as_ref(), args.at_most.is_some())?;
    let guarded = due.amount > most && member.token.has_extensions();
    let due = due.at_most(most, guarded)?;
    let rent = Made::of(&member, &due);
    let arrival = member.token.arrival(due.amount, pool.decimals);
    let claimed = |transactions| result(pool, &due, &rent, arrival.received, transactions);
    if due.amount == Tokens::ZERO {
        return Ok(claimed(Transactions::default()));
    }
    running(pool, now)?;
    let room = pool.room(now, member.vault_balance, due.asker());
    breaker::admits(pool, &room, due.amount, now)?;
    let payer = ctx.fee_payer()?;
    let effect = arrival.on(effect(pool, &due, &rent, payer), "arrives");
    let mut deed = Deed::new(effect).rent(rent.page.saturating_add(rent.account));
    if due.account_missing {
        deed = deed.step([due.create_account(pool, payer)]);
    }
    if due.page_missing {
        deed = deed.step([due.open_page(pool, payer)]);
    }
    match perform(ctx, deed.step([due.pay(pool)])).await {
        Ok(transactions) => Ok(claimed(transactions)),
        Err(error) => Err(match error.breaker_open() {
            // Somebody else's claim came first: the program says what is left.
            Some(room) => breaker::open(pool, &room, now),
            None => error,
        }),
    }
}

fn at_most(args: &Args, pool: &PoolView) -> Result<Tokens, CliError> {
    let Some(text) = &args.at_most else {
        return Ok(Tokens::MAX);
    };
    let most = read_tokens("--at-most", text, pool.decimals)?;
    if most == Tokens::ZERO {
        return Err(CliError::argument(
            "--at-most is 0",
            "name the most tokens to claim, or leave it out to claim all that is due",
        ));
    }
    Ok(most)
}

/// What is due to the member, who is paid into `account`.
fn due(
    ctx: &Context,
    member: &Membership,
    account: Option<&TokenAccountView>,
    in_part: bool,
) -> Result<Due, CliError> {
    let recipient = member.recipient.as_ref();
    let restricted = recipient.is_some_and(|recipient| recipient.is_restricted());
    // Only a restricted claim needs another key than the one that pays the fee. A part of some tokens, and the half of the
    // breaker's room that is kept for members, are for the member's key as well, where it is the one that signs.
    let is_guarded = in_part || member.pool.breaker_share_bps < WHOLE_BPS;
    let signer = match (restricted, is_guarded) {
        (true, _) => Some(ctx.signer()?),
        (false, true) => ctx.signer().ok(),
        (false, false) => None,
    };
    let found = Member {
        claim: member.claim.clone(),
        page: member.page.as_ref(),
        recipient,
        account,
    };
    Due::new(&member.pool, found, signer, member.now)
}

/// Lamports for accounts that a claim must create, 0 for those that exist.
struct Made {
    page: u64,
    account: u64,
}

impl Made {
    fn of(member: &Membership, due: &Due) -> Self {
        let rent = &member.rent;
        let mut made = Self {
            page: 0,
            account: 0,
        };
        if due.amount > Tokens::ZERO && due.page_missing {
            made.page = rent.minimum_balance(MEMBER_PAGE_LEN);
        }
        if due.amount > Tokens::ZERO && due.account_missing {
            made.account = rent.minimum_balance(member.token.account_len());
        }
        made
    }
}

fn effect(pool: &PoolView, due: &Due, rent: &Made, payer: Pubkey) -> Effect {
    let tokens = |amount| of_tokens(amount, pool.decimals).grouped();
    let what = if payer == due.owner {
        format!("Claim {} tokens", tokens(due.amount))
    } else {
        format!("Claim {} tokens for {}", tokens(due.amount), due.owner)
    };
    let mut effect = Effect::new(what)
        .fact("pool", pool.address)
        .fact("token", pool.mint)
        .fact("epoch", due.claim.epoch)
        .fact("paid to", paid_to(due))
        .fact("earned so far", tokens(due.claim.tokens))
        .fact("claimed before", tokens(due.claimed));
    if due.rest > Tokens::ZERO {
        effect = effect.fact("stays claimable", tokens(due.rest));
    }
    if due.account_missing {
        let rent = Amount::lamports(rent.account).grouped();
        effect = effect.fact("creates", format!("the token account, {rent} SOL rent"));
    }
    if due.page_missing {
        effect = effect.warning(format!(
            "Member page {} is not open yet: you pay {} SOL rent, once, for all its {SLOTS_PER_PAGE} members.",
            due.page(),
            Amount::lamports(rent.page).grouped(),
        ));
    }
    effect
}

/// The token account, and whose it is when that is not the member's own.
fn paid_to(due: &Due) -> String {
    if due.payout == due.owner {
        due.destination.to_string()
    } else {
        format!("{}\nof {}", due.destination, due.payout)
    }
}

fn result(
    pool: &PoolView,
    due: &Due,
    rent: &Made,
    received: Amount,
    transactions: Transactions,
) -> Claimed {
    let tokens = |amount| of_tokens(amount, pool.decimals);
    Claimed {
        pool: pool.address.into(),
        epoch: due.claim.epoch,
        owner: due.owner.into(),
        index: due.claim.index,
        payout: due.payout.into(),
        destination: due.destination.into(),
        earned: tokens(due.claim.tokens),
        claimed_before: tokens(due.claimed),
        paid: tokens(due.amount),
        received,
        rest: tokens(due.rest),
        opened_page: rent.page > 0,
        created_token_account: rent.account > 0,
        rent_lamports: rent.page.saturating_add(rent.account),
        transactions,
    }
}

impl Verdict for Claimed {}

impl Show for Claimed {
    fn show(&self, page: &mut Page) {
        if self.paid.base() == 0 {
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
        if self.payout != self.owner {
            page.fact("paid wallet", self.payout.to_string());
        }
        page.fact("token account", self.destination.to_string());
        page.fact("earned so far", self.earned.grouped());
        page.fact("claimed before", self.claimed_before.grouped());
        if self.paid.base() > 0 {
            page.fact("this claim", self.paid.grouped());
            if self.received != self.paid {
                page.fact("arrives", self.received.grouped());
            }
            if self.rest.base() > 0 {
                page.fact("stays claimable", self.rest.grouped());
            }
        }
        if self.rent_lamports > 0 {
            let rent = Amount::lamports(self.rent_lamports).grouped();
            page.fact("rent", format!("{rent} SOL"));
        }
        self.transactions.show(page);
    }
}
