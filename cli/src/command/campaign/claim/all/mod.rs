//! `cairn campaign claim --all`: pays every recipient who has not claimed.

use std::collections::BTreeSet;
use std::path::Path;

use cairn_campaign::{
    CampaignFile, DropClaim, Recipient, claim_files, read_campaign, read_claim_file,
    read_recipients,
};
use cairn_client::{Bill, Estimate, Reading};
use cairn_interface::airdrop::{CampaignPageView, CampaignView, campaign_page_len};
use cairn_merkle::{LeafIndex, Tokens, depth_for};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;

use super::super::create::same_campaign;
use super::super::read::{self, Standing, is_claimed};
use super::due::{Due, Rents};
use super::plan::Plan;
use super::{Args, check, no_files, open_page};
use crate::amount::{grouped, of_tokens};
use crate::batch::{Batch, Fault, LIMITS, Tally, agree, first, signers};
use crate::chain;
use crate::context::{Context, Manner};
use crate::conversation::Effect;
use crate::error::CliError;
use crate::token::Rules;
use crate::transact::Spent;

mod claimed;

pub use claimed::AllClaimed;

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
    let address = args.which.address()?;
    let (campaign, _) = read::campaign(ctx, &address).await?;
    let file = read_campaign(folder)?;
    same_campaign(&file, &campaign)?;
    // What was claimed is read before anything is sent, so that nobody is paid for twice, whatever an earlier run did.
    let mut reading = Reading::new();
    let again = Standing::ask(&mut reading, address);
    let rules = Rules::ask(&mut reading, &campaign.mint, &campaign.token_program);
    let rent = reading.rent();
    let pages = read::ask_pages(&mut reading, &campaign);
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&again, &read, &address)?;
    let (rules, rent) = (Rules::answered(&rules, &read)?, read.need(&rent)?);
    let now = rules.now();
    read::require_claimable(&campaign, now)?;
    let pages: Vec<_> = read.all(&pages).collect::<Result<_, _>>()?;
    let recipients = read_recipients(folder, &file)?;
    let plan = Plan::of(&campaign, recipients.list(), &pages, now);
    let mut all = planned(&campaign, &plan);
    if plan.owed == 0 {
        return Ok(all);
    }
    let rents = Rents::of(&rent, &rules);
    let (openings, page_rent) = openings(ctx, &campaign, &plan.missing_pages, &rent)?;
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
    (all.paid, all.tokens) = (0, of_tokens(Tokens::ZERO, campaign.decimals));
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
        tokens: of_tokens(plan.tokens, campaign.decimals),
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
fn openings(
    ctx: &Context,
    campaign: &CampaignView,
    missing: &BTreeSet<u32>,
    each: &Rent,
) -> Result<(Vec<Vec<Instruction>>, u64), CliError> {
    let payer = ctx.fee_payer()?;
    let (mut steps, mut rent) = (Vec::with_capacity(missing.len()), 0_u64);
    for page in missing {
        let length = campaign_page_len(campaign.leaf_count, *page);
        rent = rent.saturating_add(each.minimum_balance(length));
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
    let rent = rents.claim(true, plan.vestings > 0);
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
        .filter(|(index, _)| !is_claimed(pages, LeafIndex::new(*index)))
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
    .fact("opens", format!("{} campaign pages", all.pages_opened))
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
        let accounts = chain::token_accounts(self.ctx, destinations).await?;
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
