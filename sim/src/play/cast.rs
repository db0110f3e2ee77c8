//! Keys and devices.

use std::sync::Arc;

use cairn_epoch::{Device, DeviceStatus, Entry};
use cairn_proof::{PublicKey, Signer};
use sha2::{Digest, Sha256};

use crate::place::Spot;

/// A key pair.
#[derive(Debug)]
pub struct Key {
    pub signer: Signer,
    pub public: [u8; 32],
}

/// The key pair called `label`, the same in every run.
#[must_use]
pub fn key(label: &str) -> Arc<Key> {
    let signer = Signer::ed25519(&Sha256::digest(format!("cairn/sim/key {label}")).into());
    let public = match signer.public_key() {
        PublicKey::Ed25519(key) => key,
        PublicKey::P256(_) => [0; 32],
    };
    Arc::new(Key { signer, public })
}

/// The registry's kind of a location that tells the place.
const PLACE: u8 = 3;
const NETWORK_CLASS: u8 = 1;
const SENSOR_CLASS: u8 = 4;
const ROUTER: u32 = 1;
const VALIDATOR: u32 = 3;

/// Validators of a town: an honest one, and two whom an attacker may have in league.
const VALIDATORS: usize = 3;

/// A device, and what the rules can not see of it.
#[derive(Clone, Debug)]
pub struct Machine {
    pub key: Arc<Key>,
    pub owner: [u8; 32],
    /// Where it is asserted to be.
    pub spot: Spot,
    class: u8,
    model: u32,
    hardware: [u8; 32],
    /// The week in which it is registered.
    pub joined: usize,
    /// The week from which on it is banned.
    pub banned: Option<usize>,
    /// Whether it stands where it says.
    pub is_present: bool,
    /// Whether it has a line.
    pub serves: bool,
    /// Whether it went back to the shop.
    pub is_gone: bool,
}

impl Machine {
    fn new(name: &str, owner: [u8; 32], spot: Spot, class: u8, model: u32) -> Self {
        Self {
            key: key(name),
            owner,
            spot,
            class,
            model,
            hardware: Sha256::digest(format!("hardware of {name}")).into(),
            joined: 0,
            banned: None,
            is_present: true,
            serves: true,
            is_gone: false,
        }
    }

    /// A router that guests use.
    pub fn router(town: usize, name: &str, owner: [u8; 32], spot: Spot) -> Self {
        Self::new(
            &format!("{town} {name}"),
            owner,
            spot,
            NETWORK_CLASS,
            ROUTER,
        )
    }

    /// A weather station, which owns itself.
    pub fn station(town: usize, name: &str, spot: Spot) -> Self {
        let name = format!("{town} {name}");
        let owner = key(&format!("owner of {name}")).public;
        Self::new(&name, owner, spot, SENSOR_CLASS, 0)
    }

    /// With another fingerprint; zeros for none.
    pub const fn with_hardware(mut self, hardware: [u8; 32]) -> Self {
        self.hardware = hardware;
        self
    }

    /// Whether it is no weather station.
    pub fn is_hotspot(&self) -> bool {
        self.class == NETWORK_CLASS
    }

    /// Whether it is one of those that an issuer endorsed.
    fn issuer(&self) -> [u8; 32] {
        if self.model == VALIDATOR {
            [1; 32]
        } else {
            [0; 32]
        }
    }

    /// Whether somebody who goes there finds it.
    pub const fn is_there(&self) -> bool {
        self.is_present && !self.is_gone
    }

    /// Whether it is in the registry and not banned.
    #[must_use]
    pub fn is_active(&self, week: usize) -> bool {
        self.joined <= week && self.banned.is_none_or(|from| week < from)
    }

    /// Its leaf, at a place in the tree.
    #[must_use]
    pub fn leaf(&self, leaf_index: u32, week: usize) -> Device {
        Device {
            key: self.key.public,
            tree: 0,
            leaf_index,
            owner: self.owner,
            class: self.class,
            model: self.model,
            issuer: self.issuer(),
            country: *b"US",
            status: if self.is_active(week) {
                DeviceStatus::Active
            } else {
                DeviceStatus::Banned
            },
            reason: 0,
            location_kind: PLACE,
            location: self.spot.location(),
            sequence: 0,
            hardware: self.hardware,
            entry: Entry::Consented,
        }
    }
}

/// The validators of a town, who are registered before anything is played.
#[must_use]
pub fn validators(town: usize, centre: Spot) -> Vec<Machine> {
    let validator = |at: usize| {
        let name = format!("{town} validator {at}");
        let owner = key(&format!("owner of {name}")).public;
        let way = i64::try_from(at).unwrap_or(0) * 300;
        Machine::new(
            &name,
            owner,
            centre.moved(-10_000, way),
            NETWORK_CLASS,
            VALIDATOR,
        )
    };
    (0..VALIDATORS).map(validator).collect()
}
