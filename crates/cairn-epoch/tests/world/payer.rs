//! A network with a payer of traffic.

use super::{CHICAGO, HOUR, NEW_YORK, START, World};

pub const NOON: i64 = START + 12 * HOUR;
/// Base units that payer 1 burns for a unit.
pub const PRICE: u64 = 1_000_000;

/// A hotspot of Alice's and one of Bob's, and a payer without a burn.
pub fn unpaid() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("other", "bob", CHICAGO);
    world.payer(1, "carrier", PRICE);
    world
}

/// Payer 1 has burned for `units`.
pub fn paid(units: u64) -> World {
    let mut world = unpaid();
    world.burn(1, units * PRICE, NOON);
    world
}
