//! Devices as a CSV file that an operator can write by hand or export: turned into rows of the published devices file.

use std::path::Path;

use cairn_epoch::{Device, DeviceStatus, asserted_cell};
use cairn_interface::registry::{cell_location, constants};
use serde::Deserialize;
use solana_sdk::pubkey::Pubkey;

use super::{class, country, degrees_e7};
use crate::args::{address, hash};
use crate::error::CliError;

/// Columns, by name in any order; those with a default may be absent or empty.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    device: String,
    owner: String,
    class: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    latitude: String,
    #[serde(default)]
    longitude: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    hardware: String,
    #[serde(default)]
    registered_at: String,
}

/// What a file's first line may name.
pub const COLUMNS: &str =
    "device, owner, class; model, issuer, latitude, longitude, country, hardware, registered_at";

/// Reads devices for `tree` in the order of their lines.
///
/// # Errors
/// The first line and column that can not be read, with what stands there.
pub fn read(path: &Path, tree: u16, registered_at_ms: i64) -> Result<Vec<Device>, CliError> {
    let unreadable = |error: csv::Error| refused(path, line_of(&error), &error.to_string());
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(unreadable)?;
    let mut rows = Vec::new();
    for (line, index) in reader.deserialize::<Line>().zip(0_u32..) {
        let line = line.map_err(unreadable)?;
        // The header is line 1.
        let at = u64::from(index).saturating_add(2);
        let row = row(&line, tree, index, registered_at_ms)
            .map_err(|(column, reason)| refused(path, Some(at), &format!("{column}: {reason}")))?;
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(refused(path, None, "it lists no devices"));
    }
    Ok(rows)
}

fn line_of(error: &csv::Error) -> Option<u64> {
    error.position().map(csv::Position::line)
}

fn refused(path: &Path, line: Option<u64>, reason: &str) -> CliError {
    let place = line.map_or_else(String::new, |line| format!(", line {line}"));
    CliError::refused(
        "devices-malformed",
        format!("{}{place} can not be read: {reason}", path.display()),
        format!("the first line names the columns: {COLUMNS}; the first three are needed"),
    )
}

type Wrong = (&'static str, String);

fn row(line: &Line, tree: u16, index: u32, registered_at_ms: i64) -> Result<Device, Wrong> {
    let column = |name: &'static str| move |reason: String| (name, reason);
    let optional = |text: &str, read: fn(&str) -> Result<[u8; 32], String>| {
        if text.is_empty() {
            Ok([0; 32])
        } else {
            read(text)
        }
    };
    let key = |text: &str| address(text).map(|key: Pubkey| key.to_bytes());
    let place = place(&line.latitude, &line.longitude)?;
    let cell = match place {
        None => 0,
        Some((lat, lon)) => asserted_cell(lat, lon)
            .ok_or_else(|| ("latitude", "the place is not on Earth".to_owned()))?,
    };
    let (location_kind, location) = match cell {
        0 => (constants::LOCATION_NONE, [0; 32]),
        cell => (constants::LOCATION_CELL, cell_location(cell)),
    };
    Ok(Device {
        key: key(&line.device).map_err(column("device"))?,
        key_kind: constants::KEY_ED25519,
        tree,
        leaf_index: index,
        owner: key(&line.owner).map_err(column("owner"))?,
        class: class(&line.class).map_err(column("class"))?,
        model: number(&line.model).map_err(column("model"))?,
        issuer: optional(&line.issuer, |text| address(text).map(|key| key.to_bytes()))
            .map_err(column("issuer"))?,
        lat_e7: place.map(|(lat, _)| lat),
        lon_e7: place.map(|(_, lon)| lon),
        cell,
        country: match line.country.as_str() {
            "" => [0; 2],
            text => country(text).map_err(column("country"))?,
        },
        status: DeviceStatus::Active,
        reason: 0,
        location_kind,
        location,
        sequence: 0,
        registered_at_ms: match line.registered_at.as_str() {
            "" => registered_at_ms,
            text => moment(text).map_err(column("registered_at"))?,
        },
        relocated_at_ms: 0,
        hardware: optional(&line.hardware, hash).map_err(column("hardware"))?,
    })
}

fn number(text: &str) -> Result<u32, String> {
    if text.is_empty() {
        return Ok(0);
    }
    text.parse()
        .map_err(|_| format!("\"{text}\" is not a number from 0 to 4,294,967,295"))
}

fn moment(text: &str) -> Result<i64, String> {
    text.parse::<jiff::Timestamp>()
        .map(jiff::Timestamp::as_millisecond)
        .map_err(|_| format!("\"{text}\" is not a time like 2013-01-01T00:00:00Z"))
}

fn place(latitude: &str, longitude: &str) -> Result<Option<(i32, i32)>, Wrong> {
    match (latitude, longitude) {
        ("", "") => Ok(None),
        ("", _) => Err((
            "latitude",
            "it is empty and the longitude is not".to_owned(),
        )),
        (_, "") => Err((
            "longitude",
            "it is empty and the latitude is not".to_owned(),
        )),
        (latitude, longitude) => Ok(Some((
            degrees_e7(latitude).map_err(|reason| ("latitude", reason))?,
            degrees_e7(longitude).map_err(|reason| ("longitude", reason))?,
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "device,owner,class,latitude,longitude,country,model\n";
    const KEY: &str = "8opHzTAnfzRpPEx21XtnrVTX28YQuCpAjcn1PczScKh";

    fn read_text(text: &str) -> Result<Vec<Device>, CliError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("devices.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, 3, 7)
    }

    #[test]
    fn a_line_becomes_a_device_with_its_place_in_integers() {
        let rows = read_text(&format!(
            "{HEAD}{KEY},{KEY},network,40.7127999,-74.0060,us,2\n"
        ))
        .unwrap();
        let row = rows.first().unwrap();
        assert_eq!(row.place(), Some((407_127_999, -740_060_000)));
        assert_eq!(
            (row.tree, row.leaf_index, row.class, row.model),
            (3, 0, 1, 2)
        );
        assert_eq!(&row.country, b"US");
        assert_eq!(row.location, cell_location(row.cell));
        assert_eq!(row.registered_at_ms, 7);
    }

    #[test]
    fn a_line_that_can_not_be_read_is_named_with_its_column() {
        for (line, told) in [
            (
                format!("{KEY},{KEY},network,40.7,,US,0"),
                "line 2 can not be read: longitude",
            ),
            (
                format!("{KEY},{KEY},radio,,,US,0"),
                "line 2 can not be read: class",
            ),
            (
                format!("{KEY},nobody,network,,,US,0"),
                "line 2 can not be read: owner",
            ),
            (
                format!("{KEY},{KEY},network,abc,1,US,0"),
                "line 2 can not be read: latitude",
            ),
            (
                format!("{KEY},{KEY},network,99.9,1,US,0"),
                "line 2 can not be read: latitude",
            ),
            (
                format!("{KEY},{KEY},network,,,USA,0"),
                "line 2 can not be read: country",
            ),
            (
                format!("{KEY},{KEY},network,,,,-1"),
                "line 2 can not be read: model",
            ),
            (format!("{KEY},{KEY}"), "line 2 can not be read"),
        ] {
            let error = read_text(&format!("{HEAD}{line}\n")).unwrap_err();
            assert_eq!(error.code(), "devices-malformed");
            assert!(error.to_string().contains(told), "{error}");
        }
        assert!(
            read_text(HEAD)
                .unwrap_err()
                .to_string()
                .contains("no devices")
        );
        assert!(read_text("device,owner,class,colour\n").is_err());
    }
}
