use anchor_lang::{BORSH_CONFIG, BorshConfig, Discriminator, event::EVENT_IX_TAG_LE, wincode};
use device_registry::{DeviceLeaf, event as on_chain};
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use super::{KeyKind, Registration};
use crate::{
    ids::DEVICE_REGISTRY,
    text::{self, Textual},
};

/// What device-registry says happened: found among a transaction's inner instructions, never in its logs, which a
/// validator may truncate. A tree is rebuilt from these and its import's file alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum RegistryEvent {
    NetworkCreated {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        authority: Pubkey,
        #[serde(with = "text")]
        guardian: Pubkey,
        id: u64,
        registration: Registration,
    },
    /// The fields hold what is true after the change.
    NetworkChanged {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        authority: Pubkey,
        #[serde(with = "text")]
        pending_authority: Option<Pubkey>,
        #[serde(with = "text")]
        guardian: Pubkey,
        registration: Registration,
    },
    IssuerAdded {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        issuer: Pubkey,
        #[serde(with = "text")]
        key: [u8; 32],
        key_kind: KeyKind,
        roles: u32,
    },
    IssuerRetired {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        issuer: Pubkey,
        /// Unix seconds.
        retired_at: i64,
    },
    TreeCreated {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        index: u16,
        depth: u8,
        canopy_depth: u8,
    },
    /// The account was lengthened; `ready` when that was the last step.
    TreeGrown {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        bytes: u64,
        ready: bool,
    },
    /// Nodes of a prepared tree's canopy were stored; nothing is imported yet.
    TreeCanopyPut {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        offset: u16,
        nodes: u16,
    },
    TreeImported {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        #[serde(with = "text")]
        root: [u8; 32],
        devices: u32,
        #[serde(with = "text")]
        devices_hash: [u8; 32],
    },
    DeviceRegistered {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        index: u32,
        #[serde(with = "text")]
        leaf: DeviceLeaf,
        /// The tree's, after this change.
        #[serde(with = "text")]
        root: [u8; 32],
        sequence: u64,
    },
    DeviceTransferred {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        index: u32,
        #[serde(with = "text")]
        previous_owner: Pubkey,
        #[serde(with = "text")]
        leaf: DeviceLeaf,
        /// The tree's, after this change.
        #[serde(with = "text")]
        root: [u8; 32],
        sequence: u64,
    },
    DeviceStatusSet {
        #[serde(with = "text")]
        network: Pubkey,
        #[serde(with = "text")]
        tree: Pubkey,
        index: u32,
        #[serde(with = "text")]
        by: Pubkey,
        #[serde(with = "text")]
        leaf: DeviceLeaf,
        #[serde(with = "text")]
        evidence: [u8; 32],
        /// The tree's, after this change.
        #[serde(with = "text")]
        root: [u8; 32],
        sequence: u64,
    },
}

impl RegistryEvent {
    /// Reads one inner instruction; `None` when it is no event of device-registry that this build knows.
    #[must_use]
    pub fn decode(program: &Pubkey, data: &[u8]) -> Option<Self> {
        if *program != DEVICE_REGISTRY {
            return None;
        }
        let event = data.strip_prefix(EVENT_IX_TAG_LE)?;
        None.or_else(|| read(event, network_created))
            .or_else(|| read(event, network_changed))
            .or_else(|| read(event, issuer_added))
            .or_else(|| read(event, issuer_retired))
            .or_else(|| read(event, tree_created))
            .or_else(|| read(event, tree_grown))
            .or_else(|| read(event, tree_canopy_put))
            .or_else(|| read(event, tree_imported))
            .or_else(|| read(event, device_registered))
            .or_else(|| read(event, device_transferred))
            .or_else(|| read(event, device_status_set))
    }
}

/// The event of type `T`, if these bytes are its discriminator and exactly its body.
fn read<'de, T>(event: &'de [u8], convert: fn(T) -> Option<RegistryEvent>) -> Option<RegistryEvent>
where
    T: Discriminator + wincode::SchemaRead<'de, BorshConfig, Dst = T>,
{
    let body = event.strip_prefix(T::DISCRIMINATOR)?;
    wincode::config::deserialize_exact(body, BORSH_CONFIG)
        .ok()
        .and_then(convert)
}

fn registration(byte: u8) -> Option<Registration> {
    [
        Registration::Closed,
        Registration::Endorsed,
        Registration::Open,
    ]
    .into_iter()
    .find(|policy| policy.byte() == byte)
}

fn network_created(event: on_chain::NetworkCreated) -> Option<RegistryEvent> {
    Some(RegistryEvent::NetworkCreated {
        network: event.network,
        authority: event.authority,
        guardian: event.guardian,
        id: event.id,
        registration: registration(event.registration)?,
    })
}

fn network_changed(event: on_chain::NetworkChanged) -> Option<RegistryEvent> {
    Some(RegistryEvent::NetworkChanged {
        network: event.network,
        authority: event.authority,
        pending_authority: (event.pending_authority != Pubkey::default())
            .then_some(event.pending_authority),
        guardian: event.guardian,
        registration: registration(event.registration)?,
    })
}

fn issuer_added(event: on_chain::IssuerAdded) -> Option<RegistryEvent> {
    Some(RegistryEvent::IssuerAdded {
        network: event.network,
        issuer: event.issuer,
        key: event.key,
        key_kind: KeyKind::from_byte(event.key_kind)?,
        roles: event.roles,
    })
}

fn issuer_retired(event: on_chain::IssuerRetired) -> Option<RegistryEvent> {
    Some(RegistryEvent::IssuerRetired {
        network: event.network,
        issuer: event.issuer,
        retired_at: event.retired_at,
    })
}

fn tree_created(event: on_chain::TreeCreated) -> Option<RegistryEvent> {
    Some(RegistryEvent::TreeCreated {
        network: event.network,
        tree: event.tree,
        index: event.index,
        depth: event.depth,
        canopy_depth: event.canopy_depth,
    })
}

fn tree_grown(event: on_chain::TreeGrown) -> Option<RegistryEvent> {
    Some(RegistryEvent::TreeGrown {
        network: event.network,
        tree: event.tree,
        bytes: event.bytes,
        ready: event.ready != 0,
    })
}

fn tree_canopy_put(event: on_chain::TreeCanopyPut) -> Option<RegistryEvent> {
    Some(RegistryEvent::TreeCanopyPut {
        network: event.network,
        tree: event.tree,
        offset: event.offset,
        nodes: event.nodes,
    })
}

fn tree_imported(event: on_chain::TreeImported) -> Option<RegistryEvent> {
    Some(RegistryEvent::TreeImported {
        network: event.network,
        tree: event.tree,
        root: event.root,
        devices: event.devices,
        devices_hash: event.devices_hash,
    })
}

fn device_registered(event: on_chain::DeviceRegistered) -> Option<RegistryEvent> {
    Some(RegistryEvent::DeviceRegistered {
        network: event.network,
        tree: event.tree,
        index: event.index,
        leaf: event.leaf,
        root: event.root,
        sequence: event.sequence,
    })
}

fn device_transferred(event: on_chain::DeviceTransferred) -> Option<RegistryEvent> {
    Some(RegistryEvent::DeviceTransferred {
        network: event.network,
        tree: event.tree,
        index: event.index,
        previous_owner: Pubkey::new_from_array(event.previous_owner),
        leaf: event.leaf,
        root: event.root,
        sequence: event.sequence,
    })
}

fn device_status_set(event: on_chain::DeviceStatusSet) -> Option<RegistryEvent> {
    Some(RegistryEvent::DeviceStatusSet {
        network: event.network,
        tree: event.tree,
        index: event.index,
        by: event.by,
        leaf: event.leaf,
        evidence: event.evidence,
        root: event.root,
        sequence: event.sequence,
    })
}

/// A device leaf's readable form: keys as base58, commitments as hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeafForm {
    device: String,
    owner: String,
    issuer: Option<String>,
    hardware: String,
    location_kind: u8,
    location: String,
    sequence: u64,
    model: u32,
    reason: u16,
    country: String,
    class: u8,
    status: u8,
}

impl Textual for DeviceLeaf {
    type Form = LeafForm;

    fn form(&self) -> LeafForm {
        let key = |bytes: [u8; 32]| Pubkey::new_from_array(bytes).to_string();
        LeafForm {
            device: key(self.device),
            owner: key(self.owner),
            issuer: (self.issuer != [0; 32]).then(|| key(self.issuer)),
            hardware: self.hardware.form(),
            location_kind: self.location_kind,
            location: self.location.form(),
            sequence: self.sequence,
            model: self.model,
            reason: self.reason,
            country: match self.country {
                [0, 0] => String::new(),
                letters => String::from_utf8_lossy(&letters).into_owned(),
            },
            class: self.class,
            status: self.status,
        }
    }

    fn parse(form: LeafForm) -> Result<Self, String> {
        let key = |text: String| <Pubkey as Textual>::parse(text).map(|key| key.to_bytes());
        Ok(Self {
            device: key(form.device)?,
            owner: key(form.owner)?,
            issuer: form.issuer.map(key).transpose()?.unwrap_or_default(),
            hardware: Textual::parse(form.hardware)?,
            location: Textual::parse(form.location)?,
            sequence: form.sequence,
            model: form.model,
            reason: form.reason,
            country: match form.country.as_bytes() {
                [] => [0; 2],
                [first, second] => [*first, *second],
                _ => return Err(format!("`{}` is not a country", form.country)),
            },
            class: form.class,
            location_kind: form.location_kind,
            status: form.status,
        })
    }
}
