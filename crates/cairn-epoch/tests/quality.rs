//! What validators measure decides what a hotspot's hours are worth.

mod world;

use cairn_epoch::DeviceStatus;
use cairn_proof::{Body, QosProbe, Reason, Role};
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, key};

/// What a beat pays at the full tier, without contact.
const BEAT: u64 = 250;
const DAY: i64 = 24 * HOUR;

/// A point of Alice's and a validator of Val's, which the registry has shown for 30 days when the second epoch starts.
fn world() -> World {
    after(720)
}

/// As [`world`], after a first epoch of so many hours.
fn after(hours: u32) -> World {
    let mut world = World::new();
    world.terms.calendar.epoch_hours = hours;
    world.device("point", "alice", NEW_YORK);
    world.device("far", "alice", TOKYO);
    world.validator("validator", "val", CHICAGO);
    world.visit("carol", "point", START + HOUR);
    let first = world.close();
    world.next_epoch(&first);
    world.visit("carol", "far", world.start() + 48 * HOUR);
    world
}

/// Both the probes of `device` that make a tier, in the first hours of a day.
fn probed(
    world: &mut World,
    device: &str,
    day: i64,
    change: impl Fn(&mut QosProbe),
) -> [[u8; 32]; 2] {
    [0, 1].map(|hour| {
        let at_ms = world.start() + day * DAY + hour * HOUR + MINUTE;
        let mut proof = world.probe("validator", device, at_ms);
        if let Body::QosProbe(body) = &mut proof.body {
            change(body);
        }
        world.probed(&proof, "validator", device)
    })
}

#[test]
fn two_probes_count_for_their_day_and_the_next_across_epochs_too() {
    let mut world = world();
    probed(&mut world, "point", 2, |_| {});
    let single = world.probe("validator", "point", world.start() + 6 * DAY + HOUR);
    world.probed(&single, "validator", "point");
    let beats = [1, 2, 3, 4, 6].map(|day| {
        let beat = world.heartbeat("point", world.start() + day * DAY + 5 * HOUR);
        (day, beat)
    });
    let last = 29;
    for hour in [0, 1] {
        world.anchor_at(world.start() + last * DAY + hour * HOUR);
    }
    let near_the_end = probed(&mut world, "point", last, |it| it.rtt_ms = 50);
    let closed = world.close();
    for (day, id) in beats {
        let pays = if matches!(day, 2 | 3) { BEAT } else { BEAT / 2 };
        assert_eq!(world.pay(id), pays, "day {day}");
    }
    for id in near_the_end {
        assert_eq!(world.reason(id), Reason::Ok);
    }
    world.next_epoch(&closed);
    let beats = [0, 1].map(|day| {
        let at_ms = world.start() + day * DAY + HOUR;
        world.heartbeat("point", at_ms)
    });
    world.close();
    assert_eq!(beats.map(|id| world.pay(id)), [BEAT * 3 / 4, BEAT / 2]);
}

#[test]
fn a_validator_is_old_enough_endorsed_and_nobody_s_own() {
    let young = |hours: i64| {
        let mut world = after(719);
        let at_ms = world.start() + (hours - 719) * HOUR + MINUTE;
        let proof = world.probe("validator", "point", at_ms);
        let id = world.probed(&proof, "validator", "point");
        world.close();
        world.decision(id)
    };
    let refused = young(719);
    assert_eq!(refused.reason, Reason::LowTrust);
    assert_eq!((refused.found, refused.bound), (Some(719), Some(720)));
    assert_eq!(young(720).reason, Reason::Ok);

    let mut world = world();
    let noon = world.start() + 12 * HOUR;
    world.validator("own", "alice", CHICAGO);
    world.validator("plain", "zoe", CHICAGO).issuer = [0; 32];
    world.validator("banned", "zoe", CHICAGO).status = DeviceStatus::Banned;
    let by = |world: &mut World, who: &str| {
        let proof = world.probe(who, "point", noon);
        world.probed(&proof, who, "point")
    };
    let [own, plain, banned, router, stranger] =
        ["own", "plain", "banned", "far", "nobody"].map(|who| by(&mut world, who));
    let unsigned = world.probe("validator", "point", noon);
    let unsigned = world.submit(&unsigned, &[(Role::Device, "point")]);
    let first = by(&mut world, "validator");
    let again = by(&mut world, "validator");
    world.close();
    assert_eq!(world.reason(own), Reason::SelfDeal);
    assert_eq!(world.reason(plain), Reason::UnknownKey);
    assert_eq!(world.reason(banned), Reason::VcRevoked);
    assert_eq!(world.reason(router), Reason::UnknownKey);
    assert_eq!(world.reason(stranger), Reason::UnknownKey);
    assert_eq!(world.reason(unsigned), Reason::BadSig);
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(world.reason(again), Reason::Duplicate);
}

#[test]
fn a_probe_is_made_at_the_device_s_own_cell_and_of_a_machine_that_counts() {
    let mut world = world();
    let noon = world.start() + 12 * HOUR;
    world.device("original", "dan", TOKYO).hardware = [5; 32];
    world.device("copy", "mallory", TOKYO).hardware = [5; 32];
    let nowhere = world.device("nowhere", "dan", CHICAGO);
    (nowhere.location_kind, nowhere.location) = (0, [0; 32]);
    let mut elsewhere = world.probe("validator", "point", noon);
    elsewhere.cell = world::cell_of(CHICAGO);
    let elsewhere = world.probed(&elsewhere, "validator", "point");
    let of = |world: &mut World, device: &str| {
        let proof = world.probe("validator", device, noon);
        world.probed(&proof, "validator", device)
    };
    let (copy, nowhere) = (of(&mut world, "copy"), of(&mut world, "nowhere"));
    world.close();
    assert_eq!(world.reason(elsewhere), Reason::BadCell);
    assert_eq!(world.reason(copy), Reason::Cluster);
    assert_eq!(world.reason(nowhere), Reason::NotAsserted);
    assert_eq!(world.decision(copy).beneficiary, Some(key("mallory")));
}

#[test]
fn where_there_is_no_validator_nobody_is_measured_down() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    // Endorsed this week: it measures nobody yet, and nobody is paid less for that.
    world.validator("validator", "val", CHICAGO);
    let beat = world.heartbeat("point", START + 12 * HOUR);
    world.close();
    assert_eq!(world.pay(beat), BEAT);
}
