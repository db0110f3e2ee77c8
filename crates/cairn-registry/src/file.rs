//! The published devices file. The chain keeps only hashes, so proofs are made from this file, and it is compared with the
//! chain before anything is believed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use cairn_epoch::{Device, EpochError, hashed_devices, write_devices};
use cairn_interface::registry::{DeviceLeaf, DeviceTreeView, TreeError, WholeTree};
use solana_sdk::pubkey::Pubkey;

use crate::compare::leaves;
use crate::{Snapshot, Standing, TreeFault, compare};

/// A devices file in memory.
#[derive(Clone, Debug)]
pub struct DevicesFile {
    path: PathBuf,
    snapshot: Snapshot,
    hash: [u8; 32],
}

/// What a devices file can not be used for, and why.
#[derive(Debug, thiserror::Error)]
pub enum DevicesFault {
    #[error(transparent)]
    Epoch(#[from] EpochError),
    #[error("{} is no devices.parquet", path.display())]
    NotPublished { path: PathBuf },
    #[error("{} holds no device {device}", path.display())]
    NoDevice { path: PathBuf, device: Pubkey },
    #[error("{} lacks the device at position {index} of tree {tree}", path.display())]
    Gap {
        path: PathBuf,
        tree: u16,
        index: u32,
    },
    #[error("{} does not fit tree {tree}: {source}", path.display())]
    Shape {
        path: PathBuf,
        tree: u16,
        source: TreeError,
    },
    #[error(
        "{} is not the state of tree {tree} on chain ({devices} devices here, {on_chain} there, {changes} changes so far)",
        path.display()
    )]
    Stale {
        path: PathBuf,
        tree: u16,
        devices: u32,
        on_chain: u32,
        /// Changes that the tree has seen.
        changes: u64,
    },
}

impl DevicesFault {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Epoch(error) => return error.hint(),
            Self::NotPublished { .. } => {
                "name the published devices file; `cairn device tree import` makes one from a table"
            }
            Self::NoDevice { .. } => {
                "check the key, or fetch the newest devices file from a keeper"
            }
            Self::Gap { .. } => {
                "fetch the whole devices file from a keeper: a tree's hash needs every device"
            }
            Self::Shape { .. } => "fetch the devices file of this network",
            Self::Stale { .. } => "fetch the newest devices file from a keeper",
        }
        .to_owned()
    }
}

impl DevicesFile {
    /// Reads a `devices.parquet`, or the one in a folder: an epoch's, its inputs, or a keeper's data folder.
    ///
    /// # Errors
    /// Missing, truncated, or with rows that contradict each other.
    pub fn read(path: &Path) -> Result<Self, DevicesFault> {
        let path = locate(path);
        if path.is_file() && !is_published(&path) {
            return Err(DevicesFault::NotPublished { path });
        }
        let (rows, hash) = hashed_devices(&path)?;
        Ok(Self {
            path,
            snapshot: Snapshot::ascending(rows),
            hash,
        })
    }

    /// As [`Self::read`]; a file that is not there yet is one without devices.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_or_new(path: &Path) -> Result<Self, DevicesFault> {
        let located = locate(path);
        if located.exists() {
            return Self::read(path);
        }
        Ok(Self {
            path: located,
            snapshot: Snapshot::default(),
            hash: [0; 32],
        })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// SHA-256 of the file's bytes: what an import commits to. Zeros for a file that is not there yet.
    #[must_use]
    pub const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The device with this key.
    ///
    /// # Errors
    /// [`DevicesFault::NoDevice`].
    pub fn device(&self, key: &Pubkey) -> Result<&Device, DevicesFault> {
        self.snapshot
            .device(key.as_array())
            .ok_or_else(|| DevicesFault::NoDevice {
                path: self.path.clone(),
                device: *key,
            })
    }

    /// Leaves of one tree by position.
    ///
    /// # Errors
    /// [`DevicesFault::Gap`].
    pub fn leaves(&self, tree: u16) -> Result<Vec<DeviceLeaf>, DevicesFault> {
        match leaves(tree, self.snapshot.of_tree(tree)) {
            Ok(leaves) => Ok(leaves.collect()),
            Err(fault) => Err(self.tree_fault(fault)),
        }
    }

    /// The tree as this file has it, which must be the tree on chain as it is now.
    ///
    /// # Errors
    /// Gaps; more devices than the tree holds; a file older or newer than the chain, or another network's.
    pub fn current(&self, tree: &DeviceTreeView) -> Result<WholeTree, DevicesFault> {
        let compared = compare(tree, self.snapshot.of_tree(tree.index))
            .map_err(|fault| self.tree_fault(fault))?;
        if compared.standing == Standing::Current {
            return Ok(compared.whole);
        }
        Err(DevicesFault::Stale {
            path: self.path.clone(),
            tree: tree.index,
            devices: compared.whole.len(),
            on_chain: tree.next_index,
            changes: tree.sequence,
        })
    }

    fn tree_fault(&self, fault: TreeFault) -> DevicesFault {
        let path = self.path.clone();
        match fault {
            TreeFault::Gap { tree, index } => DevicesFault::Gap { path, tree, index },
            TreeFault::Shape { tree, source } => DevicesFault::Shape { path, tree, source },
        }
    }

    /// The file with `row` in place of the one at its position, written whole or not at all.
    ///
    /// # Errors
    /// A folder that can not be written.
    pub fn write_with(&self, row: Device) -> Result<(), DevicesFault> {
        let mut changed = self.snapshot.clone();
        changed.put(row);
        write_devices(&self.path, changed.rows())?;
        Ok(())
    }
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
