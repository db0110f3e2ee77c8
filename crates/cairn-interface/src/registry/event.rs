use solana_sdk::pubkey::Pubkey;

use super::{DeviceLeaf, KeyKind, Registration};
use crate::{
    event::{borsh, event_table},
    json::{records, told},
};

event_table! {
    /// What device-registry says happened: found among a transaction's inner instructions, never in its logs, which a
    /// validator may truncate. A tree is rebuilt from these and its import's file alone.
    pub enum RegistryEvent of device_registry::event, read by borsh;

    NetworkCreated as it { network, authority, guardian, id, registration: policy(it.registration) }
    NetworkChanged as it {
        network, authority, pending_authority: told(it.pending_authority), guardian,
        registration: policy(it.registration),
    }
    IssuerAdded as it {
        network, issuer, key, key_kind: KeyKind::from_byte(it.key_kind).map(KeyKind::name), roles,
    }
    IssuerRetired as it { network, issuer, retired_at }
    TreeCreated as it { network, tree, index, depth, canopy_depth }
    TreeGrown as it { network, tree, bytes, ready: it.ready != 0 }
    TreeCanopyPut as it { network, tree, offset, nodes }
    TreeImported as it { network, tree, root, devices, devices_hash }
    DeviceRegistered as it { network, tree, index, leaf, root, sequence }
    DeviceTransferred as it {
        network, tree, index, previous_owner: key(it.previous_owner), leaf, root, sequence,
    }
    DeviceStatusSet as it { network, tree, index, by, leaf, evidence, root, sequence }
}

records! {
    DeviceLeaf as it {
        device: key(it.device), owner: key(it.owner), issuer: told(key(it.issuer)), hardware, location_kind, location,
        sequence, model, reason, country: country(it.country), class, status,
    }
}

fn policy(byte: u8) -> Option<&'static str> {
    Registration::from_byte(byte).map(Registration::name)
}

const fn key(bytes: [u8; 32]) -> Pubkey {
    Pubkey::new_from_array(bytes)
}

/// Two letters; empty when not told.
fn country(letters: [u8; 2]) -> String {
    match letters {
        [0, 0] => String::new(),
        letters => String::from_utf8_lossy(&letters).into_owned(),
    }
}
