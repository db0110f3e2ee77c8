//! The devices file of an import, as long as nobody knows whether the import happens.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use cairn_epoch::disk::{Machine, replace};
use cairn_epoch::write_devices;
use cairn_registry::{DevicesFile, Snapshot, is_published};

use crate::command::device::csv_file::{self, Expected};
use crate::command::device::oddity::{ODD_HINT, Oddities};
use crate::command::device::place::Place;
use crate::context::{Context, Manner};
use crate::error::CliError;
use crate::transact::Transactions;

/// What a devices file is called until its devices are entered. The chain keeps the hash of its bytes, so it has to be written
/// before anybody is asked; under its final name it would list devices that nobody registered if the answer is no.
const UNTIL_ENTERED: &str = ".new";

/// A devices file whose devices are to be entered.
#[derive(Debug)]
pub struct Staged {
    pub devices: DevicesFile,
    /// Where to publish it; none for a file that is published already.
    publish: Option<PathBuf>,
}

impl Staged {
    /// A published file as it is, or one written from a table.
    ///
    /// # Errors
    /// A file or table that can not be read, or lists what can not be meant; arguments that do not go with it.
    pub fn open(
        file: &Path,
        publish: Option<&Path>,
        tree: u16,
        oddities: Oddities,
    ) -> Result<Self, CliError> {
        match (is_published(file), publish) {
            (true, None) => {
                let devices = DevicesFile::read(file)?;
                check_places(&devices, tree, oddities)?;
                Ok(Self {
                    devices,
                    publish: None,
                })
            }
            (true, Some(_)) => Err(CliError::argument(
                "--publish is for tables: a devices.parquet is published as it is",
                "leave --publish out",
            )),
            (false, None) => Err(CliError::argument(
                "--publish is missing: the chain keeps the hash of a devices.parquet made from the table",
                "say where to write it, e.g. --publish public/devices.parquet",
            )),
            (false, Some(target)) => {
                let others = others(target, tree)?;
                let expected = Expected {
                    tree,
                    oddities,
                    registered: others.rows(),
                };
                let mut rows = csv_file::read(file, expected)?;
                rows.extend_from_slice(others.rows());
                let staged = beside(target);
                write_devices(&staged, &rows)?;
                Ok(Self {
                    devices: DevicesFile::read(&staged)?,
                    publish: Some(target.to_owned()),
                })
            }
        }
    }

    /// Gives the file its name when its devices are entered or will be elsewhere, removes it when they are not, and keeps it
    /// under the other name when nobody knows. Returns where it is, or would have been.
    ///
    /// # Errors
    /// A folder that can not be written.
    pub fn settle(
        self,
        ctx: &Context,
        entered: Result<&Transactions, &CliError>,
    ) -> Result<PathBuf, CliError> {
        let staged = self.devices.path();
        let Some(target) = self.publish else {
            return Ok(staged.to_owned());
        };
        match (ctx.manner, entered) {
            (Manner::Send | Manner::Unsigned, Ok(_)) => {
                replace(&Machine, staged, &target)
                    .map_err(|error| unmoved(staged, &target, &error.source))?;
                let when = match ctx.manner {
                    Manner::Unsigned => " once the transactions are sent",
                    Manner::Send | Manner::DryRun => "",
                };
                ctx.talk.note(&format!(
                    "Wrote {}: publish it as it is{when}.",
                    target.display()
                ));
            }
            // What was sent may arrive yet.
            (Manner::Send, Err(CliError::Client(_))) => ctx.talk.note(&format!(
                "{} is the devices file of this import: if the devices are in the tree after all, publish it as {}.",
                staged.display(),
                target.display()
            )),
            _ => {
                // Where it can not be removed, its name says what it is.
                drop(fs::remove_file(staged));
            }
        }
        Ok(target)
    }
}

fn unmoved(staged: &Path, target: &Path, error: &std::io::Error) -> CliError {
    CliError::refused(
        "files-io",
        format!(
            "the devices are entered, and {} can not be moved to {}: {error}",
            staged.display(),
            target.display()
        ),
        "move it by hand: it is the devices file of this import",
    )
}

fn beside(target: &Path) -> PathBuf {
    let mut name = target.file_name().map(OsString::from).unwrap_or_default();
    name.push(UNTIL_ENTERED);
    target.with_file_name(name)
}

/// Devices of other trees that the published file lists already.
fn others(target: &Path, tree: u16) -> Result<Snapshot, CliError> {
    if !target.exists() {
        return Ok(Snapshot::default());
    }
    Ok(Snapshot::read(target)?.without(tree))
}

/// Refuses places of one tree that look wrong, with how many there are, and the first.
fn check_places(devices: &DevicesFile, tree: u16, oddities: Oddities) -> Result<(), CliError> {
    let mut faults = devices
        .snapshot()
        .of_tree(tree)
        .iter()
        .filter_map(|row| Some((row, Place::of(row)?.check(row.country, oddities).err()?)));
    let Some((row, fault)) = faults.next() else {
        return Ok(());
    };
    Err(CliError::refused(
        "devices-malformed",
        format!(
            "{} places of tree {tree} in {} look wrong; the first, at position {}: {fault}",
            faults.count().saturating_add(1),
            devices.path().display(),
            row.leaf_index
        ),
        ODD_HINT,
    ))
}
