//! `cairn proof simulate`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use cairn_epoch::{EpochError, EpochFolder, Moment, Simulated, moment, read_devices};
use cairn_merkle::{Credits, EpochNumber};
use cairn_mirror::Wanted;
use cairn_proof::{Body, Kind, ProofV1, Reason, SignedProof};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::Address;
use crate::amount::{Amount, grouped, of_credits, of_points, of_tokens, percent};
use crate::args::{FilesArg, address};
use crate::command::device::beat::instant;
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::published::Published;
use crate::steps::Steps;

/// Said with every answer.
const OTHERS: &str = "Others' proofs share the pot: what comes in later, and what other epochs hold, changes what this is worth. \
                      Signatures were taken as given.";

/// Say what a proof would have earned in a published epoch that nobody handed in
///
/// Decides about it by the epoch's own inputs and rules, beside everything that did come in, and says with which reason, how many
/// points, and what share of the pot they are. Nothing is signed and nothing is sent; whoever must sign is taken to have signed.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn proof simulate --proof beat.json --files DIR            a whole proof, as `cairn device beat` prints one
  cairn proof simulate --subject DEVICE --files DIR --at 2026-01-05T10:00:00Z \\
      --body '{\"hotspot_beat\": {\"hour_bucket\": 491050, \"lat_e7\": 407128000, \"lon_e7\": -740060000, \"contact\": true}}'
  cairn proof simulate --proof - --files DIR --epoch 3 --output json")]
pub struct Args {
    #[command(flatten)]
    pub files: FilesArg,
    /// The epoch whose inputs and rules decide [default: the newest]
    #[arg(long, value_name = "EPOCH")]
    pub epoch: Option<EpochNumber>,
    /// A proof as JSON, signed or not; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["subject", "body", "at"], required_unless_present = "body")]
    pub proof: Option<PathBuf>,
    /// What the proof says, as JSON under its kind's name
    #[arg(long, value_name = "JSON", requires = "subject", value_parser = body)]
    pub body: Option<Body>,
    /// The device that it is about, or whom it pays of a kind that is about none
    #[arg(long, value_name = "ADDRESS", requires = "body", value_parser = address)]
    pub subject: Option<Pubkey>,
    /// When it is observed, like 2026-01-05T10:00:00Z [default: at the epoch's last block]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub at: Option<i64>,
    /// How long after that it comes in, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub received_after: u32,
    /// Decimals of the token [default: base units]
    #[arg(long, value_name = "DECIMALS", default_value_t = 0)]
    pub decimals: u8,
}

fn body(text: &str) -> Result<Body, String> {
    serde_json::from_str(text).map_err(|error| format!("it is no body: {error}"))
}

/// What would have become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub epoch: EpochNumber,
    pub kind: &'static str,
    pub subject: Address,
    /// The reason's name, "OK" for accepted.
    pub reason: &'static str,
    /// The rule in the ruleset's words, with its numbers.
    pub rule: String,
    pub found: Option<i64>,
    pub bound: Option<i64>,
    pub points: Amount,
    /// `points = floor(base × share / whole)` thousandths.
    pub base: Option<i64>,
    pub share: Option<i64>,
    pub whole: Option<i64>,
    /// Data credits.
    pub credits: Credits,
    /// Who would have been paid; null when it did not get that far.
    pub owner: Option<Address>,
    /// Who else, and what.
    pub also: Option<Address>,
    pub also_points: Amount,
    pub pot: Option<PotShown>,
    /// What the owner would have been given more, over all of their proofs.
    pub tokens: Amount,
    /// Whether the owner is a member with it; what others earn waits.
    pub member: bool,
    /// Whether the owner is an identity without a wallet: what it earns is kept until a link names one.
    pub unlinked: bool,
    /// Proofs that did come in and would have been decided otherwise.
    pub others_changed: u64,
    /// What the rules of its kind refuse proofs for.
    pub refused_for: Vec<RefusalShown>,
    pub note: &'static str,
}

/// The part of the emission that pays, with this proof in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PotShown {
    pub name: String,
    pub emission: Amount,
    pub points: Amount,
    /// Points below which it is not given out whole.
    pub floor: Amount,
    /// Hundredths of a percent of the pot that the proof's points are, rounded down.
    pub share_bps: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalShown {
    pub reason: &'static str,
    pub rule: String,
}

/// # Errors
/// Files that are missing or damaged; a proof that can not be read; a time without a block.
pub async fn run(ctx: &Context, args: &Args) -> Result<Answer, CliError> {
    let published = Published::open(ctx, &args.files).await?;
    let number = args.epoch.or(published.newest()).unwrap_or_default();
    let wanted = Wanted::Files(&["inputs/", "outputs/decisions.parquet"]);
    let folder = published.epoch(number, wanted).await?;
    let proof = match (&args.proof, &args.body, args.subject) {
        (Some(path), ..) => read(path)?,
        (None, Some(body), Some(subject)) => envelope(&folder, args.at, body, subject.to_bytes())?,
        _ => {
            return Err(CliError::argument(
                "which proof is meant was not said",
                "name a file with --proof, or --body and --subject",
            ));
        }
    };
    let (kind, subject) = (proof.kind(), proof.subject);
    let delay = i64::from(args.received_after).saturating_mul(1_000);
    let received = proof.observed_at_ms.saturating_add(delay);
    let progress = Steps::new(ctx.talk.as_ref(), format!("epoch {number}"));
    let work = tokio::task::spawn_blocking(move || -> Result<Simulated, EpochError> {
        cairn_epoch::simulate(&folder, &proof, received, &progress)
    });
    let simulated = match work.await {
        Ok(simulated) => simulated?,
        // Only a panic in the computation ends up here; it is not ours to hide.
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    };
    Ok(Answer::new(simulated, kind, subject, args.decimals))
}

/// What stands in a file, or comes from standard input.
fn text_of(path: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    if path.as_os_str() == "-" {
        let read = std::io::stdin().lock().read_to_string(&mut text);
        read.map_err(|error| unreadable(path, &error.to_string()))?;
    } else {
        let read = std::fs::read_to_string(path);
        text = read.map_err(|error| unreadable(path, &error.to_string()))?;
    }
    Ok(text)
}

fn unreadable(path: &Path, error: &str) -> CliError {
    CliError::refused(
        "proof-malformed",
        format!("{} holds no proof: {error}", path.display()),
        "give the JSON of one proof, as `cairn device beat` prints it",
    )
}

/// A proof in a file, with whatever signatures it has.
pub(super) fn read_signed(path: &Path) -> Result<SignedProof, CliError> {
    let text = text_of(path)?;
    SignedProof::from_json(text.as_bytes()).map_err(|error| unreadable(path, &error.to_string()))
}

/// A proof in a file, one line of JSON or several.
fn read(path: &Path) -> Result<ProofV1, CliError> {
    let text = text_of(path)?;
    let unreadable = |error: String| unreadable(path, &error);
    match SignedProof::from_json(text.as_bytes()) {
        Ok(signed) => Ok(signed.proof),
        // Unsigned is fine: which of the two was meant is told by the first key.
        Err(_) if !text.contains("\"signatures\"") => {
            serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
        }
        Err(error) => Err(unreadable(error.to_string())),
    }
}

/// A flawless envelope around `body`.
fn envelope(
    folder: &Path,
    at_ms: Option<i64>,
    body: &Body,
    subject: [u8; 32],
) -> Result<ProofV1, CliError> {
    let Moment {
        epoch,
        network,
        ruleset,
        observed_at_ms,
        anchor_slot,
        anchor_hash,
    } = moment(folder, at_ms)?;
    let devices = read_devices(&EpochFolder::new(folder).devices())?;
    let device = devices.iter().find(|device| device.key == subject);
    Ok(ProofV1 {
        network,
        ruleset,
        subject,
        // Above whatever the signer has used.
        signer_seq: u64::MAX,
        epoch: u32::try_from(epoch.get()).unwrap_or(u32::MAX),
        observed_at_ms,
        anchor_slot,
        anchor_hash,
        cell: device.and_then(cairn_epoch::Device::cell).unwrap_or(0),
        body: body.clone(),
    })
}

impl Answer {
    fn new(simulated: Simulated, kind: Kind, subject: [u8; 32], decimals: u8) -> Self {
        let decision = simulated.decision;
        let of_key = |key: [u8; 32]| Address(Pubkey::new_from_array(key));
        Self {
            epoch: simulated.epoch,
            kind: kind.name(),
            subject: of_key(subject),
            reason: decision.reason.name(),
            rule: simulated.rule,
            found: decision.found,
            bound: decision.bound,
            points: of_points(decision.milli_points),
            base: decision.base,
            share: decision.share,
            whole: decision.whole,
            credits: decision.credits,
            owner: decision.beneficiary.map(of_key),
            also: decision.also.map(|also| of_key(also.beneficiary)),
            also_points: of_points(
                decision
                    .also
                    .map(|also| also.milli_points)
                    .unwrap_or_default(),
            ),
            pot: simulated.pot.map(|pot| {
                let share = u128::from(decision.milli_points.get()).saturating_mul(10_000);
                PotShown {
                    name: pot.name,
                    emission: of_tokens(pot.emission, decimals),
                    points: of_points(pot.milli_points),
                    floor: of_points(pot.floor_milli_points),
                    share_bps: u64::try_from(share / simulated.divisor.max(1)).unwrap_or(u64::MAX),
                }
            }),
            tokens: of_tokens(simulated.tokens, decimals),
            member: simulated.is_member,
            unlinked: simulated.is_unlinked,
            others_changed: simulated.others_changed,
            refused_for: simulated
                .refusals
                .into_iter()
                .map(|(reason, rule)| RefusalShown {
                    reason: reason.name(),
                    rule,
                })
                .collect(),
            note: OTHERS,
        }
    }
}

impl Verdict for Answer {}

impl Show for Answer {
    fn show(&self, page: &mut Page) {
        page.title(&format!("A {} in epoch {}", self.kind, self.epoch));
        if self.reason != Reason::Ok.name() {
            page.bad(&format!("it would be refused: {}", self.reason));
        } else if self.credits > Credits::ZERO {
            page.good(&format!(
                "it would be granted {} data credits",
                of_credits(self.credits)
            ));
        } else {
            page.good(&format!("it would earn {} points", self.points.grouped()));
        }
        page.gap();
        page.fact("rule", &self.rule);
        if let (Some(base), Some(share), Some(whole)) = (self.base, self.share, self.whole) {
            page.fact(
                "points",
                format!("floor({base} × {share} / {whole}) thousandths"),
            );
        }
        page.fact("about", self.subject.to_string());
        if let Some(owner) = &self.owner {
            page.fact("for", owner.to_string());
        }
        if let Some(also) = &self.also {
            page.fact(
                "also",
                format!("{} points to {also}", self.also_points.grouped()),
            );
        }
        if let Some(pot) = &self.pot {
            page.fact(
                "share",
                format!(
                    "{} % of pot {}: {} points in it, {} tokens to divide",
                    percent(pot.share_bps),
                    pot.name,
                    pot.points.grouped(),
                    pot.emission.grouped()
                ),
            );
            let waits = if self.unlinked {
                ", kept until a link names a wallet"
            } else if self.member {
                ""
            } else {
                ", once there is enough for a leaf"
            };
            page.fact("tokens", format!("{} more{waits}", self.tokens.grouped()));
        }
        if self.others_changed > 0 {
            page.fact(
                "beside it",
                format!(
                    "{} other proofs would be decided otherwise",
                    grouped(self.others_changed)
                ),
            );
        }
        page.title("What such a proof is refused for");
        for refusal in &self.refused_for {
            page.fact(refusal.reason, &refusal.rule);
        }
        page.gap();
        page.line(self.note);
    }
}
