//! A town in which users are known, so that they may add access points and confirm them.

use cairn_epoch::{Closed, Decision};
use cairn_proof::Reason;

use super::{CHICAGO, HOUR, NEW_YORK, START, World, north_of};

/// Users that are known from the second week on: u0 to u9.
const KNOWN: i32 = 10;

/// A week in which ten users came to be known, and the start of the next.
pub fn town() -> World {
    let mut world = World::new();
    for at in 0..3 {
        world.device(&format!("d{at}"), "dan", north_of(NEW_YORK, at * 1_000));
        for user in 0..KNOWN {
            let user = format!("u{user}");
            world.visit(&user, &format!("d{at}"), START + i64::from(at) * HOUR);
        }
    }
    // Twice accepted: one short of being known.
    for at in 0..2 {
        world.device(&format!("e{at}"), "dan", north_of(CHICAGO, at * 1_000));
        world.visit("new", &format!("e{at}"), START + i64::from(at) * HOUR);
    }
    let closed = world.close();
    world.next_epoch(&closed);
    world
}

/// Closes the week, in which somebody always earns, and goes on to the next.
pub fn next(world: &mut World) {
    let closed = close(world);
    world.next_epoch(&closed);
}

pub fn close(world: &mut World) -> Closed {
    let last = world.start() + 167 * HOUR;
    world.visit("u9", "d0", last);
    world.close()
}

/// What the decision pays the adder.
pub fn adder_s(decision: &Decision) -> u64 {
    decision.also.map_or(0, |also| also.milli_points.get())
}

pub fn measured(world: &World, id: [u8; 32]) -> (Reason, Option<i64>, Option<i64>) {
    let decision = world.decision(id);
    (decision.reason, decision.found, decision.bound)
}
