use std::path::Path;

use jiff::{Timestamp, civil::Date};

use super::{InputError, YearMonth, table::Table};

/// One flight as the data set has it: what is missing is missing.
#[derive(Clone, Debug)]
pub struct Flight {
    /// Line in the file, to name the flight in a report.
    pub line: u64,
    /// Local date of the scheduled departure.
    pub date: Date,
    /// Local clock at the origin and at the destination, minutes after midnight; 2400 is the end of the day.
    pub departure: Option<i16>,
    pub arrival: Option<i16>,
    pub carrier: String,
    pub number: u32,
    pub tail: Option<String>,
    pub origin: String,
    pub destination: String,
    /// Statute miles between the airports.
    pub distance_miles: u32,
    /// The hour of the scheduled departure.
    pub scheduled_hour: Timestamp,
}

pub fn read(path: &Path) -> Result<Vec<(YearMonth, Flight)>, InputError> {
    Table::open(path)?.collect(|row| {
        let date = Date::new(
            row.parse("year", "a year")?,
            row.parse("month", "1 to 12")?,
            row.parse("day", "1 to 31")?,
        )
        .map_err(|_| {
            row.refuse(
                "day",
                row.text("day").unwrap_or_default(),
                "a day of the month",
            )
        })?;
        let clock = |column| -> Result<Option<i16>, InputError> {
            let Some(hhmm) = row.parse_optional::<i16>(column, "local hours and minutes, hhmm")?
            else {
                return Ok(None);
            };
            let minutes = (hhmm / 100) * 60 + hhmm % 100;
            if !(0..=24 * 60).contains(&minutes) || hhmm % 100 > 59 || hhmm < 0 {
                return Err(row.refuse(column, &hhmm.to_string(), "local hours and minutes, hhmm"));
            }
            Ok(Some(minutes))
        };
        let flight = Flight {
            line: row.line(),
            date,
            departure: clock("dep_time")?,
            arrival: clock("arr_time")?,
            carrier: row.text("carrier")?.to_owned(),
            number: row.parse("flight", "a flight number")?,
            tail: row.optional("tailnum")?.map(str::to_owned),
            origin: row.text("origin")?.to_owned(),
            destination: row.text("dest")?.to_owned(),
            distance_miles: row.parse("distance", "whole miles")?,
            scheduled_hour: row.parse("time_hour", "a UTC time such as 2013-01-01T10:00:00Z")?,
        };
        Ok((YearMonth::of(date), flight))
    })
}
