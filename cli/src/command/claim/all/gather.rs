//! Who is owed what in one pool, read from the published files and the chain alone: nothing is remembered between runs.

use std::collections::{BTreeMap, BTreeSet};

use cairn_client::Reading;
use cairn_epoch::ClaimFile;
use cairn_interface::vault::{Asker, MemberPageView, PoolView, RecipientView, member_page_address};
use cairn_merkle::{EpochNumber, LeafIndex, Tokens, member_page_of};
use cairn_mirror::Wanted;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;

use super::super::breaker;
use super::super::due::{self, Due, Member, RESTRICTED};
use crate::args::FilesArg;
use crate::batch::Failed;
use crate::chain;
use crate::command::pool::running;
use crate::context::Context;
use crate::error::CliError;
use crate::membership::{check, claimable_epoch};
use crate::published::{Published, pool_of};
use crate::token::Rules;

/// The pages of all members by number, `None` where one is not open.
type Pages = BTreeMap<u32, Option<MemberPageView>>;

/// One pool and everybody it owes.
pub struct Owed {
    pub pool: PoolView,
    /// The rules of its token.
    pub token: Rules,
    /// What keeps an account alive.
    pub rent: Rent,
    pub epoch: EpochNumber,
    /// Members of the epoch.
    pub members: usize,
    pub dues: Vec<Due>,
    /// Members that let only others than the signer claim for them.
    pub restricted: usize,
    pub failed: Vec<Failed>,
}

impl Owed {
    /// # Errors
    /// Files that are stale or forged; a pool that pays nothing; an unreachable node.
    pub async fn read(
        ctx: &Context,
        files: &FilesArg,
        pool: Option<Pubkey>,
        signer: Option<Pubkey>,
    ) -> Result<Self, CliError> {
        let files = Published::open(ctx, files).await?;
        let pool = chain::pool(ctx, &pool_of(pool, &files)?).await?;
        let number = claimable_epoch(&files, &pool)?;
        let claims: Vec<ClaimFile> =
            cairn_epoch::claims(&files.epoch(number, Wanted::Claims).await?)?
                .collect::<Result<_, _>>()?;
        let numbers: BTreeSet<u32> = claims
            .iter()
            .map(|claim| member_page_of(claim.index))
            .collect();
        // The pool once more: what is due follows from it and the rest together.
        let mut reading = Reading::new();
        let again = reading.state(pool.address);
        let epoch = chain::ask_record(&mut reading, &pool.address, number);
        let vault = reading.token_account(pool.vault);
        let token = Rules::ask(&mut reading, &pool.mint, &pool.token_program);
        let rent = reading.rent();
        let pages = numbers.iter();
        let pages = pages.map(|page| member_page_address(&pool.address, *page).0);
        let pages = reading.all(pages, MemberPageView::decode);
        let read = chain::answer(ctx, reading).await?;
        let pool: PoolView = read.need(&again)?;
        let token = Rules::answered(&token, &read)?;
        let now = token.now();
        running(&pool, now)?;
        let epoch = chain::stored(&pool, number, read.find(&epoch)?)?;
        let vault_balance = read
            .find(&vault)?
            .map_or(Tokens::ZERO, |vault| vault.tokens());
        let pages = numbers.into_iter().zip(read.all(&pages));
        let pages: Pages = pages
            .map(|(number, page)| page.map(|page| (number, page)))
            .collect::<Result<_, _>>()?;
        for claim in &claims {
            check(claim, &epoch, &pool)?;
        }
        let mut owed = Self {
            members: claims.len(),
            epoch: number,
            pool,
            token,
            rent: read.need(&rent)?,
            dues: Vec::new(),
            restricted: 0,
            failed: Vec::new(),
        };
        owed.find_dues(ctx, (claims, &pages), signer, now).await?;
        owed.keep_what_may_leave(vault_balance, now)?;
        Ok(owed)
    }

    /// Members with something to claim, and those that can not be paid.
    async fn find_dues(
        &mut self,
        ctx: &Context,
        (claims, pages): (Vec<ClaimFile>, &Pages),
        signer: Option<Pubkey>,
        now: i64,
    ) -> Result<(), CliError> {
        let page = |index| pages.get(&member_page_of(index)).and_then(Option::as_ref);
        let claims: Vec<ClaimFile> = claims
            .into_iter()
            .filter(|claim| claim.tokens > due::claimed(page(claim.index), claim.index))
            .collect();
        let recipients = recipients(ctx, &self.pool, &claims, page).await?;
        let destinations: Vec<Pubkey> = claims
            .iter()
            .map(|claim| {
                let wallet = due::payout(&owner_of(claim), recipients.get(&claim.index), now);
                due::destination(&self.pool, &wallet)
            })
            .collect();
        let accounts = chain::token_accounts(ctx, destinations).await?;
        for (claim, account) in claims.into_iter().zip(accounts) {
            let owner = owner_of(&claim);
            let recipient = recipients.get(&claim.index);
            let page = page(claim.index);
            let due = account.and_then(|account| {
                let member = Member {
                    claim,
                    page,
                    recipient,
                    account: account.as_ref(),
                };
                Due::new(&self.pool, member, signer, now)
            });
            match due {
                Ok(due) => self.dues.push(due),
                Err(CliError::Refused {
                    code: RESTRICTED, ..
                }) => {
                    self.restricted = self.restricted.saturating_add(1);
                }
                Err(error) => self.failed.push(Failed::new(owner, &error)),
            }
        }
        Ok(())
    }

    /// Leaves for later whoever the outflow breaker would refuse. In the order of their indices each is paid whole or waits;
    /// what is left goes to the first who waits, so that nobody whose due is above a whole window's room waits for ever.
    fn keep_what_may_leave(&mut self, vault_balance: Tokens, now: i64) -> Result<(), CliError> {
        // Half of the room is kept for claims that members sign: at anybody's word the other half leaves, and no more.
        let own = self.pool.room(now, vault_balance, Asker::Member);
        let room = self.pool.room(now, vault_balance, Asker::Anyone);
        let mut leaving = Tokens::ZERO;
        let left_for = |due: &Due, leaving: Tokens| {
            let room = match due.asker() {
                Asker::Member => &own,
                Asker::Anyone => &room,
            };
            breaker::available(room).saturating_sub(leaving)
        };
        let (dues, mut waiting): (Vec<Due>, Vec<Due>) =
            std::mem::take(&mut self.dues).into_iter().partition(|due| {
                let fits = due.amount <= left_for(due, leaving);
                if fits {
                    leaving = leaving.saturating_add(due.amount);
                }
                fits
            });
        self.dues = dues;
        if !waiting.is_empty() {
            let guarded = self.token.has_extensions();
            let first = waiting.iter().position(|due| {
                due.may_be_parted(guarded) && left_for(due, leaving) > Tokens::ZERO
            });
            if let Some(first) = first {
                let due = waiting.remove(first);
                let left = left_for(&due, leaving);
                self.dues.push(due.at_most(left, guarded)?);
            }
        }
        let error = breaker::open(&self.pool, &room, now);
        let waiting = waiting.iter().map(|due| Failed::new(due.owner, &error));
        self.failed.extend(waiting);
        Ok(())
    }

    /// Lamports for a new token account.
    pub fn account_rent(&self) -> u64 {
        self.rent.minimum_balance(self.token.account_len())
    }

    /// Numbers of pages that must be opened first.
    pub fn missing_pages(&self) -> BTreeSet<u32> {
        let missing = self.dues.iter().filter(|due| due.page_missing);
        missing.map(Due::page).collect()
    }
}

pub fn owner_of(claim: &ClaimFile) -> Pubkey {
    Pubkey::new_from_array(claim.owner)
}

/// The wishes of the members whose slot says that they have some, by index.
async fn recipients<'a>(
    ctx: &Context,
    pool: &PoolView,
    claims: &[ClaimFile],
    page: impl Fn(LeafIndex) -> Option<&'a MemberPageView>,
) -> Result<BTreeMap<LeafIndex, RecipientView>, CliError> {
    let with_wishes: Vec<&ClaimFile> = claims
        .iter()
        .filter(|claim| {
            let slot = page(claim.index).and_then(|page| page.slot(claim.index));
            slot.is_some_and(|slot| slot.has_recipient())
        })
        .collect();
    let owners = with_wishes.iter().map(|claim| owner_of(claim));
    let found = chain::recipients(ctx, &pool.address, owners).await?;
    let by_index = with_wishes.iter().map(|claim| claim.index).zip(found);
    Ok(by_index
        .filter_map(|(index, recipient)| Some((index, recipient?)))
        .collect())
}
