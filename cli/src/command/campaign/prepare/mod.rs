//! `cairn campaign prepare`.

use std::fs;
use std::path::{Path, PathBuf};

use cairn_campaign::{
    CampaignFile, Reading, Recipients, Source, Terms, Units, prepare, read_table,
};
use cairn_interface::airdrop::campaign_address;
use cairn_merkle::{EpochNumber, Tokens};
use serde::Serialize;
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;

use crate::address::{Address, Hash};
use crate::amount::{Amount, grouped, of_tokens, read_tokens};
use crate::args::{address, basis_points};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::{Moment, Seconds, utc};
use crate::page::{Page, Show};
use crate::payee::keyless_words;
use crate::printer::Verdict;

mod check;
mod points;
mod watch;

pub use points::PointsShared;
use points::from_points;
use watch::Watch;

/// Prepare an airdrop: from a table, or from points, to a folder that can be published
///
/// Reads who gets what, builds the tree, proves every claim with the program's own check, and writes a folder: what
/// `campaign create` needs, the list whose hash goes on chain, and small claim files for any web server. Nothing is
/// sent. The table is a CSV whose first line names its columns: owner, amount and, if a part of it vests, locked.
/// `amount` is paid at the claim, `locked` on top of it between the vesting dates. Amounts are whole tokens with a
/// decimal point; nothing is rounded, and every faulty row is named (--output json lists them all). A table of addresses
/// alone goes with --each.
///
/// With --points the tokens are shared out by the points of a published epoch, each owner floor(tokens × points / all
/// points); the base units that rounding leaves over go, one each, to the largest remainders.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn campaign prepare drops.csv --out spring --mint MINT --starts 2026-03-01 --lasts 90d
  cairn campaign prepare drops.csv --out spring --mint MINT --starts 2026-03-01T12:00:00Z --lasts 730d \\
      --locked 75% --cliff 90d --vesting 365d        a quarter at once, the rest over a year
  cairn campaign prepare addresses.csv --each 25 --out spring --mint MINT --starts 2026-03-01 --lasts 90d
  cairn campaign prepare --points ./data --epoch 12 --tokens 1000000 --min-points 10 --cap 5000 \\
      --out spring --mint MINT --starts 2026-03-01 --lasts 90d
  cairn campaign prepare drops.csv --offline --decimals 6 …      without a node: the decimals are taken as said

Then: cairn campaign create --files spring, cairn campaign open --files spring, and publish the folder.")]
pub struct Args {
    /// CSV of recipients: owner, amount, and optionally locked
    #[arg(value_name = "TABLE", required_unless_present = "points")]
    pub table: Option<PathBuf>,
    /// Folder to make; it must not exist
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The token that is dropped
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub mint: Pubkey,
    /// Amounts in the table are base units, not whole tokens
    #[arg(long, conflicts_with = "points")]
    pub base_units: bool,
    /// Tokens for every recipient, for a table without a column amount
    #[arg(long, value_name = "TOKENS", conflicts_with = "points")]
    pub each: Option<String>,
    /// Decimals of the token, which the mint must agree with [default: the mint's]
    #[arg(long, value_name = "DIGITS", value_parser = clap::value_parser!(u8).range(0..=19))]
    pub decimals: Option<u8>,
    /// Ask no node: the decimals are taken as said, and who the recipients are is first checked by `campaign create`
    #[arg(long, requires = "decimals")]
    pub offline: bool,

    /// Share tokens by the points of a published epoch instead: a keeper's data folder or the epoch's folder
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "table",
        requires = "tokens"
    )]
    pub points: Option<PathBuf>,
    /// Which epoch [default: the newest there]
    #[arg(long, value_name = "NUMBER", requires = "points")]
    pub epoch: Option<EpochNumber>,
    /// Tokens to share
    #[arg(long, value_name = "TOKENS", requires = "points")]
    pub tokens: Option<String>,
    /// Points an owner must have to take part
    #[arg(long, value_name = "POINTS", requires = "points")]
    pub min_points: Option<String>,
    /// Most tokens one owner gets; what it cuts off is granted to nobody
    #[arg(long, value_name = "TOKENS", requires = "points")]
    pub cap: Option<String>,
    /// Grant what rounding leaves over to nobody instead of to the largest remainders
    #[arg(long, requires = "points")]
    pub leave_dust: bool,

    /// Who will create the campaign [default: the wallet of -k]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub creator: Option<Pubkey>,
    /// Tells several campaigns of one creator apart
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub id: u64,
    /// Wallet whose token account gets what nobody claims [default: the creator]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub receiver: Option<Pubkey>,
    /// First second of claims: 2026-03-01, 2026-03-01T12:00:00Z or unix seconds
    #[arg(long, value_name = "MOMENT")]
    pub starts: Moment,
    /// Last second of claims
    #[arg(long, value_name = "MOMENT", required_unless_present = "lasts")]
    pub expires: Option<Moment>,
    /// The same, counted from the start: 90d
    #[arg(long, value_name = "SPAN", conflicts_with = "expires")]
    pub lasts: Option<Seconds>,
    /// Part of every amount that vests, for tables without a column locked and for points: 75%
    #[arg(long, value_name = "SHARE", value_parser = basis_points)]
    pub locked: Option<u16>,
    /// When vesting starts [default: with the claims]
    #[arg(long, value_name = "MOMENT")]
    pub vesting_start: Option<Moment>,
    /// Time from there before which nothing of a locked part is paid
    #[arg(long, value_name = "SPAN", default_value = "0")]
    pub cliff: Seconds,
    /// Time from there over which locked parts vest evenly
    #[arg(long, value_name = "SPAN", default_value = "0")]
    pub vesting: Seconds,
    /// Levels of the tree that the campaign's account stores, so that proofs are that much shorter; at most 7
    #[arg(long, value_name = "LEVELS", default_value_t = cairn_merkle::MAX_CANOPY_DEPTH)]
    pub canopy_depth: u8,
}

/// A campaign that was prepared.
#[derive(Clone, Debug, Serialize)]
pub struct Prepared {
    pub campaign: Address,
    pub folder: PathBuf,
    pub recipients: u32,
    pub tokens: Amount,
    /// Of the tokens, what vests.
    pub locked: Amount,
    pub root: Hash,
    pub snapshot_hash: Hash,
    pub depth: u8,
    pub canopy_depth: u8,
    pub starts_at: i64,
    pub vesting_start: i64,
    pub cliff_at: i64,
    pub vesting_end: i64,
    pub expires_at: i64,
    /// Recipients whose address belongs to a program and has no key; null when nobody was asked.
    pub keyless_owners: Option<u64>,
    /// How wallets show the tokens, where that is otherwise.
    pub wallets_show: Option<String>,
    /// How points were shared; absent for a table.
    pub shared: Option<PointsShared>,
}

/// # Errors
/// Every faulty row of the table; dates out of order, or not meant; recipients that nobody can sign for; a folder that exists;
/// files of an epoch that differ from what was published.
pub async fn run(ctx: &Context, args: &Args) -> Result<Prepared, CliError> {
    let decimals = match args.decimals {
        // The table is read first: what is wrong with it is told without a node.
        Some(decimals) => decimals,
        None => chain::mint(ctx, &args.mint).await?.decimals,
    };
    let terms = terms(ctx, args, decimals)?;
    terms.check()?;
    let watch = Watch::new(ctx);
    let (recipients, source, shared) = match (&args.table, &args.points) {
        (_, Some(points)) => from_points(ctx, args, points, decimals, &watch).await?,
        (Some(table), None) => {
            let (recipients, source) = from_table(args, table, decimals, &watch)?;
            (recipients, source, None)
        }
        (None, None) => {
            return Err(CliError::argument(
                "there is nothing to read",
                "name a table of recipients, or an epoch's folder with --points",
            ));
        }
    };
    if recipients.locked() > Tokens::ZERO && terms.vesting_end == terms.starts_at {
        return Err(CliError::argument(
            "parts are locked, and no vesting time is given: they would be paid with the claim",
            "say over which time they vest with --vesting, e.g. --vesting 365d",
        ));
    }
    let checked = check::check(ctx, args, &terms, &recipients).await?;
    let campaign = prepare(&args.out, &recipients, source, terms, &watch)?;
    Ok(prepared(args, &campaign, checked, shared))
}

fn terms(ctx: &Context, args: &Args, decimals: u8) -> Result<Terms, CliError> {
    let creator = match args.creator {
        Some(creator) => creator,
        None => ctx.reader()?,
    };
    let after = |start: i64, span: Seconds, what: &str| {
        i64::try_from(span.0)
            .ok()
            .and_then(|span| start.checked_add(span))
            .ok_or_else(|| {
                CliError::argument(
                    format!("{what} is longer than time is counted"),
                    "write it like 90d",
                )
            })
    };
    let starts_at = args.starts.0;
    let vesting_start = args.vesting_start.map_or(starts_at, |moment| moment.0);
    let expires_at = match (args.expires, args.lasts) {
        (Some(moment), _) => moment.0,
        (None, Some(span)) => after(starts_at, span, "--lasts")?,
        (None, None) => starts_at,
    };
    Ok(Terms {
        campaign: campaign_address(&creator, args.id).0.to_bytes(),
        canopy_depth: args.canopy_depth,
        cliff_at: after(vesting_start, args.cliff, "--cliff")?,
        creator: creator.to_bytes(),
        decimals,
        expires_at,
        id: args.id,
        mint: args.mint.to_bytes(),
        receiver: args.receiver.unwrap_or(creator).to_bytes(),
        starts_at,
        vesting_end: after(vesting_start, args.vesting, "--vesting")?,
        vesting_start,
    })
}

fn from_table(
    args: &Args,
    table: &Path,
    decimals: u8,
    watch: &Watch,
) -> Result<(Recipients, Source), CliError> {
    let bytes = fs::read(table).map_err(|error| unreadable(table, &error))?;
    let reading = Reading {
        units: if args.base_units {
            Units::Base
        } else {
            Units::Tokens { decimals }
        },
        locked_bps: args.locked.unwrap_or(0),
        each: each(args, decimals)?,
    };
    let recipients = read_table(table, &bytes, reading, watch)?;
    let sha256 = Sha256::digest(&bytes).into();
    Ok((recipients, Source::Table { sha256 }))
}

/// What everybody gets.
fn each(args: &Args, decimals: u8) -> Result<Option<Tokens>, CliError> {
    let decimals = if args.base_units { 0 } else { decimals };
    let text = args.each.as_deref();
    text.map(|text| read_tokens("--each", text, decimals))
        .transpose()
}

fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::refused(
        "files-missing",
        format!("{} can not be read: {error}", path.display()),
        "check the path and its permissions",
    )
}

fn prepared(
    args: &Args,
    campaign: &CampaignFile,
    checked: check::Checked,
    shared: Option<PointsShared>,
) -> Prepared {
    let terms = &campaign.terms;
    Prepared {
        campaign: Pubkey::new_from_array(terms.campaign).into(),
        folder: args.out.clone(),
        recipients: campaign.leaf_count,
        tokens: of_tokens(campaign.root_sum, terms.decimals),
        locked: of_tokens(campaign.locked, terms.decimals),
        root: campaign.root_hash.into(),
        snapshot_hash: campaign.snapshot_hash.into(),
        depth: campaign.depth,
        canopy_depth: campaign.canopy_depth,
        starts_at: terms.starts_at,
        vesting_start: terms.vesting_start,
        cliff_at: terms.cliff_at,
        vesting_end: terms.vesting_end,
        expires_at: terms.expires_at,
        keyless_owners: checked.keyless,
        wallets_show: checked.shown,
        shared,
    }
}

impl Verdict for Prepared {}

impl Show for Prepared {
    fn show(&self, page: &mut Page) {
        page.title(&format!(
            "Prepared a campaign of {} tokens for {} recipients",
            self.tokens.grouped(),
            grouped(self.recipients.into())
        ));
        page.fact("address", self.campaign.to_string());
        page.fact("folder", self.folder.display().to_string());
        page.fact("claims start", utc(self.starts_at));
        page.fact("claims end", utc(self.expires_at));
        if self.locked.base() > 0 {
            page.fact(
                "vests",
                format!(
                    "{} tokens from {} to {}",
                    self.locked.grouped(),
                    utc(self.vesting_start),
                    utc(self.vesting_end)
                ),
            );
            page.fact("cliff", utc(self.cliff_at));
        }
        if let Some(shown) = &self.wallets_show {
            page.fact("wallets show", shown);
        }
        let recipients = self.recipients.into();
        if let Some(words) = keyless_words(self.keyless_owners.unwrap_or(0), recipients) {
            page.fact("without a key", words);
        }
        page.fact("root", self.root.to_string());
        page.fact("list", self.snapshot_hash.to_string());
        if let Some(shared) = &self.shared {
            page.title(&format!("Shared by the points of epoch {}", shared.epoch));
            page.fact("took part", format!("{} owners", grouped(shared.eligible)));
            page.fact(
                "too small a share",
                format!("{} owners", grouped(shared.too_small)),
            );
            page.fact(
                "cut off by the cap",
                format!(
                    "{} tokens of {} owners",
                    shared.capped_off.grouped(),
                    grouped(shared.capped)
                ),
            );
            page.fact("dust left over", shared.dust.grouped());
        }
        page.gap();
        page.line(&format!(
            "Next: cairn campaign create --files {}",
            self.folder.display()
        ));
    }
}
