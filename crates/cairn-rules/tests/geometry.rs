//! Integer geometry against an independent computation in floating point, and against published distances.

use cairn_rules::{distance_m, grid_square, is_place};

/// Haversine on the same sphere.
fn haversine_m(from: (i64, i64), to: (i64, i64)) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "31 bits fit")]
    let [a, b, c, d] = [from.0, from.1, to.0, to.1].map(|e7| (e7 as f64 / 1e7).to_radians());
    let h = ((c - a) / 2.0).sin().powi(2) + a.cos() * c.cos() * ((d - b) / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn place(&mut self) -> (i64, i64) {
        (
            self.below(1_800_000_001) - 900_000_000,
            self.below(3_600_000_001) - 1_800_000_000,
        )
    }

    /// From a millimetre to a thousand kilometres away.
    fn near(&mut self, place: (i64, i64)) -> (i64, i64) {
        let reach = 10_i64.pow(u32::try_from(self.below(8)).unwrap());
        let mut step = || self.below(2 * reach + 1) - reach;
        (
            (place.0 + step()).clamp(-900_000_000, 900_000_000),
            (place.1 + step()).clamp(-1_800_000_000, 1_800_000_000),
        )
    }
}

#[test]
fn distances_agree_with_floating_point_within_a_centimetre_everywhere() {
    let mut random = Random(42);
    for round in 0..200_000 {
        let from = random.place();
        let to = if round % 2 == 0 {
            random.place()
        } else {
            random.near(from)
        };
        let metres = distance_m(from.0, from.1, to.0, to.1).unwrap();
        assert_eq!(distance_m(to.0, to.1, from.0, from.1), Some(metres));
        #[expect(clippy::cast_precision_loss, reason = "below 2^25")]
        let above = haversine_m(from, to) - metres as f64;
        // Rounded down, so the true distance lies within the next metre. Near the antipode haversine itself loses
        // digits, so a centimetre is granted to it.
        assert!(
            (-0.01..1.01).contains(&above),
            "{from:?} {to:?}: {metres}, {above}"
        );
    }
}

#[test]
fn known_distances_come_out() {
    // JFK to Heathrow, on the sphere of mean radius: 5,539.66 km.
    assert_eq!(
        distance_m(406_397_510, -737_789_250, 514_706_000, -4_619_410),
        Some(5_539_656)
    );
    // Half the circumference, over the pole and along the equator: π × 6,371,008.8 m.
    assert_eq!(
        distance_m(900_000_000, 0, -900_000_000, 0),
        Some(20_015_114)
    );
    assert_eq!(distance_m(0, 0, 0, 1_800_000_000), Some(20_015_114));
    // A degree of latitude.
    assert_eq!(distance_m(0, 0, 10_000_000, 0), Some(111_195));
    // Across the date line.
    assert_eq!(
        distance_m(0, 1_799_000_000, 0, -1_799_000_000),
        Some(22_239)
    );
    assert_eq!(distance_m(1, 2, 1, 2), Some(0));
}

#[test]
fn what_is_not_on_earth_has_no_distance() {
    for (lat, lon) in [
        (900_000_001, 0),
        (0, 1_800_000_001),
        (i64::MIN, 0),
        (0, i64::MIN),
        (i64::MAX, i64::MAX),
    ] {
        assert!(!is_place(lat, lon));
        assert_eq!(distance_m(lat, lon, 0, 0), None);
        assert_eq!(distance_m(0, 0, lat, lon), None);
        assert_eq!(grid_square(lat, lon, 0, 0, 100), None);
    }
}

#[test]
fn whoever_is_within_reach_lies_in_a_square_near_by() {
    let mut random = Random(7);
    let mut met = 0;
    for _ in 0..300_000 {
        let metres = [1, 50, 100, 1_000, 100_000][usize::try_from(random.below(5)).unwrap()];
        let squares = 1 + random.below(2);
        // A third of them within 20 km of a pole.
        let from = match (random.below(6), random.place()) {
            (0, (lat, lon)) => (900_000_000 - lat.abs() / 5_000, lon),
            (1, (lat, lon)) => (lat.abs() / 5_000 - 900_000_000, lon),
            (_, place) => place,
        };
        let to = match random.near(from) {
            (lat, _) if lat.abs() > 899_000_000 && random.below(2) == 0 => (lat, random.place().1),
            place => place,
        };
        if distance_m(from.0, from.1, to.0, to.1).unwrap() > squares * metres {
            continue;
        }
        met += 1;
        let home = grid_square(to.0, to.1, 0, 0, metres);
        let reach = -squares..=squares;
        let found = reach.clone().any(|rows| {
            reach
                .clone()
                .any(|columns| grid_square(from.0, from.1, rows, columns, metres) == home)
        });
        assert!(found, "{from:?} {to:?} within {squares} times {metres} m");
    }
    assert!(met > 50_000);
}

#[test]
fn squares_are_small_where_people_live() {
    // Two places 400 m apart never share a square made for 100 m, below 70 degrees.
    let mut random = Random(3);
    for _ in 0..50_000 {
        let (lat, lon) = (
            random.below(1_400_000_000) - 700_000_000,
            random.below(3_500_000_000) - 1_750_000_000,
        );
        let other = (lat + 40_000, lon);
        assert_ne!(
            grid_square(lat, lon, 0, 0, 100),
            grid_square(other.0, other.1, 0, 0, 100)
        );
    }
}
