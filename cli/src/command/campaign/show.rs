//! `cairn campaign show`.

use cairn_campaign::{CampaignError, load_claim};
use cairn_client::Reading;
use cairn_interface::airdrop::{
    CampaignStatus, CampaignView, ClosedCampaignView, VestingView, vesting_address,
};
use cairn_merkle::{DropLeaf, LeafIndex, Tokens, drop_pages_for};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::read::{self, Standing, is_claimed};
use super::{CampaignArg, claim::proven};
use crate::address::{Address, Hash};
use crate::amount::{Amount, grouped, of_tokens};
use crate::args::address;
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::{utc, utc_from};
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::shown::shown;

/// Show a campaign: dates, what was claimed, and what one owner is due
///
/// With --files it also checks that the folder is this campaign's, and with --owner it shows what that owner was
/// granted, was paid, and can claim now.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign show --campaign CAMPAIGN
  cairn campaign show --files spring --owner OWNER
  cairn campaign show --campaign CAMPAIGN --output json | jq .claimed.uiAmountString")]
pub struct Args {
    #[command(flatten)]
    pub which: CampaignArg,
    /// Whose grant to show; needs --files
    #[arg(long, value_name = "ADDRESS", value_parser = address, requires = "files")]
    pub owner: Option<Pubkey>,
}

/// A campaign as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignShown {
    pub campaign: Address,
    pub creator: Address,
    pub id: u64,
    /// draft, open, swept or closed.
    pub status: &'static str,
    pub mint: Address,
    pub receiver: Address,
    pub recipients: u32,
    /// Recipients who claimed; absent once the campaign is closed.
    pub claimants: Option<u32>,
    pub tokens: Amount,
    pub claimed: Amount,
    /// What went to the receiver.
    pub swept: Amount,
    pub root: Hash,
    pub snapshot_hash: Hash,
    /// Absent once the campaign is closed.
    pub dates: Option<Dates>,
    /// Accounts that are open; absent once the campaign is closed.
    pub accounts: Option<Accounts>,
    pub grant: Option<Grant>,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

shown! {
    /// Unix seconds.
    Dates(campaign: &CampaignView) {
        starts_at: i64 = campaign.starts_at,
        vesting_start: i64 = campaign.vesting_start,
        cliff_at: i64 = campaign.cliff_at,
        vesting_end: i64 = campaign.vesting_end,
        expires_at: i64 = campaign.expires_at,
    }
}

shown! {
    /// What hangs on the campaign.
    Accounts(campaign: &CampaignView, vault_balance: Tokens) {
        vault: Address = campaign.vault.into(),
        vault_balance: Amount = of_tokens(vault_balance, campaign.decimals),
        pages: u32 = campaign.pages,
        vestings: u32 = campaign.vestings,
        /// Whether the tree's top is stored as a whole.
        canopy_complete: bool = campaign.facts.canopy.complete,
    }
}

/// One owner's part.
#[derive(Clone, Debug, Serialize)]
pub struct Grant {
    pub owner: Address,
    pub index: LeafIndex,
    /// Paid at the claim.
    pub unlocked: Amount,
    /// Vests.
    pub locked: Amount,
    /// Whether the claim was made.
    pub claimed: bool,
    /// Of the locked part, what has vested by now.
    pub vested: Amount,
    /// Of the locked part, what was paid; absent before the claim, and when the account of it was closed.
    pub vested_paid: Option<Amount>,
    /// What a claim would pay now.
    pub due: Amount,
}

/// # Errors
/// No campaign at that address; an owner it grants nothing to; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<CampaignShown, CliError> {
    let address = args.which.address()?;
    let mut reading = Reading::new();
    let (asked, clock) = (Standing::ask(&mut reading, address), reading.clock());
    let read = chain::answer(ctx, reading).await?;
    let now = read.need(&clock)?.unix_timestamp;
    if let Standing::Closed(closed) = Standing::answered(&asked, &read)? {
        let mint = chain::mint(ctx, &closed.mint).await?;
        return Ok(tombstone(&closed, mint.decimals, now));
    }
    let campaign = Standing::live(&asked, &read, &address)?;
    let leaf = leaf(args, &campaign)?;
    // The campaign once more: its sums and what was claimed are of one moment.
    let mut reading = Reading::new();
    let (again, clock) = (Standing::ask(&mut reading, address), reading.clock());
    let vault = reading.token_account(campaign.vault);
    let vesting = leaf.map(|leaf| reading.state(vesting_address(&address, leaf.index).0));
    let pages = read::ask_pages(&mut reading, &campaign);
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&again, &read, &address)?;
    let now = read.need(&clock)?.unix_timestamp;
    let vault = read.find(&vault)?;
    let pages: Vec<_> = read.all(&pages).collect::<Result<_, _>>()?;
    let claimants = pages.iter().flatten().map(|page| page.count()).sum();
    let vesting: Option<VestingView> = vesting
        .map(|asked| read.find(&asked))
        .transpose()?
        .flatten();
    let grant = leaf.map(|leaf| {
        let claimed = is_claimed(&pages, leaf.index);
        grant(&campaign, &leaf, claimed, vesting.filter(|_| claimed), now)
    });
    Ok(shown(
        &campaign,
        vault.map_or(Tokens::ZERO, |vault| vault.tokens()),
        claimants,
        grant,
        now,
    ))
}

/// The leaf of the owner that was named with files; `None` where none was.
fn leaf(args: &Args, campaign: &CampaignView) -> Result<Option<DropLeaf>, CliError> {
    let (Some(owner), Some(files)) = (&args.owner, &args.which.files) else {
        return Ok(None);
    };
    match load_claim(files, &owner.to_bytes()) {
        Err(CampaignError::NotARecipient { .. }) => Err(CliError::refused(
            "not-a-recipient",
            format!("campaign {} grants nothing to {owner}", campaign.address),
            "check the address: a campaign pays only those in its recipients.csv",
        )),
        found => Ok(Some(proven(&found?, campaign)?)),
    }
}

/// What an owner is granted; `vesting` is the account that the claim left.
fn grant(
    campaign: &CampaignView,
    leaf: &DropLeaf,
    claimed: bool,
    vesting: Option<VestingView>,
    now: i64,
) -> Grant {
    let vested = campaign.vested_of(leaf.locked, now);
    let due = if !campaign.is_claimable(now) {
        Tokens::ZERO
    } else if claimed {
        vesting
            .as_ref()
            .map_or(Tokens::ZERO, |vesting| vesting.due(campaign, now))
    } else {
        leaf.unlocked.saturating_add(vested)
    };
    let tokens = |amount| of_tokens(amount, campaign.decimals);
    Grant {
        owner: Pubkey::new_from_array(leaf.owner).into(),
        index: leaf.index,
        unlocked: tokens(leaf.unlocked),
        locked: tokens(leaf.locked),
        claimed,
        vested: tokens(vested),
        vested_paid: vesting.map(|vesting| tokens(vesting.paid())),
        due: tokens(due),
    }
}

fn shown(
    campaign: &CampaignView,
    vault_balance: Tokens,
    claimants: u32,
    grant: Option<Grant>,
    now: i64,
) -> CampaignShown {
    let tokens = |amount| of_tokens(amount, campaign.decimals);
    CampaignShown {
        campaign: campaign.address.into(),
        creator: campaign.creator.into(),
        id: campaign.id,
        status: campaign.status().name(),
        mint: campaign.mint.into(),
        receiver: campaign.receiver.into(),
        recipients: campaign.leaf_count,
        claimants: Some(claimants),
        tokens: tokens(campaign.tokens()),
        claimed: tokens(campaign.claimed()),
        swept: tokens(campaign.swept()),
        root: campaign.root.into(),
        snapshot_hash: campaign.snapshot_hash.into(),
        dates: Some(Dates::new(campaign)),
        accounts: Some(Accounts::new(campaign, vault_balance)),
        grant,
        now,
    }
}

fn tombstone(closed: &ClosedCampaignView, decimals: u8, now: i64) -> CampaignShown {
    let tokens = |amount| of_tokens(amount, decimals);
    CampaignShown {
        campaign: closed.address.into(),
        creator: closed.creator.into(),
        id: closed.id,
        status: "closed",
        mint: closed.mint.into(),
        receiver: closed.receiver.into(),
        recipients: closed.leaf_count,
        claimants: None,
        tokens: tokens(closed.tokens()),
        claimed: tokens(closed.claimed()),
        swept: tokens(closed.swept()),
        root: closed.root.into(),
        snapshot_hash: closed.snapshot_hash.into(),
        dates: None,
        accounts: None,
        grant: None,
        now,
    }
}

impl Verdict for CampaignShown {}

impl Show for CampaignShown {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Campaign {}", self.campaign));
        page.fact("status", self.status);
        page.fact("token", self.mint.to_string());
        page.fact("creator", format!("{}, number {}", self.creator, self.id));
        page.fact("unclaimed goes to", self.receiver.to_string());
        if let Some(dates) = &self.dates {
            page.title("Dates");
            page.fact("claims start", utc_from(dates.starts_at, self.now));
            if dates.vesting_end > dates.starts_at {
                page.fact("vesting starts", utc(dates.vesting_start));
                page.fact("cliff", utc(dates.cliff_at));
                page.fact("vesting ends", utc_from(dates.vesting_end, self.now));
            }
            page.fact("claims end", utc_from(dates.expires_at, self.now));
        }
        page.title("Tokens");
        page.fact("granted", self.tokens.grouped());
        page.fact("claimed", self.claimed.grouped());
        page.fact("swept", self.swept.grouped());
        let recipients = grouped(self.recipients.into());
        page.fact(
            "recipients",
            match self.claimants {
                Some(claimants) => {
                    format!(
                        "{recipients}, of whom {} claimed",
                        grouped(claimants.into())
                    )
                }
                None => recipients,
            },
        );
        if let Some(accounts) = &self.accounts {
            page.fact("in the vault", accounts.vault_balance.grouped());
            if !accounts.canopy_complete && self.status == CampaignStatus::Draft.name() {
                page.bad("the tree's top is not stored yet: `cairn campaign open` does it");
            }
            page.fact(
                "open accounts",
                format!(
                    "{} of {} campaign pages, {} vesting",
                    accounts.pages,
                    drop_pages_for(self.recipients),
                    grouped(accounts.vestings.into())
                ),
            );
        }
        page.fact("root", self.root.to_string());
        page.fact("list", self.snapshot_hash.to_string());
        if let Some(grant) = &self.grant {
            page.title(&format!("Granted to {}", grant.owner));
            page.fact("at the claim", grant.unlocked.grouped());
            if grant.locked.base() > 0 {
                page.fact("vests", grant.locked.grouped());
                page.fact("vested by now", grant.vested.grouped());
                if let Some(paid) = &grant.vested_paid {
                    page.fact("of it paid", paid.grouped());
                }
            }
            page.fact("claimed", if grant.claimed { "yes" } else { "no" });
            page.fact("can be claimed now", grant.due.grouped());
        }
    }
}
