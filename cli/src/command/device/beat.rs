//! `cairn device beat`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cairn_epoch::asserted_cell;
use cairn_proof::{Body, HotspotBeat, ProofV1, Role, SignedProof, Signer as ProofSigner};
use serde::Serialize;

use super::place::degrees_e7;
use crate::address::{Address, Hash};
use crate::args::{NetworkArg, hash};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::wallet::{Wallet, WalletError};

/// Sign a hotspot's beat: the proof that it was up in this hour
///
/// -k is the device's own key; nothing is sent. The proof is one line of JSON for a keeper's inbox. A device that has no
/// room for this program makes the same bytes: docs/guide/device-maker.md.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn device beat -k hotspot.json --network NET --epoch 3 --latitude 40.7128 --longitude -74.006 \\
      --anchor $(cairn-keeper --data KEEPER anchor) --out beats.jsonl")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// The epoch that the hour belongs to
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub epoch: u32,
    /// Version of the rules that the device goes by
    #[arg(long, value_name = "VERSION", default_value_t = 1)]
    pub ruleset: u16,
    /// Where it stands: degrees north, like 40.7128
    #[arg(long, value_name = "DEGREES", value_parser = degrees_e7, allow_negative_numbers = true)]
    pub latitude: i32,
    /// Degrees east, like -74.006
    #[arg(long, value_name = "DEGREES", value_parser = degrees_e7, allow_negative_numbers = true)]
    pub longitude: i32,
    /// A recent block that the keeper knows, as `cairn-keeper anchor` prints it: the beat was not made before it
    #[arg(long, value_name = "SLOT:HASH")]
    pub anchor: Anchor,
    /// Somebody else used the hotspot in this hour
    #[arg(long)]
    pub contact: bool,
    /// When it was observed, like 2026-01-05T10:00:00Z [default: now, by the chain's clock]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub at: Option<i64>,
    /// Counts up with every proof of the device [default: the milliseconds of --at]
    #[arg(long, value_name = "NUMBER")]
    pub sequence: Option<u64>,
    /// File of proofs, one a line, to add it to
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A block, by its slot and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub slot: u64,
    pub hash: [u8; 32],
}

impl FromStr for Anchor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "an anchor is a slot, a colon and 64 hexadecimal digits, as `cairn-keeper anchor` prints it"
                .to_owned()
        };
        let (slot, digits) = text.split_once(':').ok_or_else(wrong)?;
        Ok(Self {
            slot: slot.parse().map_err(|_| wrong())?,
            hash: hash(digits).map_err(|_| wrong())?,
        })
    }
}

/// A beat that was signed.
#[derive(Clone, Debug, Serialize)]
pub struct Beat {
    /// The proof's id; `cairn why` and `cairn-keeper receipt` find it by this.
    pub id: Hash,
    pub device: Address,
    pub network: Address,
    pub epoch: u32,
    pub observed_at_ms: i64,
    /// What goes to the keeper.
    pub proof: SignedProof,
    /// The file it was added to.
    pub out: Option<PathBuf>,
}

/// # Errors
/// -k is no key; a place that is not on Earth; a file that can not be written.
pub async fn run(ctx: &Context, args: &Args) -> Result<Beat, CliError> {
    let device = match ctx.purse.wallet()? {
        Wallet::Key(key) => key,
        Wallet::Watch(address) => return Err(WalletError::WatchOnly(*address).into()),
    };
    let cell = asserted_cell(args.latitude, args.longitude).ok_or_else(|| {
        CliError::argument(
            "the place is not on Earth",
            "a latitude is from -90 to 90 degrees, a longitude from -180 to 180",
        )
    })?;
    let observed_at_ms = match args.at {
        Some(at) => at,
        None => chain::now(ctx).await?.saturating_mul(1_000),
    };
    let past = || {
        CliError::argument(
            "--at lies before 1970 or far beyond any clock",
            "leave it out to take the chain's clock",
        )
    };
    let hour_bucket = u32::try_from(observed_at_ms.div_euclid(3_600_000)).map_err(|_| past())?;
    let proof = ProofV1 {
        network: args.network.network.to_bytes(),
        ruleset: args.ruleset,
        subject: solana_sdk::signer::Signer::pubkey(device.as_ref()).to_bytes(),
        signer_seq: match args.sequence {
            Some(sequence) => sequence,
            None => u64::try_from(observed_at_ms).map_err(|_| past())?,
        },
        epoch: args.epoch,
        observed_at_ms,
        anchor_slot: args.anchor.slot,
        anchor_hash: args.anchor.hash,
        cell,
        body: Body::HotspotBeat(HotspotBeat {
            hour_bucket,
            lat_e7: args.latitude,
            lon_e7: args.longitude,
            contact: args.contact,
        }),
    };
    let id = proof.id();
    let signer = ProofSigner::ed25519(device.secret_bytes());
    let signed = SignedProof::new(proof).signed(Role::Device, &signer);
    if let Some(path) = &args.out {
        append(path, &signed)?;
    }
    Ok(Beat {
        id: id.into(),
        device: Address(solana_sdk::signer::Signer::pubkey(device.as_ref())),
        network: args.network.network.into(),
        epoch: args.epoch,
        observed_at_ms,
        proof: signed,
        out: args.out.clone(),
    })
}

/// Adds a line in one write: a keeper that reads the file meanwhile sees it whole or not at all.
pub(crate) fn append(path: &Path, proof: &SignedProof) -> Result<(), CliError> {
    let unwritable = |source: std::io::Error| {
        CliError::refused(
            "proofs-unwritable",
            format!("{} can not be written: {source}", path.display()),
            "name another file with --out",
        )
    };
    let line = serde_json::to_string(proof).map_err(|error| unwritable(error.into()))? + "\n";
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(unwritable)?;
    file.write_all(line.as_bytes()).map_err(unwritable)
}

pub(crate) fn instant(text: &str) -> Result<i64, String> {
    text.parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_millisecond)
        .map_err(|_| "an instant like 2026-01-05T10:00:00Z is expected".to_owned())
}

impl Verdict for Beat {}

impl Show for Beat {
    fn show(&self, page: &mut Page) {
        page.title("A beat, signed by its device");
        page.fact("proof", self.id.to_string());
        page.fact("device", self.device.to_string());
        page.fact("network", self.network.to_string());
        page.fact("epoch", self.epoch.to_string());
        page.fact("observed", utc(self.observed_at_ms.div_euclid(1_000)));
        match (&self.out, serde_json::to_string(&self.proof)) {
            (Some(path), _) => page.fact("added to", path.display().to_string()),
            (None, Ok(line)) => page.line(&line),
            (None, Err(_)) => {}
        }
    }
}
