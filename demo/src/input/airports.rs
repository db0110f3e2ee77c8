use std::{collections::BTreeMap, path::Path};

use jiff::tz::TimeZone;

use super::{InputError, table::Table};

/// An airport that flights can be placed at.
#[derive(Clone, Debug)]
pub struct Airport {
    pub code: String,
    pub name: String,
    /// Degrees × 10⁷.
    pub lat_e7: i32,
    pub lon_e7: i32,
    /// `None` where the list does not know it: times there can not be converted, so its flights are not used.
    pub zone: Option<TimeZone>,
}

pub fn read(path: &Path) -> Result<BTreeMap<String, Airport>, InputError> {
    let mut airports = BTreeMap::new();
    Table::open(path)?.collect(|row| {
        let code = row.text("faa")?.to_owned();
        let zone = row
            .optional("tzone")?
            .map(|name| {
                TimeZone::get(name).map_err(|_| row.refuse("tzone", name, "an IANA time zone"))
            })
            .transpose()?;
        let airport = Airport {
            name: row.text("name")?.to_owned(),
            lat_e7: row.degrees_e7("lat", 90)?,
            lon_e7: row.degrees_e7("lon", 180)?,
            zone,
            code: code.clone(),
        };
        match airports.insert(code.clone(), airport) {
            None => Ok(()),
            Some(_) => Err(row.twice("airport", &code)),
        }
    })?;
    Ok(airports)
}
