//! What happened, as instruction data of a self-invocation: a log can be cut short, an inner instruction can not. A
//! tree can be rebuilt from these and the files of its import alone.

use anchor_lang::prelude::*;

use crate::{DeviceLeaf, state::Network};

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct NetworkCreated {
    pub network: Address,
    pub authority: Address,
    pub guardian: Address,
    pub id: u64,
    pub registration: u8,
}

/// Authority, guardian or policy changed, or a new authority was proposed; the fields hold what is true now.
#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct NetworkChanged {
    pub network: Address,
    pub authority: Address,
    pub pending_authority: Address,
    pub guardian: Address,
    pub registration: u8,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct IssuerAdded {
    pub network: Address,
    pub issuer: Address,
    pub key: [u8; 32],
    pub key_kind: u8,
    pub roles: u32,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct IssuerRetired {
    pub network: Address,
    pub issuer: Address,
    /// Unix seconds.
    pub retired_at: i64,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct TreeCreated {
    pub network: Address,
    pub tree: Address,
    pub index: u16,
    pub depth: u8,
    pub canopy_depth: u8,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct TreeGrown {
    pub network: Address,
    pub tree: Address,
    /// The account's length now.
    pub bytes: u64,
    /// 1 when that was the last step and the tree takes devices.
    pub ready: u8,
}

/// Nodes of a prepared tree's canopy were stored; nothing is imported yet.
#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct TreeCanopyPut {
    pub network: Address,
    pub tree: Address,
    pub offset: u16,
    pub nodes: u16,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct TreeImported {
    pub network: Address,
    pub tree: Address,
    pub root: [u8; 32],
    pub devices: u32,
    /// SHA-256 of the published file.
    pub devices_hash: [u8; 32],
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct DeviceRegistered {
    pub network: Address,
    pub tree: Address,
    pub index: u32,
    pub leaf: DeviceLeaf,
    /// The tree's root and sequence after this change.
    pub root: [u8; 32],
    pub sequence: u64,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct DeviceTransferred {
    pub network: Address,
    pub tree: Address,
    pub index: u32,
    pub previous_owner: [u8; 32],
    pub leaf: DeviceLeaf,
    /// The tree's root and sequence after this change.
    pub root: [u8; 32],
    pub sequence: u64,
}

#[event]
#[derive(Clone, Debug, PartialEq, Eq, SchemaRead)]
pub struct DeviceStatusSet {
    pub network: Address,
    pub tree: Address,
    pub index: u32,
    /// Authority or guardian.
    pub by: Address,
    pub leaf: DeviceLeaf,
    /// SHA-256 of the evidence, published or kept for an appeal.
    pub evidence: [u8; 32],
    /// The tree's root and sequence after this change.
    pub root: [u8; 32],
    pub sequence: u64,
}

impl NetworkChanged {
    /// The network as it is now.
    pub(crate) fn of(network: &Account<Network>) -> Self {
        Self {
            network: *network.address(),
            authority: network.authority,
            pending_authority: network.pending_authority,
            guardian: network.guardian,
            registration: network.registration,
        }
    }
}
