use device_registry::{
    constants::{
        REGISTRATION_CLOSED, REGISTRATION_ENDORSED, REGISTRATION_OPEN, TREE_GROWING,
        TREE_IMPORTING, TREE_READY, VERSION,
    },
    merkle::Layout,
    state::{DeviceTree, Issuer, Network},
};
use serde::{Deserialize, Serialize};
use solana_sdk::{account::Account, pubkey::Pubkey};

use super::KeyKind;
use crate::{
    DecodeError,
    decode::{head, version, whole},
    ids::DEVICE_REGISTRY,
    text,
};

/// Who may register devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Nobody; the authority imports.
    Closed,
    /// Devices that an active issuer endorses.
    Endorsed,
    /// Any device that consents.
    Open,
}

impl Registration {
    /// The byte that accounts store.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Closed => REGISTRATION_CLOSED,
            Self::Endorsed => REGISTRATION_ENDORSED,
            Self::Open => REGISTRATION_OPEN,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            REGISTRATION_CLOSED => Self::Closed,
            REGISTRATION_ENDORSED => Self::Endorsed,
            REGISTRATION_OPEN => Self::Open,
            _ => return None,
        })
    }
}

/// A network, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub authority: Pubkey,
    /// The authority to be, until it accepts.
    #[serde(with = "text")]
    pub pending_authority: Option<Pubkey>,
    #[serde(with = "text")]
    pub guardian: Pubkey,
    #[serde(with = "text")]
    pub creator: Pubkey,
    pub id: u64,
    /// Unix seconds.
    pub created_at: i64,
    pub registration: Registration,
    /// Devices in all trees, banned ones included.
    pub devices: u64,
    /// The same by class.
    pub devices_by_class: [u64; 16],
    pub banned: u64,
    /// Issuers ever added.
    pub issuers: u32,
    /// Trees ever created; the next tree's index.
    pub trees: u16,
    pub version: u8,
}

impl NetworkView {
    /// Reads a network.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version or policy.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        const WHAT: &str = "a network";
        let network: Network = whole(&address, account, WHAT, &DEVICE_REGISTRY)?;
        version(&address, WHAT, network.version, VERSION)?;
        Ok(Self {
            address,
            authority: network.authority,
            pending_authority: (network.pending_authority != Pubkey::default())
                .then_some(network.pending_authority),
            guardian: network.guardian,
            creator: network.creator,
            id: network.id,
            created_at: network.created_at,
            registration: Registration::from_byte(network.registration).ok_or(damaged(
                &address,
                "network",
                "its registration policy",
            ))?,
            devices: network.devices,
            devices_by_class: network.devices_by_class,
            banned: network.banned,
            issuers: network.issuers,
            trees: network.trees,
            version: network.version,
        })
    }
}

/// An issuer, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub network: Pubkey,
    /// Ed25519 point, or x coordinate of a P-256 point.
    #[serde(with = "text")]
    pub key: [u8; 32],
    pub key_kind: KeyKind,
    /// Bits `constants::ROLE_*`.
    pub roles: u32,
    pub active: bool,
    /// Unix seconds.
    pub added_at: i64,
    /// Unix seconds; 0 while active.
    pub retired_at: i64,
    pub did: String,
    pub status_list_uri: String,
    #[serde(with = "text")]
    pub status_list_hash: [u8; 32],
    pub version: u8,
}

impl IssuerView {
    /// Reads an issuer.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version or key kind, a DID that is no UTF-8.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        const WHAT: &str = "an issuer";
        let issuer: Issuer = whole(&address, account, WHAT, &DEVICE_REGISTRY)?;
        version(&address, WHAT, issuer.version, VERSION)?;
        let damaged = |field| damaged(&address, "issuer", field);
        let told = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).ok();
        Ok(Self {
            address,
            network: issuer.network,
            key: issuer.key,
            key_kind: KeyKind::from_byte(issuer.key_kind).ok_or(damaged("its key kind"))?,
            roles: issuer.roles,
            active: issuer.is_active(),
            added_at: issuer.added_at,
            retired_at: issuer.retired_at,
            did: told(issuer.did()).ok_or(damaged("its DID"))?,
            status_list_uri: told(issuer.status_list_uri()).ok_or(damaged("its URI"))?,
            status_list_hash: issuer.status_list_hash,
            version: issuer.version,
        })
    }
}

/// What a tree can do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreeState {
    /// Its account must still grow.
    Growing,
    /// Its canopy is being filled for an import.
    Importing,
    /// It takes devices.
    Ready,
}

/// A device tree's head, as it stands. The leaves are in events and published files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceTreeView {
    #[serde(with = "text")]
    pub address: Pubkey,
    #[serde(with = "text")]
    pub network: Pubkey,
    /// Number of this tree in its network.
    pub index: u16,
    pub depth: u8,
    pub canopy_depth: u8,
    pub state: TreeState,
    #[serde(with = "text")]
    pub root: [u8; 32],
    /// The present root, then the roots after earlier changes as far as the account remembers them (64 changes),
    /// newest first: what a snapshot that was frozen a few changes ago is matched with. Empty until it is ready.
    #[serde(with = "text")]
    pub recent_roots: Vec<[u8; 32]>,
    /// Changes since it became ready.
    pub sequence: u64,
    /// Devices in it, and the index of the next.
    pub next_index: u32,
    /// Devices that came by import.
    pub imported: u32,
    /// SHA-256 of the published file of imported devices; zeros when none were.
    #[serde(with = "text")]
    pub devices_hash: [u8; 32],
    /// Unix seconds.
    pub created_at: i64,
    pub version: u8,
}

impl DeviceTreeView {
    /// Reads a device tree's head.
    ///
    /// # Errors
    /// Another program's or kind's account, too few bytes, an unknown version, shape or state.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        const WHAT: &str = "a device tree";
        let (tree, tail) = head::<DeviceTree>(&address, account, WHAT, &DEVICE_REGISTRY)?;
        version(&address, WHAT, tree.version, VERSION)?;
        let recent_roots = recent_roots(&address, &tree, tail)?;
        Ok(Self {
            address,
            network: tree.network,
            index: tree.index,
            depth: tree.depth,
            canopy_depth: tree.canopy_depth,
            state: match tree.state {
                TREE_GROWING => TreeState::Growing,
                TREE_IMPORTING => TreeState::Importing,
                TREE_READY => TreeState::Ready,
                _ => return Err(damaged(&address, "device tree", "its state")),
            },
            root: tree.root,
            recent_roots,
            sequence: tree.sequence,
            next_index: tree.next_index,
            imported: tree.imported,
            devices_hash: tree.devices_hash,
            created_at: tree.created_at,
            version: tree.version,
        })
    }

    /// Positions and leaves that a tree's last changes wrote (registrations, transfers, bans), newest first, as far as the
    /// account remembers them: at most 64. By them a registration that was sent already is recognised without any file.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn recent_leaves(
        address: Pubkey,
        account: &Account,
    ) -> Result<Vec<(u32, [u8; 32])>, DecodeError> {
        const WHAT: &str = "a device tree";
        let (tree, tail) = head::<DeviceTree>(&address, account, WHAT, &DEVICE_REGISTRY)?;
        version(&address, WHAT, tree.version, VERSION)?;
        if tree.state != TREE_READY {
            return Ok(Vec::new());
        }
        let (layout, words) = words(&address, &tree, tail)?;
        layout
            .recent_leaves(words, tree.sequence)
            .map_err(|_| damaged(&address, "device tree", "its length"))
    }
}

fn recent_roots(
    address: &Pubkey,
    tree: &DeviceTree,
    tail: &[u8],
) -> Result<Vec<[u8; 32]>, DecodeError> {
    if tree.state != TREE_READY {
        return Ok(Vec::new());
    }
    let (layout, words) = words(address, tree, tail)?;
    let mut roots = layout
        .recent_roots(words, tree.sequence)
        .map_err(|_| damaged(address, "device tree", "its length"))?;
    // The ring holds changes; an import or the opening is none.
    if roots.first() != Some(&tree.root) {
        roots.insert(0, tree.root);
    }
    Ok(roots)
}

/// The words behind a tree's head: their count (u32), then 32 bytes each.
fn words<'a>(
    address: &Pubkey,
    tree: &DeviceTree,
    tail: &'a [u8],
) -> Result<(Layout, &'a [[u8; 32]]), DecodeError> {
    let layout = Layout::new(tree.depth, tree.canopy_depth)
        .map_err(|_| damaged(address, "device tree", "its shape"))?;
    let (words, _) = tail.get(4..).unwrap_or_default().as_chunks::<32>();
    Ok((layout, words.get(..layout.words()).unwrap_or(words)))
}

const fn damaged(address: &Pubkey, what: &'static str, field: &'static str) -> DecodeError {
    DecodeError::BadField {
        address: *address,
        what,
        field,
    }
}
