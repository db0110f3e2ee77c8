use std::path::Path;

use bytes::Bytes;
use cairn_proof::PublicKey;

use crate::EpochError;
use crate::folder::read;
use crate::parquet_file::{Field, Kind, column, decode_table, write_table};

/// One row of the registry snapshot an epoch is computed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The key that proofs name as their subject: an Ed25519 point, or the x coordinate of a P-256 point.
    pub key: [u8; 32],
    /// As in the registry: 0 for Ed25519, the SEC1 parity byte 2 or 3 for P-256.
    pub key_kind: u8,
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
    /// The asserted place in degrees × 10^7, both or neither.
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    /// H3 cell of resolution 9 that holds the asserted place; 0 for none. Whoever freezes the snapshot computes it
    /// ([`asserted_cell`]): turning a place into a cell takes floating point, which has no business in an epoch.
    pub cell: u64,
    /// ISO 3166-1 alpha-2, ASCII; zeros for none.
    pub country: [u8; 2],
    pub status: DeviceStatus,
    /// Why the status is what it is, the registry's code; 0 while nobody changed it.
    pub reason: u16,
    /// What the leaf says of the place, with the registry's kinds; the rules do not read it, but with it the leaf, and
    /// so the registry's root, can be rebuilt from the snapshot.
    pub location_kind: u8,
    pub location: [u8; 32],
    /// Counts the changes of the device's leaf.
    pub sequence: u64,
    /// Unix milliseconds, on the same clock as the proofs.
    pub registered_at_ms: i64,
    /// When the asserted place last changed, unix milliseconds; 0 when it never did.
    pub relocated_at_ms: i64,
    /// Commitment to the hardware's fingerprint; zeros when none was taken.
    pub hardware: [u8; 32],
}

/// What the registry says about a device, with the registry's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DeviceStatus {
    Active = 1,
    Banned = 2,
}

impl Device {
    /// The key as signatures are checked with it; `None` for a key kind that does not exist.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        match self.key_kind {
            0 => Some(PublicKey::Ed25519(self.key)),
            2 | 3 => {
                let mut point = [self.key_kind; 33];
                point[1..].copy_from_slice(&self.key);
                Some(PublicKey::P256(point))
            }
            _ => None,
        }
    }

    /// The asserted place, when there is one.
    #[must_use]
    pub fn place(&self) -> Option<(i32, i32)> {
        self.lat_e7.zip(self.lon_e7)
    }
}

/// The H3 cell of resolution 9 around a place in degrees × 10^7, for whoever freezes a snapshot or makes a proof.
/// `None` for a place that is not on Earth. Floating point: never called while an epoch is computed.
#[must_use]
pub fn asserted_cell(lat_e7: i32, lon_e7: i32) -> Option<u64> {
    if !is_on_earth(lat_e7, lon_e7) {
        return None;
    }
    let place = h3o::LatLng::new(f64::from(lat_e7) / 1e7, f64::from(lon_e7) / 1e7).ok()?;
    Some(u64::from(place.to_cell(h3o::Resolution::Nine)))
}

fn is_on_earth(lat_e7: i32, lon_e7: i32) -> bool {
    lat_e7.unsigned_abs() <= 900_000_000 && lon_e7.unsigned_abs() <= 1_800_000_000
}

const FIELDS: &[Field] = &[
    Field::new("key", Kind::Bytes(32)),
    Field::new("key_kind", Kind::U8),
    Field::new("tree", Kind::U16),
    Field::new("leaf_index", Kind::U32),
    Field::new("owner", Kind::Bytes(32)),
    Field::new("class", Kind::U8),
    Field::new("model", Kind::U32),
    Field::new("issuer", Kind::Bytes(32)),
    Field::optional("lat_e7", Kind::I32),
    Field::optional("lon_e7", Kind::I32),
    Field::new("cell", Kind::U64),
    Field::new("country", Kind::Bytes(2)),
    Field::new("status", Kind::U8),
    Field::new("reason", Kind::U16),
    Field::new("location_kind", Kind::U8),
    Field::new("location", Kind::Bytes(32)),
    Field::new("sequence", Kind::U64),
    Field::new("registered_at_ms", Kind::I64),
    Field::new("relocated_at_ms", Kind::I64),
    Field::new("hardware", Kind::Bytes(32)),
];

/// Writes the snapshot in the order of the registry's trees, whatever order the devices come in.
///
/// # Errors
/// [`EpochError::Row`] when a key or a tree position stands twice or a value is out of range; [`EpochError::Io`].
pub fn write_devices(path: &Path, devices: &[Device]) -> Result<(), EpochError> {
    let mut sorted: Vec<&Device> = devices.iter().collect();
    sorted.sort_unstable_by_key(|device| (device.tree, device.leaf_index));
    check(path, &sorted)?;
    let rows = || sorted.iter();
    write_table(
        path,
        FIELDS,
        vec![
            column::bytes(rows().map(|device| device.key)),
            column::u8(rows().map(|device| device.key_kind)),
            column::u16(rows().map(|device| device.tree)),
            column::u32(rows().map(|device| device.leaf_index)),
            column::bytes(rows().map(|device| device.owner)),
            column::u8(rows().map(|device| device.class)),
            column::u32(rows().map(|device| device.model)),
            column::bytes(rows().map(|device| device.issuer)),
            column::optional_i32(rows().map(|device| device.lat_e7)),
            column::optional_i32(rows().map(|device| device.lon_e7)),
            column::u64(rows().map(|device| device.cell)),
            column::bytes(rows().map(|device| device.country)),
            column::u8(rows().map(|device| device.status as u8)),
            column::u16(rows().map(|device| device.reason)),
            column::u8(rows().map(|device| device.location_kind)),
            column::bytes(rows().map(|device| device.location)),
            column::u64(rows().map(|device| device.sequence)),
            column::i64(rows().map(|device| device.registered_at_ms)),
            column::i64(rows().map(|device| device.relocated_at_ms)),
            column::bytes(rows().map(|device| device.hardware)),
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

pub(crate) fn decode_devices(path: &Path, bytes: Bytes) -> Result<Vec<Device>, EpochError> {
    let mut devices = Vec::new();
    decode_table(path, bytes, FIELDS, |rows| {
        let (key, key_kind) = (rows.bytes::<32>("key")?, rows.u8("key_kind")?);
        let (tree, leaf_index) = (rows.u16("tree")?, rows.u32("leaf_index")?);
        let (owner, class, model) = (
            rows.bytes::<32>("owner")?,
            rows.u8("class")?,
            rows.u32("model")?,
        );
        let issuer = rows.bytes::<32>("issuer")?;
        let (lat, lon) = (rows.optional_i32("lat_e7")?, rows.optional_i32("lon_e7")?);
        let (cell, country) = (rows.u64("cell")?, rows.bytes::<2>("country")?);
        let (status, reason) = (rows.u8("status")?, rows.u16("reason")?);
        let (location_kind, location) = (rows.u8("location_kind")?, rows.bytes::<32>("location")?);
        let sequence = rows.u64("sequence")?;
        let registered = rows.i64("registered_at_ms")?;
        let relocated = rows.i64("relocated_at_ms")?;
        let hardware = rows.bytes::<32>("hardware")?;
        for row in 0..rows.len() {
            let status = match status.value(row) {
                1 => DeviceStatus::Active,
                2 => DeviceStatus::Banned,
                other => {
                    return Err(rows.refuse(row, "status", format!("{other} is no device status")));
                }
            };
            devices.push(Device {
                key: key.get(row),
                key_kind: key_kind.value(row),
                tree: tree.value(row),
                leaf_index: leaf_index.value(row),
                owner: owner.get(row),
                class: class.value(row),
                model: model.value(row),
                issuer: issuer.get(row),
                lat_e7: lat.get(row),
                lon_e7: lon.get(row),
                cell: cell.value(row),
                country: country.get(row),
                status,
                reason: reason.value(row),
                location_kind: location_kind.value(row),
                location: location.get(row),
                sequence: sequence.value(row),
                registered_at_ms: registered.value(row),
                relocated_at_ms: relocated.value(row),
                hardware: hardware.get(row),
            });
        }
        Ok(())
    })?;
    check(path, &devices.iter().collect::<Vec<_>>())?;
    Ok(devices)
}

fn check(path: &Path, devices: &[&Device]) -> Result<(), EpochError> {
    let refuse = |row: usize, field, message: &str| EpochError::Row {
        path: path.to_owned(),
        row: row as u64,
        field,
        message: message.to_owned(),
    };
    for (row, device) in devices.iter().enumerate() {
        if device.public_key().is_none() {
            return Err(refuse(
                row,
                "key_kind",
                "must be 0 (Ed25519), 2 or 3 (P-256)",
            ));
        }
        if device.lat_e7.is_some() != device.lon_e7.is_some() {
            return Err(refuse(
                row,
                "lat_e7",
                "latitude and longitude stand together or not at all",
            ));
        }
        if let Some((lat, lon)) = device.place()
            && !is_on_earth(lat, lon)
        {
            return Err(refuse(row, "lat_e7", "the place is not on Earth"));
        }
        if device.cell != 0 && h3_resolution(device.cell) != Some(9) {
            return Err(refuse(
                row,
                "cell",
                "must be an H3 cell of resolution 9, or 0",
            ));
        }
        if device.registered_at_ms < 0 || device.relocated_at_ms < 0 {
            return Err(refuse(
                row,
                "registered_at_ms",
                "times before 1970 are refused",
            ));
        }
    }
    for (row, pair) in devices.windows(2).enumerate() {
        let position = |device: &Device| (device.tree, device.leaf_index);
        if position(pair[0]) >= position(pair[1]) {
            return Err(refuse(
                row + 1,
                "leaf_index",
                "rows must ascend by tree and leaf index",
            ));
        }
    }
    // With one key on two rows, whose owner is paid would depend on the order of a hash table.
    let mut keys: Vec<(&[u8; 32], usize)> = devices
        .iter()
        .enumerate()
        .map(|(row, device)| (&device.key, row))
        .collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(refuse(
            pair[1].1,
            "key",
            "the device stands in the snapshot twice",
        )),
        None => Ok(()),
    }
}

fn h3_resolution(cell: u64) -> Option<u8> {
    h3o::CellIndex::try_from(cell)
        .ok()
        .map(|cell| u8::from(cell.resolution()))
}
