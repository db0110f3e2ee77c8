//! What is registered: hotspots, the airports' access points, the weather stations.

use std::collections::BTreeMap;

use cairn_interface::registry::constants::CLASS_SENSOR;
use h3o::{LatLng, Resolution};

use super::{
    offers::{DEVICES, OFFERS},
    roster::{Part, Seed},
};
use crate::input::{Airport, Hotspot, Input};

/// How a device stands in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A licensed WiFi miner: signs check-ins together with the user, and beats every few hours.
    Miner,
    /// A shared router: users check in with their signature alone.
    Router,
    /// A weather station.
    Sensor,
    /// It goes to hotspots and measures them. Endorsed by its issuer.
    Validator,
    /// What another partner meters, of this class of the registry.
    Metered(u8),
}

/// A device, its keys and its place.
#[derive(Clone, Debug)]
pub struct Place {
    /// Unique; the device's key derives from it.
    pub name: String,
    pub key: [u8; 32],
    /// Who owns it, in words; the owner's key derives from it.
    pub owner_name: String,
    pub owner: [u8; 32],
    pub class: Class,
    pub lat_e7: i32,
    pub lon_e7: i32,
    /// H3 cell of resolution 9.
    pub cell: u64,
    /// Commitment to the physical device. Two registrations of one device share it.
    pub hardware: [u8; 32],
    pub banned: bool,
}

/// Every device of the month, in registration order, with the ways to find them.
#[derive(Debug)]
pub struct Places {
    pub all: Vec<Place>,
    pub hotspots: std::ops::Range<usize>,
    /// Access points by airport code.
    pub gates: BTreeMap<String, Vec<usize>>,
    /// Weather stations by airport code.
    pub stations: BTreeMap<String, usize>,
    /// Devices that partners meter, by stream, the weather's aside.
    pub partners: BTreeMap<u32, Vec<usize>>,
    pub validators: Vec<usize>,
    /// A second registration of the first hotspot's hardware, under another key and owner: a planted cheat.
    pub clone_of_first: usize,
    /// A device that the network has banned: a planted cheat.
    pub banned: usize,
}

/// Access points of an airport: many where the month's flights start, few where they end.
const GATES_AT_ORIGIN: usize = 40;
const GATES_ELSEWHERE: usize = 8;
/// Validators of the network; the last one goes where it likes.
const VALIDATORS: usize = 12;

impl Places {
    #[must_use]
    pub fn lay_out(input: &Input, seed: Seed) -> Self {
        let mut all: Vec<Place> = input.hotspots.iter().map(|h| hotspot(h, seed)).collect();
        let hotspots = 0..all.len();

        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for flight in &input.flights {
            sizes.insert(&flight.origin, GATES_AT_ORIGIN);
            sizes.entry(&flight.destination).or_insert(GATES_ELSEWHERE);
        }
        for hour in &input.weather {
            sizes.entry(&hour.station).or_insert(GATES_ELSEWHERE);
        }
        let mut gates = BTreeMap::new();
        let mut stations = BTreeMap::new();
        for (code, count) in sizes {
            let Some(airport) = input.airports.get(code) else {
                continue;
            };
            let class = if count == GATES_AT_ORIGIN {
                Class::Miner
            } else {
                Class::Router
            };
            let first = all.len();
            all.extend((0..count).map(|gate| access_point(airport, gate, class, seed)));
            gates.insert(code.to_owned(), (first..all.len()).collect());
        }
        for hour in &input.weather {
            if let (Some(airport), false) = (
                input.airports.get(&hour.station),
                stations.contains_key(&hour.station),
            ) {
                stations.insert(hour.station.clone(), all.len());
                all.push(station(airport, seed));
            }
        }
        let mut partners: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for offer in OFFERS.iter().filter(|offer| offer.class != CLASS_SENSOR) {
            for number in 0..DEVICES {
                let name = format!("{} {number}", offer.partner);
                let owner = format!("{} host {number}", offer.partner);
                let near = near_a_hotspot(&all[hotspots.clone()], &name, seed);
                let at = all.len();
                all.push(place(name, owner, Class::Metered(offer.class), near, seed));
                partners.entry(offer.stream).or_default().push(at);
            }
        }
        let mut validators = Vec::with_capacity(VALIDATORS);
        for number in 0..VALIDATORS {
            let name = format!("validator {number}");
            let owner = format!("validator {number}'s keeper");
            let near = near_a_hotspot(&all[hotspots.clone()], &name, seed);
            validators.push(all.len());
            all.push(place(name, owner, Class::Validator, near, seed));
        }
        let clone_of_first = all.len();
        all.push(second_registration(&all[hotspots.start], seed));
        let banned = all.len();
        all.push(banned_device(&all[hotspots.start], seed));
        Self {
            all,
            hotspots,
            gates,
            stations,
            partners,
            validators,
            clone_of_first,
            banned,
        }
    }
}

fn place(
    name: String,
    owner_name: String,
    class: Class,
    (lat_e7, lon_e7): (i32, i32),
    seed: Seed,
) -> Place {
    Place {
        key: seed.public(Part::Device, &name),
        owner: seed.public(Part::Owner, &owner_name),
        hardware: seed.bytes("hardware", &name),
        cell: cell(lat_e7, lon_e7),
        name,
        owner_name,
        class,
        lat_e7,
        lon_e7,
        banned: false,
    }
}

fn hotspot(hotspot: &Hotspot, seed: Seed) -> Place {
    place(
        format!("hotspot {}", hotspot.id),
        format!("{}, {}", hotspot.provider, hotspot.borough),
        Class::Miner,
        (hotspot.lat_e7, hotspot.lon_e7),
        seed,
    )
}

/// Terminals spread over a kilometre or so; a metre of latitude is about 90 × 10⁻⁷ degrees.
fn access_point(airport: &Airport, gate: usize, class: Class, seed: Seed) -> Place {
    let name = format!("{} gate {gate}", airport.code);
    let spread = |axis| i32::try_from(seed.pick(axis, &name, 120_000)).unwrap_or(0) - 60_000;
    place(
        name.clone(),
        format!("{} airport", airport.code),
        class,
        (
            airport.lat_e7 + spread("north"),
            airport.lon_e7 + spread("east"),
        ),
        seed,
    )
}

fn station(airport: &Airport, seed: Seed) -> Place {
    place(
        format!("{} weather station", airport.code),
        format!("{} weather office", airport.code),
        Class::Sensor,
        (airport.lat_e7, airport.lon_e7),
        seed,
    )
}

/// About two kilometres north of a hotspot.
fn near_a_hotspot(hotspots: &[Place], name: &str, seed: Seed) -> (i32, i32) {
    let count = u64::try_from(hotspots.len()).unwrap_or(1);
    let chosen = usize::try_from(seed.pick("neighbour", name, count)).unwrap_or(0);
    let hotspot = &hotspots[chosen];
    (hotspot.lat_e7 + 180_000, hotspot.lon_e7)
}

fn second_registration(of: &Place, seed: Seed) -> Place {
    let mut twin = place(
        format!("{} again", of.name),
        "swindler".to_owned(),
        of.class,
        (of.lat_e7, of.lon_e7),
        seed,
    );
    twin.hardware = of.hardware;
    twin
}

fn banned_device(near: &Place, seed: Seed) -> Place {
    let mut device = place(
        "banned hotspot".to_owned(),
        "swindler".to_owned(),
        Class::Miner,
        (near.lat_e7 + 90_000, near.lon_e7),
        seed,
    );
    device.banned = true;
    device
}

/// The H3 cell of resolution 9 that holds a place. Computed once, before inputs are frozen: rules only read it.
#[must_use]
pub fn cell(lat_e7: i32, lon_e7: i32) -> u64 {
    LatLng::new(f64::from(lat_e7) / 1e7, f64::from(lon_e7) / 1e7)
        .map_or(0, |place| place.to_cell(Resolution::Nine).into())
}
