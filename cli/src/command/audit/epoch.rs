//! `cairn audit epoch`.

use std::path::PathBuf;

use cairn_client::Reading;
use cairn_epoch::{Anchor, read_anchors, read_manifest};
use cairn_interface::vault::{EpochRecord, PoolView};
use cairn_merkle::EpochNumber;
use cairn_mirror::Wanted;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::check::{Check, EQUAL, Found, GONE, published, stored};
use super::origins::{self, Asked};
use super::recomputation::{LeafDifference, again, leaf_differences, scratch};
use super::replaced::{self, was_revoked};
use crate::address::{Address, Hash};
use crate::amount::{Amount, grouped, of_tokens};
use crate::args::{FilesArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::{CliError, Exit};
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::published::{Published, pool_of};

/// Recompute an epoch from its published files and compare everything with the chain
///
/// Needs nobody's word: checks every file against the manifest and the manifest against the chain, runs the rules over the
/// evidence again, rebuilds the tree, and names the first difference and every member it concerns. Exits with 1 when
/// something differs, or can not be compared.
///
/// Which rules are right is not on chain, only their hash: keepers who agree could pay by others. --ruleset holds them against
/// those you expect.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn audit epoch 3 --pool POOL --files DIR
  cairn audit epoch 3 --pool POOL --files DIR --ruleset RULES
  cairn audit epoch all --pool POOL --files DIR --output json")]
pub struct Args {
    /// The epoch's number, or all for every epoch on chain
    #[arg(value_name = "EPOCH", value_parser = which)]
    pub which: Which,
    #[command(flatten)]
    pub files: FilesArg,
    /// The pool's address [default: the pool the files are about; name it, or you audit what you were handed]
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_POOL", value_parser = address)]
    pub pool: Option<Pubkey>,
    /// Blocks that you know of, as an anchors.parquet [default: the node is asked for each; one that keeps no blocks that old
    /// leaves it unknown]
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// The rules you expect: a folder with ruleset.toml and rules/, as every keeper's and every epoch's inputs/ has them
    /// [default: any whose hash is on chain]
    #[arg(long, value_name = "DIR")]
    pub ruleset: Option<PathBuf>,
    /// Exit with 0 although something could not be compared; it is named all the same
    #[arg(long)]
    pub accept_unknown: bool,
    /// Most members to list that differ
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
}

/// Which epochs are audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    One(EpochNumber),
    /// Every epoch that is or was active, and the one in flight when its files are here.
    All,
}

fn which(text: &str) -> Result<Which, String> {
    match text.parse() {
        Ok(number) if number >= EpochNumber::FIRST => Ok(Which::One(number)),
        _ if text == "all" => Ok(Which::All),
        _ => Err("an epoch is a number from 1, or all".to_owned()),
    }
}

/// Audits of several epochs.
#[derive(Clone, Debug, Serialize)]
pub struct Audited {
    pub pool: Address,
    pub epochs: Vec<EpochAudit>,
    /// "equal", the first difference, or the first thing that could not be compared.
    pub verdict: String,
    #[serde(skip)]
    found: Found,
    #[serde(skip)]
    accept_unknown: bool,
}

/// One epoch recomputed and compared.
#[derive(Clone, Debug, Serialize)]
pub struct EpochAudit {
    pub epoch: EpochNumber,
    /// On chain: proposed, attested, active, superseded, vetoed, revoked or closed.
    pub status: &'static str,
    /// Empty once the epoch is closed.
    pub attested_by: Vec<Address>,
    /// Proofs recomputed.
    pub proofs: u64,
    /// Members recomputed.
    pub members: u32,
    pub tokens: Amount,
    pub checks: Vec<Check>,
    /// Members whose published amounts are not the recomputed ones, up to the limit.
    pub leaves: Vec<LeafDifference>,
    pub leaves_differing: usize,
    /// "equal", the first difference, or the first thing that could not be compared.
    pub verdict: String,
    #[serde(skip)]
    found: Found,
}

/// # Errors
/// No such pool or epoch; files that are missing; an unreachable node. A difference is a result, not an error.
pub async fn run(ctx: &Context, args: &Args) -> Result<Audited, CliError> {
    let files = Published::open(ctx, &args.files).await?;
    let pool = chain::pool(ctx, &pool_of(args.pool, &files)?).await?;
    if args.pool.is_none() {
        ctx.talk.note(&format!(
            "Auditing pool {}, which the files name; use --pool to be sure it is the one you mean.",
            pool.address
        ));
    }
    let numbers: Vec<EpochNumber> = match args.which {
        Which::One(number) => vec![number],
        Which::All => {
            let pending = Some(pool.pending_epoch())
                .filter(|number| *number >= EpochNumber::FIRST && files.has(*number));
            let active = (1..=pool.active_epoch).map(EpochNumber::new);
            active.chain(pending).collect()
        }
    };
    let anchors = match &args.anchors {
        Some(path) => read_anchors(path)?,
        None => Vec::new(),
    };
    let mut epochs = Vec::with_capacity(numbers.len());
    for number in numbers {
        epochs.push(audit(ctx, &pool, &files, number, &anchors, args).await?);
    }
    let found = epochs.iter().map(|audit| audit.found).max();
    let found = found.unwrap_or(Found::Equal);
    let worst = epochs.iter().find(|audit| audit.found == found);
    let verdict = match worst {
        Some(audit) if found != Found::Equal => {
            format!("epoch {}: {}", audit.epoch, audit.verdict)
        }
        _ => EQUAL.to_owned(),
    };
    Ok(Audited {
        pool: pool.address.into(),
        epochs,
        verdict,
        found,
        accept_unknown: args.accept_unknown,
    })
}

async fn audit(
    ctx: &Context,
    pool: &PoolView,
    files: &Published,
    number: EpochNumber,
    anchors: &[Anchor],
    args: &Args,
) -> Result<EpochAudit, CliError> {
    let folder = files.epoch(number, Wanted::Whole).await?;
    let folder = folder.as_path();
    let mut reading = Reading::new();
    let record = chain::ask_record(&mut reading, &pool.address, number);
    let next = number.next().unwrap_or(EpochNumber::MAX);
    let next = chain::ask_record(&mut reading, &pool.address, next);
    let last = number
        .previous()
        .filter(|last| *last >= EpochNumber::FIRST)
        .map(|last| (last, chain::ask_record(&mut reading, &pool.address, last)));
    let read = chain::answer(ctx, reading).await?;
    let epoch = chain::known(pool, number, read.find(&record)?)?;
    let last = match last {
        Some((last, record)) => read.find(&record)?.map(|record| (last, record)),
        None => None,
    };
    let next = read.find(&next)?;
    let (manifest, hash) = read_manifest(folder)?;
    let replaces = replaced::is_replacement(files, &epoch, hash).await?;
    let mut checks = vec![
        if replaces {
            replaced::named(files, number, hash, next.as_ref()).await?
        } else {
            Check::of(
                "manifest",
                &Hash(hash),
                &Hash(epoch.manifest_hash()),
                Hash::to_string,
            )
        },
        published(folder, &manifest)?,
    ];
    let asked = Asked {
        pool,
        epoch: &epoch,
        last: last.as_ref(),
        correction: next.as_ref().filter(|_| replaces),
        folder,
        manifest: &manifest,
        files,
        anchors,
        ruleset: args.ruleset.as_deref(),
    };
    if !replaces {
        checks.extend(origins::check(ctx, asked).await?);
        checks.push(stored(&epoch));
    } else if next.is_some() {
        checks.extend(origins::check(ctx, asked).await?);
    }
    if let Some((last, record)) = &last
        && was_revoked(record, &manifest)
        && files.has(*last)
    {
        let before = Box::pin(audit(ctx, pool, files, *last, anchors, args)).await?;
        checks.push(replaced::before(*last, before.found, &before.verdict));
    }
    let scratch = scratch()?;
    let on_chain = Some(&epoch).filter(|_| !replaces);
    let (recomputed, difference) = again(ctx, folder, scratch.path(), on_chain).await?;
    checks.extend(recomputed);
    let (leaves, leaves_differing) = if difference {
        leaf_differences(folder, scratch.path(), args.limit)
    } else {
        (Vec::new(), 0)
    };
    let (found, verdict) = Found::of(&checks);
    let (status, attested_by) = match &epoch {
        EpochRecord::Stored(epoch) => (epoch.status().name(), epoch.attesters()),
        EpochRecord::Closed(_) => ("closed", [].as_slice()),
    };
    let attested_by = attested_by.iter().copied().map(Address).collect();
    Ok(EpochAudit {
        epoch: number,
        status,
        attested_by,
        proofs: manifest.received,
        members: manifest.tree.leaf_count,
        tokens: of_tokens(manifest.tree.root_sum, pool.decimals),
        verdict,
        checks,
        leaves,
        leaves_differing,
        found,
    })
}

impl Verdict for Audited {
    fn exit(&self) -> Exit {
        match self.found {
            Found::Equal => Exit::Done,
            Found::Unknown if self.accept_unknown => Exit::Done,
            Found::Unknown | Found::Differs => Exit::Failed,
        }
    }
}

impl Show for Audited {
    fn show(&self, page: &mut Page) {
        for audit in &self.epochs {
            audit.show(page);
        }
        page.gap();
        match self.found {
            Found::Differs => page.bad(&format!("differs: {}", self.verdict)),
            Found::Unknown => page.bad(&format!(
                "nothing differs, but not everything could be compared: {}",
                self.verdict
            )),
            Found::Equal if self.epochs.is_empty() => {
                page.line("There is no epoch to audit yet.");
            }
            Found::Equal => page.good(&format!(
                "equal: {} recomputed from the files and the same on chain",
                match self.epochs.len() {
                    1 => "the epoch is".to_owned(),
                    count => format!("all {} epochs are", grouped(count as u64)),
                }
            )),
        }
        let gone = self.epochs.iter().filter(|audit| audit.lacks_something());
        let gone = gone.count() as u64;
        if gone > 0 {
            page.line(&format!(
                "Of {} closed epochs the chain no longer says all that keepers compared when they attested them (gone).",
                grouped(gone)
            ));
        }
    }
}

impl EpochAudit {
    /// Whether something of it can not be compared by anybody any more.
    fn lacks_something(&self) -> bool {
        self.checks.iter().any(|check| check.result == GONE)
    }
}

impl Show for EpochAudit {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Epoch {} ({})", self.epoch, self.status));
        page.fact("proofs", grouped(self.proofs));
        page.fact("members", grouped(self.members.into()));
        page.fact("tokens", self.tokens.grouped());
        page.fact(
            "attested by",
            self.attested_by
                .iter()
                .map(Address::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        );
        page.gap();
        page.table(
            &[
                Column::Text("compared"),
                Column::Text("result"),
                Column::Text(""),
            ],
            self.checks.iter().map(|check| {
                vec![
                    check.what.to_owned(),
                    check.result.to_owned(),
                    check.detail.clone(),
                ]
            }),
        );
        if self.leaves_differing > 0 {
            page.title(&format!(
                "{} members differ",
                grouped(self.leaves_differing as u64)
            ));
            let columns = [
                Column::Number("index"),
                Column::Text("owner"),
                Column::Text("field"),
                Column::Number("published"),
                Column::Number("recomputed"),
            ];
            page.table(
                &columns,
                self.leaves.iter().map(|leaf| {
                    vec![
                        leaf.index.to_string(),
                        leaf.owner.to_string(),
                        leaf.field.to_owned(),
                        leaf.published.clone(),
                        leaf.recomputed.clone(),
                    ]
                }),
            );
            let hidden = self.leaves_differing.saturating_sub(self.leaves.len());
            if hidden > 0 {
                page.line(&format!("  and {} more", grouped(hidden as u64)));
            }
        }
    }
}
