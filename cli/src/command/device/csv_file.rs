//! Devices as a CSV file that an operator can write by hand or export: turned into rows of the published devices file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cairn_epoch::{Device, DeviceStatus, Entry};
use cairn_interface::registry::{constants, place_location};
use cairn_spelling::{KeyFault, hash, read_key, whole};
use cairn_table::{NoTable, Row, RowFault, Sheet, repeated, shown};
use solana_sdk::pubkey::Pubkey;

use super::class;
use super::country::country;
use super::oddity::{ODD_HINT, Oddities, PlaceFault};
use super::place::{Place, degrees_e7};

/// A column of a devices table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Device,
    Owner,
    Class,
    Model,
    Issuer,
    Latitude,
    Longitude,
    Country,
    Hardware,
}

impl cairn_table::Column for Column {
    const ALL: &'static [Self] = &[
        Self::Device,
        Self::Owner,
        Self::Class,
        Self::Model,
        Self::Issuer,
        Self::Latitude,
        Self::Longitude,
        Self::Country,
        Self::Hardware,
    ];
    const HEADER: &'static str = "device, owner, class; model, issuer, latitude, longitude, country, hardware; \
         the first three are needed";

    fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Owner => "owner",
            Self::Class => "class",
            Self::Model => "model",
            Self::Issuer => "issuer",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::Country => "country",
            Self::Hardware => "hardware",
        }
    }

    fn also(self) -> &'static [&'static str] {
        match self {
            Self::Latitude => &["lat"],
            Self::Longitude => &["lon", "lng", "long"],
            Self::Country => &["country_code"],
            _ => &[],
        }
    }

    fn needed(self) -> bool {
        matches!(self, Self::Device | Self::Owner | Self::Class)
    }
}

/// One thing wrong with one row.
pub type Fault = cairn_table::Fault<Column, Problem>;
/// Everything wrong with a table of devices.
pub type Faults = cairn_table::Faults<Column, Problem>;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Row(RowFault),
    Key {
        text: String,
        fault: KeyFault,
    },
    /// A device's key that is no point of the curve: half of all misspelled keys, and all addresses that programs derive.
    NoDevicesKey {
        text: String,
    },
    /// A sentence of the reader that arguments have, too.
    Value(String),
    HalfAPlace,
    Place(PlaceFault),
    Duplicate {
        first_row: u64,
    },
    Registered {
        tree: u16,
        index: u32,
    },
}

impl From<RowFault> for Problem {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(fault) => fault.fmt(f),
            Self::Key { text, fault } => write!(f, "\"{text}\" {fault}"),
            Self::NoDevicesKey { text } => write!(
                f,
                "\"{text}\" is the key of no device: nothing can sign with it; it may be misspelled, or the address of an asset"
            ),
            Self::Value(sentence) => f.write_str(sentence),
            Self::HalfAPlace => f.write_str("it is empty, and the other half of the place is not"),
            Self::Place(fault) => fault.fmt(f),
            Self::Duplicate { first_row } => {
                write!(f, "the same device stands in row {first_row} already")
            }
            Self::Registered { tree, index } => {
                write!(
                    f,
                    "the device is registered already, at position {index} of tree {tree}"
                )
            }
        }
    }
}

/// Why a file gives no devices.
#[derive(Debug, thiserror::Error)]
pub enum DevicesError {
    #[error("{} can not be read: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} {source}", path.display())]
    NoTable { path: PathBuf, source: NoTable },
    #[error("{} {faults}", path.display())]
    Rows { path: PathBuf, faults: Faults },
}

impl DevicesError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Io { .. } => "check the path and its permissions".to_owned(),
            Self::NoTable { source, .. } => source.hint::<Column>(),
            Self::Rows { faults, .. } => {
                let odd =
                    |one: &Fault| matches!(one.problem, Problem::Place(fault) if fault.is_odd());
                if faults.kept().iter().any(odd) {
                    ODD_HINT.to_owned()
                } else {
                    "correct these rows; nothing was written or sent".to_owned()
                }
            }
        }
    }
}

/// Longest text that a column takes is a hash in hex; twice that is given to its reader as it stands.
const LONGEST: usize = 128;

/// What a table's rows are read against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Number of the tree that the devices enter.
    pub tree: u16,
    pub oddities: Oddities,
    /// Devices of other trees.
    pub registered: &'a [Device],
}

/// Reads devices in the order of their rows.
///
/// # Errors
/// A file that is no such table; every row and column that can not be meant, with what stands there.
pub fn read(path: &Path, expected: Expected<'_>) -> Result<Vec<Device>, DevicesError> {
    let no_table = |source| DevicesError::NoTable {
        path: path.to_owned(),
        source,
    };
    let bytes = std::fs::read(path).map_err(|source| DevicesError::Io {
        path: path.to_owned(),
        source,
    })?;
    let sheet = Sheet::open(&bytes).map_err(no_table)?;
    let mut read = sheet
        .read(|one| row(one, expected), |_| ())
        .map_err(no_table)?;
    read.faults.insert(twice(&sheet, expected.registered));
    if !read.faults.is_empty() {
        return Err(DevicesError::Rows {
            path: path.to_owned(),
            faults: read.faults,
        });
    }
    let placed = (0_u32..).zip(read.rows);
    Ok(placed
        .map(|(leaf_index, device)| Device {
            leaf_index,
            ..device
        })
        .collect())
}

/// Rows of devices that stand above, or in another tree: with one key at two places nobody could tell who is paid.
fn twice(sheet: &Sheet<'_, Column>, registered: &[Device]) -> Vec<Fault> {
    let elsewhere: BTreeMap<&[u8; 32], &Device> = registered
        .iter()
        .map(|device| (&device.key, device))
        .collect();
    let keys = sheet.keys(|row| read_key(row.text(Column::Device)).ok());
    let fault = |row, problem| Fault {
        row,
        column: Some(Column::Device),
        problem,
    };
    let registered = keys.iter().filter_map(|(row, key)| {
        let other = elsewhere.get(key)?;
        let problem = Problem::Registered {
            tree: other.tree,
            index: other.leaf_index,
        };
        Some(fault(*row, problem))
    });
    let again = repeated(&keys)
        .into_iter()
        .map(|(row, first_row)| fault(row, Problem::Duplicate { first_row }));
    registered.chain(again).collect()
}

/// A row's device without its position, or everything that is wrong with the row.
fn row(row: &Row<'_, Column>, expected: Expected<'_>) -> Result<Device, Vec<Fault>> {
    let mut reader = Reader {
        row,
        faults: Vec::new(),
    };
    let key = reader.device();
    let owner = reader.key(Column::Owner);
    let class = reader.needed(Column::Class, class);
    let model = reader.told(Column::Model, number);
    let issuer = match row.text(Column::Issuer) {
        [] => [0; 32],
        _ => reader.key(Column::Issuer),
    };
    let country = reader.told(Column::Country, country);
    let hardware = reader.told(Column::Hardware, |text| {
        hash(text).map_err(|wanted| format!("\"{text}\" is none: {wanted}"))
    });
    let place = reader.place(country, expected.oddities);
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    let (location_kind, location) = place.map_or((constants::LOCATION_NONE, [0; 32]), |place| {
        let location = place_location(place.lat_e7, place.lon_e7);
        (constants::LOCATION_PLACE, location)
    });
    Ok(Device {
        key,
        tree: expected.tree,
        leaf_index: 0,
        owner,
        class,
        model,
        issuer,
        country,
        status: DeviceStatus::Active,
        reason: 0,
        location_kind,
        location,
        sequence: 0,
        hardware,
        entry: Entry::Imported,
    })
}

/// Reads a row's columns and remembers what is wrong; what can not be read is a zero that nobody gets to see.
struct Reader<'r> {
    row: &'r Row<'r, Column>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn refuse(&mut self, column: Column, problem: Problem) {
        self.faults.push(self.row.fault(column, problem));
    }

    fn key(&mut self, column: Column) -> [u8; 32] {
        let text = self.row.text(column);
        read_key(text).unwrap_or_else(|fault| {
            let text = fault.quoting(shown(text));
            self.refuse(column, Problem::Key { text, fault });
            [0; 32]
        })
    }

    /// A key that can sign: a device is imported without having shown that it does.
    fn device(&mut self) -> [u8; 32] {
        let before = self.faults.len();
        let key = self.key(Column::Device);
        if self.faults.len() == before && !Pubkey::new_from_array(key).is_on_curve() {
            let text = shown(self.row.text(Column::Device));
            self.refuse(Column::Device, Problem::NoDevicesKey { text });
        }
        key
    }

    /// What a reader of arguments makes of a column.
    fn needed<T: Default>(&mut self, column: Column, read: fn(&str) -> Result<T, String>) -> T {
        match read(&harmless(self.row.text(column))) {
            Ok(value) => value,
            Err(sentence) => {
                self.refuse(column, Problem::Value(sentence));
                T::default()
            }
        }
    }

    /// The same of a column that may be empty.
    fn told<T: Default>(&mut self, column: Column, read: fn(&str) -> Result<T, String>) -> T {
        if self.row.text(column).is_empty() {
            return T::default();
        }
        self.needed(column, read)
    }

    fn place(&mut self, country: [u8; 2], oddities: Oddities) -> Option<Place> {
        let before = self.faults.len();
        let half = |column| self.row.text(column).is_empty();
        match (half(Column::Latitude), half(Column::Longitude)) {
            (true, true) => return None,
            (true, false) => self.refuse(Column::Latitude, Problem::HalfAPlace),
            (false, true) => self.refuse(Column::Longitude, Problem::HalfAPlace),
            (false, false) => {}
        }
        let lat_e7 = self.told(Column::Latitude, degrees_e7);
        let lon_e7 = self.told(Column::Longitude, degrees_e7);
        if self.faults.len() > before {
            return None;
        }
        let place = Place { lat_e7, lon_e7 };
        match place.check(country, oddities) {
            Ok(()) => Some(place),
            Err(fault) => {
                self.refuse(Column::Latitude, Problem::Place(fault));
                None
            }
        }
    }
}

/// The text as it stands, where a message may repeat it: nothing that any reader takes is longer or needs escapes.
fn harmless(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) if text.len() <= LONGEST && text.escape_debug().eq(text.chars()) => {
            text.to_owned()
        }
        _ => shown(text),
    }
}

fn number(text: &str) -> Result<u32, String> {
    whole(text.as_bytes())
        .ok()
        .and_then(|number| number.try_into().ok())
        .ok_or_else(|| format!("\"{text}\" is not a number from 0 to 4,294,967,295"))
}
