//! The three real data sets and the airport list, found by their headers in a folder of any file names, and read strictly: a
//! value that is not what its column promises stops the run with file, line, column and value; a value that is honestly
//! missing (`NA`) is an `Option`.

mod airports;
mod error;
mod flights;
mod folder;
mod hotspots;
mod month;
mod table;
mod weather;
mod year_month;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub use airports::Airport;
pub use error::InputError;
pub use flights::Flight;
pub use folder::DataSet;
pub use hotspots::Hotspot;
pub use weather::WeatherHour;
pub use year_month::YearMonth;

use folder::{Found, name};
use month::Rows;

/// Everything the demonstration knows of the world, in file order.
#[derive(Debug)]
pub struct Input {
    pub hotspots: Vec<Hotspot>,
    /// By code.
    pub airports: BTreeMap<String, Airport>,
    pub flights: Vec<Flight>,
    pub weather: Vec<WeatherHour>,
    /// The month that the flights and the weather are of, by the clocks of the place.
    pub month: YearMonth,
    /// A line for each file that was read: what it holds, its name, how many rows.
    pub found: Vec<String>,
}

impl Input {
    /// Reads the data sets in `dir`; of files that hold several months, `month`.
    ///
    /// # Errors
    /// [`InputError`] says what was found and what is missing and, for a malformed row, its file, line, column and value.
    pub fn read(dir: &Path, month: Option<YearMonth>) -> Result<Self, InputError> {
        let mut found = Found::search(dir)?;
        let mut files = |set| found.files.remove(&set).unwrap_or_default();
        let hotspots_file = one(DataSet::Hotspots, files(DataSet::Hotspots))?;
        let airports_file = one(DataSet::Airports, files(DataSet::Airports))?;
        let flights = each(files(DataSet::Flights), flights::read)?;
        let weather = each(files(DataSet::Weather), weather::read)?;

        let month = month::choose(&flights, month)?;
        let (flights_file, flights) = month::only(DataSet::Flights.name(), flights, month)?;
        let (weather_file, weather) = month::only(DataSet::Weather.name(), weather, month)?;
        let hotspots = hotspots::read(&hotspots_file)?;
        let airports = airports::read(&airports_file)?;
        let line = |set: DataSet, path: &Path, rows: usize| {
            format!("{}: {rows} rows of {}", set.name(), name(path))
        };
        Ok(Self {
            found: vec![
                line(DataSet::Hotspots, &hotspots_file, hotspots.len()),
                line(DataSet::Airports, &airports_file, airports.len()),
                format!(
                    "{}, {month}",
                    line(DataSet::Flights, &flights_file, flights.len())
                ),
                format!(
                    "{}, {month}",
                    line(DataSet::Weather, &weather_file, weather.len())
                ),
            ],
            hotspots,
            airports,
            flights,
            weather,
            month,
        })
    }
}

/// The one file of a data set that is of no month.
fn one(set: DataSet, files: Vec<PathBuf>) -> Result<PathBuf, InputError> {
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => Err(InputError::SeveralFiles {
            set: set.name(),
            names: files
                .iter()
                .map(|path| name(path))
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

fn each<T>(
    files: Vec<PathBuf>,
    read: impl Fn(&Path) -> Result<Vec<(YearMonth, T)>, InputError>,
) -> Result<Vec<Rows<T>>, InputError> {
    files
        .into_iter()
        .map(|path| {
            let rows = read(&path)?;
            Ok(Rows { path, rows })
        })
        .collect()
}
