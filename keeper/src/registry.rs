//! The registry snapshot an epoch is computed with, held against the chain: every tree's root is hashed again from the
//! published rows, and every stream's partner must be an issuer of the network.

use std::collections::BTreeSet;
use std::path::Path;

use cairn_client::ClientError;
use cairn_epoch::{Device, EpochFolder, Stream, asserted_cell, read_devices, read_streams};
use cairn_interface::registry::{
    DeviceLeaf, DeviceTreeView, IssuerView, NetworkView, TreeState, WholeTree, cell_location,
    constants, issuer_address, tree_address,
};
use cairn_interface::vault::PoolView;
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;

use crate::folder::FolderError;
use crate::{Keeper, KeeperError, text};

/// Changes of which a device tree remembers the roots.
const REMEMBERED_CHANGES: u64 = 64;

/// What of the published registry files contradicts the chain.
#[derive(Debug, thiserror::Error)]
pub enum RegistryFault {
    #[error(
        "device tree {tree} has root {on_chain} on chain, the published devices lead to {found}"
    )]
    Root {
        tree: u16,
        on_chain: String,
        found: String,
    },
    #[error(
        "device tree {tree} holds {on_chain} devices on chain, the published file lists {found}"
    )]
    Count {
        tree: u16,
        on_chain: u32,
        found: usize,
    },
    #[error("device tree {tree}: position {index} is missing from the published devices")]
    Gap { tree: u16, index: u32 },
    #[error("device tree {tree} does not exist on chain")]
    NoTree { tree: u16 },
    #[error("device tree {tree} can not hold the published devices: {reason}")]
    Shape { tree: u16, reason: String },
    #[error("device {device}: {problem}")]
    Device {
        device: String,
        problem: &'static str,
    },
    #[error("stream {stream}: its partner {partner} {problem}")]
    Partner {
        stream: u32,
        partner: String,
        problem: &'static str,
    },
}

impl RegistryFault {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Root { .. } | Self::Count { .. } | Self::Gap { .. } => {
                "fetch the registry's newest published devices file; its rows must be the tree's, change by change".to_owned()
            }
            Self::NoTree { .. } => "check [chain] network in keeper.toml, and that the file is this network's".to_owned(),
            Self::Shape { .. } => "publish one file for all trees of this network, no more devices than they hold".to_owned(),
            Self::Device { .. } => "correct the published devices file; what is registered decides".to_owned(),
            Self::Partner { .. } => {
                "let the network's authority add the issuer (`cairn network add-issuer`), or correct the streams file".to_owned()
            }
        }
    }
}

impl Keeper {
    /// Holds the frozen devices and streams of an epoch against the chain.
    pub(crate) async fn check_registry(
        &self,
        folder: &EpochFolder,
        pool: &PoolView,
    ) -> Result<(), KeeperError> {
        let network = self.network(&pool.network).await?;
        self.check_devices(&folder.devices(), &network).await?;
        self.check_streams(&folder.streams(), &network).await
    }

    async fn network(&self, address: &Pubkey) -> Result<NetworkView, KeeperError> {
        let Some(account) = self.ledger().account(address).await? else {
            return Err(KeeperError::NoAccount {
                what: "network",
                address: *address,
                place: self.ledger().place(),
            });
        };
        Ok(NetworkView::decode(*address, &account).map_err(ClientError::from)?)
    }

    async fn check_devices(&self, path: &Path, network: &NetworkView) -> Result<(), KeeperError> {
        let file = path.to_owned();
        let (devices, sha256) = self
            .blocking(move || {
                let devices = read_devices(&file)?;
                let bytes = std::fs::read(&file).map_err(FolderError::io("read", &file))?;
                Ok((devices, <[u8; 32]>::from(Sha256::digest(&bytes))))
            })
            .await?;
        let trees = self.trees(network).await?;
        for device in &devices {
            if device.tree >= network.trees {
                return Err(RegistryFault::NoTree { tree: device.tree }.into());
            }
            check_row(device)?;
        }
        self.blocking(move || {
            for tree in &trees {
                let rows: Vec<&Device> = devices
                    .iter()
                    .filter(|device| device.tree == tree.index)
                    .collect();
                check_tree(tree, &rows, &sha256)?;
            }
            Ok(())
        })
        .await
    }

    async fn trees(&self, network: &NetworkView) -> Result<Vec<DeviceTreeView>, KeeperError> {
        let addresses: Vec<Pubkey> = (0..network.trees)
            .map(|index| tree_address(&network.address, index).0)
            .collect();
        let accounts = self.ledger().accounts(&addresses).await?;
        let mut trees = Vec::with_capacity(addresses.len());
        for ((address, account), index) in addresses.iter().zip(accounts).zip(0..) {
            let Some(account) = account else {
                return Err(RegistryFault::NoTree { tree: index }.into());
            };
            trees.push(DeviceTreeView::decode(*address, &account).map_err(ClientError::from)?);
        }
        Ok(trees)
    }

    async fn check_streams(&self, path: &Path, network: &NetworkView) -> Result<(), KeeperError> {
        let streams = read_streams(path)?;
        let partners: BTreeSet<[u8; 32]> = streams.iter().map(|stream| stream.partner).collect();
        let addresses: Vec<Pubkey> = partners
            .iter()
            .map(|partner| issuer_address(&network.address, partner).0)
            .collect();
        let accounts = self.ledger().accounts(&addresses).await?;
        for ((partner, address), account) in partners.iter().zip(&addresses).zip(accounts) {
            let issuer = account
                .map(|account| IssuerView::decode(*address, &account))
                .transpose()
                .map_err(ClientError::from)?;
            for stream in streams.iter().filter(|stream| stream.partner == *partner) {
                check_partner(stream, issuer.as_ref())?;
            }
        }
        Ok(())
    }
}

/// What a row says beyond its leaf must at least agree with it.
fn check_row(device: &Device) -> Result<(), RegistryFault> {
    let fault = |problem| RegistryFault::Device {
        device: bs58::encode(device.key).into_string(),
        problem,
    };
    if device.key_kind != constants::KEY_ED25519 {
        return Err(fault("the registry holds Ed25519 device keys only"));
    }
    if device.location_kind == constants::LOCATION_CELL
        && device.location != cell_location(device.cell)
    {
        return Err(fault("its cell is not the registered one"));
    }
    // Within the cell the place is the publisher's word; outside of it, it would be a lie about the cell.
    if let Some((lat, lon)) = device.place()
        && asserted_cell(lat, lon) != Some(device.cell)
    {
        return Err(fault("its asserted place lies outside its cell"));
    }
    Ok(())
}

fn check_tree(
    tree: &DeviceTreeView,
    rows: &[&Device],
    file_sha256: &[u8; 32],
) -> Result<(), KeeperError> {
    if tree.state != TreeState::Ready && rows.is_empty() {
        return Ok(());
    }
    let address = tree.address.to_bytes();
    let mut leaves = Vec::with_capacity(rows.len());
    // Rows come in the order of their positions: the reader refuses any other.
    for (row, index) in rows.iter().zip(0_u32..) {
        if row.leaf_index != index {
            let tree = tree.index;
            return Err(RegistryFault::Gap { tree, index }.into());
        }
        leaves.push(leaf(row).hash(&address, index));
    }
    let prepared = WholeTree::new(tree.depth, tree.canopy_depth, leaves).map_err(|error| {
        RegistryFault::Shape {
            tree: tree.index,
            reason: error.to_string(),
        }
    })?;
    let found = prepared.root();
    // A few devices may have come or changed since the snapshot was frozen: the tree remembers that many roots. The
    // root of the import itself is remembered by its file's hash.
    let recent = tree.sequence <= REMEMBERED_CHANGES;
    let is_import = *file_sha256 == tree.devices_hash && recent;
    if found == tree.root || tree.recent_roots.contains(&found) || is_import {
        return Ok(());
    }
    if usize::try_from(tree.next_index) != Ok(rows.len()) {
        return Err(RegistryFault::Count {
            tree: tree.index,
            on_chain: tree.next_index,
            found: rows.len(),
        }
        .into());
    }
    Err(RegistryFault::Root {
        tree: tree.index,
        on_chain: text::hash(&tree.root),
        found: text::hash(&found),
    }
    .into())
}

/// The leaf the registry hashed for this row.
fn leaf(device: &Device) -> DeviceLeaf {
    DeviceLeaf {
        device: device.key,
        owner: device.owner,
        issuer: device.issuer,
        hardware: device.hardware,
        location: device.location,
        sequence: device.sequence,
        model: device.model,
        reason: device.reason,
        country: device.country,
        class: device.class,
        location_kind: device.location_kind,
        status: device.status as u8,
    }
}

fn check_partner(stream: &Stream, issuer: Option<&IssuerView>) -> Result<(), RegistryFault> {
    let fault = |problem| RegistryFault::Partner {
        stream: stream.id,
        partner: bs58::encode(stream.partner).into_string(),
        problem,
    };
    let Some(issuer) = issuer else {
        return Err(fault("is no issuer of the network"));
    };
    if issuer.key_kind.byte() != stream.partner_kind {
        return Err(fault("is registered with another kind of key"));
    }
    if !issuer.active {
        return Err(fault("was retired"));
    }
    if issuer.roles & constants::ROLE_PARTNER == 0 {
        return Err(fault("is an issuer without the role of a partner"));
    }
    Ok(())
}
