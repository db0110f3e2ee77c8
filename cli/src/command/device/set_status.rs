//! `cairn device set-status`.

use std::path::PathBuf;

use cairn_epoch::DeviceStatus;
use cairn_interface::registry::{self, constants};
use cairn_registry::{DevicesFile, judged, leaf_of};
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;

use super::DevicesArg;
use crate::address::{Address, Hash};
use crate::args::{NetworkArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Ban a device, or lift its ban
///
/// The network's authority or guardian bans; only the authority lifts. The chain keeps the reason code and the hash of
/// the evidence, which should be published.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn device set-status DEVICE banned --reason 7 --evidence report.pdf --network NET --devices DIR
  cairn device set-status DEVICE active --evidence appeal.pdf --network NET --devices DIR")]
pub struct Args {
    /// The device's key
    #[arg(value_name = "DEVICE", value_parser = address)]
    pub device: Pubkey,
    /// Its new status
    #[arg(value_enum)]
    pub status: Status,
    /// Why, as a number the network's operators publish; needed for a ban
    #[arg(long, value_name = "CODE", required_if_eq("status", "banned"))]
    pub reason: Option<u16>,
    /// A file that shows why; its SHA-256 goes on chain
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
    #[command(flatten)]
    pub network: NetworkArg,
    #[command(flatten)]
    pub devices: DevicesArg,
}

/// What a device's status can be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Status {
    /// Its proofs count
    Active,
    /// Its proofs are refused, and it can not change its owner
    Banned,
}

/// # Errors
/// The device has this status; the signer may not set it; the file is not the state on chain; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let evidence = std::fs::read(&args.evidence).map_err(|error| {
        CliError::argument(
            format!(
                "the evidence {} can not be read: {error}",
                args.evidence.display()
            ),
            "name a file that exists",
        )
    })?;
    let evidence: [u8; 32] = Sha256::digest(&evidence).into();
    let (status, byte, name) = match args.status {
        Status::Active => (DeviceStatus::Active, constants::STATUS_ACTIVE, "active"),
        Status::Banned => (DeviceStatus::Banned, constants::STATUS_BANNED, "banned"),
    };
    let reason = args.reason.unwrap_or(0);
    let file = DevicesFile::read(&args.devices.devices)?;
    let row = file.device(&args.device)?;
    if row.status == status {
        return Err(CliError::refused(
            "same-status",
            format!("device {} is {name} already", args.device),
            "there is nothing to do",
        ));
    }
    let asked = chain::network_and_tree(ctx, &args.network.network, row.tree);
    let (network, tree) = asked.await?;
    let whole = file.current(&tree)?;
    let authority = ctx.signer()?;
    if authority != network.guardian || args.status == Status::Active {
        ctx.signer_as("network's authority", &network.authority)?;
    }
    let set = registry::SetStatus {
        authority,
        network: network.address,
        tree: tree.address,
        leaf: leaf_of(row),
        index: row.leaf_index,
        proof_sequence: tree.sequence,
        proof: whole.proof(row.leaf_index),
        status: byte,
        reason,
        evidence,
    };
    let what = match args.status {
        Status::Active => "Lift a device's ban",
        Status::Banned => "Ban a device",
    };
    let effect = Effect::new(what)
        .fact("device", args.device)
        .fact("owner", Address(Pubkey::new_from_array(row.owner)))
        .fact("reason code", reason)
        .fact(
            "evidence",
            format!("{}\nSHA-256 {}", args.evidence.display(), Hash(evidence)),
        );
    let transactions = perform(ctx, Deed::new(effect).step([set.instruction()])).await?;
    if transactions.sent() {
        file.write_with(judged(row, status, reason))?;
    }
    Ok(Facts::of(transactions)
        .fact("device", args.device)
        .fact("status", name)
        .data("reason", reason)
        .worded(
            "evidence",
            evidence,
            "evidence",
            format!("SHA-256 {}", Hash(evidence)),
        )
        .file("devices_file", "updated", file.path()))
}
