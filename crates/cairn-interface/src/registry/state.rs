//! The accounts of device-registry: the program's own types, what is checked when they are read, and how they read as JSON.

use device_registry::{
    constants::{
        REGISTRATION_CLOSED, REGISTRATION_ENDORSED, REGISTRATION_OPEN, TREE_GROWING,
        TREE_IMPORTING, TREE_READY, VERSION,
    },
    merkle::Layout,
    state::{DeviceTree, Issuer, Network},
};
use solana_sdk::pubkey::Pubkey;

use super::KeyKind;
use crate::{
    DecodeError, View,
    ids::DEVICE_REGISTRY,
    json::{records, told},
    view::{State, Tail},
};

/// A network.
pub type NetworkView = View<Network>;
/// An issuer.
pub type IssuerView = View<Issuer>;
/// A device tree's head. The leaves are in events and published files.
pub type DeviceTreeView = View<DeviceTree>;

/// Who may register devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// The policy behind a stored byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            REGISTRATION_CLOSED => Self::Closed,
            REGISTRATION_ENDORSED => Self::Endorsed,
            REGISTRATION_OPEN => Self::Open,
            _ => return None,
        })
    }

    /// The policy in lower case, as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Endorsed => "endorsed",
            Self::Open => "open",
        }
    }
}

/// What a network's bytes tell besides its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkFacts {
    pub registration: Registration,
}

impl State for Network {
    const WHAT: &'static str = "a network";
    const PROGRAM: Pubkey = DEVICE_REGISTRY;
    const VERSION: u8 = VERSION;
    type Facts = NetworkFacts;

    fn layout(&self) -> u8 {
        self.version
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<NetworkFacts, DecodeError> {
        tail.none()?;
        let registration = Registration::from_byte(self.registration);
        Ok(NetworkFacts {
            registration: registration.ok_or_else(|| tail.damaged("its registration policy"))?,
        })
    }
}

impl View<Network> {
    #[must_use]
    pub const fn registration(&self) -> Registration {
        self.facts.registration
    }

    /// The authority to be, until it accepts.
    #[must_use]
    pub fn pending_authority(&self) -> Option<Pubkey> {
        told(self.pending_authority)
    }
}

/// What an issuer's bytes tell besides its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerFacts {
    pub key_kind: KeyKind,
    pub did: String,
    pub status_list_uri: String,
}

impl State for Issuer {
    const WHAT: &'static str = "an issuer";
    const PROGRAM: Pubkey = DEVICE_REGISTRY;
    const VERSION: u8 = VERSION;
    type Facts = IssuerFacts;

    fn layout(&self) -> u8 {
        self.version
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<IssuerFacts, DecodeError> {
        tail.none()?;
        let text = |bytes: &[u8], field| match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(tail.damaged(field)),
        };
        Ok(IssuerFacts {
            key_kind: KeyKind::from_byte(self.key_kind)
                .ok_or_else(|| tail.damaged("its key kind"))?,
            did: text(self.did(), "its DID")?,
            status_list_uri: text(self.status_list_uri(), "its URI")?,
        })
    }
}

/// What a tree can do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeState {
    /// Its account must still grow.
    Growing,
    /// Its canopy is being filled for an import.
    Importing,
    /// It takes devices.
    Ready,
}

impl TreeState {
    /// The state in lower case, as people read it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Importing => "importing",
            Self::Ready => "ready",
        }
    }
}

/// What a tree's bytes tell besides its fields. What it remembers is empty until it is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceTreeFacts {
    pub state: TreeState,
    /// The present root, then the roots after earlier changes and of the import, as far as the account remembers them (64 in
    /// all), newest first: what a snapshot that was frozen a few changes ago is matched with.
    pub recent_roots: Vec<[u8; 32]>,
    /// Positions and leaves that the last changes wrote (registrations, transfers, bans), newest first, as far as the
    /// account remembers them: at most 64. By them a registration that was sent already is recognised without any file.
    pub recent_leaves: Vec<(u32, [u8; 32])>,
}

impl State for DeviceTree {
    const WHAT: &'static str = "a device tree";
    const PROGRAM: Pubkey = DEVICE_REGISTRY;
    const VERSION: u8 = VERSION;
    type Facts = DeviceTreeFacts;

    fn layout(&self) -> u8 {
        self.version
    }

    fn facts(&self, tail: &Tail<'_>) -> Result<DeviceTreeFacts, DecodeError> {
        let mut facts = DeviceTreeFacts {
            state: match self.state {
                TREE_GROWING => TreeState::Growing,
                TREE_IMPORTING => TreeState::Importing,
                TREE_READY => TreeState::Ready,
                _ => return Err(tail.damaged("its state")),
            },
            recent_roots: Vec::new(),
            recent_leaves: Vec::new(),
        };
        if facts.state != TreeState::Ready {
            return Ok(facts);
        }
        let layout =
            Layout::new(self.depth, self.canopy_depth).map_err(|_| tail.damaged("its shape"))?;
        // The words behind a tree's head: their count (u32), then 32 bytes each.
        let (words, _) = tail.rest.get(4..).unwrap_or_default().as_chunks::<32>();
        let words = words.get(..layout.words()).unwrap_or(words);
        let too_short = |_| tail.damaged("its length");
        facts.recent_leaves = layout
            .recent_leaves(words, self.sequence)
            .map_err(too_short)?;
        facts.recent_roots = layout
            .recent_roots(words, self.sequence)
            .map_err(too_short)?;
        // The ring holds changes and imports; the opening is neither.
        if facts.recent_roots.first() != Some(&self.root) {
            facts.recent_roots.insert(0, self.root);
        }
        Ok(facts)
    }
}

impl View<DeviceTree> {
    #[must_use]
    pub const fn state(&self) -> TreeState {
        self.facts.state
    }
}

records! {
    View<Network> as it {
        address, authority, pending_authority: it.pending_authority(), guardian, creator, id, created_at,
        registration: it.registration().name(), devices, devices_by_class, banned, issuers, trees, version,
    }
    View<Issuer> as it {
        address, network, key, key_kind: it.facts.key_kind.name(), roles, active: it.is_active(), added_at,
        retired_at, did: &it.facts.did, status_list_uri: &it.facts.status_list_uri, status_list_hash, version,
    }
    View<DeviceTree> as it {
        address, network, index, depth, canopy_depth, state: it.state().name(), root,
        recent_roots: &it.facts.recent_roots, sequence, next_index, imported, devices_hash, created_at, version,
    }
}
