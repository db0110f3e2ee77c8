//! Every reason that the rules of the shipped ruleset can give, each reached by one small case.

mod world;

use cairn_proof::{Body, Reason, Role};
use world::{
    CELL, CHICAGO, COMMITMENT, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, cell_location,
    cross_in_one_cell, north_of,
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
fn nobody_checks_in_at_his_own_point_nor_at_his_cluster_s() {
    let mut world = world();
    let own = world.visit("alice", "point", NOON);
    // Alice and Zoe have registered the same machine: they count as one.
    world.device("first", "alice", CHICAGO).hardware = [5; 32];
    world.device("second", "zoe", TOKYO).hardware = [5; 32];
    let partner = world.visit("zoe", "point", NOON);
    world.close();
    assert_eq!(world.reason(own), Reason::SelfDeal);
    assert_eq!(world.reason(partner), Reason::SelfDeal);
}

#[test]
fn a_machine_registered_twice_earns_once() {
    let mut world = world();
    world.device("original", "dan", CHICAGO).hardware = [5; 32];
    world.device("copy", "mallory", TOKYO).hardware = [5; 32];
    let original = world.heartbeat("original", NOON);
    let copy = world.heartbeat("copy", NOON);
    let visit = world.visit("bob", "copy", NOON);
    world.close();
    assert_eq!(world.reason(original), Reason::Ok);
    assert_eq!(world.reason(copy), Reason::Cluster);
    assert_eq!(world.reason(visit), Reason::Cluster);
    assert_eq!(world.decision(copy).found, Some(2));
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
fn a_cell_that_is_none_or_another_one_is_refused() {
    let mut world = world();
    let mut none = world.beat("point", NOON);
    none.cell = 12_345;
    let none = world.submit(&none, &[(Role::Device, "point")]);
    let mut elsewhere = world.check_in("bob", "point", NOON);
    elsewhere.cell = cairn_epoch::asserted_cell(CHICAGO.0, CHICAGO.1).unwrap();
    let elsewhere = world.submit(&elsewhere, &[(Role::User, "bob")]);
    world.close();
    assert_eq!(world.reason(none), Reason::BadCell);
    assert_eq!(world.reason(elsewhere), Reason::BadCell);
}

#[test]
fn a_beat_from_more_than_400_metres_away_is_too_far() {
    let mut world = world();
    let mut beat_at = |metres: i32, hour: i64| {
        let mut proof = world.beat("point", NOON + hour * HOUR);
        if let Body::HotspotBeat(beat) = &mut proof.body {
            (beat.lat_e7, beat.lon_e7) = north_of(NEW_YORK, metres);
        }
        world.submit(&proof, &[(Role::Device, "point")])
    };
    let (near, far, too_far) = (beat_at(299, 0), beat_at(399, 1), beat_at(402, 2));
    world.close();
    assert_eq!(world.reason(near), Reason::Ok);
    assert_eq!(world.reason(far), Reason::Ok);
    // A quarter without a visitor; a quarter of that on the outskirts.
    assert_eq!(world.pay(near), 250);
    assert_eq!(world.pay(far), 62);
    assert_eq!(world.reason(too_far), Reason::TooFar);
    assert_eq!(world.decision(too_far).bound, Some(400));
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
fn thin_evidence_is_refused_as_low_trust() {
    let mut world = world();
    let mut scan = world.check_in("bob", "point", NOON);
    if let Body::WifiCheckIn(check_in) = &mut scan.body {
        check_in.scan_overlap_permille = 299;
    }
    let scan = world.submit(&scan, &[(Role::User, "bob")]);
    world.device("meter", "dan", CHICAGO);
    world.stream(1, "partner", 24, 100);
    let mut alone = world.metric("partner", "meter", 1, NOON, 1);
    if let Body::PartnerMetric(metric) = &mut alone.body {
        metric.second_source = false;
    }
    let alone = world.submit(
        &alone,
        &[(Role::Partner, "partner"), (Role::Device, "meter")],
    );
    world.close();
    for id in [scan, alone] {
        assert_eq!(world.reason(id), Reason::LowTrust);
    }
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
fn a_device_delivers_up_to_its_daily_ceiling() {
    let mut world = world();
    world.stream(1, "partner", 3, 100);
    let mut ids = Vec::new();
    for hour in 0..4 {
        let proof = world.metric(
            "partner",
            "point",
            1,
            START + hour * HOUR,
            1 + u64::try_from(hour).unwrap(),
        );
        ids.push(world.submit(
            &proof,
            &[(Role::Partner, "partner"), (Role::Device, "point")],
        ));
    }
    let mut greedy = world.metric("partner", "point", 1, START + 30 * HOUR, 100);
    if let Body::PartnerMetric(metric) = &mut greedy.body {
        metric.quantity = i64::MAX as u64;
    }
    let greedy = world.submit(
        &greedy,
        &[(Role::Partner, "partner"), (Role::Device, "point")],
    );
    world.close();
    let reasons: Vec<Reason> = ids.iter().map(|id| world.reason(*id)).collect();
    assert_eq!(
        reasons,
        [Reason::Ok, Reason::Ok, Reason::Ok, Reason::CapDevice]
    );
    assert_eq!(world.decision(ids[3]).found, Some(4));
    assert_eq!(world.reason(greedy), Reason::CapDevice);
}

#[test]
fn three_devices_a_cell_are_paid_and_none_beside_an_older_one() {
    let mut world = World::new();
    // Five in one cell of resolution 9, 110 m apart, then one 30 m from the first.
    let places = cross_in_one_cell();
    let names: Vec<String> = (0..places.len()).map(|at| format!("d{at}")).collect();
    for (at, place) in places.into_iter().enumerate() {
        world.device(&names[at], &format!("owner{at}"), place);
    }
    world.device("beside", "neighbour", north_of(places[0], 30));
    let ids: Vec<_> = names
        .iter()
        .map(|name| world.heartbeat(name, NOON))
        .collect();
    let beside = world.heartbeat("beside", NOON);
    world.close();
    let paid: Vec<u64> = ids.iter().map(|id| world.pay(*id)).collect();
    // Rank 1 whole, rank 2 half, rank 3 a quarter; without a visitor a quarter of each.
    assert_eq!(paid, [250, 125, 62, 0, 0]);
    assert_eq!(world.reason(ids[3]), Reason::CapCell);
    assert_eq!(world.decision(ids[3]).found, Some(4));
    assert_eq!(world.reason(beside), Reason::CapCell);
    assert_eq!(world.decision(beside).bound, Some(100));
}

#[test]
fn an_owner_s_further_devices_are_refused_where_the_ruleset_pays_them_nothing() {
    let mut world = World::new();
    for at in 0..3_i32 {
        world.device(&format!("d{at}"), "dan", north_of(NEW_YORK, at * 2_000));
    }
    let ids: Vec<_> = (0..3)
        .map(|at| world.heartbeat(&format!("d{at}"), NOON))
        .collect();
    let dir = world.freeze();
    let path = dir.join("inputs/ruleset.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("tier_1_devices = 20", "tier_1_devices = 1")
        .replace("tier_2_devices = 100", "tier_2_devices = 2")
        .replace("tier_3_permille = 250", "tier_3_permille = 0");
    std::fs::write(&path, text).unwrap();
    cairn_epoch::close(&dir, &cairn_epoch::Silent).unwrap();
    let paid: Vec<u64> = ids.iter().map(|id| world.pay(*id)).collect();
    assert_eq!(paid, [250, 125, 0]);
    assert_eq!(world.reason(ids[2]), Reason::CapOwner);
}

#[test]
fn quality_below_the_lowest_tier_fails() {
    let mut world = world();
    world.stream(1, "partner", 24, 100);
    let mut proof = world.metric("partner", "point", 1, NOON, 1);
    if let Body::PartnerMetric(metric) = &mut proof.body {
        metric.quality_permille = 0;
    }
    let id = world.submit(
        &proof,
        &[(Role::Partner, "partner"), (Role::Device, "point")],
    );
    world.close();
    assert_eq!(world.reason(id), Reason::QosFail);
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
