//! `cairn device transfer`.

use std::path::PathBuf;

use cairn_interface::registry::{self, Consent, DeviceTreeView};
use cairn_registry::{DevicesFile, leaf_of, transferred};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::DevicesArg;
use crate::args::{NetworkArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};
use crate::wallet::key_file;

/// Give a device a new owner, with the new owner's or the device's agreement
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn device transfer DEVICE --to OWNER --new-owner-keypair new.json --network NET --devices DIR
  cairn device transfer DEVICE --to OWNER --device-keypair device.json --network NET --devices DIR")]
#[command(group(clap::ArgGroup::new("agreement").required(true).args(["new_owner_keypair", "device_keypair"])))]
pub struct Args {
    /// The device's key
    #[arg(value_name = "DEVICE", value_parser = address)]
    pub device: Pubkey,
    /// The new owner
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub to: Pubkey,
    #[command(flatten)]
    pub network: NetworkArg,
    #[command(flatten)]
    pub devices: DevicesArg,
    /// The new owner's key file
    #[arg(long, value_name = "FILE")]
    pub new_owner_keypair: Option<PathBuf>,
    /// The device's key file
    #[arg(long, value_name = "FILE")]
    pub device_keypair: Option<PathBuf>,
}

/// # Errors
/// The signer does not own the device; the file is not the state on chain; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let file = DevicesFile::read(&args.devices.devices)?;
    let row = file.device(&args.device)?;
    let tree: DeviceTreeView = chain::tree(ctx, &args.network.network, row.tree).await?;
    let whole = file.current(&tree)?;
    let owner = ctx.signer_as("device's owner", &Pubkey::new_from_array(row.owner))?;
    let transfer = registry::TransferDevice {
        owner,
        new_owner: args.to,
        network: args.network.network,
        tree: tree.address,
        leaf: leaf_of(row),
        index: row.leaf_index,
        proof_sequence: tree.sequence,
        proof: whole.proof(row.leaf_index),
    };
    let effect = Effect::new("Give a device a new owner")
        .fact("device", args.device)
        .fact("from", owner)
        .fact("to", args.to)
        .warning("What the device earns from now on is the new owner's.");
    let new_owner = args
        .new_owner_keypair
        .as_deref()
        .map(key_file)
        .transpose()?;
    let device = args.device_keypair.as_deref().map(key_file).transpose()?;
    let deed = match (&new_owner, &device) {
        (Some(key), _) => {
            same("--new-owner-keypair", &key.pubkey(), &args.to)?;
            Deed::new(effect)
                .step([transfer.by_both_owners()])
                .cosigned(key)
        }
        (None, Some(key)) => {
            same("--device-keypair", &key.pubkey(), &args.device)?;
            let signature = key.sign_message(&transfer.message()).into();
            Deed::new(effect).step(transfer.by_device(&Consent { signature }))
        }
        (None, None) => {
            return Err(CliError::argument(
                "nobody but the owner agrees",
                "give --new-owner-keypair or --device-keypair",
            ));
        }
    };
    let transactions = perform(ctx, deed).await?;
    if transactions.sent() {
        file.write_with(transferred(row, args.to.to_bytes()))?;
    }
    Ok(Facts::of(transactions)
        .fact("device", args.device)
        .fact("from", owner)
        .fact("to", args.to)
        .file("devices_file", "updated", file.path()))
}

fn same(argument: &str, given: &Pubkey, wanted: &Pubkey) -> Result<(), CliError> {
    if given == wanted {
        return Ok(());
    }
    Err(CliError::argument(
        format!("{argument} is the key of {given}, not of {wanted}"),
        "name the right key file",
    ))
}
