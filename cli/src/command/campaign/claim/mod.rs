//! `cairn campaign claim`.

use cairn_campaign::{CampaignError, FoundClaim, load_claim};
use cairn_client::{Payment, Reading};
use cairn_interface::airdrop::{
    CampaignPageView, CampaignView, OpenCampaignPage, campaign_page_address, campaign_page_len,
};
use cairn_merkle::{DropLeaf, LeafIndex, Node, Tokens, drop_page_of, verify};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::rent::Rent;

use super::read::Standing;
use super::{CampaignArg, read};
use crate::address::Address;
use crate::amount::{Amount, of_tokens};
use crate::args::address;
use crate::chain;
use crate::command::boxed;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::moment::utc;
use crate::page::{Page, Show};
use crate::printer::{Outcome, Verdict};
use crate::token::Rules;
use crate::transact::{Deed, Transactions, perform};

pub mod all;
mod due;
mod plan;

use due::{Due, Rents};

/// Claim what a campaign grants you, or everybody's
///
/// Reads the proof from the campaign's folder or one claim file, checks it here, and sends it: the program pays the
/// owner's own token account at once what is not locked, and what has vested. Of the rest it keeps a vesting account,
/// whose rent comes back when it is paid. A drop is claimed once. Anyone may claim for anyone.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign claim --files spring                    claim for the wallet of -k
  cairn campaign claim --files 03f.json                  with nothing but your claim file
  cairn campaign claim --files spring --owner OWNER      pay the fee for somebody else's claim
  cairn campaign claim --files spring --all              pay everyone; run it again if it was interrupted
  cairn campaign claim --files spring --dry-run          the effect and the cost only")]
pub struct Args {
    #[command(flatten)]
    pub which: CampaignArg,
    /// Who is paid [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub owner: Option<Pubkey>,
    /// Claim for every recipient who has not claimed
    #[arg(long, conflicts_with = "owner")]
    pub all: bool,
}

pub(super) async fn run(ctx: &Context, args: &Args) -> Result<Box<dyn Outcome>, CliError> {
    if args.all {
        boxed(all::run(ctx, args).await)
    } else {
        boxed(one(ctx, args).await)
    }
}

/// A claim that was made, or that there was no need for.
#[derive(Clone, Debug, Serialize)]
pub struct DropClaimed {
    pub campaign: Address,
    pub owner: Address,
    pub index: LeafIndex,
    /// The owner's token account.
    pub destination: Address,
    pub unlocked: Amount,
    pub locked: Amount,
    /// What this claim pays; 0 when it was made before.
    pub paid: Amount,
    /// Whether it was made before.
    pub claimed_before: bool,
    /// What stays locked for now.
    pub still_locked: Amount,
    pub rent_lamports: u64,
    pub transactions: Transactions,
    #[serde(skip)]
    vesting_end: i64,
}

/// # Errors
/// Not a recipient; files that are stale or forged; a campaign that pays nothing now; a token account that can not be
/// paid to; what sending runs into.
pub async fn one(ctx: &Context, args: &Args) -> Result<DropClaimed, CliError> {
    let Some(files) = &args.which.files else {
        return Err(no_files());
    };
    let address = args.which.address()?;
    let (campaign, _) = read::campaign(ctx, &address).await?;
    let owner = match args.owner {
        Some(owner) => owner,
        None => ctx.reader()?,
    };
    let found = match load_claim(files, &owner.to_bytes()) {
        Err(CampaignError::NotARecipient { .. }) => {
            return Err(CliError::refused(
                "not-a-recipient",
                format!("campaign {} grants nothing to {owner}", campaign.address),
                "check the address; a claim file fetched by itself must be the owner's",
            ));
        }
        found => found?,
    };
    let leaf = proven(&found, &campaign)?;
    // The campaign once more: what is due follows from it and the rest together.
    let mut reading = Reading::new();
    let again = Standing::ask(&mut reading, address);
    let number = drop_page_of(leaf.index);
    let page = reading.state(campaign_page_address(&address, number).0);
    let account = reading.token_account(read::destination(&campaign, &owner));
    let rules = Rules::ask(&mut reading, &campaign.mint, &campaign.token_program);
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&again, &read, &address)?;
    let page: Option<CampaignPageView> = read.find(&page)?;
    let (rules, rent) = (Rules::answered(&rules, &read)?, read.need(&rent)?);
    let now = rules.now();
    let claimed_before = page
        .as_ref()
        .and_then(|page| page.claimed(leaf.index))
        .unwrap_or(false);
    if !claimed_before {
        read::require_claimable(&campaign, now)?;
    }
    let account = read.find(&account)?;
    let rents = Rents::of(&rent, &rules);
    let due = Due::new(
        &campaign,
        leaf,
        found.claim.proof,
        account.as_ref().filter(|_| !claimed_before),
        rents,
        now,
    )?;
    if claimed_before {
        return Ok(result(&campaign, &due, true, 0, Transactions::default()));
    }
    let payer = ctx.fee_payer()?;
    let missing_page = page.is_none().then_some(number);
    let rent = Made::of(&campaign, &due, (&rent, rents), missing_page);
    let effect = effect(&campaign, &due, &rent, payer);
    let arrival = rules.arrival(due.amount, campaign.decimals);
    let effect = arrival.on(effect, "arrives");
    let mut deed = Deed::new(effect).rent(rent.all());
    if page.is_none() {
        deed = deed.step([open_page(&campaign, payer, number)]);
    }
    for step in due.steps(payer) {
        deed = deed.step(step);
    }
    let transactions = perform(ctx, deed).await?;
    Ok(result(&campaign, &due, false, rent.all(), transactions))
}

pub(super) fn no_files() -> CliError {
    CliError::argument(
        "--files is missing: a claim needs its proof",
        "name the campaign's folder, or the claim file of the owner, with --files",
    )
}

/// The leaf of a claim that the campaign's own root vouches for: a forged or stale file is found here, before a fee is
/// paid.
///
/// # Errors
/// The file is another campaign's, or its proof does not lead to the root on chain.
pub(super) fn proven(found: &FoundClaim, campaign: &CampaignView) -> Result<DropLeaf, CliError> {
    let leaf = found.claim.leaf;
    check(&leaf, &found.claim.proof, campaign)?;
    Ok(leaf)
}

/// See [`proven`].
pub(super) fn check(
    leaf: &DropLeaf,
    proof: &[Node],
    campaign: &CampaignView,
) -> Result<(), CliError> {
    let differs = |what: &str| {
        CliError::refused(
            "proof-invalid",
            format!(
                "the files do not match campaign {} on chain: {what}",
                campaign.address
            ),
            "fetch them again from whoever publishes the campaign",
        )
    };
    if leaf.campaign != campaign.address.to_bytes() {
        return Err(differs("they are about another campaign"));
    }
    if !campaign.facts.canopy.complete {
        return Err(CliError::not_yet(
            "campaign-not-open",
            format!("campaign {} is not open yet", campaign.address),
            "its creator opens it with `cairn campaign open`",
        ));
    }
    leaf.node()
        .and_then(|node| {
            verify(
                node,
                leaf.index,
                campaign.leaf_count,
                proof,
                &campaign.facts.canopy.nodes,
                campaign.canopy_depth,
            )
        })
        .map_err(|error| differs(&error.to_string()))
}

pub(super) fn open_page(campaign: &CampaignView, payer: Pubkey, page: u32) -> Instruction {
    OpenCampaignPage {
        payer,
        campaign: campaign.address,
        page,
    }
    .instruction()
}

/// Lamports for accounts that a claim must create, 0 for those that exist.
struct Made {
    page: u64,
    account: u64,
    vesting: u64,
}

impl Made {
    fn of(
        campaign: &CampaignView,
        due: &Due,
        (rent, rents): (&Rent, Rents),
        missing_page: Option<u32>,
    ) -> Self {
        let length = |number| campaign_page_len(campaign.leaf_count, number);
        Self {
            page: missing_page.map_or(0, |number| rent.minimum_balance(length(number))),
            account: rents.claim(due.account_missing, false),
            vesting: rents.claim(false, due.still_locked > Tokens::ZERO),
        }
    }

    const fn all(&self) -> u64 {
        self.page
            .saturating_add(self.account)
            .saturating_add(self.vesting)
    }
}

fn effect(campaign: &CampaignView, due: &Due, rent: &Made, payer: Pubkey) -> Effect {
    let tokens = |amount| of_tokens(amount, campaign.decimals).grouped();
    let what = if payer == due.owner {
        format!("Claim {} tokens", tokens(due.amount))
    } else {
        format!("Claim {} tokens for {}", tokens(due.amount), due.owner)
    };
    let mut effect = Effect::new(what)
        .fact("campaign", campaign.address)
        .fact("token", campaign.mint)
        .fact("paid to", due.destination);
    let sol = |lamports| Amount::lamports(lamports).grouped();
    if due.account_missing {
        effect = effect.fact(
            "creates",
            format!("the token account, {} SOL rent", sol(rent.account)),
        );
    }
    if due.still_locked > Tokens::ZERO {
        effect = effect
            .fact(
                "stays locked",
                format!(
                    "{} tokens, until {}",
                    tokens(due.still_locked),
                    utc(campaign.vesting_end)
                ),
            )
            .fact(
                "vesting account",
                format!(
                    "{} SOL rent, returned when it is paid and closed",
                    sol(rent.vesting)
                ),
            );
    }
    if rent.page > 0 {
        effect = effect.warning(format!(
            "The campaign page of {} claimants is not open yet: you pay {} SOL rent for all of them, returned when the campaign is closed.",
            cairn_merkle::DROPS_PER_PAGE.min(campaign.leaf_count),
            sol(rent.page)
        ));
    }
    effect
}

fn result(
    campaign: &CampaignView,
    due: &Due,
    claimed_before: bool,
    rent_lamports: u64,
    transactions: Transactions,
) -> DropClaimed {
    let tokens = |amount| of_tokens(amount, campaign.decimals);
    DropClaimed {
        campaign: campaign.address.into(),
        owner: due.owner.into(),
        index: due.leaf.index,
        destination: due.destination.into(),
        unlocked: tokens(due.leaf.unlocked),
        locked: tokens(due.leaf.locked),
        paid: tokens(if claimed_before {
            Tokens::ZERO
        } else {
            due.amount
        }),
        claimed_before,
        still_locked: tokens(due.still_locked),
        rent_lamports,
        transactions,
        vesting_end: campaign.vesting_end,
    }
}

impl Verdict for DropClaimed {}

impl Show for DropClaimed {
    fn show(&self, page: &mut Page) {
        if self.claimed_before {
            page.title(&format!("Nothing to claim: {} has claimed", self.owner));
        } else {
            self.transactions.title(page);
        }
        page.fact("campaign", self.campaign.to_string());
        page.fact("owner", self.owner.to_string());
        page.fact("token account", self.destination.to_string());
        page.fact("granted at once", self.unlocked.grouped());
        if self.locked.base() > 0 {
            page.fact("granted to vest", self.locked.grouped());
        }
        if !self.claimed_before {
            page.fact("this claim", self.paid.grouped());
        }
        if self.rent_lamports > 0 {
            let rent = Amount::lamports(self.rent_lamports).grouped();
            page.fact("rent", format!("{rent} SOL"));
        }
        self.transactions.show(page);
        if self.locked.base() > 0 {
            page.gap();
            page.line(&format!(
                "What is locked vests until {}: take it with `cairn campaign vested --campaign {}`",
                utc(self.vesting_end),
                self.campaign
            ));
        }
    }
}
