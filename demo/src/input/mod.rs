//! The three real data sets and the airport list, read strictly: a value that is not what its column promises stops
//! the run with file, line, column and value; a value that is honestly missing (`NA`) is an `Option`.

mod airports;
mod error;
mod flights;
mod hotspots;
mod table;
mod weather;

use std::{collections::BTreeMap, path::Path};

pub use airports::Airport;
pub use error::InputError;
pub use flights::Flight;
pub use hotspots::Hotspot;
pub use weather::WeatherHour;

/// Everything the demonstration knows of the world, in file order.
#[derive(Debug)]
pub struct Input {
    pub hotspots: Vec<Hotspot>,
    /// By code.
    pub airports: BTreeMap<String, Airport>,
    pub flights: Vec<Flight>,
    pub weather: Vec<WeatherHour>,
}

/// File names inside an input folder. Another month goes into files of the same names.
pub const HOTSPOTS_FILE: &str = "nyc_wifi_hotspots.csv";
pub const AIRPORTS_FILE: &str = "airports.csv";
pub const FLIGHTS_FILE: &str = "flights_2013-01.csv";
pub const WEATHER_FILE: &str = "weather_2013-01.csv";

impl Input {
    /// Reads the four files of `dir`.
    ///
    /// # Errors
    /// [`InputError`] names the file and, for a malformed row, its line, column and value.
    pub fn read(dir: &Path) -> Result<Self, InputError> {
        Ok(Self {
            hotspots: hotspots::read(&dir.join(HOTSPOTS_FILE))?,
            airports: airports::read(&dir.join(AIRPORTS_FILE))?,
            flights: flights::read(&dir.join(FLIGHTS_FILE))?,
            weather: weather::read(&dir.join(WEATHER_FILE))?,
        })
    }
}
