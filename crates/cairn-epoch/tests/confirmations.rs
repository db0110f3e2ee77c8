//! Check-ins at access points that users added: they pay the adder as long as others come, and nobody who only says so.

mod world;

use cairn_epoch::{Decision, Query, why};
use cairn_proof::{Body, Reason, Role};
use world::town::{adder_s, close, measured, next, town};
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, TOKYO, key};

const DAY: i64 = 24 * HOUR;

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
fn who_confirmed_within_the_window_counts_to_its_last_hour() {
    for (hour, vested) in [(0, 0), (1, 40_000 * 168 / 720)] {
        let mut world = town();
        world.edits = vec![("window_hours = 720", "window_hours = 336")];
        let start = world.start();
        world.add("u0", "cafe", NEW_YORK, start);
        world.confirm("u1", "cafe", NEW_YORK, start + hour * HOUR + MINUTE);
        world.confirm("u2", "cafe", NEW_YORK, start + 2 * HOUR);
        next(&mut world);
        // The window ends with this week, and started with the last.
        let third = world.confirm("u3", "cafe", NEW_YORK, world.start() + HOUR);
        close(&mut world);
        assert_eq!(adder_s(&world.decision(third)), vested, "hour {hour}");
    }
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
