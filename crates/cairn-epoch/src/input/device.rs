use std::path::Path;

use bytes::Bytes;
use cairn_proof::PublicKey;
use sha2::{Digest, Sha256};

use super::Location;
use crate::EpochError;
use crate::folder::read;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, write_table};

/// One row of the registry snapshot an epoch is computed with: the leaf that the registry's tree holds, field by field, and
/// where it stands. Nothing else but what the tree's account says of that place: the rest would be the publisher's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The device's Ed25519 key: proofs name it as their subject.
    pub key: [u8; 32],
    /// Device tree and position, where the registry holds the device's leaf.
    pub tree: u16,
    pub leaf_index: u32,
    /// Who is paid for what the device does.
    pub owner: [u8; 32],
    /// Class and model as in the registry; `ruleset.toml` says what they mean for pay.
    pub class: u8,
    pub model: u32,
    /// The issuer that vouched for the device; zeros for none.
    pub issuer: [u8; 32],
    /// ISO 3166-1 alpha-2, ASCII; zeros for none.
    pub country: [u8; 2],
    pub status: DeviceStatus,
    /// Why the status is what it is, the registry's code; 0 while nobody changed it.
    pub reason: u16,
    /// What the leaf says of the place, with the registry's kinds: [`Location`] reads it.
    pub location_kind: u8,
    pub location: [u8; 32],
    /// Counts the changes of the device's leaf.
    pub sequence: u64,
    /// Commitment to the hardware's fingerprint; zeros when none was taken.
    pub hardware: [u8; 32],
    /// How the leaf came into its tree, by the tree's account.
    pub entry: Entry,
}

/// How a leaf came into its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entry {
    /// In an import, under the name of the network's authority alone.
    Imported,
    /// By a registration, which the device signed.
    Consented,
}

impl Entry {
    /// How the leaf at `leaf_index` came into a tree whose first `imported` leaves came by import.
    #[must_use]
    pub const fn at(leaf_index: u32, imported: u32) -> Self {
        if leaf_index < imported {
            Self::Imported
        } else {
            Self::Consented
        }
    }
}

/// What the registry says about a device. Total: an import writes leaves that the registry's program never looked into, and one
/// that a reader refused would stop the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceStatus {
    Active,
    Banned,
    /// A code that the registry gives no meaning: not active, so it earns nothing.
    Other(u8),
}

impl DeviceStatus {
    /// The status with the registry's `code`.
    #[must_use]
    pub const fn of(code: u8) -> Self {
        match code {
            1 => Self::Active,
            2 => Self::Banned,
            other => Self::Other(other),
        }
    }

    /// The registry's code.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Active => 1,
            Self::Banned => 2,
            Self::Other(code) => code,
        }
    }
}

impl Device {
    /// The key as signatures are checked with it.
    #[must_use]
    pub const fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.key)
    }

    /// What the leaf says of the device's place.
    #[must_use]
    pub fn location(&self) -> Location {
        Location::read(self.location_kind, &self.location)
    }

    /// Whether another leaf of the same key, which came later, counts instead of this one.
    ///
    /// The first leaf stands, or the device's holder alone could give it to another owner. But an imported one, which the
    /// device never signed, gives way to the first that it did sign, as long as nobody changed it: once its owner handed it
    /// on, or it was judged, people rely on it.
    #[must_use]
    pub fn yields_to(&self, later: &Self) -> bool {
        self.entry == Entry::Imported && self.sequence == 0 && later.entry == Entry::Consented
    }

    /// The asserted place in degrees × 10^7, when there is one.
    #[must_use]
    pub fn place(&self) -> Option<(i32, i32)> {
        self.location().place()
    }

    /// The H3 cell of resolution 9 that holds the device, when it is asserted.
    #[must_use]
    pub fn cell(&self) -> Option<u64> {
        self.location().cell()
    }
}

pub(crate) const DEVICE_FIELDS: &[Field] = &[
    Field::new("key", Kind::Bytes(32), Origin::ChainAccount),
    Field::new("tree", Kind::U16, Origin::ChainAccount),
    Field::new("leaf_index", Kind::U32, Origin::ChainAccount),
    Field::new("owner", Kind::Bytes(32), Origin::ChainAccount),
    Field::new("class", Kind::U8, Origin::ChainAccount),
    Field::new("model", Kind::U32, Origin::ChainAccount),
    Field::new("issuer", Kind::Bytes(32), Origin::ChainAccount),
    Field::new("country", Kind::Bytes(2), Origin::ChainAccount),
    Field::new("status", Kind::U8, Origin::ChainAccount),
    Field::new("reason", Kind::U16, Origin::ChainAccount),
    Field::new("location_kind", Kind::U8, Origin::ChainAccount),
    Field::new("location", Kind::Bytes(32), Origin::ChainAccount),
    Field::new("sequence", Kind::U64, Origin::ChainAccount),
    Field::new("hardware", Kind::Bytes(32), Origin::ChainAccount),
    Field::new("consented", Kind::U8, Origin::ChainAccount),
];

/// Writes the snapshot in the order of the registry's trees, whatever order the devices come in.
///
/// # Errors
/// [`EpochError::Row`] when a tree position stands twice; [`EpochError::Io`].
pub fn write_devices(path: &Path, devices: &[Device]) -> Result<(), EpochError> {
    let mut sorted: Vec<&Device> = devices.iter().collect();
    sorted.sort_unstable_by_key(|device| (device.tree, device.leaf_index));
    check(path, &sorted)?;
    let rows = || sorted.iter();
    write_table(
        path,
        DEVICE_FIELDS,
        vec![
            column::bytes(rows().map(|device| device.key)),
            column::u16(rows().map(|device| device.tree)),
            column::u32(rows().map(|device| device.leaf_index)),
            column::bytes(rows().map(|device| device.owner)),
            column::u8(rows().map(|device| device.class)),
            column::u32(rows().map(|device| device.model)),
            column::bytes(rows().map(|device| device.issuer)),
            column::bytes(rows().map(|device| device.country)),
            column::u8(rows().map(|device| device.status.code())),
            column::u16(rows().map(|device| device.reason)),
            column::u8(rows().map(|device| device.location_kind)),
            column::bytes(rows().map(|device| device.location)),
            column::u64(rows().map(|device| device.sequence)),
            column::bytes(rows().map(|device| device.hardware)),
            column::u8(rows().map(|device| u8::from(device.entry == Entry::Consented))),
        ],
    )
}

/// Reads the snapshot, in the order of the registry's trees.
///
/// # Errors
/// [`EpochError::Parquet`], [`EpochError::Schema`], [`EpochError::Row`], [`EpochError::Missing`].
pub fn read_devices(path: &Path) -> Result<Vec<Device>, EpochError> {
    decode_devices(path, read(path)?.into())
}

/// As [`read_devices`], with the SHA-256 of the file. Its bytes are read once: what is hashed is what is decoded.
///
/// # Errors
/// As [`read_devices`].
pub fn hashed_devices(path: &Path) -> Result<(Vec<Device>, [u8; 32]), EpochError> {
    let bytes = read(path)?;
    let hash = Sha256::digest(&bytes).into();
    Ok((decode_devices(path, bytes.into())?, hash))
}

pub(crate) fn decode_devices(path: &Path, bytes: Bytes) -> Result<Vec<Device>, EpochError> {
    let mut devices = Vec::new();
    decode_table(path, bytes, DEVICE_FIELDS, |rows| {
        let key = rows.bytes::<32>("key")?;
        let (tree, leaf_index) = (rows.u16("tree")?, rows.u32("leaf_index")?);
        let (owner, class, model) = (
            rows.bytes::<32>("owner")?,
            rows.u8("class")?,
            rows.u32("model")?,
        );
        let issuer = rows.bytes::<32>("issuer")?;
        let country = rows.bytes::<2>("country")?;
        let (status, reason) = (rows.u8("status")?, rows.u16("reason")?);
        let (location_kind, location) = (rows.u8("location_kind")?, rows.bytes::<32>("location")?);
        let sequence = rows.u64("sequence")?;
        let (hardware, consented) = (rows.bytes::<32>("hardware")?, rows.u8("consented")?);
        for row in 0..rows.len() {
            let entry = match consented.value(row) {
                0 => Entry::Imported,
                1 => Entry::Consented,
                other => {
                    let message = format!("{other} is neither 0 (imported) nor 1 (consented)");
                    return Err(rows.refuse(row, "consented", message));
                }
            };
            devices.push(Device {
                key: key.get(row),
                tree: tree.value(row),
                leaf_index: leaf_index.value(row),
                owner: owner.get(row),
                class: class.value(row),
                model: model.value(row),
                issuer: issuer.get(row),
                country: country.get(row),
                status: DeviceStatus::of(status.value(row)),
                reason: reason.value(row),
                location_kind: location_kind.value(row),
                location: location.get(row),
                sequence: sequence.value(row),
                hardware: hardware.get(row),
                entry,
            });
        }
        Ok(())
    })?;
    check(path, &devices.iter().collect::<Vec<_>>())?;
    Ok(devices)
}

/// A key may stand on several rows: the registry takes a device twice, and a reader that refused the file would let its
/// owner stop the network. Which row counts, [`crate::standing`] says.
fn check(path: &Path, devices: &[&Device]) -> Result<(), EpochError> {
    let position = |device: &Device| (device.tree, device.leaf_index);
    let wrong = devices
        .windows(2)
        .position(|pair| position(pair[0]) >= position(pair[1]));
    match wrong {
        None => Ok(()),
        Some(row) => Err(EpochError::Row {
            path: path.to_owned(),
            row: row as u64 + 1,
            field: "leaf_index".into(),
            message: "rows must ascend by tree and leaf index, and no position may stand twice"
                .to_owned(),
        }),
    }
}
