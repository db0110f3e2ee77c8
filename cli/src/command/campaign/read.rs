//! What campaign commands read from the chain, each absence told apart by a sentence of its own.

use cairn_client::{AccountFilter, Asked, AskedAll, Read, Reading};
use cairn_interface::airdrop::{
    self, CampaignPageView, CampaignStatus, CampaignView, ClosedCampaignView, VESTING_LEN,
    VestingView,
};
use cairn_interface::{DecodeError, ids, spl};
use cairn_merkle::{LeafIndex, drop_page_of, drop_pages_for};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;

use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;

/// What lives at a campaign's address.
pub enum Standing {
    Nothing,
    Live(CampaignView),
    Closed(ClosedCampaignView),
}

impl Standing {
    fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        if account.owner != ids::AIRDROP {
            return Ok(Self::Nothing);
        }
        CampaignView::decode(address, account).map_or_else(
            |error| {
                let closed = ClosedCampaignView::decode(address, account);
                closed.map(Self::Closed).map_err(|_| error)
            },
            |live| Ok(Self::Live(live)),
        )
    }

    /// Asks what lives at a campaign's address.
    pub fn ask(reading: &mut Reading, address: Pubkey) -> Asked<Self> {
        reading.of(ids::AIRDROP, address, "a campaign", Self::decode)
    }

    /// What was answered.
    ///
    /// # Errors
    /// An account that is no campaign.
    pub fn answered(asked: &Asked<Self>, read: &Read) -> Result<Self, CliError> {
        Ok(read.find(asked)?.unwrap_or(Self::Nothing))
    }

    /// As [`Standing::answered`], of a campaign that was created and is not closed.
    ///
    /// # Errors
    /// It is missing or closed.
    pub fn live(
        asked: &Asked<Self>,
        read: &Read,
        address: &Pubkey,
    ) -> Result<CampaignView, CliError> {
        // Where nothing is at all, the wrong cluster explains more than a missing account.
        match read.need(asked)? {
            Self::Live(view) => Ok(view),
            Self::Closed(_) => Err(CliError::refused(
                "campaign-closed",
                format!("campaign {address} was closed"),
                "see what was paid with `cairn campaign show`",
            )),
            Self::Nothing => Err(CliError::refused(
                "campaign-missing",
                format!("{address} is no campaign"),
                "create it with `cairn campaign create --files DIR`",
            )),
        }
    }
}

/// A campaign that was created and is not closed, and unix seconds on the cluster's clock.
///
/// # Errors
/// It is missing or closed; an unreachable node.
pub async fn campaign(ctx: &Context, address: &Pubkey) -> Result<(CampaignView, i64), CliError> {
    let mut reading = Reading::new();
    let (asked, clock) = (Standing::ask(&mut reading, *address), reading.clock());
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&asked, &read, address)?;
    Ok((campaign, read.need(&clock)?.unix_timestamp))
}

/// Refuses what the program would, in words: a campaign that pays nothing at `now`.
///
/// # Errors
/// Too early, too late, or never opened.
pub fn require_claimable(campaign: &CampaignView, now: i64) -> Result<(), CliError> {
    let address = campaign.address;
    match campaign.status() {
        CampaignStatus::Draft => Err(CliError::not_yet(
            "campaign-not-open",
            format!("campaign {address} is not open yet"),
            "its creator opens it with `cairn campaign open`",
        )),
        CampaignStatus::Swept => Err(CliError::refused(
            "campaign-swept",
            format!("campaign {address} has ended, and what was left went to its receiver"),
            "nothing can be claimed any more",
        )),
        CampaignStatus::Open if now < campaign.starts_at => Err(CliError::not_yet(
            "campaign-not-started",
            format!(
                "claims of campaign {address} start at {}",
                utc(campaign.starts_at)
            ),
            "come back then",
        )),
        CampaignStatus::Open if now > campaign.expires_at => Err(CliError::refused(
            "campaign-expired",
            format!(
                "claims of campaign {address} ended at {}",
                utc(campaign.expires_at)
            ),
            "only its creator can move the expiry, with `cairn campaign extend`, while it is not swept",
        )),
        CampaignStatus::Open => Ok(()),
    }
}

/// Asks for every page of a campaign's bits in order.
pub fn ask_pages(reading: &mut Reading, campaign: &CampaignView) -> AskedAll<CampaignPageView> {
    let numbers = 0..drop_pages_for(campaign.leaf_count);
    let addresses = numbers.map(|page| airdrop::campaign_page_address(&campaign.address, page).0);
    reading.all(addresses, CampaignPageView::decode)
}

/// Whether the drop at `index` was claimed, by the pages read.
pub fn is_claimed(pages: &[Option<CampaignPageView>], index: LeafIndex) -> bool {
    let number = usize::try_from(drop_page_of(index)).unwrap_or(usize::MAX);
    let page = pages.get(number).and_then(Option::as_ref);
    page.and_then(|page| page.claimed(index)).unwrap_or(false)
}

/// The vesting accounts of a campaign, or of one owner in it.
///
/// # Errors
/// An unreachable node, or one that lists no accounts of a program.
pub async fn vestings(
    ctx: &Context,
    campaign: &Pubkey,
    owner: Option<&Pubkey>,
) -> Result<Vec<VestingView>, CliError> {
    // The account's first fields, behind the discriminator.
    const CAMPAIGN_AT: usize = 8;
    const OWNER_AT: usize = 40;
    let bytes = |offset, key: &Pubkey| AccountFilter::Bytes {
        offset,
        bytes: key.to_bytes().to_vec(),
    };
    let mut filters = vec![
        AccountFilter::Length(VESTING_LEN as u64),
        bytes(CAMPAIGN_AT, campaign),
    ];
    filters.extend(owner.map(|owner| bytes(OWNER_AT, owner)));
    let instead = ", or take one owner's with --owner and --files, which needs no list";
    let mut vestings: Vec<VestingView> = chain::listed(ctx, &filters, instead).await?;
    vestings.sort_unstable_by_key(|vesting| vesting.index);
    Ok(vestings)
}

/// The token account that `owner` is paid to.
pub fn destination(campaign: &CampaignView, owner: &Pubkey) -> Pubkey {
    spl::associated_token_address(owner, &campaign.mint, &campaign.token_program)
}
