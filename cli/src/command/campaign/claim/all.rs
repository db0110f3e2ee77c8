//! `cairn campaign claim --all`: pays every recipient who has not claimed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use cairn_campaign::{
    CampaignFile, DropClaim, claim_files, read_campaign, read_claim_file, read_recipients,
};
use cairn_interface::vault::{CampaignPageView, CampaignView, VESTING_LEN, campaign_page_len};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::super::create::same_campaign;
use super::super::read::{self, is_claimed};
use super::due::Due;
use super::plan::Plan;
use super::{Args, check, no_files, open_page};
use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::batch::{Fault, Settled, quiet, send_all};
use crate::chain;
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::{CliError, Exit};
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::token;
use crate::transact::{Deed, Transaction, perform};

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
    pub transactions: u64,
    pub fee_lamports: u64,
    /// Of the dearest transaction.
    pub compute_units_max: u64,
    pub failed: u64,
    /// The first of them.
    pub failures: Vec<Failed>,
    /// True when nothing was sent (`--dry-run`).
    pub simulated: bool,
    #[serde(skip)]
    only_temporary: bool,
}

/// A recipient who could not be paid.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    pub owner: Address,
    #[serde(flatten)]
    pub fault: Fault,
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
    let mut all = planned(ctx, &campaign, &plan).await?;
    if plan.owed == 0 {
        return Ok(all);
    }
    let payer = ctx.fee_payer()?;
    ctx.talk.effect(&effect(&campaign, &all, payer));
    if ctx.manner == Manner::DryRun {
        all.simulated = true;
        return Ok(all);
    }
    if !ctx.talk.agree("Sign and send all of them?")? {
        return Err(CliError::Declined);
    }
    open_missing(ctx, &campaign, &plan.missing_pages, payer).await?;
    (all.paid, all.tokens.base) = (0, 0);
    (
        all.token_accounts_created,
        all.vesting_accounts_created,
        all.transactions,
    ) = (0, 0, 0);
    let run = Run {
        ctx,
        campaign: &campaign,
        pages: &pages,
        payer,
        now,
    };
    run.pay(folder, &file, plan.owed, &mut all).await?;
    Ok(all)
}

async fn planned(
    ctx: &Context,
    campaign: &CampaignView,
    plan: &Plan,
) -> Result<AllClaimed, CliError> {
    let length = token::account_len(ctx, &campaign.mint, &campaign.token_program).await?;
    let account_rent = ctx.ledger.minimum_balance(length).await?;
    let vesting_rent = ctx.ledger.minimum_balance(VESTING_LEN).await?;
    let mut rent = account_rent
        .saturating_mul(plan.owed)
        .saturating_add(vesting_rent.saturating_mul(plan.vestings));
    for page in &plan.missing_pages {
        let length = campaign_page_len(campaign.leaf_count, *page);
        rent = rent.saturating_add(ctx.ledger.minimum_balance(length).await?);
    }
    Ok(AllClaimed {
        campaign: campaign.address.into(),
        recipients: campaign.leaf_count,
        claimed_before: u64::from(campaign.leaf_count).saturating_sub(plan.owed),
        paid: plan.owed,
        tokens: Amount::new(plan.tokens, campaign.decimals),
        pages_opened: plan.missing_pages.len(),
        token_accounts_created: plan.owed,
        vesting_accounts_created: plan.vestings,
        rent_lamports_at_most: if plan.owed == 0 { 0 } else { rent },
        transactions: plan.owed,
        fee_lamports: 0,
        compute_units_max: 0,
        failed: 0,
        failures: Vec::new(),
        simulated: false,
        only_temporary: true,
    })
}

fn effect(campaign: &CampaignView, all: &AllClaimed, payer: Pubkey) -> Effect {
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
    .fact(
        "rent",
        format!(
            "at most {} SOL",
            Amount::lamports(all.rent_lamports_at_most).grouped()
        ),
    )
    .fact(
        "transactions",
        format!("at most {}, each with its fee", grouped(all.transactions)),
    )
    .fact("signed by", payer)
}

/// Opens every missing page before the first claim, because recipients share them.
async fn open_missing(
    ctx: &Context,
    campaign: &CampaignView,
    missing: &BTreeSet<u32>,
    payer: Pubkey,
) -> Result<(), CliError> {
    let mut deed = Deed::new(Effect::new("Open pages"));
    for page in missing {
        deed = deed.step([open_page(campaign, payer, *page)]);
    }
    perform(&quiet(ctx), deed).await?;
    Ok(())
}

/// One run over all claim files.
struct Run<'a> {
    ctx: &'a Context,
    campaign: &'a CampaignView,
    pages: &'a [Option<CampaignPageView>],
    payer: Pubkey,
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
        let task = self.ctx.talk.task("paying recipients", owed);
        let done = AtomicU64::new(0);
        let reached = |more: u64| {
            let before = done.fetch_add(more, Ordering::Relaxed);
            task.reached(before.saturating_add(more));
        };
        for path in claim_files(folder, file) {
            let claims: Vec<DropClaim> = read_claim_file(&path)?
                .claims()?
                .into_iter()
                .filter(|claim| !is_claimed(self.pages, claim.leaf.index))
                .collect();
            for claim in &claims {
                check(&claim.leaf, &claim.proof, self.campaign)?;
            }
            let (dues, failed) = self.dues(claims).await?;
            reached(failed.len() as u64);
            for (owner, error) in failed {
                all.fail(owner, Fault::from(&error));
            }
            let settled = send_all(self.ctx, &dues, self.payer, &reached).await?;
            all.settle(&dues, settled);
        }
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
    fn settle(&mut self, dues: &[Due], settled: Settled) {
        for (due, outcome) in dues.iter().zip(settled.pieces) {
            match outcome {
                Ok(()) => {
                    self.paid = self.paid.saturating_add(1);
                    self.tokens.base = self.tokens.base.saturating_add(due.amount);
                    let created = u64::from(due.account_missing);
                    self.token_accounts_created =
                        self.token_accounts_created.saturating_add(created);
                    let vests = u64::from(due.still_locked > 0);
                    self.vesting_accounts_created =
                        self.vesting_accounts_created.saturating_add(vests);
                }
                // Somebody else claimed meanwhile, or an earlier run whose end nobody saw.
                Err(fault) if fault.code == "reward-vault/AlreadyClaimed" => {
                    self.claimed_before = self.claimed_before.saturating_add(1);
                }
                Err(fault) => self.fail(due.owner, fault),
            }
        }
        for transaction in settled.transactions {
            if let Transaction::Sent {
                compute_units,
                fee_lamports,
                ..
            } = transaction
            {
                self.transactions = self.transactions.saturating_add(1);
                self.fee_lamports = self.fee_lamports.saturating_add(fee_lamports);
                self.compute_units_max = self.compute_units_max.max(compute_units);
            }
        }
    }

    fn fail(&mut self, owner: Pubkey, fault: Fault) {
        self.failed = self.failed.saturating_add(1);
        self.only_temporary &= fault.exit == Some(Exit::TryAgain);
        if self.failures.len() < LISTED {
            self.failures.push(Failed {
                owner: owner.into(),
                fault,
            });
        }
    }
}

impl Verdict for AllClaimed {
    fn exit(&self) -> Exit {
        match (self.failed, self.only_temporary) {
            (0, _) => Exit::Done,
            (_, true) => Exit::TryAgain,
            (_, false) => Exit::Failed,
        }
    }
}

impl Show for AllClaimed {
    fn show(&self, page: &mut Page) {
        let paid = grouped(self.paid);
        page.title(&match (self.paid, self.simulated) {
            (0, _) if self.failed == 0 => "Nobody has anything left to claim".to_owned(),
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
        if self.fee_lamports > 0 {
            page.fact("transactions", grouped(self.transactions));
            page.fact(
                "fees",
                format!("{} SOL", Amount::lamports(self.fee_lamports).grouped()),
            );
            page.fact(
                "dearest",
                format!("{} compute units", grouped(self.compute_units_max)),
            );
        }
        if self.failed > 0 {
            page.gap();
            page.bad(&format!(
                "{} recipients could not be paid",
                grouped(self.failed)
            ));
            page.table(
                &[Column::Text("owner"), Column::Text("why")],
                self.failures
                    .iter()
                    .map(|one| vec![one.owner.to_string(), one.fault.message.clone()]),
            );
            page.line("What was paid stays paid: the same command goes on with the rest.");
        }
    }
}
