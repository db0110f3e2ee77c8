//! `cairn device`.

use std::path::PathBuf;

use cairn_epoch::{Device, DeviceStatus};
use cairn_interface::registry::constants;
use clap::Subcommand;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::boxed;
use crate::address::{Address, Hash};
use crate::context::Context;
use crate::error::CliError;
use crate::page::Page;
use crate::printer::Outcome;

pub mod beat;
pub mod country;
pub mod csv_file;
pub mod oddity;
pub mod place;
pub mod prove;
pub mod register;
mod registered;
pub mod set_status;
pub mod show;
pub mod transfer;
pub mod tree;

#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// The trees that hold a network's devices
    #[command(subcommand)]
    Tree(tree::TreeCommand),
    Register(Box<register::Args>),
    Transfer(transfer::Args),
    SetStatus(set_status::Args),
    Show(show::Args),
    Prove(prove::Args),
    Beat(beat::Args),
}

impl DeviceCommand {
    pub(super) async fn run(&self, ctx: &Context) -> Result<Box<dyn Outcome>, CliError> {
        match self {
            Self::Tree(command) => command.run(ctx).await,
            Self::Register(args) => boxed(register::run(ctx, args).await),
            Self::Transfer(args) => boxed(transfer::run(ctx, args).await),
            Self::SetStatus(args) => boxed(set_status::run(ctx, args).await),
            Self::Show(args) => boxed(show::run(ctx, args).await),
            Self::Prove(args) => boxed(prove::run(ctx, args).await),
            Self::Beat(args) => boxed(beat::run(ctx, args).await),
        }
    }
}

/// The published devices file.
#[derive(Clone, Debug, clap::Args)]
pub struct DevicesArg {
    /// Published devices: devices.parquet, or a folder that holds it (an epoch's, or a keeper's data folder)
    #[arg(long, value_name = "PATH", env = "CAIRN_DEVICES")]
    pub devices: PathBuf,
}

/// What a class of devices is called. Networks may give the numbers from 9 on a meaning of their own.
#[must_use]
pub const fn class_name(class: u8) -> &'static str {
    match class {
        constants::CLASS_NETWORK => "network",
        constants::CLASS_STORAGE => "storage",
        constants::CLASS_COMPUTE => "compute",
        constants::CLASS_SENSOR => "sensor",
        constants::CLASS_ENERGY => "energy",
        constants::CLASS_MOBILITY => "mobility",
        constants::CLASS_DELIVERY => "delivery",
        constants::CLASS_IDENTITY => "identity",
        _ => "other",
    }
}

/// Reads a class by name or number.
///
/// # Errors
/// A sentence that names the classes.
pub fn class(text: &str) -> Result<u8, String> {
    let named =
        (1..=constants::CLASS_IDENTITY).find(|class| class_name(*class).eq_ignore_ascii_case(text));
    let numbered = text
        .parse::<u8>()
        .ok()
        .filter(|class| *class > 0 && usize::from(*class) < constants::CLASSES);
    named.or(numbered).ok_or_else(|| {
        format!(
            "\"{text}\" is no class: network, storage, compute, sensor, energy, mobility, delivery, identity, or a number from 1 \
             to 15"
        )
    })
}

/// Degrees × 10^7 as people write them.
fn degrees(e7: i32) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let magnitude = e7.unsigned_abs();
    format!(
        "{sign}{}.{:07}",
        magnitude / 10_000_000,
        magnitude % 10_000_000
    )
}

/// A device as results show it.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceShown {
    pub device: Address,
    pub tree: u16,
    pub index: u32,
    pub owner: Address,
    pub class: u8,
    pub class_name: &'static str,
    pub model: u32,
    /// The issuer's account that vouched for it; null for none.
    pub issuer: Option<Address>,
    /// Two letters; null when not told.
    pub country: Option<String>,
    /// Degrees north and east; null when not told, or told as a cell alone.
    pub latitude: Option<String>,
    pub longitude: Option<String>,
    /// H3 cell of resolution 9 in hex; null when not told.
    pub cell: Option<String>,
    pub hardware: Option<Hash>,
    /// active or banned.
    pub status: &'static str,
    /// Why it was banned or unbanned; 0 when nobody changed it.
    pub reason: u16,
    /// Changes since it was registered.
    pub sequence: u64,
}

impl From<&Device> for DeviceShown {
    fn from(row: &Device) -> Self {
        let told = |bytes: [u8; 32]| (bytes != [0; 32]).then_some(bytes);
        Self {
            device: Pubkey::new_from_array(row.key).into(),
            tree: row.tree,
            index: row.leaf_index,
            owner: Pubkey::new_from_array(row.owner).into(),
            class: row.class,
            class_name: class_name(row.class),
            model: row.model,
            issuer: told(row.issuer).map(|key| Address(Pubkey::new_from_array(key))),
            country: (row.country != [0; 2])
                .then(|| row.country.iter().copied().map(char::from).collect()),
            latitude: row.place().map(|(lat_e7, _)| degrees(lat_e7)),
            longitude: row.place().map(|(_, lon_e7)| degrees(lon_e7)),
            cell: row.cell().map(|cell| format!("{cell:x}")),
            hardware: told(row.hardware).map(Hash),
            status: match row.status {
                DeviceStatus::Active => "active",
                DeviceStatus::Banned => "banned",
                DeviceStatus::Other(_) => "unknown",
            },
            reason: row.reason,
            sequence: row.sequence,
        }
    }
}

impl DeviceShown {
    fn facts(&self, page: &mut Page) {
        page.fact("device", self.device.to_string());
        page.fact("owner", self.owner.to_string());
        page.fact(
            "class",
            format!("{} (model {})", self.class_name, self.model),
        );
        if let Some(issuer) = &self.issuer {
            page.fact("vouched for by", issuer.to_string());
        }
        if let Some(country) = &self.country {
            page.fact("country", country);
        }
        if let (Some(latitude), Some(longitude)) = (&self.latitude, &self.longitude) {
            page.fact("stands at", format!("{latitude}, {longitude}"));
        }
        if let Some(cell) = &self.cell {
            page.fact("cell", cell);
        }
        page.fact(
            "status",
            match self.reason {
                0 => self.status.to_owned(),
                reason => format!("{} (reason code {reason})", self.status),
            },
        );
        page.fact(
            "place",
            format!("position {} of tree {}", self.index, self.tree),
        );
        page.fact("changes", self.sequence.to_string());
    }
}
