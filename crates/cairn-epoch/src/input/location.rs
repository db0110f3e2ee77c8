//! What a leaf of the registry says of a device's place. The kinds and their bytes are the registry program's; a test in
//! `cairn-origin` holds the two against each other.

/// The registry's `LOCATION_CELL` and `LOCATION_PLACE`. A commitment, and no location at all, tell rules nothing.
const CELL: u8 = 1;
const PLACE: u8 = 3;

/// A device's place as far as everybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// Not told, committed to in secret, or told in a way that rules can not use: a cell of another resolution.
    Untold,
    /// An H3 cell of resolution 9.
    Cell(u64),
    /// Degrees × 10^7.
    Place { lat_e7: i32, lon_e7: i32 },
}

impl Location {
    /// Reads a leaf's `location` by its `location_kind`. Total: whatever the registry holds has a meaning here.
    #[must_use]
    pub fn read(kind: u8, location: &[u8; 32]) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *location;
        match kind {
            CELL => {
                let cell = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
                if is_resolution_9(cell) {
                    Self::Cell(cell)
                } else {
                    Self::Untold
                }
            }
            PLACE => {
                let lat_e7 = i32::from_le_bytes([a, b, c, d]);
                let lon_e7 = i32::from_le_bytes([e, f, g, h]);
                // The program sees to it; an imported leaf it has never seen.
                if asserted_cell(lat_e7, lon_e7).is_some() {
                    Self::Place { lat_e7, lon_e7 }
                } else {
                    Self::Untold
                }
            }
            _ => Self::Untold,
        }
    }

    /// Latitude and longitude in degrees × 10^7.
    #[must_use]
    pub const fn place(self) -> Option<(i32, i32)> {
        match self {
            Self::Place { lat_e7, lon_e7 } => Some((lat_e7, lon_e7)),
            Self::Cell(_) | Self::Untold => None,
        }
    }

    /// The H3 cell of resolution 9.
    #[must_use]
    pub fn cell(self) -> Option<u64> {
        match self {
            Self::Untold => None,
            Self::Cell(cell) => Some(cell),
            Self::Place { lat_e7, lon_e7 } => asserted_cell(lat_e7, lon_e7),
        }
    }
}

/// The H3 cell of resolution 9 around a place in degrees × 10^7; `None` for a place that is not on Earth.
///
/// The one computation with floating point between inputs and manifest. h3o is built without its feature "std": its sines
/// are then those of the libm crate, plain Rust over IEEE 754's basic operations, and so the same bits on every machine
/// (ADR 16).
#[must_use]
pub fn asserted_cell(lat_e7: i32, lon_e7: i32) -> Option<u64> {
    if lat_e7.unsigned_abs() > 900_000_000 || lon_e7.unsigned_abs() > 1_800_000_000 {
        return None;
    }
    let place = h3o::LatLng::new(f64::from(lat_e7) / 1e7, f64::from(lon_e7) / 1e7).ok()?;
    Some(u64::from(place.to_cell(h3o::Resolution::Nine)))
}

fn is_resolution_9(cell: u64) -> bool {
    h3o::CellIndex::try_from(cell).is_ok_and(|cell| cell.resolution() == h3o::Resolution::Nine)
}
