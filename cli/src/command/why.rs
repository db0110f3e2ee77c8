//! `cairn why`.

mod outside;

use std::collections::BTreeMap;

use cairn_epoch::{EpochError, EpochFolder, Explanation, Query, read_devices};
use cairn_merkle::{Credits, EpochNumber, MilliPoints};
use cairn_mirror::Wanted;
use cairn_proof::identity_of_did;
use cairn_spelling::{KeyFault, read_key};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::amount::{Amount, grouped, of_points};
use crate::args::{FilesArg, hash};
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::published::Published;
pub use outside::{Kept, Outside, Waits};

/// What an explanation is made of.
const READ: &[&str] = &[
    "inputs/epoch.json",
    "inputs/ruleset.toml",
    "inputs/rules/",
    "inputs/devices.parquet",
    "inputs/evidence/",
    "outputs/decisions.parquet",
    "outputs/state/links.parquet",
    "outputs/state/unlinked.parquet",
    "outputs/state/arrears.parquet",
];

/// Explain why a proof was or was not paid, or what a device or owner earned
///
/// Reads published files alone: the decision on every proof, the rule it met in that epoch's words, and the numbers. A
/// proof is looked for in all epochs, newest first; a device, an owner, or an identity without a wallet in the newest. Of an
/// owner or identity it says what is kept or owed outside of the tree.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn why 3f9c…e1 --files DIR                        one proof, by its id (64 hex digits)
  cairn why DEVICE --files DIR                         what a device's proofs earned in the newest epoch
  cairn why did:web:ann.example --files DIR            what somebody without a wallet earned, and what is kept
  cairn why OWNER --files DIR --epoch 2                what an owner earned in epoch 2
  cairn why OWNER --files DIR --reason TOO_FAR         only the proofs refused for that reason")]
pub struct Args {
    /// A proof's id or an identity in hex, a DID, or the address of a device or owner
    #[arg(value_name = "PROOF|DEVICE|OWNER", value_parser = subject)]
    pub subject: Subject,
    #[command(flatten)]
    pub files: FilesArg,
    /// Look into this epoch only
    #[arg(long, value_name = "EPOCH")]
    pub epoch: Option<EpochNumber>,
    /// Only proofs with this reason, e.g. OK or TOO_FAR
    #[arg(long, value_name = "REASON")]
    pub reason: Option<String>,
    /// Most proofs to list, the newest; JSON lists as many too
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
}

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A proof, or else an identity.
    Proof([u8; 32]),
    /// An identity that can be no proof.
    Identity([u8; 32]),
    /// A device, or else an owner.
    Key(Pubkey),
}

fn subject(text: &str) -> Result<Subject, String> {
    if text.starts_with("did:") {
        return Ok(Subject::Identity(identity_of_did(text)));
    }
    if let Ok(id) = hash(text) {
        return Ok(Subject::Proof(id));
    }
    match read_key(text.as_bytes()) {
        Ok(key) => Ok(Subject::Key(Pubkey::new_from_array(key))),
        // What is no key at all may be a proof's id that lost a digit.
        Err(KeyFault::Empty | KeyFault::Other | KeyFault::Hex) => Err(
            "a proof's id is 64 hexadecimal digits, a device or owner an address in base58"
                .to_owned(),
        ),
        Err(fault) => Err(format!("it {fault}")),
    }
}

/// What became of the proofs in question.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// proof, device, owner or identity.
    pub kind: &'static str,
    pub subject: String,
    pub epoch: EpochNumber,
    /// Proofs found, before --reason and --limit.
    pub found: usize,
    pub accepted: usize,
    pub points: Amount,
    /// Data credits.
    pub credits: Credits,
    /// Proofs by reason, before --reason and --limit.
    pub reasons: BTreeMap<&'static str, usize>,
    /// Proofs that --reason leaves.
    pub matching: usize,
    /// The newest of them, in the order of receipts.
    pub proofs: Vec<Explanation>,
    /// What no leaf holds of an owner or identity; null where there is nothing.
    pub outside: Option<Outside>,
}

/// What an epoch says about a subject.
struct Found {
    kind: &'static str,
    proofs: Vec<Explanation>,
    outside: Option<Outside>,
}

/// # Errors
/// Files that can not be read; nothing in them about the subject.
pub async fn run(ctx: &Context, args: &Args) -> Result<Explained, CliError> {
    let files = Published::open(ctx, &args.files).await?;
    let epochs: Vec<EpochNumber> = match (args.epoch, args.subject) {
        (Some(number), _) => vec![number],
        (None, Subject::Proof(_)) => files.numbers().into_iter().rev().collect(),
        (None, Subject::Key(_) | Subject::Identity(_)) => files.newest().into_iter().collect(),
    };
    for number in &epochs {
        if let Some(found) = in_epoch(&files, *number, args.subject).await? {
            return Ok(explained(found, *number, args));
        }
    }
    // What is no proof of any epoch may be an identity.
    if let (Subject::Proof(id), Some(number)) = (args.subject, epochs.first())
        && let Some(found) = in_epoch(&files, *number, Subject::Identity(id)).await?
    {
        return Ok(explained(found, *number, args));
    }
    let searched = match epochs.as_slice() {
        [only] => format!("epoch {only}"),
        _ => files.listed(),
    };
    Err(CliError::refused(
        "nothing-found",
        format!("{searched} says nothing about {}", words(args.subject)),
        "check the key or id; name another epoch with --epoch",
    ))
}

/// What one epoch's folder says, if anything. An address is a device's when the registry snapshot knows it, else an owner's.
async fn in_epoch(
    files: &Published,
    number: EpochNumber,
    subject: Subject,
) -> Result<Option<Found>, CliError> {
    let folder = files.epoch(number, Wanted::Files(READ)).await?;
    let (kind, query) = match subject {
        Subject::Proof(id) => ("proof", Query::Proof(id)),
        Subject::Identity(identity) => ("identity", Query::Owner(identity)),
        Subject::Key(key) => {
            let key = key.to_bytes();
            let devices = read_devices(&EpochFolder::new(&folder).devices())?;
            if devices.iter().any(|device| device.key == key) {
                ("device", Query::Device(key))
            } else {
                ("owner", Query::Owner(key))
            }
        }
    };
    let outside = match query {
        Query::Owner(key) => Outside::read(&folder, &key)?,
        Query::Proof(_) | Query::Device(_) => None,
    };
    let proofs = match cairn_epoch::why(&folder, query) {
        // Who earned nothing in this epoch may still be owed something.
        Err(EpochError::NothingFound(_)) if outside.is_some() => Vec::new(),
        Err(EpochError::NothingFound(_)) => return Ok(None),
        proofs => proofs?,
    };
    Ok(Some(Found {
        kind,
        proofs,
        outside,
    }))
}

fn explained(found: Found, epoch: EpochNumber, args: &Args) -> Explained {
    let Found {
        kind,
        proofs,
        outside,
    } = found;
    let mut reasons = BTreeMap::new();
    for proof in &proofs {
        let count: &mut usize = reasons.entry(proof.reason).or_default();
        *count = count.saturating_add(1);
    }
    let (found, accepted) = (
        proofs.len(),
        proofs.iter().filter(|proof| proof.is_accepted()).count(),
    );
    let owner = match (kind, args.subject) {
        ("owner", Subject::Key(key)) => Some(key.to_string()),
        ("identity", Subject::Proof(id) | Subject::Identity(id)) => {
            Some(Pubkey::new_from_array(id).to_string())
        }
        _ => None,
    };
    let points = proofs.iter().fold(MilliPoints::ZERO, |sum, proof| {
        sum.saturating_add(proof.earned_by(owner.as_deref()))
    });
    let credits = proofs.iter().fold(Credits::ZERO, |sum, proof| {
        sum.saturating_add(proof.credits)
    });
    let mut listed: Vec<Explanation> = proofs
        .into_iter()
        .filter(|proof| {
            args.reason
                .as_deref()
                .is_none_or(|reason| proof.reason.eq_ignore_ascii_case(reason))
        })
        .collect();
    let matching = listed.len();
    listed.drain(..matching.saturating_sub(args.limit));
    Explained {
        kind,
        subject: words(args.subject),
        epoch,
        found,
        accepted,
        points: of_points(points),
        credits,
        reasons,
        matching,
        proofs: listed,
        outside,
    }
}

fn words(subject: Subject) -> String {
    match subject {
        Subject::Proof(id) | Subject::Identity(id) => hex::encode(id),
        Subject::Key(key) => key.to_string(),
    }
}

impl Verdict for Explained {}

impl Show for Explained {
    fn show(&self, page: &mut Page) {
        if let ("proof", [proof]) = (self.kind, self.proofs.as_slice()) {
            one(proof, page);
            return;
        }
        page.title(&format!(
            "What became of {} {} in epoch {}",
            self.kind, self.subject, self.epoch
        ));
        page.fact("proofs", grouped(self.found as u64));
        page.fact("accepted", grouped(self.accepted as u64));
        page.fact("points", self.points.grouped());
        if self.credits > Credits::ZERO {
            page.fact("data credits", grouped(self.credits.get()));
        }
        if let Some(outside) = &self.outside {
            outside.show(page);
        }
        if self.found == 0 {
            return;
        }
        page.gap();
        page.table(
            &[Column::Text("reason"), Column::Number("proofs")],
            self.reasons
                .iter()
                .map(|(reason, count)| vec![(*reason).to_owned(), grouped(*count as u64)]),
        );
        page.title(&match self.matching.saturating_sub(self.proofs.len()) {
            0 => "Proofs".to_owned(),
            hidden => format!(
                "The newest proofs ({} more with a higher --limit)",
                grouped(hidden as u64)
            ),
        });
        let columns = [
            Column::Text("observed"),
            Column::Text("kind"),
            Column::Text("reason"),
            Column::Number("points"),
            Column::Text("proof"),
        ];
        page.table(
            &columns,
            self.proofs.iter().map(|proof| {
                vec![
                    observed(proof),
                    proof.kind.unwrap_or("unreadable").to_owned(),
                    proof.reason.to_owned(),
                    of_points(proof.milli_points).grouped(),
                    proof.proof_id.clone(),
                ]
            }),
        );
        page.gap();
        page.line("`cairn why PROOF --files DIR` explains one with its numbers.");
    }
}

fn one(proof: &Explanation, page: &mut Page) {
    page.title(&format!("Proof {}", proof.proof_id));
    if proof.is_accepted() {
        page.good(&format!("accepted: {}", earned(proof)));
    } else {
        page.bad(&format!("not paid: {}", proof.reason));
    }
    page.line(proof.meaning);
    page.gap();
    page.fact("rule", &proof.rule);
    if let (Some(base), Some(share), Some(whole)) = (proof.base, proof.share, proof.whole) {
        page.fact(
            "points",
            format!("floor({base} × {share} / {whole}) thousandths"),
        );
    }
    if let Some(pot) = &proof.pot {
        page.fact("paid from", pot);
    }
    if let Some(also) = &proof.also {
        let points = of_points(proof.also_milli_points).grouped();
        page.fact("also paid", format!("{points} points to {also}"));
    }
    page.fact("kind", proof.kind.unwrap_or("unreadable"));
    if let Some(device) = &proof.device {
        page.fact("device", device);
    }
    if let Some(owner) = &proof.beneficiary {
        page.fact("for", owner);
    }
    page.fact("observed", observed(proof));
    page.fact("received", utc(proof.received_at_ms.div_euclid(1000)));
    page.fact("epoch", proof.epoch.to_string());
}

/// What an accepted proof came to: points, or data credits of a kind that earns those instead.
fn earned(proof: &Explanation) -> String {
    if proof.credits > Credits::ZERO {
        format!("{} data credits", grouped(proof.credits.get()))
    } else {
        format!("{} points", of_points(proof.milli_points).grouped())
    }
}

fn observed(proof: &Explanation) -> String {
    proof
        .observed_at_ms
        .map_or_else(|| "unknown".to_owned(), |ms| utc(ms.div_euclid(1000)))
}
