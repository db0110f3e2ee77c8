//! Access points that users add: who may, what of, and how many.

mod world;

use cairn_proof::{Body, Reason, Role};
use world::town::{close, measured, next, town};
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, World, cell_of, north_of};

const DAY: i64 = 24 * HOUR;

#[test]
fn an_access_point_is_added_once_by_whoever_came_first_and_no_device_is() {
    let mut world = town();
    let at = world.start() + HOUR;
    let late = world.add("u1", "cafe", NEW_YORK, at + MINUTE);
    let first = world.add("u0", "cafe", NEW_YORK, at);
    let device = world.add("u0", "d0", NEW_YORK, at);
    let closed = close(&mut world);
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(
        measured(&world, late),
        (Reason::Duplicate, Some(2), Some(1))
    );
    assert_eq!(world.reason(device), Reason::Duplicate);
    world.next_epoch(&closed);
    let known = world.add("u2", "cafe", NEW_YORK, world.start() + HOUR);
    close(&mut world);
    assert_eq!(world.reason(known), Reason::Duplicate);
}

#[test]
fn what_nobody_confirms_in_two_weeks_is_open_to_others_and_what_somebody_did_never_again() {
    let mut world = town();
    // Of one hour before the bound and of the hour after it.
    world.add("u0", "early", NEW_YORK, world.start() + 30 * MINUTE);
    world.add("u0", "later", NEW_YORK, world.start() + HOUR);
    world.add("u0", "found", NEW_YORK, world.start());
    world.confirm("u1", "found", NEW_YORK, world.start() + HOUR);
    next(&mut world);
    next(&mut world);
    let ids = ["early", "later", "found"]
        .map(|point| world.add("u2", point, NEW_YORK, world.start() + HOUR));
    close(&mut world);
    let reasons = ids.map(|id| world.reason(id));
    assert_eq!(reasons, [Reason::Ok, Reason::Duplicate, Reason::Duplicate]);
}

#[test]
fn users_without_history_neither_add_nor_confirm() {
    let mut world = town();
    let at = world.start() + HOUR;
    let add = world.add("new", "bar", CHICAGO, at);
    world.add("u0", "cafe", NEW_YORK, at);
    let confirm = world.confirm("new", "cafe", NEW_YORK, at + DAY);
    let fresh = world.confirm("nobody", "cafe", NEW_YORK, at + DAY);
    close(&mut world);
    for (id, accepted) in [(add, 2), (confirm, 2), (fresh, 0)] {
        let low = (Reason::LowTrust, Some(accepted), Some(3));
        assert_eq!(measured(&world, id), low);
    }
    // With a third check-in both are welcome.
    let mut world = town();
    world.visit("new", "d0", world.start() + DAY);
    next(&mut world);
    let at = world.start() + HOUR;
    world.add("u0", "cafe", NEW_YORK, at);
    let confirm = world.confirm("new", "cafe", NEW_YORK, at + HOUR);
    let add = world.add("new", "bar", NEW_YORK, at + HOUR);
    close(&mut world);
    assert_eq!([add, confirm].map(|id| world.reason(id)), [Reason::Ok; 2]);
}

#[test]
fn a_user_adds_five_points_a_day_and_attempts_count() {
    let mut world = town();
    world.add("u1", "p0", NEW_YORK, world.start());
    let ids: Vec<_> = (0..6)
        .map(|at| {
            let point = format!("p{at}");
            world.add("u0", &point, NEW_YORK, world.start() + (1 + at) * HOUR)
        })
        .collect();
    let tomorrow = world.add("u0", "p5", NEW_YORK, world.start() + DAY);
    close(&mut world);
    let reasons: Vec<_> = ids.iter().map(|id| world.reason(*id)).collect();
    // The first of them was not the first to add that point.
    assert_eq!(reasons[0], Reason::Duplicate);
    assert_eq!(reasons[1..5], [Reason::Ok; 4]);
    assert_eq!(
        measured(&world, ids[5]),
        (Reason::CapUser, Some(6), Some(5))
    );
    assert_eq!(world.reason(tomorrow), Reason::Ok);
}

/// An add with two neighbours of its own and three of `other`'s, or one more of its own.
fn resembling(world: &mut World, user: &str, point: &str, other: &str, shared: i32) -> [u8; 32] {
    let mut proof = world.add_proof(user, point, NEW_YORK, world.start() + 5 * HOUR);
    let beside: Vec<String> = (0..5)
        .map(|at| format!("{} {at}", if at < shared { other } else { point }))
        .collect();
    if let Body::WifiAdd(body) = &mut proof.body {
        body.neighbours = World::scan(beside.iter().map(String::as_str));
    }
    world.submit(&proof, &[(Role::User, user)])
}

#[test]
fn a_copied_scan_is_refused_and_what_strangers_only_claim_keeps_nobody_out() {
    let mut world = town();
    world.add("u0", "cafe", NEW_YORK, world.start() + HOUR);
    world.add("u0", "claim", NEW_YORK, world.start() + HOUR);
    world.confirm("u1", "cafe", NEW_YORK, world.start() + 2 * HOUR);
    // In the same epoch: the adder's own copies.
    let own = resembling(&mut world, "u0", "copy", "cafe", 3);
    let near = resembling(&mut world, "u0", "near", "claim", 2);
    let stranger = resembling(&mut world, "u2", "stranger", "claim", 5);
    let closed = close(&mut world);
    let copied = (Reason::AttestFail, Some(600), Some(600));
    assert_eq!(measured(&world, own), copied);
    assert_eq!(world.reason(near), Reason::Ok);
    assert_eq!(world.reason(stranger), Reason::Ok);
    // In later ones: of a confirmed point anybody's.
    world.next_epoch(&closed);
    let ids = [
        resembling(&mut world, "u3", "a", "cafe", 3),
        resembling(&mut world, "u4", "b", "cafe", 2),
        resembling(&mut world, "u3", "c", "claim", 5),
        resembling(&mut world, "u0", "d", "claim", 4),
    ];
    close(&mut world);
    assert_eq!(measured(&world, ids[0]), copied);
    assert_eq!(world.reason(ids[1]), Reason::Ok);
    assert_eq!(world.reason(ids[2]), Reason::Ok);
    let claimed = (Reason::AttestFail, Some(800), Some(600));
    assert_eq!(measured(&world, ids[3]), claimed);
}

#[test]
fn a_scan_of_fewer_than_three_neighbours_supports_nothing() {
    let mut world = town();
    let at = world.start() + HOUR;
    let ids = [2, 3].map(|count| {
        let mut proof = world.add_proof("u0", &format!("p{count}"), NEW_YORK, at);
        if let Body::WifiAdd(body) = &mut proof.body {
            body.neighbours[count..].fill([0; 32]);
        }
        world.submit(&proof, &[(Role::User, "u0")])
    });
    close(&mut world);
    let few = (Reason::LowTrust, Some(2), Some(3));
    assert_eq!(measured(&world, ids[0]), few);
    assert_eq!(world.reason(ids[1]), Reason::Ok);
}

#[test]
fn a_cell_has_room_for_so_many_points_and_what_nobody_confirmed_takes_none() {
    let mut world = town();
    world.edits = vec![("points_of_cell_max = 20", "points_of_cell_max = 2")];
    let start = world.start();
    for (at, point) in (1..).zip(["a", "b", "c"]) {
        world.add("u0", point, NEW_YORK, start + at * MINUTE);
    }
    let ids = [("u1", "a"), ("u1", "b"), ("u2", "c"), ("u2", "a")];
    let ids = [1, 2, 3, 4].map(|at| {
        let (user, point) = ids[at - 1];
        let hours = i64::try_from(at).unwrap() * HOUR;
        world.confirm(user, point, NEW_YORK, start + hours)
    });
    let closed = close(&mut world);
    let (ok, full) = (Reason::Ok, Reason::CapCell);
    assert_eq!(ids.map(|id| world.reason(id)), [ok, ok, full, ok]);
    assert_eq!(measured(&world, ids[2]), (full, Some(3), Some(2)));
    world.next_epoch(&closed);
    let at = world.start() + HOUR;
    let more = world.add("u0", "d", NEW_YORK, at);
    let elsewhere = world.add("u0", "e", north_of(NEW_YORK, 5_000), at + MINUTE);
    let waiting = world.confirm("u1", "c", NEW_YORK, at);
    let standing = world.confirm("u1", "a", NEW_YORK, at + HOUR);
    close(&mut world);
    assert_eq!(measured(&world, more), (full, Some(2), Some(2)));
    assert_eq!(world.reason(elsewhere), ok);
    assert_eq!(measured(&world, waiting), (full, Some(3), Some(2)));
    assert_eq!(world.reason(standing), ok);
}

#[test]
fn the_cell_is_that_of_the_place_and_the_confirmation_s_that_of_the_add() {
    let mut world = town();
    let at = world.start() + HOUR;
    let mut elsewhere = world.add_proof("u0", "bar", NEW_YORK, at);
    elsewhere.cell = cell_of(CHICAGO);
    let elsewhere = world.submit(&elsewhere, &[(Role::User, "u0")]);
    let mut none = world.add_proof("u0", "pub", NEW_YORK, at);
    none.cell = 12_345;
    let none = world.submit(&none, &[(Role::User, "u0")]);
    world.add("u0", "phone", NEW_YORK, at);
    // The point went with its owner.
    let moved = world.confirm("u1", "phone", north_of(NEW_YORK, 5_000), at + HOUR);
    close(&mut world);
    for id in [elsewhere, none, moved] {
        assert_eq!(world.reason(id), Reason::BadCell);
    }
}
