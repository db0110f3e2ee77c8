//! The registry from nothing but what the chain says happened: its events in order, and for an import the file that lists
//! its devices. Every event names the root after it, so a forged, missing or doubled one is found where it stands.

use cairn_epoch::{Device, Entry};
use cairn_interface::registry::{DeviceLeaf, RegistryEvent, WholeTree};
use solana_sdk::pubkey::Pubkey;

use crate::compare::hashed;
use crate::{Snapshot, TreeFault, row_of};

/// A network's trees, as far as events were applied.
#[derive(Clone, Debug)]
pub struct Replica {
    network: Pubkey,
    /// By their number in the network.
    trees: Vec<TreeReplica>,
}

/// One tree of a [`Replica`].
#[derive(Clone, Debug)]
pub struct TreeReplica {
    address: Pubkey,
    index: u16,
    /// Depth and canopy depth.
    shape: (u8, u8),
    whole: WholeTree,
    /// By position.
    rows: Vec<Device>,
    sequence: u64,
    /// An import whose devices were not given yet.
    awaited: Option<Import>,
}

/// A tree that was filled with devices that no event lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import {
    pub tree: u16,
    pub root: [u8; 32],
    pub devices: u32,
    /// SHA-256 of the file that lists them, by the authority's word.
    pub devices_hash: [u8; 32],
}

/// What an event did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is about no device of this network.
    Nothing,
    /// The network has one more tree.
    Created { tree: u16 },
    /// A device came, or became another.
    Device { tree: u16, index: u32 },
    /// The devices of an import are to be given to [`Replica::fill`] before the tree's next event.
    Awaits(Import),
}

/// Why an event can not be what happened next. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventFault {
    #[error("tree {found} was created, tree {expected} is the next")]
    TreeOrder { expected: usize, found: u16 },
    #[error("no event created the tree {address}")]
    NoTree { address: Pubkey },
    #[error("change {found} of tree {tree}, change {expected} is the next")]
    Sequence {
        tree: u16,
        expected: u64,
        found: u64,
    },
    #[error("tree {tree} waits for the devices of its import")]
    Awaits { tree: u16 },
    #[error("tree {tree} waits for no import")]
    NoImport { tree: u16 },
    #[error("tree {tree} was imported after it held devices")]
    NotEmpty { tree: u16 },
    #[error("tree {tree} was filled with {expected} devices, {found} are given")]
    Count {
        tree: u16,
        expected: u32,
        found: usize,
    },
    #[error("position {index} of tree {tree} is not where this can happen")]
    Position { tree: u16, index: u32 },
    #[error("the device at position {index} of tree {tree} is not the one that this happened to")]
    OtherDevice { tree: u16, index: u32 },
    #[error("tree {tree} has another root after this than the chain has")]
    Root { tree: u16 },
    #[error(transparent)]
    Tree(#[from] TreeFault),
}

/// One device's change, whatever it was.
struct Change<'e> {
    index: u32,
    leaf: &'e DeviceLeaf,
    root: [u8; 32],
    sequence: u64,
    is_new: bool,
}

impl Replica {
    /// A network before its first tree.
    #[must_use]
    pub const fn new(network: Pubkey) -> Self {
        Self {
            network,
            trees: Vec::new(),
        }
    }

    #[must_use]
    pub fn trees(&self) -> &[TreeReplica] {
        &self.trees
    }

    /// Every device, as the chain has it after the last event.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let rows = self.trees.iter().flat_map(TreeReplica::rows);
        Snapshot::ascending(rows.cloned().collect())
    }

    /// Applies the next event.
    ///
    /// # Errors
    /// [`EventFault`].
    pub fn apply(&mut self, event: &RegistryEvent) -> Result<Applied, EventFault> {
        let change = |index, leaf, root, sequence| Change {
            index,
            leaf,
            root,
            sequence,
            is_new: matches!(event, RegistryEvent::DeviceRegistered(_)),
        };
        match event {
            RegistryEvent::TreeCreated(it) if it.network == self.network => {
                self.create(it.tree, it.index, (it.depth, it.canopy_depth))
            }
            RegistryEvent::TreeImported(it) if it.network == self.network => {
                let tree = self.tree(&it.tree)?;
                let import = Import {
                    tree: tree.index,
                    root: it.root,
                    devices: it.devices,
                    devices_hash: it.devices_hash,
                };
                tree.import(import)
            }
            RegistryEvent::DeviceRegistered(it) if it.network == self.network => self
                .tree(&it.tree)?
                .change(&change(it.index, &it.leaf, it.root, it.sequence)),
            RegistryEvent::DeviceTransferred(it) if it.network == self.network => self
                .tree(&it.tree)?
                .change(&change(it.index, &it.leaf, it.root, it.sequence)),
            RegistryEvent::DeviceStatusSet(it) if it.network == self.network => self
                .tree(&it.tree)?
                .change(&change(it.index, &it.leaf, it.root, it.sequence)),
            _ => Ok(Applied::Nothing),
        }
    }

    /// Gives the devices of an import, by position.
    ///
    /// # Errors
    /// [`EventFault`] for rows that are not those the chain took.
    pub fn fill(&mut self, tree: u16, rows: &[Device]) -> Result<(), EventFault> {
        match self.trees.get_mut(usize::from(tree)) {
            Some(tree) => tree.fill(rows),
            None => Err(EventFault::NoImport { tree }),
        }
    }

    fn create(
        &mut self,
        address: Pubkey,
        index: u16,
        shape: (u8, u8),
    ) -> Result<Applied, EventFault> {
        if usize::from(index) != self.trees.len() {
            return Err(EventFault::TreeOrder {
                expected: self.trees.len(),
                found: index,
            });
        }
        self.trees.push(TreeReplica {
            address,
            index,
            shape,
            whole: hashed(address, index, shape, &[])?,
            rows: Vec::new(),
            sequence: 0,
            awaited: None,
        });
        Ok(Applied::Created { tree: index })
    }

    fn tree(&mut self, address: &Pubkey) -> Result<&mut TreeReplica, EventFault> {
        self.trees
            .iter_mut()
            .find(|tree| tree.address == *address)
            .ok_or(EventFault::NoTree { address: *address })
    }
}

impl TreeReplica {
    #[must_use]
    pub const fn address(&self) -> Pubkey {
        self.address
    }

    /// Every device of the tree, by position.
    #[must_use]
    pub fn rows(&self) -> &[Device] {
        &self.rows
    }

    /// The tree itself: its root, and a proof for each position.
    #[must_use]
    pub const fn whole(&self) -> &WholeTree {
        &self.whole
    }

    /// Changes since the tree became ready.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The import whose devices were not given yet.
    #[must_use]
    pub const fn awaited(&self) -> Option<Import> {
        self.awaited
    }

    fn import(&mut self, import: Import) -> Result<Applied, EventFault> {
        if self.sequence > 0 || self.awaited.is_some() || !self.rows.is_empty() {
            return Err(EventFault::NotEmpty { tree: self.index });
        }
        self.awaited = Some(import);
        Ok(Applied::Awaits(import))
    }

    fn fill(&mut self, rows: &[Device]) -> Result<(), EventFault> {
        let tree = self.index;
        let Some(import) = self.awaited else {
            return Err(EventFault::NoImport { tree });
        };
        if usize::try_from(import.devices) != Ok(rows.len()) {
            return Err(EventFault::Count {
                tree,
                expected: import.devices,
                found: rows.len(),
            });
        }
        let whole = hashed(self.address, tree, self.shape, rows)?;
        if whole.root() != import.root {
            return Err(EventFault::Root { tree });
        }
        self.whole = whole;
        self.rows = rows
            .iter()
            .map(|row| Device {
                entry: Entry::Imported,
                ..row.clone()
            })
            .collect();
        self.awaited = None;
        Ok(())
    }

    fn change(&mut self, change: &Change<'_>) -> Result<Applied, EventFault> {
        let (tree, index) = (self.index, change.index);
        if self.awaited.is_some() {
            return Err(EventFault::Awaits { tree });
        }
        let expected = self.sequence.saturating_add(1);
        if change.sequence != expected {
            return Err(EventFault::Sequence {
                tree,
                expected,
                found: change.sequence,
            });
        }
        let known = self.rows.get(index as usize);
        let entry = known.map_or(Entry::Consented, |known| known.entry);
        let row = row_of(tree, index, entry, change.leaf);
        match known {
            None if change.is_new && index == self.whole.len() => {}
            Some(known) if !change.is_new => {
                if known.key != row.key {
                    return Err(EventFault::OtherDevice { tree, index });
                }
            }
            _ => return Err(EventFault::Position { tree, index }),
        }
        let hash = change.leaf.hash(self.address.as_array(), index);
        self.set(index, hash)?;
        if self.whole.root() != change.root {
            // Back to what it was. Only what contradicts the chain costs this.
            self.whole = hashed(self.address, tree, self.shape, &self.rows)?;
            return Err(EventFault::Root { tree });
        }
        match self.rows.get_mut(index as usize) {
            Some(known) => *known = row,
            None => self.rows.push(row),
        }
        self.sequence = change.sequence;
        Ok(Applied::Device { tree, index })
    }

    fn set(&mut self, index: u32, hash: [u8; 32]) -> Result<(), EventFault> {
        let tree = self.index;
        self.whole
            .set(index, hash)
            .map_err(|source| EventFault::Tree(TreeFault::Shape { tree, source }))
    }
}
