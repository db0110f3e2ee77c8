//! `cairn campaign create`.

use std::path::PathBuf;

use cairn_campaign::{CampaignFile, Terms, read_campaign};
use cairn_client::Reading;
use cairn_interface::airdrop::{self, CampaignView, campaign_len};
use cairn_interface::spl::MintView;
use cairn_merkle::Tokens;
use solana_sdk::pubkey::Pubkey;

use super::doubt::doubts;
use super::payees;
use super::read::Standing;
use crate::amount::{Amount, grouped, of_tokens};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::moment::utc;
use crate::payee;
use crate::token;
use crate::transact::{Deed, Transactions, perform};

/// Create the campaign of a prepared folder: a draft with an empty vault
///
/// The signer must be the creator that the folder was prepared for. Everything but the expiry is frozen from here on:
/// the root, the list's hash, the dates, the receiver. Nobody can claim before `campaign open`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign create --files spring
  cairn campaign create --files spring --dry-run     the effect and the cost only
  cairn campaign create --files spring --authority MULTISIG_VAULT --unsigned")]
pub struct Args {
    /// Folder that `campaign prepare` made
    #[arg(long, value_name = "DIR")]
    pub files: PathBuf,
}

/// # Errors
/// The signer is not the creator; the mint has other decimals; another campaign has this creator and id; what sending
/// runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let file = read_campaign(&args.files)?;
    let creator = ctx.signer_as(
        "campaign's creator",
        &Pubkey::new_from_array(file.terms.creator),
    )?;
    let mut reading = Reading::new();
    let mint = Pubkey::new_from_array(file.terms.mint);
    let mint = chain::ask_mint(&mut reading, mint);
    let standing = Pubkey::new_from_array(file.terms.campaign);
    let standing = Standing::ask(&mut reading, standing);
    let (clock, rent) = (reading.clock(), reading.rent());
    let read = chain::answer(ctx, reading).await?;
    let mint = read.need(&mint)?;
    let create = instruction_of(&file, creator, &mint)?;
    let address = create.campaign();
    let result = |rent_lamports: u64, transactions: Transactions| {
        let stands = rent_lamports == 0 || transactions.sent();
        let next = format!("Next: cairn campaign open --files {}", args.files.display());
        Facts::of(transactions)
            .fact("campaign", address)
            .fact("vault", airdrop::campaign_vault_address(&address).0)
            .data("mint", create.mint)
            .data("receiver", create.receiver)
            .data("recipients", file.leaf_count)
            .data("tokens", of_tokens(file.root_sum, file.terms.decimals))
            .data("root", file.root_hash)
            .data("snapshot_hash", file.snapshot_hash)
            .data("rent_lamports", rent_lamports)
            .data("created", rent_lamports > 0)
            .nothing("The campaign exists already: nothing to do")
            .next_if(stands, next)
    };
    match Standing::answered(&standing, &read)? {
        Standing::Nothing => {}
        Standing::Live(found) => {
            same_campaign(&file, &found)?;
            return Ok(result(0, Transactions::default()));
        }
        Standing::Closed(_) => {
            return Err(CliError::refused(
                "campaign-closed",
                format!(
                    "campaign {} of {creator} was closed, and no number is used twice",
                    file.terms.id
                ),
                "prepare the folder with another --id",
            ));
        }
    }
    let clock = read.need(&clock)?;
    let now = clock.unix_timestamp;
    if file.terms.expires_at < now {
        return Err(CliError::refused(
            "campaign-expired",
            format!("its claims would end at {}", utc(file.terms.expires_at)),
            "prepare it again with later dates",
        ));
    }
    let length = campaign_len(file.leaf_count, file.canopy_depth);
    let rent = read.need(&rent)?;
    let rent = rent
        .minimum_balance(length)
        .saturating_add(rent.minimum_balance(mint.account_len));
    payee::somebody(ctx, "the receiver of what nobody claims,", &create.receiver).await?;
    let census = payees::of_folder(ctx, &args.files, &file).await?;
    let mut effect = effect(&file, &create, rent);
    if let Some(shown) = token::shown(&mint, file.root_sum, now) {
        effect = effect.fact("wallets show", shown);
    }
    if let Some(keyless) = census.keyless_words() {
        effect = effect.fact("without a key", keyless);
    }
    for power in token::powers(&mint, clock.epoch) {
        effect = effect.warning(power);
    }
    for doubt in doubts(&file.terms, file.locked, Some(now)) {
        effect = effect.doubt(doubt);
    }
    let deed = Deed::new(effect).rent(rent).step([create.instruction()]);
    let transactions = perform(ctx, deed).await?;
    Ok(result(rent, transactions))
}

/// The creation that a folder describes.
fn instruction_of(
    file: &CampaignFile,
    creator: Pubkey,
    mint: &MintView,
) -> Result<airdrop::CreateCampaign, CliError> {
    let terms = &file.terms;
    same_decimals(terms, mint)?;
    let create = airdrop::CreateCampaign {
        creator,
        id: terms.id,
        mint: mint.address,
        token_program: mint.token_program,
        receiver: Pubkey::new_from_array(terms.receiver),
        root: file.root(),
        leaf_count: file.leaf_count,
        snapshot_hash: file.snapshot_hash,
        starts_at: terms.starts_at,
        vesting_start: terms.vesting_start,
        cliff_at: terms.cliff_at,
        vesting_end: terms.vesting_end,
        expires_at: terms.expires_at,
        canopy_depth: terms.canopy_depth,
    };
    // Every leaf names the campaign's address: a folder made for another address proves nothing here.
    if create.campaign().to_bytes() != terms.campaign {
        return Err(CliError::refused(
            "other-campaign",
            format!(
                "the folder names campaign {}, and creator and id lead to {}",
                Pubkey::new_from_array(terms.campaign),
                create.campaign()
            ),
            "prepare it again; its campaign.json was edited or made for another program",
        ));
    }
    Ok(create)
}

/// Refuses terms whose decimals are not the mint's.
///
/// # Errors
/// They differ.
pub(super) fn same_decimals(terms: &Terms, mint: &MintView) -> Result<(), CliError> {
    if mint.decimals == terms.decimals {
        return Ok(());
    }
    Err(CliError::refused(
        "other-decimals",
        format!(
            "the campaign is prepared for {} decimals, and mint {} has {}: every amount would be another",
            terms.decimals, mint.address, mint.decimals
        ),
        "prepare it again without --decimals",
    ))
}

/// Refuses to go on with a campaign on chain that is not the folder's.
///
/// # Errors
/// They differ.
pub(super) fn same_campaign(file: &CampaignFile, found: &CampaignView) -> Result<(), CliError> {
    let terms = &file.terms;
    let same = found.root_node() == file.root()
        && found.snapshot_hash == file.snapshot_hash
        && found.leaf_count == file.leaf_count
        && found.mint.to_bytes() == terms.mint
        && found.receiver.to_bytes() == terms.receiver
        && found.starts_at == terms.starts_at
        && found.vesting_start == terms.vesting_start
        && found.cliff_at == terms.cliff_at
        && found.vesting_end == terms.vesting_end
        // It may have been extended.
        && found.expires_at >= terms.expires_at;
    if same {
        return Ok(());
    }
    Err(CliError::refused(
        "campaign-exists",
        format!(
            "campaign {} of {} exists already and is another than the folder's",
            found.id, found.creator
        ),
        "prepare the folder with another --id, or use the folder this campaign was created from",
    ))
}

fn effect(file: &CampaignFile, create: &airdrop::CreateCampaign, rent: u64) -> Effect {
    let terms = &file.terms;
    let tokens = |amount| of_tokens(amount, terms.decimals).grouped();
    let mut effect = Effect::new(format!(
        "Create a campaign of {} tokens for {} recipients",
        tokens(file.root_sum),
        grouped(file.leaf_count.into())
    ))
    .fact("address", create.campaign())
    .fact("token", create.mint)
    .fact("claims start", utc(terms.starts_at))
    .fact("claims end", utc(terms.expires_at));
    if file.locked > Tokens::ZERO {
        effect = effect.fact(
            "vests",
            format!(
                "{} tokens from {} to {}, nothing before {}",
                tokens(file.locked),
                utc(terms.vesting_start),
                utc(terms.vesting_end),
                utc(terms.cliff_at)
            ),
        );
    }
    effect
        .fact("unclaimed goes to", create.receiver)
        .fact("root", hex::encode(file.root_hash))
        .fact("list", hex::encode(file.snapshot_hash))
        .fact(
            "rent",
            format!(
                "{} SOL, returned when it is closed",
                Amount::lamports(rent).grouped()
            ),
        )
        .warning("All of this but the expiry is fixed for good.")
}
