//! What proofs are worth, calculated by hand from the numbers of the protocol.

mod world;

use cairn_epoch::{PotEntry, load_claim};
use cairn_proof::{Body, Role};
use world::{
    CHICAGO, EMISSION, HOUR, MINUTE, NEW_YORK, START, WEEK_HOURS, World, cross_in_one_cell, key,
    north_of,
};

const NOON: i64 = START + 12 * HOUR;

fn pot<'a>(pots: &'a [PotEntry], name: &str) -> &'a PotEntry {
    pots.iter().find(|pot| pot.name == name).expect("the pot")
}

#[test]
fn a_point_s_week_is_shared_by_its_visitors() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("quiet", "alice", CHICAGO);
    let crowd: Vec<_> = (0..3)
        .map(|at| world.visit(&format!("user{at}"), "point", NOON + at * HOUR))
        .collect();
    let alone = world.visit("user9", "quiet", NOON);
    world.close();
    // Charged for a week: 10,000 milli-points. Three new users of weight 500: floor(10,000 × 500 / 1,500) each.
    for id in crowd {
        assert_eq!(world.pay(id), 3_333);
    }
    // One new user alone: 500 of at least 1,000, so half; the other half is nobody's.
    assert_eq!(world.pay(alone), 5_000);
    let decision = world.decision(alone);
    assert_eq!(
        (decision.base, decision.share, decision.whole),
        (Some(10_000 * 168), Some(500), Some(168 * 1_000))
    );
}

#[test]
fn a_point_charges_by_the_hour_and_a_known_user_weighs_twice_a_new_one() {
    let mut world = World::new();
    // Half weeks: a point that is new this epoch has charged for half a week when it ends.
    world.terms.calendar.epoch_hours = 84;
    for at in 0..3_i32 {
        world.device(&format!("p{at}"), "alice", north_of(NEW_YORK, 1_000 * at));
    }
    for at in 0..3 {
        world.visit("bob", &format!("p{at}"), NOON + at * HOUR);
    }
    let closed = world.close();
    world.next_epoch(&closed);
    let start = world.start();
    world.device("young", "alice", CHICAGO);
    let known = world.visit("bob", "young", start + 40 * HOUR);
    let new = world.visit("carol", "young", start + 41 * HOUR);
    let old_point = world.visit("carol", "p0", start + 20 * HOUR);
    world.close();
    // 5,000 shared 1,000 : 500.
    assert_eq!(world.pay(known), 3_333);
    assert_eq!(world.pay(new), 1_666);
    // p0 paid at the end of the last epoch and has charged for 84 hours since; one new visitor takes half a weight.
    assert_eq!(world.pay(old_point), 2_500);
}

#[test]
fn a_swarm_of_accounts_on_one_point_earns_no_more_than_one_visitor_could() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    let ids: Vec<_> = (0..100)
        .map(|at| world.visit(&format!("sybil{at}"), "point", START + at * HOUR))
        .collect();
    world.close();
    let sum: u64 = ids.iter().map(|id| world.pay(*id)).sum();
    assert!((9_900..=10_000).contains(&sum), "{sum}");
}

#[test]
fn an_hour_is_worth_a_point_times_place_contact_and_machine() {
    let mut world = World::new();
    world.device("router", "alice", NEW_YORK);
    let miner = world.device("miner", "dan", CHICAGO);
    (miner.model, miner.issuer) = (2, [1; 32]);
    world
        .device("unlicensed", "eve", north_of(CHICAGO, 5_000))
        .model = 2;
    // Without a visitor a device's own word for its use counts a quarter.
    let unseen = world.heartbeat("router", NOON);
    let licensed = world.heartbeat("miner", NOON);
    let unlicensed = world.heartbeat("unlicensed", NOON);
    world.visit("bob", "router", NOON + HOUR);
    let seen = world.heartbeat("router", NOON + 2 * HOUR);
    let mut denied = world.beat("router", NOON + 3 * HOUR);
    if let Body::HotspotBeat(beat) = &mut denied.body {
        beat.contact = false;
    }
    let denied = world.submit(&denied, &[(Role::Device, "router")]);
    let mut outskirts = world.beat("router", NOON + 4 * HOUR);
    if let Body::HotspotBeat(beat) = &mut outskirts.body {
        (beat.lat_e7, beat.lon_e7) = north_of(NEW_YORK, 350);
    }
    let outskirts = world.submit(&outskirts, &[(Role::Device, "router")]);
    let pay = |world: &World, id| world.pay(id);
    world.close();
    assert_eq!(pay(&world, unseen), 250);
    assert_eq!(pay(&world, licensed), 500);
    assert_eq!(pay(&world, unlicensed), 250);
    assert_eq!(pay(&world, seen), 1_000);
    assert_eq!(pay(&world, denied), 250);
    assert_eq!(pay(&world, outskirts), 250);
    let decision = world.decision(seen);
    assert_eq!(decision.base, Some(1_000));
    assert_eq!(
        (decision.share, decision.whole),
        (Some(10_i64.pow(18)), Some(10_i64.pow(18)))
    );
}

#[test]
fn contact_lasts_a_week_and_across_epochs() {
    let mut world = World::new();
    world.device("router", "alice", NEW_YORK);
    world.visit("bob", "router", START + 100 * HOUR + MINUTE);
    let closed = world.close();
    world.next_epoch(&closed);
    // Hour 100 of the last epoch is 168 hours before hour 100 of this one.
    let last = world.heartbeat("router", world.start() + 99 * HOUR);
    let past = world.heartbeat("router", world.start() + 100 * HOUR);
    world.close();
    assert_eq!(world.pay(last), 1_000);
    assert_eq!(world.pay(past), 250);
}

#[test]
fn better_uptime_outranks_seniority_within_a_cell() {
    let mut world = World::new();
    let cross = cross_in_one_cell();
    world.device("old", "alice", cross[0]);
    world.device("new", "bob", cross[1]);
    let old = world.heartbeat("old", NOON);
    world.beat_all_week("new");
    world.close();
    assert_eq!(world.pay(old), 125);
    assert_eq!(
        world
            .decision(old)
            .share
            .map(|share| share / 10_i64.pow(15)),
        Some(125)
    );
}

#[test]
fn an_owner_s_devices_count_less_beyond_twenty() {
    let mut world = World::new();
    for at in 0..21_i32 {
        world.device(&format!("d{at}"), "dan", north_of(NEW_YORK, at * 2_000));
    }
    let ids: Vec<_> = (0..21)
        .map(|at| world.heartbeat(&format!("d{at}"), NOON))
        .collect();
    world.close();
    assert_eq!(world.pay(ids[19]), 250);
    assert_eq!(world.pay(ids[20]), 125);
}

#[test]
fn a_metric_pays_quantity_times_rate_times_quality_to_the_device_s_owner() {
    let mut world = World::new();
    world.device("station", "dan", NEW_YORK);
    world.stream(4, "partner", 100, 70);
    let mut proof = world.metric("partner", "station", 4, NOON, 9);
    if let Body::PartnerMetric(metric) = &mut proof.body {
        (metric.quantity, metric.quality_permille) = (9, 333);
    }
    let id = world.submit(
        &proof,
        &[(Role::Partner, "partner"), (Role::Device, "station")],
    );
    world.close();
    // floor(9 × 70 × 333 / 1,000) = floor(209.79)
    let decision = world.decision(id);
    assert_eq!((decision.milli_points.get(), decision.stream), (209, 4));
    assert_eq!(decision.beneficiary, Some(key("dan")));
}

#[test]
fn tokens_follow_points_within_a_pot_and_the_rest_stays() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("far", "dan", CHICAGO);
    for user in ["bob", "carol", "eve"] {
        world.visit(user, "point", NOON);
    }
    world.heartbeat("far", NOON);
    let closed = world.close();
    let pots = &closed.manifest.pots;
    // Check-ins: 15 % of 10^12; three times 3,333 milli-points against a floor of 100,000.
    let check_in = pot(pots, "check_in");
    assert_eq!(check_in.emission.get(), 150_000_000_000);
    assert_eq!(check_in.milli_points.get(), 9_999);
    let allocated = 3 * (150_000_000_000 * 3_333 / 100_000);
    assert_eq!(check_in.allocated.get(), allocated);
    assert_eq!(check_in.unallocated.get(), 150_000_000_000 - allocated);
    let bob = load_claim(&world.dir(), &key("bob")).unwrap();
    assert_eq!((bob.points.get(), bob.tokens.get()), (3_333, 4_999_500_000));
    // Hotspots: 40 %, 250 milli-points.
    let dan = load_claim(&world.dir(), &key("dan")).unwrap();
    assert_eq!(dan.tokens.get(), 400_000_000_000 * 250 / 100_000);
    // Nobody carried traffic.
    let traffic = pot(pots, "traffic");
    assert_eq!(
        (traffic.allocated.get(), traffic.unallocated.get()),
        (0, 250_000_000_000)
    );
    assert_eq!(
        closed.totals.tokens_epoch.get() + closed.totals.unallocated.get(),
        EMISSION
    );
    assert_eq!(closed.root.sum(), closed.totals.tokens);
}

#[test]
fn streams_do_not_dilute_each_other() {
    let mut world = World::new();
    world.device("station", "dan", NEW_YORK);
    world.device("flood", "mallory", CHICAGO);
    world.stream(1, "partner", 24, 1_000).pot_permille = 250;
    world
        .stream(2, "flooder", 1_000_000, 1_000_000)
        .pot_permille = 750;
    let proof = world.metric("partner", "station", 1, NOON, 1);
    world.submit(
        &proof,
        &[(Role::Partner, "partner"), (Role::Device, "station")],
    );
    for hour in 0..WEEK_HOURS {
        let mut proof = world.metric(
            "flooder",
            "flood",
            2,
            START + hour * HOUR,
            1 + u64::try_from(hour).unwrap(),
        );
        if let Body::PartnerMetric(metric) = &mut proof.body {
            metric.quantity = 10_000;
        }
        world.submit(
            &proof,
            &[(Role::Partner, "flooder"), (Role::Device, "flood")],
        );
    }
    let closed = world.close();
    // 10 % of 10^12, a quarter of it for stream 1, whose floor is 10,000 milli-points.
    let honest = pot(&closed.manifest.pots, "partner/1");
    assert_eq!(
        (honest.emission.get(), honest.allocated.get()),
        (25_000_000_000, 25_000_000_000 * 1_000 / 10_000)
    );
    let flooded = pot(&closed.manifest.pots, "partner/2");
    assert_eq!(
        (flooded.emission.get(), flooded.allocated.get()),
        (75_000_000_000, 75_000_000_000)
    );
}
