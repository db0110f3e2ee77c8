//! `cairn campaign open`.

use std::path::PathBuf;

use cairn_campaign::{CampaignFile, read_campaign, read_canopy};
use cairn_client::Reading;
use cairn_interface::airdrop::{CampaignStatus, CampaignView, OpenCampaign, PutCampaignCanopy};
use cairn_interface::spl::{self, MintView};
use cairn_merkle::{Node, Tokens};
use solana_sdk::pubkey::Pubkey;

use super::create::same_campaign;
use super::payees;
use super::read::{self, Standing};
use crate::amount::{grouped, of_tokens};
use crate::args::address;
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc;
use crate::token;
use crate::transact::{Deed, Transactions, perform};

/// Fill a campaign's vault and open it for claims
///
/// Stores the tree's top nodes in the campaign's account, moves the tokens of every recipient into its vault, and opens
/// it. The program opens nothing that can not pay the last recipient as surely as the first. Interrupted, the same
/// command goes on where it stopped.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign open --files spring
  cairn campaign open --files spring --from TOKEN_ACCOUNT
  cairn campaign open --files spring --dry-run")]
pub struct Args {
    /// Folder that `campaign prepare` made
    #[arg(long, value_name = "DIR")]
    pub files: PathBuf,
    /// Token account to take the tokens from [default: the creator's associated token account]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub from: Option<Pubkey>,
}

/// # Errors
/// The signer is not the creator; another campaign than the folder's; too few tokens; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let file = read_campaign(&args.files)?;
    let canopy = read_canopy(&args.files, &file)?;
    let address = Pubkey::new_from_array(file.terms.campaign);
    let (campaign, _) = read::campaign(ctx, &address).await?;
    same_campaign(&file, &campaign)?;
    let from = args.from.unwrap_or_else(|| {
        spl::associated_token_address(&campaign.creator, &campaign.mint, &campaign.token_program)
    });
    let result = |deposited, nodes: usize, transactions| {
        let amount = of_tokens(deposited, campaign.decimals);
        Facts::of(transactions)
            .fact("campaign", address)
            .data("from", from)
            .named_if(deposited > Tokens::ZERO, "deposited", "deposited", amount)
            .data("nodes", nodes)
            .data("opened", campaign.status() == CampaignStatus::Draft)
            .worded(
                "starts_at",
                campaign.starts_at,
                "claims start",
                utc(campaign.starts_at),
            )
            .nothing("The campaign is open already: nothing to do")
    };
    match campaign.status() {
        CampaignStatus::Draft => {}
        CampaignStatus::Open => return Ok(result(Tokens::ZERO, 0, Transactions::default())),
        CampaignStatus::Swept => {
            return Err(CliError::refused(
                "campaign-swept",
                format!("campaign {address} was given up or has ended"),
                "prepare another with a new --id",
            ));
        }
    }
    let creator = ctx.signer_as("campaign's creator", &campaign.creator)?;
    // The campaign once more: what is to be paid in follows from it and the rest together.
    let mut reading = Reading::new();
    let again = Standing::ask(&mut reading, address);
    let (mint, clock) = (reading.mint(campaign.mint), reading.clock());
    let vault = reading.token_account(campaign.vault);
    let source = reading.token_account(from);
    let read = chain::answer(ctx, reading).await?;
    let campaign = Standing::live(&again, &read, &address)?;
    let clock = read.need(&clock)?;
    if campaign.expires_at < clock.unix_timestamp {
        return Err(CliError::refused(
            "campaign-expired",
            format!("its claims ended at {}", utc(campaign.expires_at)),
            "move the expiry with `cairn campaign extend`, or give the draft up with `cairn campaign sweep`",
        ));
    }
    let mint = read.need(&mint)?;
    let held = read
        .find(&vault)?
        .map_or(Tokens::ZERO, |vault| vault.tokens());
    let deposit = deposit(&campaign, &mint, held, clock.epoch)?;
    if deposit.amount > Tokens::ZERO {
        let (source, needed) = (read.find(&source)?, deposit.amount);
        token::held(
            source.as_ref(),
            &from,
            &campaign.mint,
            needed,
            campaign.decimals,
        )?;
    }
    let census = payees::of_folder(ctx, &args.files, &file).await?;
    let puts = missing_canopy(creator, &campaign, &canopy);
    let mut effect = effect(&file, &campaign, &from, &deposit);
    if let Some(keyless) = census.keyless_words() {
        effect = effect.fact("without a key", keyless);
    }
    let mut deed = Deed::new(effect);
    let nodes = puts.iter().map(|put| put.nodes.len()).sum();
    for put in &puts {
        deed = deed.step([put.instruction()]);
    }
    let open = OpenCampaign {
        creator,
        campaign: address,
        mint: campaign.mint,
        token_program: campaign.token_program,
        from,
        amount: mint.transfer_fees.is_some().then_some(deposit.amount),
    };
    let transactions = perform(ctx, deed.step([open.instruction()])).await?;
    Ok(result(deposit.amount, nodes, transactions))
}

/// What must be taken so that the vault holds what it must.
struct Deposit {
    /// What to take.
    amount: Tokens,
    /// Of it, what a fee-taking mint keeps.
    fee: Tokens,
}

fn deposit(
    campaign: &CampaignView,
    mint: &MintView,
    held: Tokens,
    epoch: u64,
) -> Result<Deposit, CliError> {
    let lacking = campaign.tokens().saturating_sub(held);
    if mint.transfer_fees.is_none() {
        return Ok(Deposit {
            amount: lacking,
            fee: Tokens::ZERO,
        });
    }
    gross(lacking, |amount| mint.fee_of(amount, epoch)).ok_or_else(|| {
        CliError::refused(
            "fee-too-high",
            format!(
                "mint {} keeps so much of every transfer that no deposit reaches the vault's need",
                mint.address
            ),
            "its fee authority can lower the fee for the time of the deposit",
        )
    })
}

/// The least amount of which `lacking` arrives when `fee` of it is kept. The fee grows with the amount and more slowly, so
/// the search climbs to it.
fn gross(lacking: Tokens, fee: impl Fn(Tokens) -> Tokens) -> Option<Deposit> {
    let mut amount = lacking;
    // Each round closes a fixed part of the gap; a fee of all of it never closes.
    for _ in 0..100_000 {
        let kept = fee(amount);
        let arrives = amount.saturating_sub(kept);
        if arrives >= lacking {
            return Some(Deposit { amount, fee: kept });
        }
        amount = amount.checked_add(lacking.saturating_sub(arrives))?;
    }
    None
}

/// What of the canopy is not stored yet. Nodes are stored in order, so a draft that holds the first few goes on behind
/// them; one that holds others starts over.
fn missing_canopy(
    creator: Pubkey,
    campaign: &CampaignView,
    canopy: &[Node],
) -> Vec<PutCampaignCanopy> {
    if campaign.facts.canopy.complete {
        return Vec::new();
    }
    let stored = campaign.facts.canopy.nodes.len();
    let good = canopy.starts_with(&campaign.facts.canopy.nodes);
    PutCampaignCanopy::all(creator, campaign.address, canopy)
        .into_iter()
        .filter_map(|mut put| {
            let start = usize::from(put.offset);
            if !good || stored <= start {
                return Some(put);
            }
            // The part behind what is stored; nothing of a part that is stored whole.
            let skip = stored.saturating_sub(start);
            let rest = put.nodes.get(skip..)?.to_vec();
            put.offset = u8::try_from(stored).ok()?;
            put.nodes = rest;
            (!put.nodes.is_empty()).then_some(put)
        })
        .collect()
}

fn effect(
    file: &CampaignFile,
    campaign: &CampaignView,
    from: &Pubkey,
    deposit: &Deposit,
) -> Effect {
    let tokens = |amount| of_tokens(amount, campaign.decimals).grouped();
    let mut effect = Effect::new(format!(
        "Open the campaign: {} tokens for {} recipients",
        tokens(file.root_sum),
        grouped(file.leaf_count.into())
    ))
    .fact("campaign", campaign.address)
    .fact("token", campaign.mint)
    .fact("takes", format!("{} tokens", tokens(deposit.amount)))
    .fact("from", from);
    if deposit.fee > Tokens::ZERO {
        effect = effect.fact(
            "of which the mint keeps",
            format!("{} tokens as its transfer fee", tokens(deposit.fee)),
        );
    }
    effect
        .fact("claims start", utc(campaign.starts_at))
        .fact("claims end", utc(campaign.expires_at))
        .warning(format!(
            "The tokens leave the vault only to recipients, and after the expiry to {}.",
            campaign.receiver
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fee in hundredths of a percent, rounded up, and no more than `most`: as Token-2022 takes it.
    fn fee(bps: u128, most: u64) -> impl Fn(u64) -> u64 {
        move |amount| {
            let exact = (u128::from(amount) * bps).div_ceil(10_000);
            u64::try_from(exact).unwrap().min(most)
        }
    }

    #[test]
    fn a_deposit_brings_exactly_enough_through_any_fee() {
        for bps in [0, 1, 50, 100, 2_500, 9_000] {
            for most in [0, 7, u64::MAX] {
                for lacking in [0, 1, 2, 99, 10_000, 123_456_789] {
                    let fee = fee(bps, most);
                    let typed = |amount: Tokens| Tokens::new(fee(amount.get()));
                    let found = gross(Tokens::new(lacking), typed).unwrap();
                    let (amount, kept) = (found.amount.get(), found.fee.get());
                    assert_eq!(kept, fee(amount));
                    assert!(amount - kept >= lacking);
                    if amount > lacking {
                        let less = amount - 1;
                        assert!(less - fee(less) < lacking, "{bps} {most} {lacking}");
                    }
                }
            }
        }
        assert!(gross(Tokens::new(5), |amount| amount).is_none());
    }
}
