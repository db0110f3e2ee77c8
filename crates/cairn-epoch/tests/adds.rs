//! Access points that users add: paid when others come, as long as they come, and to nobody who only says so.

mod world;

use cairn_epoch::{Closed, Decision, Query, why};
use cairn_proof::{Body, Reason, Role};
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, cell_of, key, north_of, scan};

const DAY: i64 = 24 * HOUR;
/// Users that are known from the second week on: u0 to u9.
const KNOWN: i32 = 10;

/// A week in which ten users came to be known, and the start of the next.
fn town() -> World {
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
fn next(world: &mut World) {
    let closed = close(world);
    world.next_epoch(&closed);
}

fn close(world: &mut World) -> Closed {
    let last = world.start() + 167 * HOUR;
    world.visit("u9", "d0", last);
    world.close()
}

/// What the decision pays the adder.
fn adder_s(decision: &Decision) -> u64 {
    decision.also.map_or(0, |also| also.milli_points.get())
}

fn measured(world: &World, id: [u8; 32]) -> (Reason, Option<i64>, Option<i64>) {
    let decision = world.decision(id);
    (decision.reason, decision.found, decision.bound)
}

#[test]
fn ten_points_at_the_first_check_in_and_forty_over_thirty_days_and_no_more() {
    let mut world = town();
    let added = world.add("u0", "cafe", NEW_YORK, world.start() + HOUR);
    let start = world.start() + 2 * HOUR;
    let ids = [1, 2, 3, 4].map(|user| {
        let user = format!("u{user}");
        world.confirm(&user, "cafe", NEW_YORK, start)
    });
    let mut closed = close(&mut world);
    assert_eq!((world.reason(added), world.pay(added)), (Reason::Ok, 0));
    // Who confirms has something of it, three of an epoch.
    assert_eq!(ids.map(|id| world.reason(id)), [Reason::Ok; 4]);
    let mut paid = ids.map(|id| world.pay(id));
    paid.sort_unstable();
    assert_eq!(paid, [0, 1_000, 1_000, 1_000]);
    let parts: Vec<Decision> = ids
        .map(|id| world.decision(id))
        .into_iter()
        .filter(|decision| decision.also.is_some())
        .collect();
    let [first] = &parts[..] else {
        panic!("one confirmation pays the adder");
    };
    // 166 of 720 hours.
    assert_eq!(adder_s(first), 10_000 + 40_000 * 166 / 720);
    let also = first.also.unwrap();
    assert_eq!((also.beneficiary, also.pot, first.pot), (key("u0"), 4, 4));
    let mut sum = adder_s(first);
    for (week, hours) in [(2, 334), (3, 502), (4, 670), (5, 720), (6, 720)] {
        world.next_epoch(&closed);
        let id = world.confirm("u1", "cafe", NEW_YORK, world.start() + HOUR);
        let other = world.confirm(
            &format!("u{}", week % 3 + 2),
            "cafe",
            NEW_YORK,
            world.start() + HOUR,
        );
        let third = world.confirm("u5", "cafe", NEW_YORK, world.start() + 2 * HOUR);
        closed = close(&mut world);
        sum += [id, other, third]
            .map(|id| adder_s(&world.decision(id)))
            .iter()
            .sum::<u64>();
        assert_eq!(sum, 10_000 + 40_000 * hours / 720, "week {week}");
    }
    assert_eq!(sum, 50_000);
}

#[test]
fn hours_vest_only_while_three_users_have_confirmed_within_thirty_days() {
    let mut world = town();
    world.add("u0", "cafe", NEW_YORK, world.start());
    let start = world.start() + HOUR;
    let first = world.confirm("u1", "cafe", NEW_YORK, start);
    let second = world.confirm("u2", "cafe", NEW_YORK, start + HOUR);
    let again = world.confirm("u2", "cafe", NEW_YORK, start + 2 * HOUR);
    let closed = close(&mut world);
    let two = [first, second].map(|id| adder_s(&world.decision(id)));
    assert_eq!(two, [10_000, 0]);
    assert_eq!(
        measured(&world, again),
        (Reason::Duplicate, Some(2), Some(1))
    );
    // Three in two weeks: this week vests, not the last.
    world.next_epoch(&closed);
    let third = world.confirm("u3", "cafe", NEW_YORK, world.start() + HOUR);
    let closed = close(&mut world);
    assert_eq!(adder_s(&world.decision(third)), 40_000 * 168 / 720);
    // A week that nobody comes in vests nothing; and the first two drop out after thirty days.
    world.next_epoch(&closed);
    for _ in 0..2 {
        next(&mut world);
    }
    let late = world.confirm("u4", "cafe", NEW_YORK, world.start() + HOUR);
    close(&mut world);
    assert_eq!(
        (world.pay(late), adder_s(&world.decision(late))),
        (1_000, 0)
    );
}

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
fn who_added_a_point_does_not_confirm_it_nor_does_an_owner_of_the_same_machine() {
    let mut world = town();
    world.device("first", "u0", CHICAGO).hardware = [5; 32];
    world.device("second", "u1", TOKYO).hardware = [5; 32];
    world.add("u0", "cafe", NEW_YORK, world.start() + HOUR);
    let ids = ["u0", "u1", "u2"]
        .map(|user| world.confirm(user, "cafe", NEW_YORK, world.start() + 2 * HOUR));
    close(&mut world);
    let reasons = ids.map(|id| world.reason(id));
    assert_eq!(reasons, [Reason::SelfDeal, Reason::SelfDeal, Reason::Ok]);
    assert_eq!(adder_s(&world.decision(ids[2])), 10_000);
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
        body.neighbours = scan(beside.iter().map(String::as_str));
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

#[test]
fn who_adds_or_confirms_has_travelled_there() {
    let mut world = town();
    let at = world.start() + HOUR;
    world.visit("u0", "d0", at);
    let teleport = world.add("u0", "soba", TOKYO, at + HOUR);
    let flown = world.add("u0", "deli", CHICAGO, at + 2 * HOUR);
    let back = world.confirm("u0", "cafe", NEW_YORK, at + 3 * HOUR);
    world.add("u1", "cafe", NEW_YORK, at);
    let there = world.confirm("u1", "deli", CHICAGO, at + 3 * HOUR);
    close(&mut world);
    let decision = world.decision(teleport);
    assert_eq!(decision.reason, Reason::ImpossibleSpeed);
    assert_eq!(decision.bound, Some(900_000));
    assert_eq!(world.reason(flown), Reason::Ok);
    // From Chicago in an hour.
    assert_eq!(world.reason(back), Reason::ImpossibleSpeed);
    assert_eq!(world.reason(there), Reason::Ok);
}

#[test]
fn a_check_in_at_an_added_point_is_judged_as_any_other() {
    let mut world = town();
    let at = world.start() + HOUR;
    world.add("u0", "cafe", NEW_YORK, at);
    let mut attempt = |user: &str, age_ms: i64, secs: u32, overlap: u16| {
        let mut proof = world.confirmation(user, "cafe", NEW_YORK, at + HOUR);
        if let Body::WifiCheckIn(body) = &mut proof.body {
            body.challenge_at_ms = proof.observed_at_ms - age_ms;
            (body.session_secs, body.scan_overlap_permille) = (secs, overlap);
        }
        world.submit(&proof, &[(Role::User, user)])
    };
    let ids = [
        attempt("u1", 60_001, 120, 300),
        attempt("u2", -1, 120, 300),
        attempt("u3", 60_000, 119, 300),
        attempt("u4", 60_000, 120, 299),
        attempt("u5", 60_000, 120, 300),
    ];
    let forged = world.confirmation("u6", "cafe", NEW_YORK, at + HOUR);
    let forged = world.submit(&forged, &[(Role::User, "u7")]);
    let early = world.confirm("u7", "cafe", NEW_YORK, at - MINUTE);
    let nowhere = world.confirm("u7", "no point", NEW_YORK, at + HOUR);
    close(&mut world);
    let found = ids[..4].iter().map(|id| measured(&world, *id));
    let attest = Reason::AttestFail;
    assert!(found.eq([
        (attest, Some(60_001), Some(60_000)),
        (attest, Some(-1), Some(60_000)),
        (attest, Some(119), Some(120)),
        (Reason::LowTrust, Some(299), Some(300)),
    ]));
    assert_eq!(world.reason(ids[4]), Reason::Ok);
    assert_eq!(world.reason(forged), Reason::BadSig);
    // Nobody had added it yet.
    assert_eq!(world.reason(early), Reason::UnknownKey);
    assert_eq!(world.reason(nowhere), Reason::UnknownKey);
}

#[test]
fn ten_points_a_day_are_those_of_devices_and_added_ones_together() {
    let mut world = town();
    for (at, point) in (0..9).zip(["a", "b", "c", "d", "e", "f", "g", "h", "i"]) {
        let adder = if at < 5 { "u0" } else { "u2" };
        world.add(adder, point, NEW_YORK, world.start() + at);
    }
    world.visit("u1", "d0", world.start() + HOUR);
    world.visit("u1", "d1", world.start() + 2 * HOUR);
    let ids: Vec<_> = (3..12)
        .zip(["a", "b", "c", "d", "e", "f", "g", "h", "i"])
        .map(|(at, point)| world.confirm("u1", point, NEW_YORK, world.start() + at * HOUR))
        .collect();
    let tomorrow = world.confirm("u1", "i", NEW_YORK, world.start() + DAY);
    close(&mut world);
    for id in &ids[..8] {
        assert_eq!(world.reason(*id), Reason::Ok);
    }
    let eleventh = measured(&world, ids[8]);
    assert_eq!(eleventh, (Reason::CapUser, Some(11), Some(10)));
    // The attempt was this point's one of the epoch.
    assert_eq!(world.reason(tomorrow), Reason::Duplicate);
}

#[test]
fn why_tells_who_confirmed_what_the_adder_earned_by_it() {
    let mut world = town();
    world.add("u0", "cafe", NEW_YORK, world.start() + HOUR);
    let id = world.confirm("u1", "cafe", NEW_YORK, world.start() + 2 * HOUR);
    close(&mut world);
    let answers = why(&world.dir(), Query::Owner(key("u0"))).unwrap();
    let [added, earned] = &answers[..] else {
        panic!("an add, and what came of it");
    };
    assert_eq!((added.kind, added.is_accepted()), (Some("wifi_add"), true));
    assert_eq!((added.base, &added.pot), (None, &None));
    assert_eq!(earned.proof_id, hex::encode(id));
    assert_eq!(earned.also_milli_points.get(), 10_000);
    assert_eq!(earned.pot.as_deref(), Some("add"));
    let point = cairn_spelling::text::base58(&key("cafe"));
    assert_eq!(earned.device.as_deref(), Some(point.as_str()));
    let at_point = why(&world.dir(), Query::Device(key("cafe"))).unwrap();
    assert_eq!(at_point.len(), 2);
}
