//! `cairn campaign extend`.

use cairn_interface::airdrop::{CampaignStatus, ExtendCampaign};

use super::{CampaignArg, read};
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::{Moment, is_far, span, utc, utc_from};
use crate::transact::{Deed, perform};

/// Move a campaign's expiry later
///
/// Only later, and only by its creator, while the campaign is not swept. Nothing else of a campaign can be changed.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign extend --files spring --expires 2026-12-31
  cairn campaign extend --campaign CAMPAIGN --expires 2026-12-31T23:59:59Z")]
pub struct Args {
    #[command(flatten)]
    pub which: CampaignArg,
    /// Last second of claims from now on
    #[arg(long, value_name = "MOMENT")]
    pub expires: Moment,
}

/// # Errors
/// The signer is not the creator; the moment is not later; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let (campaign, now) = read::campaign(ctx, &args.which.address()?).await?;
    let creator = ctx.signer_as("campaign's creator", &campaign.creator)?;
    if campaign.status() == CampaignStatus::Swept {
        return Err(CliError::refused(
            "campaign-swept",
            format!(
                "campaign {} was swept: there is nothing left to claim",
                campaign.address
            ),
            "prepare another campaign",
        ));
    }
    let expires_at = args.expires.0;
    if expires_at <= campaign.expires_at {
        return Err(CliError::refused(
            "expiry-shortened",
            format!(
                "claims end at {} already, which is no earlier than {}",
                utc(campaign.expires_at),
                utc(expires_at)
            ),
            "an expiry moves only later: nobody's claim ends before what was promised",
        ));
    }
    let extend = ExtendCampaign {
        creator,
        campaign: campaign.address,
        expires_at,
    };
    let mut effect = Effect::new("Move the campaign's expiry")
        .fact("campaign", campaign.address)
        .fact("from", utc_from(campaign.expires_at, now))
        .fact("to", utc_from(expires_at, now))
        .warning("It can not be moved back.");
    if is_far(now, expires_at) {
        let away = span(now.abs_diff(expires_at));
        effect = effect.doubt(format!("Claims would not end for {away}."));
    }
    let transactions = perform(ctx, Deed::new(effect).step([extend.instruction()])).await?;
    Ok(Facts::of(transactions).fact("campaign", campaign.address))
}
