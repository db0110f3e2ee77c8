//! `cairn campaign close`.

use cairn_client::Reading;
use cairn_interface::airdrop::{
    CLOSED_CAMPAIGN_LEN, CampaignStatus, CampaignView, CloseCampaign, CloseCampaignPage,
    CloseVesting,
};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

use super::CampaignArg;
use super::read::{self, Standing};
use crate::address::Address;
use crate::amount::{Amount, grouped};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};

/// Close a swept campaign and return the rent of all its accounts
///
/// Closes vesting accounts and pages, then the campaign, each rent to whoever paid it. A small tombstone stays, so that
/// creator and id never become another campaign, and what was paid can still be read. Anyone may do it; interrupted,
/// the same command goes on.
///
/// With --paid-vesting it closes only vesting accounts that are paid in full, which is possible at any time.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign close --files spring
  cairn campaign close --campaign CAMPAIGN --paid-vesting     while claims still go on")]
pub struct Args {
    #[command(flatten)]
    pub which: CampaignArg,
    /// Close only vesting accounts that are paid in full
    #[arg(long)]
    pub paid_vesting: bool,
}

/// A campaign whose accounts were closed.
#[derive(Clone, Debug, Serialize)]
pub struct Closed {
    pub campaign: Address,
    pub vestings: usize,
    pub pages: usize,
    /// Whether the campaign itself is closed now, or was.
    pub closed: bool,
    pub rent_returned_lamports: u64,
    pub transactions: Transactions,
}

/// # Errors
/// The campaign is not swept; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Closed, CliError> {
    let address = args.which.address()?;
    let mut reading = Reading::new();
    let asked = Standing::ask(&mut reading, address);
    let read = chain::answer(ctx, reading).await?;
    if let Standing::Closed(_) = Standing::answered(&asked, &read)? {
        return Ok(Closed {
            campaign: address.into(),
            vestings: 0,
            pages: 0,
            closed: true,
            rent_returned_lamports: 0,
            transactions: Transactions::default(),
        });
    }
    let campaign = Standing::live(&asked, &read, &address)?;
    if campaign.status() == CampaignStatus::Draft && !args.paid_vesting {
        return Err(CliError::refused(
            "campaign-draft",
            format!("campaign {address} is a draft that was never opened"),
            "its creator opens it with `cairn campaign open`, or gives it up with `cairn campaign sweep`; then it can be closed",
        ));
    }
    if campaign.status() != CampaignStatus::Swept && !args.paid_vesting {
        return Err(CliError::not_yet(
            "campaign-not-swept",
            format!("campaign {address} still holds tokens for its recipients"),
            "after its expiry, send what is left to the receiver with `cairn campaign sweep`",
        ));
    }
    let (vestings, mut closes) = vestings(ctx, &campaign).await?;
    let mut pages = 0;
    if !args.paid_vesting {
        let mut reading = Reading::new();
        let asked = read::ask_pages(&mut reading, &campaign);
        let read = chain::answer(ctx, reading).await?;
        for page in read.all(&asked).filter_map(Result::transpose) {
            let page = page?;
            pages += 1;
            closes.push((
                page.address,
                CloseCampaignPage {
                    campaign: address,
                    page: page.page,
                    rent_payer: page.rent_payer,
                }
                .instruction(),
            ));
        }
        closes.push((
            address,
            CloseCampaign {
                creator: campaign.creator,
                campaign: address,
            }
            .instruction(),
        ));
    }
    let rent = returned(ctx, &closes, !args.paid_vesting).await?;
    let mut effect = Effect::new(if args.paid_vesting {
        "Close vesting accounts that are paid in full"
    } else {
        "Close the campaign"
    })
    .fact("campaign", address)
    .fact("vesting accounts", grouped(vestings as u64));
    if !args.paid_vesting {
        effect = effect
            .fact("campaign pages", pages)
            .fact("creator", campaign.creator);
    }
    let effect = effect.fact(
        "rent returned",
        format!(
            "{} SOL, each part to whoever paid it",
            Amount::lamports(rent).grouped()
        ),
    );
    let mut deed = Deed::new(effect);
    for (_, close) in closes {
        deed = deed.step([close]);
    }
    let transactions = perform(ctx, deed).await?;
    Ok(Closed {
        campaign: address.into(),
        vestings,
        pages,
        closed: !args.paid_vesting && transactions.sent(),
        rent_returned_lamports: rent,
        transactions,
    })
}

/// The vesting accounts that can be closed, and how.
async fn vestings(
    ctx: &Context,
    campaign: &CampaignView,
) -> Result<(usize, Vec<(Pubkey, Instruction)>), CliError> {
    // The count is in the campaign: a node that lists no accounts is not asked in vain.
    if campaign.vestings == 0 {
        return Ok((0, Vec::new()));
    }
    let swept = campaign.status() == CampaignStatus::Swept;
    let closes: Vec<(Pubkey, Instruction)> = read::vestings(ctx, &campaign.address, None)
        .await?
        .into_iter()
        .filter(|vesting| swept || vesting.paid == vesting.locked)
        .map(|vesting| {
            let close = CloseVesting {
                campaign: campaign.address,
                index: vesting.index(),
                rent_payer: vesting.rent_payer,
            };
            (vesting.address, close.instruction())
        })
        .collect();
    Ok((closes.len(), closes))
}

/// Lamports that come back: all of what closes, but for the tombstone's.
async fn returned(
    ctx: &Context,
    closes: &[(Pubkey, Instruction)],
    tombstone: bool,
) -> Result<u64, CliError> {
    let mut reading = Reading::new();
    let addresses = closes.iter().map(|(address, _)| *address);
    let accounts = reading.all(addresses, |_, account| Ok(account.lamports));
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let mut all: u64 = 0;
    for lamports in read.all(&accounts) {
        all = all.saturating_add(lamports?.unwrap_or_default());
    }
    let stays = if tombstone {
        read.need(&rent)?.minimum_balance(CLOSED_CAMPAIGN_LEN)
    } else {
        0
    };
    Ok(all.saturating_sub(stays))
}

impl Verdict for Closed {}

impl Show for Closed {
    fn show(&self, page: &mut Page) {
        if self.transactions.list.is_empty() {
            page.title(if self.closed {
                "The campaign was closed already: nothing to do"
            } else {
                "Nothing to close"
            });
            page.fact("campaign", self.campaign.to_string());
            return;
        }
        self.transactions.title(page);
        page.fact("campaign", self.campaign.to_string());
        self.transactions.show(page);
        page.fact("vesting accounts", grouped(self.vestings as u64));
        page.fact("campaign pages", self.pages.to_string());
        page.fact(
            "rent returned",
            format!(
                "{} SOL",
                Amount::lamports(self.rent_returned_lamports).grouped()
            ),
        );
    }
}
