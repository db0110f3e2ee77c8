//! Members are not made out of keys that cost nothing, and whoever comes honestly keeps their share.

mod world;

use cairn_epoch::{Closed, read_decisions, read_leaves};
use cairn_proof::Reason;
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, START, World, key, north_of};

/// Visits of `count` keys that nobody has seen before, at `device`, a minute apart from `at_ms` on.
fn swarm(world: &mut World, device: &str, count: i64, at_ms: i64) {
    let week = world.epoch.number;
    for at in 0..count {
        let time = at_ms + at % 9_000 * MINUTE;
        world.visit(&format!("sybil {week} {at}"), device, time);
    }
}

fn refused(world: &World, reason: Reason) -> usize {
    let decisions = read_decisions(&world.dir()).unwrap();
    decisions.iter().filter(|row| row.reason == reason).count()
}

#[test]
fn one_point_makes_ten_members_a_week_out_of_ten_thousand_keys() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    let bob = world.visit("bob", "point", START + HOUR);
    swarm(&mut world, "point", 9_999, START + 2 * HOUR);
    world.close();
    let leaves = read_leaves(&world.dir()).unwrap();
    assert_eq!(leaves.len(), 10);
    assert!(leaves.iter().all(|leaf| leaf.points.get() == 1_000));
    // A tenth of the point's week for each of the ten that came first, and nothing for those after them.
    assert_eq!(world.pay(bob), 1_000);
    assert_eq!(refused(&world, Reason::CapDevice), 9_990);
}

/// A first week in which bob becomes somebody the network knows, and a point that nobody visited.
fn known() -> (World, Closed) {
    let mut world = World::new();
    world.device("point", "alice", CHICAGO);
    for at in 0..3_i32 {
        let name = format!("p{at}");
        world.device(&name, "alice", north_of(NEW_YORK, 1_000 * at));
        world.visit("bob", &name, START + (12 + i64::from(at)) * HOUR);
    }
    let closed = world.close();
    (world, closed)
}

#[test]
fn a_known_visitor_keeps_at_least_half_of_a_point_whatever_swarm_came_before() {
    let (mut world, first) = known();
    world.next_epoch(&first);
    let start = world.start();
    swarm(&mut world, "point", 60, start + HOUR);
    let bob = world.visit("bob", "point", start + 100 * HOUR);
    let second = world.close();
    assert_eq!(world.pay(bob), 5_000);
    assert_eq!(refused(&world, Reason::CapDevice), 50);
    // Half a point each makes nobody a member: it waits.
    assert_eq!(second.leaf_count, first.leaf_count);
    assert_eq!(second.totals.milli_points_epoch.get(), 5_000);
}

#[test]
fn what_waited_is_paid_with_the_point_that_makes_a_member_and_from_that_epoch_s_emission() {
    let (mut world, first) = known();
    world.next_epoch(&first);
    let start = world.start();
    for user in ["carol", "dave", "erin", "frank"] {
        // Known bob's week is shared four ways with newcomers: 5,000 to him, 1,250 to each.
        world.visit(user, "point", start + HOUR);
    }
    world.visit("bob", "point", start + 2 * HOUR);
    swarm(&mut world, "p0", 10, start + HOUR);
    world.visit("bob", "p0", start + 30 * HOUR);
    let second = world.close();
    // The four have a whole point and more; p0's ten have half of one, which waits.
    assert_eq!(second.leaf_count, first.leaf_count + 4);

    world.next_epoch(&second);
    let start = world.start();
    let again: Vec<String> = (0..10).map(|at| format!("sybil 2 {at}")).collect();
    for user in &again {
        world.visit(user, "p1", start + HOUR);
    }
    world.visit("bob", "p1", start + 2 * HOUR);
    let third = world.close();
    assert_eq!(third.leaf_count, second.leaf_count + 10);
    let leaves = read_leaves(&world.dir()).unwrap();
    for user in &again {
        let leaf = leaves.iter().find(|leaf| leaf.owner == key(user)).unwrap();
        assert_eq!(leaf.points.get(), 1_000);
        assert!(leaf.tokens.get() > 0);
    }
    let pot = |closed: &Closed| {
        let mut pots = closed.manifest.pots.iter();
        let check_in = pots.find(|pot| pot.name == "check_in").unwrap();
        check_in.milli_points.get()
    };
    // Five thousand of the week, bob's five, and five that had waited.
    assert_eq!(pot(&third), 15_000);
    assert_eq!(
        third.totals.tokens_epoch.get() + third.totals.unallocated.get(),
        world::EMISSION
    );
    cairn_epoch::verify_succession(&second.manifest, &third.manifest).unwrap();
}
