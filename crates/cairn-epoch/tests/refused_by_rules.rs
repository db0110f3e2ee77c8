//! What rules refuse and no case beside them (`rules/cases/1`) shows: what takes a long day, or files that nobody writes by hand.

mod world;

use cairn_proof::{Body, Reason, Role};
use world::{
    CELL, CHICAGO, COMMITMENT, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, cell_location, north_of,
};

/// A point of Alice's where Bob may check in, and somebody who earns, so that there is a tree.
fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("carol", "point", START + 50 * HOUR);
    world
}

const NOON: i64 = START + 12 * HOUR;

#[test]
fn a_flawless_proof_of_each_kind_is_accepted() {
    let mut world = world();
    world.device("station", "dan", CHICAGO);
    world.stream(1, "partner", 24, 100);
    let visit = world.visit("bob", "point", NOON);
    let beat = world.heartbeat("point", NOON);
    let metric = world.metric("partner", "station", 1, NOON, 1);
    let metric = world.submit(
        &metric,
        &[(Role::Partner, "partner"), (Role::Device, "station")],
    );
    let closed = world.close();
    for id in [visit, beat, metric] {
        assert_eq!(world.reason(id), Reason::Ok);
        assert!(world.pay(id) > 0);
    }
    assert_eq!((closed.accepted, closed.rejected), (4, 0));
}

#[test]
fn the_same_proof_the_same_visit_and_the_same_hour_count_once() {
    let mut world = world();
    let proof = world.check_in("bob", "point", NOON);
    world.submit(&proof, &[(Role::User, "bob")]);
    world.submit(&proof, &[(Role::User, "bob")]);
    let later = world.visit("bob", "point", NOON + 30 * HOUR);
    let beat = world.heartbeat("point", NOON);
    let same_hour = world.heartbeat("point", NOON + 59 * MINUTE);
    let closed = world.close();
    assert_eq!(world.reason(later), Reason::Duplicate);
    assert_eq!(world.reason(beat), Reason::Ok);
    assert_eq!(world.reason(same_hour), Reason::Duplicate);
    assert_eq!(closed.rejected_by_reason[&Reason::Duplicate], 3);
}

#[test]
fn without_an_asserted_place_there_is_nothing_to_check_against() {
    let mut world = world();
    let nowhere = world.device("nowhere", "dan", CHICAGO);
    (nowhere.location_kind, nowhere.location) = (0, [0; 32]);
    let secret = world.device("secret", "dan", CHICAGO);
    (secret.location_kind, secret.location) = (COMMITMENT, [5; 32]);
    // Resolution 8: the registry takes it, rules have no use for it. Refusing the file would let its owner stop the network.
    let coarse = world.device("coarse", "dan", CHICAGO);
    coarse.location_kind = CELL;
    coarse.location = cell_location(0x0882_a100_d2bf_ffff);
    let ids: Vec<_> = ["nowhere", "secret", "coarse"]
        .into_iter()
        .flat_map(|name| [world.heartbeat(name, NOON), world.visit("bob", name, NOON)])
        .collect();
    world.close();
    for id in ids {
        assert_eq!(world.reason(id), Reason::NotAsserted);
    }
}

#[test]
fn a_teleport_is_refused_and_moves_nobody() {
    let mut world = world();
    world.device("ord", "dan", CHICAGO);
    world.device("hnd", "dan", TOKYO);
    let home = world.visit("bob", "point", NOON);
    // 10,000 km in an hour, then New York to Chicago, 1,145 km, in two.
    let teleport = world.visit("bob", "hnd", NOON + HOUR);
    let flight = world.visit("bob", "ord", NOON + 2 * HOUR);
    world.close();
    assert_eq!(world.reason(home), Reason::Ok);
    assert_eq!(world.reason(teleport), Reason::ImpossibleSpeed);
    assert_eq!(world.decision(teleport).bound, Some(900_000));
    assert_eq!(world.reason(flight), Reason::Ok);
}

#[test]
fn an_old_challenge_and_a_short_session_do_not_attest_a_stay() {
    let mut world = world();
    let mut attempt = |hour: i64, challenge_age_ms: i64, session_secs: u32| {
        let mut proof = world.check_in("bob", "point", NOON + hour * HOUR);
        if let Body::WifiCheckIn(check_in) = &mut proof.body {
            check_in.challenge_at_ms = proof.observed_at_ms - challenge_age_ms;
            check_in.session_secs = session_secs;
        }
        world.submit(&proof, &[(Role::User, "bob")])
    };
    let refused = [
        attempt(0, 60_001, 600),
        attempt(1, -1, 600),
        attempt(2, 1_000, 119),
    ];
    let extreme = attempt(3, i64::MIN / 2, 600);
    let accepted = attempt(4, 60_000, 120);
    world.close();
    for id in refused {
        assert_eq!(world.reason(id), Reason::AttestFail);
    }
    assert_eq!(world.reason(extreme), Reason::AttestFail);
    assert_eq!(world.reason(accepted), Reason::Ok);
}

#[test]
fn a_user_is_paid_at_ten_points_a_day() {
    let mut world = world();
    let mut ids = Vec::new();
    for at in 0..12_i32 {
        let name = format!("p{at}");
        world.device(&name, "dan", north_of(NEW_YORK, 500 * at));
        ids.push(world.visit("bob", &name, START + i64::from(at) * HOUR));
    }
    // The next day counts anew, also where yesterday's visit was one too many.
    let tomorrow = world.visit("bob", "p11", START + 24 * HOUR);
    let again = world.visit("bob", "p0", START + 25 * HOUR);
    world.close();
    let reasons: Vec<Reason> = ids.iter().map(|id| world.reason(*id)).collect();
    assert_eq!(reasons[..10], [Reason::Ok; 10]);
    assert_eq!(reasons[10..], [Reason::CapUser; 2]);
    assert_eq!(world.decision(ids[11]).found, Some(12));
    assert_eq!(world.reason(tomorrow), Reason::Ok);
    assert_eq!(world.reason(again), Reason::Duplicate);
}

#[test]
fn a_meter_that_does_not_rise_is_a_replay() {
    let mut world = world();
    world.stream(1, "partner", 24, 100);
    let mut read = |hour: i64, counter: u64| {
        let proof = world.metric("partner", "point", 1, START + hour * HOUR, counter);
        world.submit(
            &proof,
            &[(Role::Partner, "partner"), (Role::Device, "point")],
        )
    };
    let ids = [read(0, 10), read(1, 10), read(2, 9), read(3, 11)];
    world.close();
    let reasons: Vec<Reason> = ids.iter().map(|id| world.reason(*id)).collect();
    assert_eq!(
        reasons,
        [Reason::Ok, Reason::ReplaySeq, Reason::ReplaySeq, Reason::Ok]
    );
}
