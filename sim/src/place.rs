//! Where towns stand and how their hotspots lie: real places, from `fixtures/data`.

use cairn_epoch::asserted_cell;

use crate::SimError;

const AIRPORTS: &str = include_str!("../../fixtures/data/airports.csv");
const HOTSPOTS: &str = include_str!("../../fixtures/data/nyc_wifi_hotspots.csv");

/// A place, degrees × 10^7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub lat_e7: i32,
    pub lon_e7: i32,
}

/// Degrees × 10^7 of a thousand kilometres of latitude.
const E7_PER_MEGAMETRE: i64 = 89_932_100;

impl Spot {
    /// The place so many metres north and east of this one.
    #[must_use]
    pub fn moved(self, north_m: i64, east_m: i64) -> Self {
        let north = north_m * E7_PER_MEGAMETRE / 1_000_000;
        let east = east_m * E7_PER_MEGAMETRE / 1_000 / self.narrow_permille();
        let add = |from: i32, by: i64| i32::try_from(i64::from(from) + by).unwrap_or(from);
        Self {
            lat_e7: add(self.lat_e7, north),
            lon_e7: add(self.lon_e7, east),
        }
    }

    /// Metres north and east from `other` to here.
    fn away(self, other: Self) -> (i64, i64) {
        let north = i64::from(self.lat_e7) - i64::from(other.lat_e7);
        let east = i64::from(self.lon_e7) - i64::from(other.lon_e7);
        (
            north * 1_000_000 / E7_PER_MEGAMETRE,
            east * self.narrow_permille() * 1_000 / E7_PER_MEGAMETRE,
        )
    }

    /// How much shorter a degree of longitude is here than at the equator: the cosine, by its series, so that every machine has the
    /// same.
    fn narrow_permille(self) -> i64 {
        // Thousandths of a radian.
        let x = i64::from(self.lat_e7) * 174_533 / 100_000_000_000;
        let x2 = x * x / 1_000;
        let x4 = x2 * x2 / 1_000;
        (1_000 - x2 / 2 + x4 / 24 - x4 * x2 / 1_000 / 720).max(1)
    }

    /// The cell of resolution 9 that holds the place.
    #[must_use]
    pub fn cell(self) -> u64 {
        asserted_cell(self.lat_e7, self.lon_e7).unwrap_or(0)
    }

    /// The place as a leaf of the registry holds it.
    #[must_use]
    pub fn location(self) -> [u8; 32] {
        let mut location = [0; 32];
        location[..4].copy_from_slice(&self.lat_e7.to_le_bytes());
        location[4..8].copy_from_slice(&self.lon_e7.to_le_bytes());
        location
    }
}

/// Every place there is.
#[derive(Debug)]
pub struct Map {
    centres: Vec<Spot>,
    /// New York's public hotspots.
    pub hotspots: Vec<Spot>,
}

/// Hosts of one town stand at least so far apart: whoever reads the rules does not put one beside another's.
const APART_M: i64 = 130;

impl Map {
    /// # Errors
    /// [`SimError::Places`], [`SimError::Place`]: files that are not as they were committed.
    pub fn read() -> Result<Self, SimError> {
        let airports = spots(AIRPORTS, ["lat", "lon"])?;
        // No town reaches into another one's country, nor where a degree of longitude is nothing.
        let mut centres: Vec<Spot> = Vec::new();
        for spot in airports {
            let is_alone = centres.iter().all(|other| {
                let (north, east) = spot.away(*other);
                north.abs().max(east.abs()) > 30_000
            });
            if (250_000_000..480_000_000).contains(&spot.lat_e7) && is_alone {
                centres.push(spot);
            }
        }
        Ok(Self {
            centres,
            hotspots: spots(HOTSPOTS, ["Latitude", "Longitude"])?,
        })
    }

    /// How many towns there are.
    #[must_use]
    pub fn towns(&self) -> usize {
        self.centres.len()
    }

    /// The middle of town `number`: an airport.
    #[must_use]
    pub fn centre(&self, number: usize) -> Spot {
        self.centres
            .get(number)
            .copied()
            .unwrap_or(self.hotspots[0])
    }

    /// Where `count` hosts stand in town `number`: as some hotspot of New York and those nearest to it lie to each other.
    #[must_use]
    pub fn hosts(&self, number: usize, count: usize) -> Vec<Spot> {
        // 1,009 is prime to the number of hotspots.
        let first = self.hotspots[number * 1_009 % self.hotspots.len()];
        let mut ways: Vec<(i64, i64)> = self.hotspots.iter().map(|spot| spot.away(first)).collect();
        ways.sort_unstable_by_key(|(north, east)| (north * north + east * east, *north, *east));
        let mut taken: Vec<(i64, i64)> = Vec::new();
        for (north, east) in ways {
            let is_apart = taken.iter().all(|(other_north, other_east)| {
                let (a, b) = (north - other_north, east - other_east);
                a * a + b * b >= APART_M * APART_M
            });
            if is_apart && taken.len() < count {
                taken.push((north, east));
            }
        }
        let centre = self.centre(number);
        taken
            .iter()
            .map(|(north, east)| centre.moved(*north, *east))
            .collect()
    }
}

fn spots(text: &str, columns: [&str; 2]) -> Result<Vec<Spot>, SimError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let place = |name: &str| {
        header
            .iter()
            .position(|column| column.trim_start_matches('\u{feff}') == name)
    };
    let (Some(lat), Some(lon)) = (place(columns[0]), place(columns[1])) else {
        return Err(SimError::Place("a column of places is missing"));
    };
    let mut spots = Vec::new();
    for row in reader.records() {
        let row = row?;
        let degrees = |at: usize| row.get(at).and_then(e7);
        if let (Some(lat_e7), Some(lon_e7)) = (degrees(lat), degrees(lon)) {
            spots.push(Spot { lat_e7, lon_e7 });
        }
    }
    if spots.is_empty() {
        return Err(SimError::Place("there are no places"));
    }
    Ok(spots)
}

/// Decimal degrees as whole 10^-7; what is finer is cut off.
fn e7(text: &str) -> Option<i32> {
    let (sign, digits) = text
        .trim()
        .strip_prefix('-')
        .map_or((1, text.trim()), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction: String = fraction.chars().chain("0000000".chars()).take(7).collect();
    let value = whole.parse::<i64>().ok()? * 10_000_000 + fraction.parse::<i64>().ok()?;
    i32::try_from(sign * value).ok()
}
