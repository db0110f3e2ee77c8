//! device-registry: addresses, instructions, accounts, events, and what devices sign.

mod device;
mod event;
mod network;
mod signature;
mod state;
mod tree;

use device_registry::constants::{ISSUER_SEED, NETWORK_SEED, TREE_SEED};
use solana_sdk::pubkey::Pubkey;

use crate::{build, ids::DEVICE_REGISTRY};

pub use device::{Consent, Endorsement, RegisterDevice, SetStatus, TransferDevice};
pub use event::*;
pub use network::{
    AcceptAuthority, AddIssuer, ConfigureNetwork, CreateNetwork, ProposeAuthority, RetireIssuer,
};
pub use signature::{KeyKind, signature_instruction};
pub use state::{
    DeviceTreeFacts, DeviceTreeView, IssuerFacts, IssuerView, NetworkFacts, NetworkView,
    Registration, TreeState,
};
pub use tree::{CreateTree, ImportTree, PutTreeCanopy, hash_tree};

/// The tree of device leaves off chain, hashed as the program hashes: roots, proofs, canopies, imports.
pub type WholeTree = device_registry::merkle::WholeTree<device_registry::merkle::Sha256Nodes>;

pub use device_registry::{
    DeviceLeaf, RegistryError, cell_location,
    consent::{endorsement_message, register_message, transfer_message},
    constants,
    merkle::{MAX_CANOPY_DEPTH, MAX_DEPTH, MIN_DEPTH, Node as DeviceNode, TreeError},
    place_location,
};

/// The network numbered `id` that `creator` created, and its bump.
#[must_use]
pub fn network_address(creator: &Pubkey, id: u64) -> (Pubkey, u8) {
    let id = id.to_le_bytes();
    Pubkey::find_program_address(&[NETWORK_SEED, creator.as_ref(), &id], &DEVICE_REGISTRY)
}

/// The account of the issuer whose 32-byte key is `key`.
#[must_use]
pub fn issuer_address(network: &Pubkey, key: &[u8; 32]) -> (Pubkey, u8) {
    Pubkey::find_program_address(&[ISSUER_SEED, network.as_ref(), key], &DEVICE_REGISTRY)
}

/// The network's device tree numbered `index`.
#[must_use]
pub fn tree_address(network: &Pubkey, index: u16) -> (Pubkey, u8) {
    let index = index.to_le_bytes();
    Pubkey::find_program_address(&[TREE_SEED, network.as_ref(), &index], &DEVICE_REGISTRY)
}

/// The key that signs the program's events to itself.
#[must_use]
pub fn event_authority() -> Pubkey {
    build::event_authority(&DEVICE_REGISTRY)
}
