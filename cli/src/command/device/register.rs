//! `cairn device register`.

use std::path::PathBuf;

use cairn_epoch::{Entry, Location, asserted_cell};
use cairn_interface::registry::{
    self, Consent, DeviceLeaf, DeviceTreeView, Endorsement, KeyKind, cell_location, constants,
    place_location,
};
use cairn_registry::{DevicesFile, row_of};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::country::country;
use super::oddity::{ODD_HINT, PlaceFault};
use super::place::{Place, degrees_e7};
use super::registered::refuse_twice;
use super::{class, class_name};
use crate::address::{Address, Hash};
use crate::args::{NetworkArg, hash};
use crate::chain;
use crate::command::network::add_issuer::{IssuerKey, issuer_key};
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
use crate::transact::{Deed, Transactions, perform};
use crate::wallet::key_file;

/// Enter a device into its network, with the device's own signature
///
/// The signer becomes the device's owner. The device signs that it wants this owner, network and position: either its key
/// file is here (--device-keypair), or run it with --device alone to learn what to sign, have the device sign it, and run
/// it again with --consent.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn device register --network NET --device-keypair device.json --class network --country US
  cairn device register --network NET --device-keypair device.json --class sensor --latitude 40.7128 --longitude -74.006
  cairn device register --network NET --device KEY --class sensor                    prints what the device must sign
  cairn device register --network NET --device KEY --class sensor --consent HEX      enters it")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// Number of the tree in its network
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub tree: u16,
    /// The device's key file, to sign here
    #[arg(long, value_name = "FILE", required_unless_present = "device")]
    pub device_keypair: Option<PathBuf>,
    /// The device's Ed25519 key
    #[arg(long, value_name = "ADDRESS", value_parser = crate::args::address, conflicts_with = "device_keypair")]
    pub device: Option<Pubkey>,
    /// The device's signature of what this command told it to sign, in hex
    #[arg(long, value_name = "HEX", value_parser = signature, requires = "device")]
    pub consent: Option<[u8; 64]>,
    /// What it does: network, storage, compute, sensor, energy, mobility, delivery, identity, or 1 to 15
    #[arg(long, value_parser = class)]
    pub class: u8,
    /// The maker's model number
    #[arg(long, default_value_t = 0)]
    pub model: u32,
    /// Where it stands: two letters
    #[arg(long, value_name = "CC", value_parser = country)]
    pub country: Option<[u8; 2]>,
    /// Where it stands, public but no nearer: an H3 cell of resolution 9 in hex; beats need a place
    #[arg(long, value_name = "H3", value_parser = cell)]
    pub cell: Option<u64>,
    /// Where it stands, public: degrees north, like 40.7128; the place itself goes into the leaf
    #[arg(long, value_name = "DEGREES", value_parser = degrees_e7, requires = "longitude", conflicts_with = "cell", allow_negative_numbers = true)]
    pub latitude: Option<i32>,
    /// Degrees east, like -74.006
    #[arg(long, value_name = "DEGREES", value_parser = degrees_e7, requires = "latitude", allow_negative_numbers = true)]
    pub longitude: Option<i32>,
    /// Where it stands, secret: a salted commitment in hex
    #[arg(long, value_name = "HASH", value_parser = hash, conflicts_with_all = ["cell", "latitude"])]
    pub location_commitment: Option<[u8; 32]>,
    /// Commitment to its hardware's fingerprint, in hex
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub hardware: Option<[u8; 32]>,
    /// The issuer that endorses it, by its key
    #[arg(long, value_name = "KEY", value_parser = issuer_key)]
    pub issuer: Option<IssuerKey>,
    /// The issuer's signature of what this command told it to sign, in hex
    #[arg(long, value_name = "HEX", value_parser = signature, requires = "issuer")]
    pub endorsement: Option<[u8; 64]>,
    /// Take a place that looks wrong: 0, 0, or far from the country
    #[arg(long)]
    pub odd_places: bool,
    /// Published devices file: a device that it lists is refused, another is added to it once it is entered
    #[arg(long, value_name = "PATH", env = "CAIRN_DEVICES")]
    pub devices: Option<PathBuf>,
}

/// A device that was entered, or what must be signed first.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Registration {
    Registered(Registered),
    ConsentNeeded(ConsentNeeded),
}

/// A device that was entered.
#[derive(Clone, Debug, Serialize)]
pub struct Registered {
    pub network: Address,
    pub device: Address,
    pub owner: Address,
    pub tree: u16,
    /// Its position in the tree.
    pub index: u32,
    /// The leaf's hash.
    pub leaf: Hash,
    /// The devices file it was added to.
    pub devices_file: Option<PathBuf>,
    pub transactions: Transactions,
}

/// What the device must sign before it can be entered.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentNeeded {
    pub network: Address,
    pub device: Address,
    pub owner: Address,
    pub tree: u16,
    /// The position the consent is for; when another device takes it first, the device signs again.
    pub index: u32,
    /// 48 bytes in hex, to be signed with the device's key.
    pub message: String,
    /// 48 bytes in hex, to be signed with the issuer's key; null when none was named or its signature is here.
    pub endorsement_message: Option<String>,
}

/// # Errors
/// A consent or endorsement that is no signature of what is entered; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Registration, CliError> {
    let location = location(args)?;
    let file = args
        .devices
        .as_deref()
        .map(DevicesFile::read_or_new)
        .transpose()?;
    let asked = chain::network_and_tree(ctx, &args.network.network, args.tree);
    let (network, tree) = asked.await?;
    let owner = ctx.signer()?;
    let device_key = args.device_keypair.as_deref().map(key_file).transpose()?;
    let Some(device) = device_key.as_ref().map(Signer::pubkey).or(args.device) else {
        return Err(CliError::argument(
            "no device was named",
            "give its key file with --device-keypair, or its address with --device",
        ));
    };
    let register = request(args, location, owner, &tree, device);
    let knows_all = refuse_twice(ctx, file.as_ref(), &tree, &register)?;
    let message = register.message();
    let consent = match &device_key {
        Some(key) => Some(key.sign_message(&message).into()),
        None => args.consent,
    };
    let unendorsed = args.issuer.is_some() && args.endorsement.is_none();
    let Some(consent) = consent.filter(|_| !unendorsed) else {
        return Ok(Registration::ConsentNeeded(ConsentNeeded {
            network: network.address.into(),
            device: device.into(),
            owner: owner.into(),
            tree: args.tree,
            index: register.index,
            message: hex::encode(message),
            endorsement_message: unendorsed.then(|| hex::encode(register.endorsement_message())),
        }));
    };
    signed(
        &device,
        KeyKind::Ed25519,
        &message,
        &consent,
        "--consent",
        &message,
    )?;
    let endorsement = endorsement(args, &register)?;
    let instructions = register.instructions(&Consent { signature: consent }, endorsement.as_ref());
    let effect = Effect::new("Register a device")
        .fact("device", device)
        .fact("owner", owner)
        .fact("network", network.address)
        .fact(
            "class",
            format!("{} (model {})", class_name(args.class), args.model),
        )
        .fact(
            "place",
            format!("position {} of tree {}", register.index, args.tree),
        );
    let transactions = perform(ctx, Deed::new(effect).step(instructions)).await?;
    let leaf = register.leaf();
    let devices_file = match file {
        Some(file) if transactions.sent() && knows_all => {
            Some(publish(file.path(), args.tree, &leaf, register.index)?)
        }
        _ => None,
    };
    Ok(Registration::Registered(Registered {
        network: network.address.into(),
        device: device.into(),
        owner: owner.into(),
        tree: args.tree,
        index: register.index,
        leaf: leaf.hash(&tree.address.to_bytes(), register.index).into(),
        devices_file,
        transactions,
    }))
}

/// What the leaf says of the place: kind and bytes.
fn location(args: &Args) -> Result<(u8, [u8; 32]), CliError> {
    let confirmed = args.odd_places;
    let Some((lat_e7, lon_e7)) = args.latitude.zip(args.longitude) else {
        if args.cell.is_some() && args.cell == asserted_cell(0, 0) && !confirmed {
            return Err(CliError::argument(
                PlaceFault::NullIsland.to_string(),
                ODD_HINT,
            ));
        }
        return Ok(match (args.cell, args.location_commitment) {
            (Some(cell), _) => (constants::LOCATION_CELL, cell_location(cell)),
            (None, Some(commitment)) => (constants::LOCATION_COMMITMENT, commitment),
            (None, None) => (constants::LOCATION_NONE, [0; 32]),
        });
    };
    let country = args.country.unwrap_or_default();
    let place = Place { lat_e7, lon_e7 };
    place.check(country, confirmed.into()).map_err(|fault| {
        let hint = if fault.is_odd() {
            ODD_HINT
        } else {
            "a latitude is from -90 to 90 degrees, a longitude from -180 to 180"
        };
        CliError::argument(fault.to_string(), hint)
    })?;
    Ok((constants::LOCATION_PLACE, place_location(lat_e7, lon_e7)))
}

fn request(
    args: &Args,
    (location_kind, location): (u8, [u8; 32]),
    owner: Pubkey,
    tree: &DeviceTreeView,
    device: Pubkey,
) -> registry::RegisterDevice {
    registry::RegisterDevice {
        owner,
        network: args.network.network,
        tree: tree.address,
        index: tree.next_index,
        device: device.to_bytes(),
        hardware: args.hardware.unwrap_or_default(),
        location,
        location_kind,
        model: args.model,
        country: args.country.unwrap_or_default(),
        class: args.class,
        issuer_key: args.issuer.map(|issuer| issuer.key),
    }
}

fn endorsement(
    args: &Args,
    register: &registry::RegisterDevice,
) -> Result<Option<Endorsement>, CliError> {
    let (Some(issuer), Some(signature)) = (args.issuer, args.endorsement) else {
        return Ok(None);
    };
    let message = register.endorsement_message();
    let key = Pubkey::new_from_array(issuer.key);
    signed(
        &key,
        issuer.kind,
        &message,
        &signature,
        "--endorsement",
        &message,
    )?;
    Ok(Some(Endorsement {
        key: issuer.key,
        key_kind: issuer.kind,
        signature,
    }))
}

/// Refuses an Ed25519 signature of something else here, where the message can still be told; a P-256 one is left to the
/// chain's precompile.
fn signed(
    key: &Pubkey,
    kind: KeyKind,
    message: &[u8],
    signature: &[u8; 64],
    argument: &str,
    expected: &[u8],
) -> Result<(), CliError> {
    let good = kind != KeyKind::Ed25519
        || solana_sdk::signature::Signature::from(*signature).verify(key.as_ref(), message);
    if good {
        return Ok(());
    }
    Err(CliError::argument(
        format!("{argument} is not {key}'s signature of this registration"),
        format!("it must sign these bytes: {}", hex::encode(expected)),
    ))
}

/// Adds the device to the published file.
fn publish(
    path: &std::path::Path,
    tree: u16,
    leaf: &DeviceLeaf,
    index: u32,
) -> Result<PathBuf, CliError> {
    // Read once more: sending took its time, and somebody may have written since.
    let file = DevicesFile::read_or_new(path)?;
    file.write_with(row_of(tree, index, Entry::Consented, leaf))?;
    Ok(file.path().to_path_buf())
}

fn signature(text: &str) -> Result<[u8; 64], String> {
    let bytes = hex::decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| "a signature is 128 hexadecimal digits".to_owned())
}

/// Reads an H3 cell of resolution 9.
///
/// # Errors
/// A sentence that says how one is written.
pub fn cell(text: &str) -> Result<u64, String> {
    // As rules read it: a cell that does not exist is told before anybody signs.
    let is_read = |cell: &u64| {
        Location::read(constants::LOCATION_CELL, &cell_location(*cell)) == Location::Cell(*cell)
    };
    u64::from_str_radix(text, 16)
        .ok()
        .filter(is_read)
        .ok_or_else(|| {
            "a cell is an H3 index of resolution 9, 15 hexadecimal digits like 892a100d2c3ffff"
                .to_owned()
        })
}

impl Verdict for Registration {}

impl Show for Registration {
    fn show(&self, page: &mut Page) {
        match self {
            Self::Registered(done) => {
                done.transactions.title(page);
                page.fact("device", done.device.to_string());
                page.fact("owner", done.owner.to_string());
                page.fact("network", done.network.to_string());
                page.fact(
                    "place",
                    format!("position {} of tree {}", done.index, done.tree),
                );
                if let Some(file) = &done.devices_file {
                    page.fact("added to", file.display().to_string());
                }
                done.transactions.show(page);
            }
            Self::ConsentNeeded(needed) => {
                page.title("Signatures are missing before the device can be registered");
                page.fact("device", needed.device.to_string());
                page.fact("owner", needed.owner.to_string());
                page.fact(
                    "place",
                    format!("position {} of tree {}", needed.index, needed.tree),
                );
                page.fact("device signs", &needed.message);
                if let Some(message) = &needed.endorsement_message {
                    page.fact("issuer signs", message);
                }
                page.gap();
                page.line(
                    "Then run the same command with --consent SIGNATURE, and --endorsement SIGNATURE for an issuer's \
                     (128 hex digits each).",
                );
            }
        }
    }
}
