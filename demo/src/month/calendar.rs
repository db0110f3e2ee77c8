//! From local clocks to instants, and from a month to weekly epochs.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use crate::input::{Airport, Flight};

/// What a flight lacks for its check-ins. Counted and reported, never guessed around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    Times,
    TailNumber,
    KnownAirport,
}

/// A flight whose two check-ins can be placed and dated.
#[derive(Clone, Debug)]
pub struct Flown<'a> {
    pub flight: &'a Flight,
    pub tail: &'a str,
    pub origin: &'a Airport,
    pub destination: &'a Airport,
    pub departed: Timestamp,
    pub arrived: Timestamp,
}

/// No flight of the data set leaves more than 43 minutes before its schedule; some leave 21 hours after it.
const EARLIEST_DEPARTURE: SignedDuration = SignedDuration::from_hours(-1);
/// Climb, descent, taxi.
const GROUND_MINUTES: i64 = 40;
/// Statute miles an hour, at which no flight's guess is half a day off.
const CRUISE_MPH: i64 = 480;

/// Dates and places a flight, or says what it lacks.
///
/// The files hold local clocks without dates. A departure is the first instant, from one hour before the scheduled
/// hour on, at which the origin's clock shows the departure time. An arrival is the instant at which the
/// destination's clock shows the arrival time that is nearest to departure + distance / 480 mph + 40 minutes.
///
/// # Errors
/// Every [`Gap`] of the flight.
pub fn place<'a>(
    flight: &'a Flight,
    airport: impl Fn(&str) -> Option<&'a Airport>,
) -> Result<Flown<'a>, Vec<Gap>> {
    let known = |code: &str| {
        let airport = airport(code)?;
        Some((airport, airport.zone.as_ref()?))
    };
    let clocks = flight.departure.zip(flight.arrival);
    let tail = flight.tail.as_deref();
    let ends = known(&flight.origin).zip(known(&flight.destination));
    let (Some(clocks), Some(tail), Some((from, to))) = (clocks, tail, ends) else {
        let gaps = [
            (clocks.is_none(), Gap::Times),
            (tail.is_none(), Gap::TailNumber),
            (ends.is_none(), Gap::KnownAirport),
        ];
        return Err(gaps
            .into_iter()
            .filter_map(|(missing, gap)| missing.then_some(gap))
            .collect());
    };
    let (departed, arrived) =
        instants(flight, clocks, (from.1, to.1)).ok_or_else(|| vec![Gap::Times])?;
    Ok(Flown {
        flight,
        tail,
        origin: from.0,
        destination: to.0,
        departed,
        arrived,
    })
}

fn instants(
    flight: &Flight,
    (departure, arrival): (i16, i16),
    (origin, destination): (&TimeZone, &TimeZone),
) -> Option<(Timestamp, Timestamp)> {
    let scheduled = flight.scheduled_hour;
    let departed = clock_instants(origin, scheduled, departure)
        .into_iter()
        .filter(|at| at.duration_since(scheduled) >= EARLIEST_DEPARTURE)
        .min()?;
    let minutes = i64::from(flight.distance_miles) * 60 / CRUISE_MPH + GROUND_MINUTES;
    let guess = departed
        .checked_add(SignedDuration::from_mins(minutes))
        .ok()?;
    let arrived = clock_instants(destination, guess, arrival)
        .into_iter()
        .filter(|at| *at > departed)
        .min_by_key(|at| (at.duration_since(guess).abs(), *at))?;
    Some((departed, arrived))
}

/// The instants around `near` at which the clocks of `zone` show `minutes` after midnight.
fn clock_instants(zone: &TimeZone, near: Timestamp, minutes: i16) -> Vec<Timestamp> {
    let today = near.to_zoned(zone.clone()).date();
    (-1..=1)
        .filter_map(|days| {
            let date = today
                .checked_add(SignedDuration::from_hours(24 * days))
                .ok()?;
            let midnight = DateTime::from_parts(date, jiff::civil::Time::midnight());
            let local = midnight
                .checked_add(SignedDuration::from_mins(i64::from(minutes)))
                .ok()?;
            zone.to_timestamp(local).ok()
        })
        .collect()
}

/// The weekly epochs of a month of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// From 1.
    pub number: u64,
    /// Milliseconds of Unix time, start included, end not.
    pub start_ms: i64,
    pub end_ms: i64,
}

impl Period {
    #[must_use]
    pub fn contains(&self, at_ms: i64) -> bool {
        (self.start_ms..self.end_ms).contains(&at_ms)
    }
}

const DAY_MS: i64 = 86_400_000;
/// Hours of an epoch: a week.
pub const EPOCH_HOURS: u32 = 7 * 24;
const WEEK_MS: i64 = 7 * DAY_MS;

/// The weeks that hold `first..=last` (milliseconds of Unix time), from the UTC midnight before `first` on. The last
/// one is whole, however little of the month falls into it.
#[must_use]
pub fn weekly(first_ms: i64, last_ms: i64) -> Vec<Period> {
    let start = first_ms.div_euclid(DAY_MS) * DAY_MS;
    let count = (last_ms - start).div_euclid(WEEK_MS) + 1;
    (0..count)
        .map(|at| Period {
            number: u64::try_from(at + 1).unwrap_or(1),
            start_ms: start + at * WEEK_MS,
            end_ms: start + (at + 1) * WEEK_MS,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn airport(code: &str, zone: &str) -> Airport {
        Airport {
            code: code.into(),
            name: code.into(),
            lat_e7: 0,
            lon_e7: 0,
            zone: Some(TimeZone::get(zone).unwrap()),
        }
    }

    fn flight(departure: i16, arrival: i16, scheduled: &str, miles: u32) -> Flight {
        Flight {
            line: 2,
            date: jiff::civil::date(2013, 1, 1),
            departure: Some(departure),
            arrival: Some(arrival),
            carrier: "UA".into(),
            number: 1,
            tail: Some("N1".into()),
            origin: "JFK".into(),
            destination: "HNL".into(),
            distance_miles: miles,
            scheduled_hour: scheduled.parse().unwrap(),
        }
    }

    fn instants(flight: &Flight, zone: &str) -> (String, String) {
        let (from, to) = (airport("JFK", "America/New_York"), airport("HNL", zone));
        let flown = place(flight, |code| Some(if code == "JFK" { &from } else { &to })).unwrap();
        (flown.departed.to_string(), flown.arrived.to_string())
    }

    #[test]
    fn a_flight_is_dated_by_the_clocks_of_both_airports() {
        // 09:00 in New York to 15:36 in Honolulu: 11 h 36 min.
        let (departed, arrived) = instants(
            &flight(9 * 60, 15 * 60 + 36, "2013-01-01T14:00:00Z", 4983),
            "Pacific/Honolulu",
        );
        assert_eq!(departed, "2013-01-01T14:00:00Z");
        assert_eq!(arrived, "2013-01-02T01:36:00Z");
    }

    #[test]
    fn a_departure_after_midnight_belongs_to_the_day_after_its_schedule() {
        let (departed, arrived) = instants(
            &flight(15, 3 * 60, "2013-01-02T04:00:00Z", 1000),
            "America/Chicago",
        );
        assert_eq!(departed, "2013-01-02T05:15:00Z");
        assert_eq!(arrived, "2013-01-02T09:00:00Z");
    }

    #[test]
    fn midnight_written_as_2400_is_the_end_of_the_day() {
        let (departed, _) = instants(
            &flight(24 * 60, 3 * 60, "2013-01-02T04:00:00Z", 1000),
            "America/Chicago",
        );
        assert_eq!(departed, "2013-01-02T05:00:00Z");
    }

    #[test]
    fn a_day_late_departure_is_not_mistaken_for_an_early_one() {
        // Scheduled 09:00, left 06:41 the next day, as flight HA 51 did on 2013-01-09.
        let (departed, _) = instants(
            &flight(6 * 60 + 41, 12 * 60, "2013-01-09T14:00:00Z", 4983),
            "Pacific/Honolulu",
        );
        assert_eq!(departed, "2013-01-10T11:41:00Z");
    }

    #[test]
    fn weeks_start_at_midnight_and_cover_a_month_without_gap() {
        let first = 1_357_000_000_000;
        let weeks = weekly(first, first + 31 * DAY_MS);
        assert_eq!(weeks.len(), 5);
        assert_eq!(weeks[0].start_ms % DAY_MS, 0);
        assert!(weeks[0].contains(first));
        assert!(weeks[4].contains(first + 31 * DAY_MS));
        for pair in weeks.windows(2) {
            assert_eq!(pair[0].end_ms, pair[1].start_ms);
            assert_eq!(pair[0].number + 1, pair[1].number);
        }
    }
}
