use std::{collections::BTreeSet, path::Path};

use super::{InputError, table::Table};

/// One public WiFi hotspot.
#[derive(Clone, Debug)]
pub struct Hotspot {
    /// The data set's own number, unique.
    pub id: String,
    pub provider: String,
    pub borough: String,
    pub ssid: String,
    /// Degrees × 10⁷.
    pub lat_e7: i32,
    pub lon_e7: i32,
}

pub fn read(path: &Path) -> Result<Vec<Hotspot>, InputError> {
    let mut seen = BTreeSet::new();
    Table::open(path)?.collect(|row| {
        let id = row.text("OBJECTID")?.to_owned();
        if id.is_empty() {
            return Err(row.refuse("OBJECTID", &id, "the hotspot's number"));
        }
        if !seen.insert(id.clone()) {
            return Err(row.twice("hotspot", &id));
        }
        Ok(Hotspot {
            id,
            provider: row.text("Provider")?.to_owned(),
            borough: row.text("Borough Name")?.to_owned(),
            ssid: row.text("SSID")?.to_owned(),
            lat_e7: row.degrees_e7("Latitude", 90)?,
            lon_e7: row.degrees_e7("Longitude", 180)?,
        })
    })
}
