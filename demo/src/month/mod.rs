//! One month of a network's work, made from real input and a seed: who is registered, which weeks there are, and the
//! signed proofs of each, with the planted cheats marked.

pub mod calendar;
pub mod cheat;
pub mod cheats;
pub mod growth;
pub mod offers;
pub mod partners;
pub mod passengers;
pub mod places;
pub mod proofs;
pub mod roster;
pub mod traffic;
pub mod validators;
pub mod week;

use std::collections::BTreeMap;

use cairn_proof::Body;
use calendar::{Flown, Gap, Period};
use places::Places;
use proofs::Draft;
use roster::{Part, Seed};
use week::{Sent, Sequences, Terms};

use crate::input::Input;

/// How the month is played.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub seed: Seed,
    /// Hours between two beats of a hotspot: at least 2, so that cheats find an hour without an honest beat.
    pub beat_hours: i64,
    /// How often each cheat is tried a week.
    pub cheats: usize,
}

/// The month before anything is signed.
#[derive(Debug)]
pub struct Month {
    pub settings: Settings,
    pub places: Places,
    pub periods: Vec<Period>,
    /// Flights that gave no check-ins, by what they lack; one flight may lack several things.
    pub gaps: BTreeMap<Gap, u64>,
    pub flights: u64,
    pub flights_used: u64,
    /// When the last flight landed or the last weather row was written; hotspots beat until then.
    last_ms: i64,
    dated: Vec<Draft>,
    sequences: Sequences,
}

impl Month {
    #[must_use]
    pub fn prepare(input: &Input, settings: Settings) -> Self {
        let seed = settings.seed;
        let places = Places::lay_out(input, seed);
        let mut gaps = BTreeMap::new();
        let mut flown: Vec<Flown<'_>> = Vec::with_capacity(input.flights.len());
        for flight in &input.flights {
            match calendar::place(flight, |code| input.airports.get(code)) {
                Ok(placed) => flown.push(placed),
                Err(missing) => {
                    for gap in missing {
                        *gaps.entry(gap).or_insert(0) += 1;
                    }
                }
            }
        }
        let mut counters = BTreeMap::new();
        let mut dated = proofs::check_ins(&flown, &places, seed);
        dated.extend(partners::weather(
            &input.weather,
            &places,
            &mut counters,
            seed,
        ));
        dated.extend(proofs::tasks(&flown, seed));
        let times = || dated.iter().map(|draft| draft.observed_at_ms);
        let (first, last) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
        let periods = calendar::weekly(first, last);
        dated.extend(growth::growth(&flown, &periods, seed));
        dated.extend(partners::readings(&places, &periods, last, seed));
        dated.extend(passengers::passengers(&flown, last, seed));
        dated.extend(traffic::sessions(&flown, &places, seed));
        Self {
            settings,
            places,
            periods,
            gaps,
            flights: u64::try_from(input.flights.len()).unwrap_or(u64::MAX),
            flights_used: u64::try_from(flown.len()).unwrap_or(u64::MAX),
            last_ms: last,
            dated,
            sequences: Sequences::new(),
        }
    }

    /// The signed proofs of week `at` (from 0). Weeks are sealed in order: sequence numbers run through the month.
    #[must_use]
    pub fn week(&mut self, at: usize, network: [u8; 32], ruleset: u16) -> Vec<Sent> {
        let Some(period) = self.periods.get(at).copied() else {
            return Vec::new();
        };
        let Settings {
            seed,
            beat_hours,
            cheats,
        } = self.settings;
        let mut drafts: Vec<Draft> = self
            .dated
            .iter()
            .filter(|draft| period.contains(draft.observed_at_ms))
            .cloned()
            .collect();
        let until = period.end_ms.min(self.last_ms);
        drafts.extend(proofs::beats(&self.places, period, until, beat_hours, seed));
        let start_ms = self.start_ms();
        let meetings = validators::meetings(&self.places, start_ms, period, until, seed);
        drafts.extend(meetings);
        drafts.extend(cheats::plant(
            &self.places,
            start_ms,
            period,
            cheats,
            beat_hours,
            seed,
        ));
        let terms = Terms {
            network,
            ruleset,
            period,
            seed,
            replays: cheats,
        };
        week::seal(drafts, &mut self.sequences, terms)
    }

    /// When the network begins, unix milliseconds.
    #[must_use]
    pub fn start_ms(&self) -> i64 {
        self.periods.first().map_or(0, |period| period.start_ms)
    }

    /// What the payer of traffic burns for the sessions of week `at` (from 0), in base units.
    #[must_use]
    pub fn burned(&self, at: usize) -> u64 {
        let period = self.periods.get(at).copied();
        period.map_or(0, |period| traffic::price(&self.dated, period))
    }

    /// Tail numbers of the month's aircraft by the key they check in with.
    #[must_use]
    pub fn tail_numbers(&self) -> BTreeMap<[u8; 32], &str> {
        self.dated
            .iter()
            .filter_map(|draft| match &draft.body {
                Body::WifiCheckIn(body) => {
                    let by = draft
                        .signatures
                        .iter()
                        .find(|by| by.part == Part::Aircraft)?;
                    Some((body.user, by.name.as_str()))
                }
                _ => None,
            })
            .collect()
    }

    /// The owner of most hotspots; the first by name among equals.
    #[must_use]
    pub fn largest_owner(&self) -> Option<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for place in &self.places.all[self.places.hotspots.clone()] {
            *counts.entry(&place.owner_name).or_default() += 1;
        }
        let most = counts.values().copied().max()?;
        let (name, _) = counts.into_iter().find(|(_, count)| *count == most)?;
        Some(name.to_owned())
    }

    /// The owner of the first weather station.
    #[must_use]
    pub fn first_station_owner(&self) -> Option<String> {
        let station = self.places.stations.values().next()?;
        Some(self.places.all[*station].owner_name.clone())
    }
}
