//! The published devices file: what every leaf of a network's trees holds. The chain keeps only hashes, so proofs are made
//! from this file, and it is compared with the chain before anything is believed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use cairn_epoch::{Device, read_devices};
use cairn_interface::registry::{DeviceLeaf, DeviceTreeView, TreeError, WholeTree, tree_address};
pub use cairn_origin::leaf_of;
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;

use crate::command::device::place::{ODD_HINT, Oddities, Place};
use crate::error::CliError;

/// A devices file in memory.
#[derive(Clone, Debug)]
pub struct DevicesFile {
    path: PathBuf,
    /// Ascending by tree and leaf index.
    rows: Vec<Device>,
    /// SHA-256 of the file's bytes: what an import commits to.
    pub hash: [u8; 32],
}

impl DevicesFile {
    /// Reads a `devices.parquet`, or the one in a folder: an epoch's, its inputs, or a keeper's data folder.
    ///
    /// # Errors
    /// Missing, truncated, or with rows that contradict each other.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let path = locate(path);
        if path.is_file() && !is_published(&path) {
            return Err(CliError::refused(
                "devices-malformed",
                format!("{} is no devices.parquet", path.display()),
                "name the published devices file; `cairn device tree import` makes one from a table",
            ));
        }
        let rows = read_devices(&path)?;
        let bytes = std::fs::read(&path).map_err(|error| {
            CliError::refused(
                "files-io",
                format!("{} can not be read: {error}", path.display()),
                "check its permissions",
            )
        })?;
        Ok(Self {
            hash: Sha256::digest(&bytes).into(),
            path,
            rows,
        })
    }

    /// As [`Self::read`]; a file that is not there yet is one without devices.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_or_new(path: &Path) -> Result<Self, CliError> {
        let located = locate(path);
        if located.exists() {
            return Self::read(path);
        }
        Ok(Self {
            path: located,
            rows: Vec::new(),
            hash: [0; 32],
        })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn rows(&self) -> &[Device] {
        &self.rows
    }

    /// The device with this key.
    ///
    /// # Errors
    /// It is not in the file.
    pub fn device(&self, key: &Pubkey) -> Result<&Device, CliError> {
        self.rows
            .iter()
            .find(|row| row.key == key.to_bytes())
            .ok_or_else(|| {
                CliError::refused(
                    "device-unknown",
                    format!("{} holds no device {key}", self.path.display()),
                    "check the key, or fetch the newest devices file from a keeper",
                )
            })
    }

    /// Where a device is registered, by what the file lists.
    #[must_use]
    pub fn position_of(&self, key: &Pubkey) -> Option<(u16, u32)> {
        let row = self.rows.iter().find(|row| row.key == key.to_bytes())?;
        Some((row.tree, row.leaf_index))
    }

    /// Devices of one tree that the file lists.
    #[must_use]
    pub fn count(&self, tree: u16) -> u32 {
        u32::try_from(self.of_tree(tree).count()).unwrap_or(u32::MAX)
    }

    /// Devices of one tree that tell a place, and the place.
    pub fn places(&self, tree: u16) -> impl Iterator<Item = (&Device, Place)> {
        self.of_tree(tree).filter_map(|row| {
            let (lat_e7, lon_e7) = row.place()?;
            Some((row, Place { lat_e7, lon_e7 }))
        })
    }

    /// Refuses places of one tree that look wrong.
    ///
    /// # Errors
    /// How many there are, and the first.
    pub fn check_places(&self, tree: u16, oddities: Oddities) -> Result<(), CliError> {
        let mut faults = self.places(tree).filter_map(|(row, place)| {
            let fault = place.check(row.country, oddities).err()?;
            Some((row.leaf_index, fault))
        });
        let Some((index, fault)) = faults.next() else {
            return Ok(());
        };
        Err(CliError::refused(
            "devices-malformed",
            format!(
                "{} places of tree {tree} in {} look wrong; the first, at position {index}: {fault}",
                faults.count().saturating_add(1),
                self.path.display()
            ),
            ODD_HINT,
        ))
    }

    /// Rows of one tree, by leaf index.
    fn of_tree(&self, tree: u16) -> impl Iterator<Item = &Device> {
        self.rows.iter().filter(move |row| row.tree == tree)
    }

    /// Leaves of one tree in order, without gaps.
    ///
    /// # Errors
    /// A position between two devices is not in the file.
    pub fn leaves(&self, tree: u16) -> Result<Vec<DeviceLeaf>, CliError> {
        let mut leaves = Vec::new();
        for (expected, row) in (0_u32..).zip(self.of_tree(tree)) {
            if row.leaf_index != expected {
                return Err(CliError::refused(
                    "devices-incomplete",
                    format!(
                        "{} lacks the device at position {expected} of tree {tree}",
                        self.path.display()
                    ),
                    "fetch the whole devices file from a keeper: a tree's hash needs every device",
                ));
            }
            leaves.push(leaf_of(row));
        }
        Ok(leaves)
    }

    /// The tree as this file has it.
    ///
    /// # Errors
    /// Gaps, or more devices than the tree holds.
    pub fn whole(&self, tree: &DeviceTreeView) -> Result<WholeTree, CliError> {
        let leaves = self.leaves(tree.index)?;
        hashed(tree.address, (tree.depth, tree.canopy_depth), &leaves).map_err(|error| {
            CliError::refused(
                "devices-mismatch",
                format!(
                    "{} does not fit tree {}: {error}",
                    self.path.display(),
                    tree.index
                ),
                "fetch the devices file of this network",
            )
        })
    }

    /// The tree as this file has it, which must be the tree on chain as it is now.
    ///
    /// # Errors
    /// The file is older or newer than the chain, or another network's.
    pub fn current(&self, tree: &DeviceTreeView) -> Result<WholeTree, CliError> {
        let whole = self.whole(tree)?;
        if whole.root() == tree.root {
            return Ok(whole);
        }
        Err(CliError::refused(
            "devices-stale",
            format!(
                "{} is not the state of tree {} on chain ({} devices here, {} there, {} changes so far)",
                self.path.display(),
                tree.index,
                whole.len(),
                tree.next_index,
                tree.sequence
            ),
            "fetch the newest devices file from a keeper",
        ))
    }

    /// The file with `row` added or replacing the device's old one, written whole or not at all.
    ///
    /// # Errors
    /// A row that contradicts the others; a folder that can not be written.
    pub fn write_with(&self, row: Device) -> Result<(), CliError> {
        let mut rows: Vec<Device> = self
            .rows
            .iter()
            .filter(|other| other.key != row.key)
            .cloned()
            .collect();
        rows.push(row);
        cairn_epoch::write_devices(&self.path, &rows)?;
        Ok(())
    }
}

/// Hashes leaves into the tree at `address`.
///
/// # Errors
/// A shape that does not exist, or more leaves than it holds.
pub fn hashed(
    address: Pubkey,
    (depth, canopy_depth): (u8, u8),
    leaves: &[DeviceLeaf],
) -> Result<WholeTree, TreeError> {
    let address = address.to_bytes();
    let hashes = (0..)
        .zip(leaves)
        .map(|(index, leaf)| leaf.hash(&address, index));
    WholeTree::new(depth, canopy_depth, hashes.collect())
}

/// The address of a network's tree.
#[must_use]
pub fn tree_of(network: &Pubkey, index: u16) -> Pubkey {
    tree_address(network, index).0
}

/// Whether a file is a published devices file, whatever it is called, and not a table to make one from.
#[must_use]
pub fn is_published(path: &Path) -> bool {
    const PARQUET: [u8; 4] = *b"PAR1";
    let mut beginning = [0; PARQUET.len()];
    let begins = File::open(path).and_then(|mut file| file.read_exact(&mut beginning));
    let named = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    named || path.is_dir() || (begins.is_ok() && beginning == PARQUET)
}

fn locate(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_path_buf();
    }
    [
        "devices.parquet",
        "inputs/devices.parquet",
        "registry/devices.parquet",
    ]
    .into_iter()
    .map(|name| path.join(name))
    .find(|file| file.is_file())
    .unwrap_or_else(|| path.join("devices.parquet"))
}
