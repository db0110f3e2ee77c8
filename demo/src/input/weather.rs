use std::path::Path;

use jiff::{Timestamp, civil::Date};

use super::{InputError, YearMonth, table::Table};

/// What a station measures every hour. A gust is left out: none is the usual state, not a gap.
const MEASURES: [&str; 8] = [
    "temp",
    "dewp",
    "humid",
    "wind_dir",
    "wind_speed",
    "precip",
    "pressure",
    "visib",
];

/// One hour of one airport's weather station.
#[derive(Clone, Debug)]
pub struct WeatherHour {
    /// The airport's code.
    pub station: String,
    pub hour: Timestamp,
    /// How many of the measures have a value, in thousandths.
    pub completeness_permille: u16,
}

pub fn read(path: &Path) -> Result<Vec<(YearMonth, WeatherHour)>, InputError> {
    Table::open(path)?.collect(|row| {
        let mut present = 0;
        for measure in MEASURES {
            // The value itself is not used, but a word in a number's place means that the file is not what it says.
            if row
                .parse_optional::<f64>(measure, "a number or NA")?
                .is_some()
            {
                present += 1;
            }
        }
        let first = Date::new(
            row.parse("year", "a year")?,
            row.parse("month", "1 to 12")?,
            1,
        )
        .map_err(|_| row.refuse("month", row.text("month").unwrap_or_default(), "1 to 12"))?;
        let hour = WeatherHour {
            station: row.text("origin")?.to_owned(),
            hour: row.parse("time_hour", "a UTC time such as 2013-01-01T06:00:00Z")?,
            completeness_permille: present * 125,
        };
        Ok((YearMonth::of(first), hour))
    })
}
