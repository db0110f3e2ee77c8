//! `cairn campaign sweep`.

use cairn_client::Reading;
use cairn_interface::airdrop::{CampaignStatus, CampaignView, SweepCampaign};
use cairn_interface::spl;
use cairn_merkle::Tokens;

use super::CampaignArg;
use super::read::{self, Standing};
use crate::amount::{Amount, of_tokens};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc_from;
use crate::token::{self, Rules};
use crate::transact::{Deed, Transactions, perform};

/// Send what nobody claimed to the campaign's receiver
///
/// Anyone may do it once the expiry is past; its creator also while the campaign is still a draft. The receiver was
/// fixed at creation. Nothing can be claimed afterwards, and the campaign's accounts can be closed.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign sweep --files spring
  cairn campaign sweep --campaign CAMPAIGN --dry-run")]
pub struct Args {
    #[command(flatten)]
    pub which: CampaignArg,
}

/// # Errors
/// Claims have not ended; a draft that is another's; a token account that can not be paid to; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let address = args.which.address()?;
    let (campaign, _) = read::campaign(ctx, &address).await?;
    // The campaign once more: what is left over follows from it and the rest together.
    let mut reading = Reading::new();
    let again = Standing::ask(&mut reading, address);
    let vault = reading.token_account(campaign.vault);
    let account = reading.token_account(read::destination(&campaign, &campaign.receiver));
    let rules = Rules::ask(&mut reading, &campaign.mint, &campaign.token_program);
    let rent = reading.rent();
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&again, &read, &address)?;
    let rules = Rules::answered(&rules, &read)?;
    let destination = read::destination(&campaign, &campaign.receiver);
    let result = |tokens, created_token_account: bool, transactions| {
        Facts::of(transactions)
            .fact("campaign", campaign.address)
            .fact("receiver", campaign.receiver)
            .named("destination", "token account", destination)
            .named("tokens", "left over", of_tokens(tokens, campaign.decimals))
            .data("created_token_account", created_token_account)
            .nothing("The campaign was swept already: nothing to do")
            .next(format!(
                "Next: cairn campaign close --campaign {}",
                campaign.address
            ))
    };
    if campaign.status() == CampaignStatus::Swept {
        return Ok(result(campaign.swept(), false, Transactions::default()));
    }
    let now = rules.now();
    let draft = campaign.status() == CampaignStatus::Draft;
    if draft {
        ctx.signer_as("campaign's creator", &campaign.creator)?;
    } else if now <= campaign.expires_at {
        return Err(CliError::not_yet(
            "campaign-not-expired",
            format!("claims end at {}", utc_from(campaign.expires_at, now)),
            "what is left goes to the receiver after that, not before",
        ));
    }
    let left = read
        .find(&vault)?
        .map_or(Tokens::ZERO, |vault| vault.tokens());
    let account = read.find(&account)?;
    if let Some(account) = account.as_ref().filter(|_| left > Tokens::ZERO) {
        token::payable(account, &campaign.receiver)?;
    }
    let create = left > Tokens::ZERO && account.is_none();
    let mut effect = effect(&campaign, left, draft).fact("paid to", destination);
    let mut deed_steps = Vec::new();
    if create {
        let rent = read.need(&rent)?.minimum_balance(rules.account_len());
        effect = effect.fact(
            "creates",
            format!(
                "that token account, {} SOL rent",
                Amount::lamports(rent).grouped()
            ),
        );
        deed_steps.push(spl::create_associated_token_account(
            &ctx.fee_payer()?,
            &campaign.receiver,
            &campaign.mint,
            &campaign.token_program,
        ));
    }
    let sweep = SweepCampaign {
        creator: campaign.creator,
        campaign: campaign.address,
        mint: campaign.mint,
        token_program: campaign.token_program,
        receiver: campaign.receiver,
        draft,
        memo: account.is_some_and(|account| account.requires_memo),
    };
    deed_steps.push(sweep.instruction());
    let transactions = perform(ctx, Deed::new(effect).step(deed_steps)).await?;
    Ok(result(left, create, transactions))
}

fn effect(campaign: &CampaignView, left: Tokens, draft: bool) -> Effect {
    let tokens = |amount| of_tokens(amount, campaign.decimals).grouped();
    let what = if draft {
        format!(
            "Give up the draft and send its {} tokens back",
            tokens(left)
        )
    } else {
        format!("Send the {} tokens nobody claimed away", tokens(left))
    };
    Effect::new(what)
        .fact("campaign", campaign.address)
        .fact("token", campaign.mint)
        .fact("receiver", campaign.receiver)
        .fact("claimed before", tokens(campaign.claimed()))
        .warning("Nothing can be claimed from this campaign afterwards.")
}
