//! `cairn campaign claim --all`: pays every recipient who has not claimed.

use std::collections::BTreeSet;
use std::path::Path;

use cairn_campaign::{
    CampaignFile, DropClaim, Recipient, claim_files, read_campaign, read_claim_file,
    read_recipients,
};
use cairn_client::{Became, Bill, Estimate};
use cairn_interface::airdrop::{CampaignPageView, CampaignView, campaign_page_len};
use cairn_merkle::depth_for;
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::super::create::same_campaign;
use super::super::read::{self, is_claimed};
use super::due::{Due, Rents};
use super::plan::Plan;
use super::{Args, check, no_files, open_page};
use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::batch::{Batch, Failed, Fault, LIMITS, Tally, agree, first, show_unpaid, signers};
use crate::bill::sol;
use crate::chain;
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::{CliError, Exit};
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::Spent;

/// Failures that are listed by owner; the rest are counted.
const LISTED: usize = 100;

/// Who was paid, and who not.
#[derive(Clone, Debug, Serialize)]
pub struct AllClaimed {
    pub campaign: Address,
    pub recipients: u32,
    /// Recipients who had claimed before.
    pub claimed_before: u64,
    /// Recipients who were paid, or would be.
    pub paid: u64,
    /// What they were paid together, or would be.
    pub tokens: Amount,
    pub pages_opened: usize,
    pub token_accounts_created: u64,
    pub vesting_accounts_created: u64,
    /// For the pages, and at most for the accounts.
    pub rent_lamports_at_most: u64,
    /// As it was agreed to.
    pub fee_lamports_at_most: u64,
    /// For all that was made.
    pub rent_lamports: u64,
    /// All that landed for it, the opening of pages and refused transactions too.
    #[serde(flatten)]
    pub spent: Spent,
    pub failed: u64,
    /// The first of them.
    pub failures: Vec<Failed>,
    /// Recipients who were not reached, because of what stopped it.
    pub not_reached: u64,
    pub stopped: Option<Fault>,
    /// True when nothing was sent (`--dry-run`).
    pub simulated: bool,
    #[serde(skip)]
    only_temporary: bool,
}

/// # Errors
/// Files that are stale or forged; a campaign that pays nothing now; a node that can not be reached before the first
/// claim. A recipient who can not be paid does not stop the others; see [`AllClaimed::failures`].
pub async fn run(ctx: &Context, args: &Args) -> Result<AllClaimed, CliError> {
    if ctx.manner == Manner::Unsigned {
        return Err(CliError::argument(
            "--all makes too many transactions to be signed elsewhere",
            "use --owner with --unsigned, one recipient at a time",
        ));
    }
    let folder = args.which.files.as_deref().ok_or_else(no_files)?;
    if !folder.is_dir() {
        return Err(CliError::argument(
            "one claim file does not hold every recipient",
            "name the campaign's folder with --files",
        ));
    }
    let campaign = read::campaign(ctx, &args.which.address()?).await?;
    let file = read_campaign(folder)?;
    same_campaign(&file, &campaign)?;
    let now = chain::now(ctx).await?;
    read::require_claimable(&campaign, now)?;
    // What was claimed is read before anything is sent, so that nobody is paid for twice, whatever an earlier run did.
    let pages = read::pages(ctx, &campaign).await?;
    let recipients = read_recipients(folder, &file)?;
    let plan = Plan::of(&campaign, recipients.list(), &pages, now);
    let mut all = planned(&campaign, &plan);
    if plan.owed == 0 {
        return Ok(all);
    }
    let rents = Rents::of_campaign(ctx, &campaign).await?;
    let (openings, page_rent) = openings(ctx, &campaign, &plan.missing_pages).await?;
    let openings = first(ctx, openings)?;
    let before = Bill::of(&openings, page_rent);
    let mut estimate = estimate(ctx, &campaign, &plan, rents, before)?;
    let means = estimate.bill();
    let means = means.means(ctx.ledger.as_ref(), ctx.fee_payer()?).await?;
    if !means.suffice() {
        // Most recipients may have their accounts already: better looked up than refused for nothing.
        let missing = missing_accounts(ctx, &campaign, recipients.list(), &pages).await?;
        estimate.all.rent = rents
            .account
            .saturating_mul(missing)
            .saturating_add(rents.vesting.saturating_mul(plan.vestings));
        all.token_accounts_created = missing;
    }
    all.rent_lamports_at_most = estimate.bill().rent;
    all.fee_lamports_at_most = estimate.bill().fees;
    let Some(batch) = agree(ctx, effect(&campaign, &all), &estimate).await? else {
        all.simulated = true;
        return Ok(all);
    };
    (all.paid, all.tokens.base) = (0, 0);
    (all.token_accounts_created, all.vesting_accounts_created) = (0, 0);
    all.spent.add(&batch.first(&openings, page_rent).await?);
    all.rent_lamports = page_rent;
    let run = Run {
        ctx,
        batch: &batch,
        campaign: &campaign,
        pages: &pages,
        rents,
        now,
    };
    run.pay(folder, &file, plan.owed, &mut all).await?;
    Ok(all)
}

fn planned(campaign: &CampaignView, plan: &Plan) -> AllClaimed {
    AllClaimed {
        campaign: campaign.address.into(),
        recipients: campaign.leaf_count,
        claimed_before: u64::from(campaign.leaf_count).saturating_sub(plan.owed),
        paid: plan.owed,
        tokens: Amount::new(plan.tokens, campaign.decimals),
        pages_opened: plan.missing_pages.len(),
        token_accounts_created: plan.owed,
        vesting_accounts_created: plan.vestings,
        rent_lamports_at_most: 0,
        fee_lamports_at_most: 0,
        rent_lamports: 0,
        spent: Spent::default(),
        failed: 0,
        failures: Vec::new(),
        not_reached: 0,
        stopped: None,
        simulated: false,
        only_temporary: true,
    }
}

/// Opens every missing page before the first claim, because recipients share them; and the rent of all of them.
async fn openings(
    ctx: &Context,
    campaign: &CampaignView,
    missing: &BTreeSet<u32>,
) -> Result<(Vec<Vec<Instruction>>, u64), CliError> {
    let payer = ctx.fee_payer()?;
    let (mut steps, mut rent) = (Vec::with_capacity(missing.len()), 0_u64);
    for page in missing {
        let length = campaign_page_len(campaign.leaf_count, *page);
        rent = rent.saturating_add(ctx.ledger.minimum_balance(length).await?);
        steps.push(vec![open_page(campaign, payer, *page)]);
    }
    Ok((steps, rent))
}

/// At most: every recipient alone in a transaction, and without a token account.
fn estimate(
    ctx: &Context,
    campaign: &CampaignView,
    plan: &Plan,
    rents: Rents,
    first: Bill,
) -> Result<Estimate, CliError> {
    let depth = depth_for(campaign.leaf_count).unwrap_or_default();
    let above_canopy = usize::from(depth.saturating_sub(campaign.canopy_depth));
    let dearest = Due::dearest(campaign, above_canopy, rents);
    let rent = rents.of(true, plan.vestings > 0);
    let one = Bill {
        rent,
        ..Estimate::one(&ctx.frame()?, signers(ctx), &LIMITS, &dearest)
    };
    let rent = rents
        .account
        .saturating_mul(plan.owed)
        .saturating_add(rents.vesting.saturating_mul(plan.vestings));
    Ok(Estimate {
        payments: plan.owed,
        first,
        all: Bill {
            fees: one.fees.saturating_mul(plan.owed),
            rent,
        },
        each: one.sum(),
    })
}

/// How many recipients who have not claimed have no token account.
async fn missing_accounts(
    ctx: &Context,
    campaign: &CampaignView,
    list: &[Recipient],
    pages: &[Option<CampaignPageView>],
) -> Result<u64, CliError> {
    /// Accounts in memory at a time.
    const AT_ONCE: usize = 10_000;
    let destinations: Vec<Pubkey> = (0..)
        .zip(list)
        .filter(|(index, _)| !is_claimed(pages, *index))
        .map(|(_, one)| read::destination(campaign, &Pubkey::new_from_array(one.owner)))
        .collect();
    let mut missing = 0_usize;
    for some in destinations.chunks(AT_ONCE) {
        let found = ctx.ledger.accounts(some).await?;
        let none = found.iter().filter(|account| account.is_none());
        missing = missing.saturating_add(none.count());
    }
    Ok(missing as u64)
}

fn effect(campaign: &CampaignView, all: &AllClaimed) -> Effect {
    Effect::new(format!(
        "Claim {} tokens for {} recipients",
        all.tokens.grouped(),
        grouped(all.paid)
    ))
    .fact("campaign", campaign.address)
    .fact("token", campaign.mint)
    .fact(
        "claimed before",
        format!("{} recipients", grouped(all.claimed_before)),
    )
    .fact("opens", format!("{} pages", all.pages_opened))
    .fact(
        "creates",
        format!(
            "at most {} token accounts and {} vesting accounts",
            grouped(all.token_accounts_created),
            grouped(all.vesting_accounts_created)
        ),
    )
    .fact("transactions", format!("at most {}", grouped(all.paid)))
}

/// One run over all claim files.
struct Run<'a> {
    ctx: &'a Context,
    batch: &'a Batch<'a>,
    campaign: &'a CampaignView,
    pages: &'a [Option<CampaignPageView>],
    rents: Rents,
    now: i64,
}

impl Run<'_> {
    /// File by file, so that a million proofs are never in memory at once.
    async fn pay(
        &self,
        folder: &Path,
        file: &CampaignFile,
        owed: u64,
        all: &mut AllClaimed,
    ) -> Result<(), CliError> {
        let tally = Tally::of(self.ctx, "paying recipients", owed);
        let mut settled = 0_u64;
        for path in claim_files(folder, file) {
            if self.batch.stopped().is_some() {
                break;
            }
            let claims: Vec<DropClaim> = read_claim_file(&path)?
                .claims()?
                .into_iter()
                .filter(|claim| !is_claimed(self.pages, claim.leaf.index))
                .collect();
            for claim in &claims {
                check(&claim.leaf, &claim.proof, self.campaign)?;
            }
            let (dues, failed) = self.dues(claims).await?;
            tally.add(failed.len());
            settled = settled.saturating_add(failed.len() as u64);
            for (owner, error) in failed {
                all.fail(owner, Fault::from(&error));
            }
            let (became, transactions) = self.batch.pay(&dues, &tally).await;
            all.spent.add(&transactions);
            settled = settled.saturating_add(all.settle(&dues, became));
        }
        all.not_reached = owed.saturating_sub(settled);
        all.stopped = self.batch.stopped();
        Ok(())
    }

    /// Claims that can be paid, and owners who can not.
    async fn dues(
        &self,
        claims: Vec<DropClaim>,
    ) -> Result<(Vec<Due>, Vec<(Pubkey, CliError)>), CliError> {
        let destinations: Vec<Pubkey> = claims
            .iter()
            .map(|claim| {
                read::destination(self.campaign, &Pubkey::new_from_array(claim.leaf.owner))
            })
            .collect();
        let accounts = chain::token_accounts(self.ctx, &destinations).await?;
        let (mut dues, mut failed) = (Vec::with_capacity(claims.len()), Vec::new());
        for (claim, account) in claims.into_iter().zip(accounts) {
            let owner = Pubkey::new_from_array(claim.leaf.owner);
            let due = account.and_then(|account| {
                Due::new(
                    self.campaign,
                    claim.leaf,
                    claim.proof,
                    account.as_ref(),
                    self.rents,
                    self.now,
                )
            });
            match due {
                Ok(due) => dues.push(due),
                Err(error) => failed.push((owner, error)),
            }
        }
        Ok((dues, failed))
    }
}

impl AllClaimed {
    /// Puts what became of claims into the result; how many were reached.
    fn settle(&mut self, dues: &[Due], became: Vec<Became>) -> u64 {
        let mut reached = 0_u64;
        for (due, became) in dues.iter().zip(became) {
            match became {
                Became::Paid => self.count(due),
                // Somebody else claimed meanwhile, or an earlier run whose end nobody saw.
                Became::MadeBefore => {
                    self.claimed_before = self.claimed_before.saturating_add(1);
                }
                Became::Refused(error) | Became::Unknown(error) => {
                    self.fail(due.owner, Fault::from(error.as_ref()));
                }
                Became::NotReached => continue,
            }
            reached = reached.saturating_add(1);
        }
        reached
    }

    fn count(&mut self, due: &Due) {
        self.paid = self.paid.saturating_add(1);
        self.tokens.base = self.tokens.base.saturating_add(due.amount);
        self.rent_lamports = self.rent_lamports.saturating_add(due.rent);
        let created = u64::from(due.account_missing);
        self.token_accounts_created = self.token_accounts_created.saturating_add(created);
        let vests = u64::from(due.still_locked > 0);
        self.vesting_accounts_created = self.vesting_accounts_created.saturating_add(vests);
    }

    fn fail(&mut self, owner: Pubkey, fault: Fault) {
        self.failed = self.failed.saturating_add(1);
        self.only_temporary &= fault.exit == Some(Exit::TryAgain);
        if self.failures.len() < LISTED {
            self.failures.push(Failed::new(owner, fault));
        }
    }
}

impl Verdict for AllClaimed {
    fn exit(&self) -> Exit {
        let stopped = self.stopped.as_ref().map(|fault| fault.exit);
        match (self.failed, stopped) {
            (0, None) => Exit::Done,
            (_, None | Some(Some(Exit::TryAgain))) if self.only_temporary => Exit::TryAgain,
            _ => Exit::Failed,
        }
    }
}

impl Show for AllClaimed {
    fn show(&self, page: &mut Page) {
        let paid = grouped(self.paid);
        page.title(&match (self.paid, self.simulated) {
            (0, _) if self.failed == 0 && self.not_reached == 0 => {
                "Nobody has anything left to claim".to_owned()
            }
            (0, _) => "Nobody was paid".to_owned(),
            (_, true) => format!("Would pay {paid} recipients: nothing was sent"),
            (_, false) => format!("Paid {paid} recipients"),
        });
        page.fact("campaign", self.campaign.to_string());
        page.fact("tokens", self.tokens.grouped());
        page.fact(
            "claimed before",
            format!(
                "{} of {} recipients",
                grouped(self.claimed_before),
                grouped(self.recipients.into())
            ),
        );
        if self.simulated {
            let at_most = |lamports| format!("at most {} SOL", sol(lamports));
            page.fact("rent", at_most(self.rent_lamports_at_most));
            page.fact("fees", at_most(self.fee_lamports_at_most));
        }
        if self.rent_lamports > 0 {
            page.fact("rent", format!("{} SOL", sol(self.rent_lamports)));
        }
        self.spent.show(page);
        show_unpaid(
            page,
            "recipients",
            (self.not_reached, self.stopped.as_ref()),
            (self.failed, &self.failures),
        );
        if self.failed > 0 {
            page.line("What was paid stays paid: the same command goes on with the rest.");
        }
    }
}
