//! Whose word about an access point counts.

use cairn_epoch::{DeviceStatus, EpochError, Operator, WrittenRules};
use cairn_mirror::Wanted;
use cairn_registry::DevicesFile;
use cairn_spelling::text;
use serde::Deserialize;

use super::statement::Point;
use crate::args::FilesArg;
use crate::context::Context;
use crate::error::CliError;
use crate::published::Published;

/// What says whose word counts.
const READ: &[&str] = &[
    "inputs/epoch.json",
    "inputs/ruleset.toml",
    "inputs/rules/",
    "inputs/devices.parquet",
];

/// The newest published epoch, as far as it says whose word counts.
pub struct Speakers {
    devices: DevicesFile,
    operators: Vec<Operator>,
}

#[derive(Deserialize)]
struct Shape {
    #[serde(default)]
    operator: Vec<Operator>,
}

impl Speakers {
    /// # Errors
    /// No published epoch, or a damaged one.
    pub async fn read(ctx: &Context, files: &FilesArg) -> Result<Self, CliError> {
        let published = Published::open(ctx, files).await?;
        let Some(newest) = published.newest() else {
            return Err(CliError::refused(
                "files-missing",
                "a claims file alone does not say whose word counts",
                "name a keeper's data folder, its epochs folder or one epoch's folder with --files",
            ));
        };
        let folder = &published.epoch(newest, Wanted::Files(READ)).await?;
        let rules = WrittenRules::load(folder)?;
        let shape: Shape = rules.ruleset().parse().map_err(EpochError::from)?;
        Ok(Self {
            devices: DevicesFile::read(folder)?,
            operators: shape.operator,
        })
    }

    /// Holds who speaks against whose word counts.
    ///
    /// # Errors
    /// A device that is not in the registry, banned or somebody else's; an operator whom the rules do not name.
    pub fn hear(&self, point: &Point, by: &[u8; 32]) -> Result<(), CliError> {
        match point {
            Point::Device(key) => self.owner(key, by),
            Point::Cell(_) => {
                let is_named = |one: &Operator| one.key_kind == 0 && one.key == *by;
                if self.operators.iter().any(is_named) {
                    return Ok(());
                }
                Err(CliError::refused(
                    "not-operator",
                    format!(
                        "{} is no operator whom the newest epoch's rules name",
                        text::base58(by)
                    ),
                    "of an access point that stands in no registry an [[operator]] of the ruleset speaks; name its key with -k",
                ))
            }
        }
    }

    fn owner(&self, key: &[u8; 32], by: &[u8; 32]) -> Result<(), CliError> {
        let device = self.devices.device(&(*key).into())?;
        if device.status != DeviceStatus::Active {
            return Err(CliError::refused(
                "device-banned",
                format!("device {} is not active", text::base58(key)),
                "nobody is sent to a banned device",
            ));
        }
        if device.owner != *by {
            return Err(CliError::refused(
                "not-owner",
                format!(
                    "device {} belongs to {}, not to {}",
                    text::base58(key),
                    text::base58(&device.owner),
                    text::base58(by)
                ),
                "its owner speaks for it; name the owner's key with -k",
            ));
        }
        Ok(())
    }
}
