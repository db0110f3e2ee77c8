//! Places and distances in integers alone, so that every machine decides alike: a floating-point sine differs in its
//! last bit between libraries, and one bit at a limit is a different root.
//!
//! Angles come in degrees × 10^7. Inside, numbers are fixed point with 60 fractional bits; sine and cosine are their
//! Taylor series, arcsine its own series. Every step rounds towards zero by less than 2^-60, fewer than 200 steps are
//! taken, so the angle is within 2^-52 and the distance within 3 micrometres of the haversine's value on the sphere
//! of [`EARTH_RADIUS_MM`], before it is rounded down to whole metres. (The sphere itself differs from the ellipsoid
//! by up to 0.56 %.)

/// Mean radius of the Earth, IUGG: 6,371.0088 km.
pub const EARTH_RADIUS_MM: i128 = 6_371_008_800;

const BITS: u32 = 60;
const ONE: i64 = 1 << BITS;
/// π × 2^60, rounded down.
const PI: i64 = 3_622_009_729_038_561_421;
const HALF_TURN_E7: i64 = 1_800_000_000;
const QUARTER_TURN_E7: i64 = 900_000_000;

const fn multiply(a: i64, b: i64) -> i64 {
    ((a as i128 * b as i128) >> BITS) as i64
}

/// Radians of an angle from 0 to 180 degrees.
const fn radians(e7: i64) -> i64 {
    (e7 as i128 * PI as i128 / HALF_TURN_E7 as i128) as i64
}

/// Sum of first × (1 − x²/(n₁ d₁) + …): the alternating series that sine (`odd`) and cosine share.
fn alternating(x: i64, odd: bool) -> i64 {
    let square = multiply(x, x);
    let mut term = if odd { x } else { ONE };
    let mut sum = term;
    let mut step = if odd { 2 } else { 1 };
    while term != 0 {
        // The division first keeps the product below 2^63 for every x up to a quarter turn.
        term = -multiply(term / (step * (step + 1)), square);
        sum += term;
        step += 2;
    }
    sum
}

/// Sine of an angle from 0 to a quarter turn, in radians.
fn sine(x: i64) -> i64 {
    alternating(x, true).clamp(0, ONE)
}

/// Cosine of an angle from 0 to a quarter turn, in radians.
fn cosine(x: i64) -> i64 {
    alternating(x, false).clamp(0, ONE)
}

/// √(a), where `a` has 120 fractional bits.
fn root(a: u128) -> i64 {
    i64::try_from(a.isqrt()).unwrap_or(ONE).min(ONE)
}

const fn squared(x: i64) -> u128 {
    (x as i128 * x as i128).unsigned_abs()
}

/// Arcsine of a number from 0 to 1.
fn arcsine(x: i64) -> i64 {
    // Beyond 45° the series converges slowly; the complement is below it.
    let one = squared(ONE);
    if squared(x) > one / 2 {
        return PI / 2 - arcsine(root(one - squared(x).min(one)));
    }
    let square = multiply(x, x);
    let mut power = x;
    let mut sum = x;
    let mut odd = 1;
    while power != 0 {
        // power(k+1) = power(k) · x² · odd / (odd + 1); the sum takes power / (odd + 2).
        power = multiply(power, square) / (odd + 1) * odd;
        odd += 2;
        sum += power / odd;
    }
    sum
}

/// Whether a place in degrees × 10^7 is on Earth.
#[must_use]
pub const fn is_place(lat_e7: i64, lon_e7: i64) -> bool {
    lat_e7.unsigned_abs() <= QUARTER_TURN_E7 as u64 && lon_e7.unsigned_abs() <= HALF_TURN_E7 as u64
}

/// Great-circle distance in whole metres, rounded down; `None` when a place is not on Earth. The same in both
/// directions.
#[must_use]
pub fn distance_m(
    from_lat_e7: i64,
    from_lon_e7: i64,
    to_lat_e7: i64,
    to_lon_e7: i64,
) -> Option<i64> {
    if !is_place(from_lat_e7, from_lon_e7) || !is_place(to_lat_e7, to_lon_e7) {
        return None;
    }
    let north = (from_lat_e7 - to_lat_e7).abs();
    let east = (from_lon_e7 - to_lon_e7).abs();
    // The short way round.
    let east = east.min(2 * HALF_TURN_E7 - east);
    // The square root of the haversine is the sine of half the angle. Its two parts are squared at 120 bits: near
    // places differ by less than 2^-30, whose square 60 bits would lose.
    let part_north = half_angle_sine(north);
    let parallel =
        root(cosine(radians(from_lat_e7.abs())) as u128 * cosine(radians(to_lat_e7.abs())) as u128);
    let part_east = multiply(half_angle_sine(east), parallel);
    let half = arcsine(root(
        (squared(part_north) + squared(part_east)).min(squared(ONE)),
    ));
    let millimetres = (2 * EARTH_RADIUS_MM * i128::from(half)) >> BITS;
    i64::try_from(millimetres / 1_000).ok()
}

/// Sine of half an angle from 0 to 180 degrees × 10^7.
fn half_angle_sine(e7: i64) -> i64 {
    sine(radians(e7) / 2)
}

/// Metres of one degree along a meridian, 2πR / 360, rounded up.
const METRES_PER_DEGREE: i64 = 111_196;

/// Names the square of a grid that holds a place moved by `rows` squares north and `columns` squares east, each from
/// −2 to 2. Two places within k × `metres` of each other, as [`distance_m`] counts, lie in squares at most k rows and k
/// columns apart, for k up to 2. `None` when the place is not on Earth or `metres` not from 1 to 100,000.
///
/// Rows are bands of equal latitude. A band has as many columns as fit on a parallel three bands nearer to the pole:
/// whichever of two bands a neighbour is looked for from, a column is then wide enough. Columns of neighbouring bands
/// do not line up and are counted from the place itself.
#[must_use]
pub fn grid_square(lat_e7: i64, lon_e7: i64, rows: i64, columns: i64, metres: i64) -> Option<i64> {
    if !is_place(lat_e7, lon_e7)
        || !(1..=100_000).contains(&metres)
        || rows.abs() > 2
        || columns.abs() > 2
    {
        return None;
    }
    // A metre more than asked, because distances are rounded down, and one part in a thousand, which covers every
    // rounding below.
    let side = metres + 1;
    let height_e7 = (side * 10_000_000).div_euclid(METRES_PER_DEGREE) + side / 10 + 1;
    let row = (lat_e7 + QUARTER_TURN_E7) / height_e7 + rows;
    if row < 0 || row > 2 * QUARTER_TURN_E7 / height_e7 {
        // Beyond a pole there is nothing; a square of its own that holds nobody.
        return Some(-1);
    }
    let south = row * height_e7 - QUARTER_TURN_E7;
    let outermost = south.abs().max((south + height_e7).abs());
    let parallel = (outermost + 3 * height_e7).min(QUARTER_TURN_E7);
    let fit = i128::from(cosine(radians(parallel))) * i128::from(2 * HALF_TURN_E7)
        / (i128::from(ONE) * i128::from(height_e7));
    // Around a pole, where meridians meet, a band is one square.
    let count = i64::try_from(fit)
        .ok()
        .filter(|count| *count >= 100)
        .unwrap_or(1);
    let column = (i128::from(lon_e7 + HALF_TURN_E7) * i128::from(count)
        / i128::from(2 * HALF_TURN_E7)) as i64;
    // East and west of the date line are neighbours.
    let column = (column.min(count - 1) + columns).rem_euclid(count);
    Some(row * 4 * HALF_TURN_E7 + column)
}
