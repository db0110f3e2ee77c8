use std::path::Path;

use cairn_epoch::{Device, EpochError, read_devices};

/// The devices of a network, by tree and position. A file may list a tree in part; where that matters, [`crate::compare`]
/// says which position is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Ascending by tree and leaf index; no position twice.
    rows: Vec<Device>,
}

const fn position(row: &Device) -> (u16, u32) {
    (row.tree, row.leaf_index)
}

impl Snapshot {
    /// Reads a devices file.
    ///
    /// # Errors
    /// Missing, truncated, or with rows that contradict each other.
    pub fn read(path: &Path) -> Result<Self, EpochError> {
        Ok(Self::ascending(read_devices(path)?))
    }

    /// Of rows that ascend by position, as the reader of the file and a replica give them.
    pub(crate) const fn ascending(rows: Vec<Device>) -> Self {
        Self { rows }
    }

    /// Every row, ascending by tree and leaf index.
    #[must_use]
    pub fn rows(&self) -> &[Device] {
        &self.rows
    }

    /// Rows of one tree, ascending by leaf index.
    #[must_use]
    pub fn of_tree(&self, tree: u16) -> &[Device] {
        of_tree(&self.rows, tree)
    }

    /// The device with this key. The registry may hold a key at several positions: the first, unless it yields
    /// ([`Device::yields_to`]). An epoch also asks which of them it saw first, which no snapshot says.
    #[must_use]
    pub fn device(&self, key: &[u8; 32]) -> Option<&Device> {
        let leaves = self.rows.iter().filter(|row| row.key == *key);
        leaves.reduce(|standing, later| {
            if standing.yields_to(later) {
                later
            } else {
                standing
            }
        })
    }

    /// Enters a row, in place of the one at its position.
    pub fn put(&mut self, row: Device) {
        match self.rows.binary_search_by_key(&position(&row), position) {
            Ok(at) => self.rows[at] = row,
            Err(at) => self.rows.insert(at, row),
        }
    }

    /// Without the rows of one tree.
    #[must_use]
    pub fn without(mut self, tree: u16) -> Self {
        self.rows.retain(|row| row.tree != tree);
        self
    }
}

/// Rows of one tree among `rows`, which ascend by tree.
pub(crate) fn of_tree(rows: &[Device], tree: u16) -> &[Device] {
    let first = rows.partition_point(|row| row.tree < tree);
    let last = rows.partition_point(|row| row.tree <= tree);
    rows.get(first..last).unwrap_or_default()
}
