//! Validators' visits: at least half of those that are paid were drawn with a block, so that nobody chooses whom to visit.

mod world;

use cairn_epoch::{Query, visit_draw, why};
use cairn_proof::{Reason, Role};
use world::{CHICAGO, HOUR, MINUTE, START, TOKYO, World, key, north_of};

const DEVICES: i32 = 60;
const DAY: i64 = 24 * HOUR;

/// Where the pair stands under the block of the world's epoch.
fn draw(world: &World, validator: &str, device: &str) -> u16 {
    let before = |anchor: &&cairn_epoch::Anchor| anchor.unix_ms < world.start();
    let block = world.anchors.iter().rev().find(before).unwrap().hash;
    visit_draw(&block, &key(validator), &key(device))
}

/// A network of 30 days with a validator of Val's; and its devices, which the validator is sent to and which not.
struct Town {
    world: World,
    sent: Vec<String>,
    others: Vec<String>,
}

fn town() -> Town {
    let mut world = World::new();
    world.terms.calendar.epoch_hours = 720;
    let names: Vec<String> = (0..DEVICES).map(|at| format!("d{at}")).collect();
    for (at, name) in (0..).zip(&names) {
        world.device(name, &format!("o{at}"), north_of(TOKYO, at * 1_000));
    }
    world.validator("validator", "val", CHICAGO);
    world.visit("carol", "d0", START + HOUR);
    let first = world.close();
    world.next_epoch(&first);
    world.visit("carol", "d0", world.start() + HOUR);
    let (sent, others) = names
        .into_iter()
        .skip(1)
        .partition(|name| draw(&world, "validator", name) < 100);
    Town {
        world,
        sent,
        others,
    }
}

#[test]
fn who_is_sent_and_who_lets_in_are_paid_and_the_draw_is_a_tenth() {
    let Town {
        mut world,
        sent,
        others,
    } = town();
    assert!((2..=12).contains(&sent.len()) && others.len() > 30);
    let id = world.meet("validator", &sent[0], world.start() + HOUR);
    let closed = world.close();
    let decision = world.decision(id);
    assert_eq!((decision.reason, world.pay(id)), (Reason::Ok, 15_000));
    assert_eq!(decision.beneficiary, Some(key("val")));
    let also = decision.also.unwrap();
    assert_eq!((also.milli_points.get(), also.pot), (5_000, decision.pot));
    let owner = sent[0].replace('d', "o");
    assert_eq!(also.beneficiary, key(&owner));
    // Five points of Carol's besides.
    assert_eq!(closed.totals.milli_points_epoch.get(), 25_000);
    for who in ["val", owner.as_str()] {
        let [answer] = &why(&world.dir(), Query::Owner(key(who))).unwrap()[..] else {
            panic!("one proof, one answer");
        };
        let earned = answer.earned_by(Some(&bs58(who))).get();
        assert_eq!(earned, if who == "val" { 15_000 } else { 5_000 });
        assert_eq!(answer.earned_by(None).get(), 20_000);
    }
}

fn bs58(name: &str) -> String {
    cairn_spelling::text::base58(&key(name))
}

#[test]
fn of_the_paid_visits_at_least_half_were_drawn() {
    let Town {
        mut world,
        sent,
        others,
    } = town();
    let noon = world.start() + 12 * HOUR;
    // Chosen first, sent later: the order within an epoch does not matter.
    let chosen = [0, 1, 2].map(|at: usize| {
        let hours = i64::try_from(at).unwrap() * HOUR;
        world.meet("validator", &others[at], noon + hours)
    });
    let drawn = [0, 1].map(|at: usize| world.meet("validator", &sent[at], noon + 6 * HOUR));
    world.close();
    for id in chosen[..2].iter().chain(&drawn) {
        assert_eq!(world.reason(*id), Reason::Ok);
    }
    let third = world.decision(chosen[2]);
    assert_eq!(third.reason, Reason::CapUser);
    assert_eq!((third.found, third.bound), (Some(3), Some(2)));
    assert_eq!((third.also, third.milli_points.get()), (None, 0));
}

#[test]
fn a_device_that_came_after_the_block_is_nobody_s_draw_and_without_a_block_nothing_is() {
    let Town {
        mut world, others, ..
    } = town();
    // Its owner tried keys until one was drawn.
    let ground = (0..1_000)
        .map(|at| format!("ground{at}"))
        .find(|name| draw(&world, "validator", name) < 100)
        .unwrap();
    world.device(&ground, "mallory", CHICAGO);
    let late = world.meet("validator", &ground, world.start() + HOUR);
    let chosen = world.meet("validator", &others[0], world.start() + 2 * HOUR);
    world.close();
    for (id, choice) in [(late, 1), (chosen, 2)] {
        let decision = world.decision(id);
        assert_eq!(decision.reason, Reason::CapUser);
        assert_eq!((decision.found, decision.bound), (Some(choice), Some(0)));
    }

    let Town {
        mut world, sent, ..
    } = town();
    let start = world.start();
    world.anchors.retain(|anchor| anchor.unix_ms >= start);
    let id = world.meet("validator", &sent[0], start + HOUR);
    world.close();
    assert_eq!(world.reason(id), Reason::CapUser);
}

#[test]
fn a_pair_meets_once_in_seven_days_and_an_attempt_in_between_counts() {
    let Town {
        mut world, sent, ..
    } = town();
    let at = world.start() + MINUTE;
    let device = &sent[0];
    for hour in [335, 503] {
        world.anchor_at(at + hour * HOUR);
    }
    let first = world.meet("validator", device, at);
    let soon = world.meet("validator", device, at + 167 * HOUR);
    // A week after the attempt, not after the first.
    let again = world.meet("validator", device, at + 335 * HOUR);
    let last = world.meet("validator", device, at + 503 * HOUR + MINUTE);
    let other = world.meet("validator", &sent[1], at + HOUR);
    world.close();
    let decisions = [first, soon, again, last, other].map(|id| world.decision(id));
    let reasons = decisions.map(|decision| decision.reason);
    let (ok, twice) = (Reason::Ok, Reason::Duplicate);
    assert_eq!(reasons, [ok, twice, ok, ok, ok]);
    assert_eq!(
        (decisions[1].found, decisions[1].bound),
        (Some(167), Some(168))
    );
}

#[test]
fn the_last_meeting_is_remembered_into_the_next_epoch() {
    for (hour, reason) in [(167, Reason::Duplicate), (168, Reason::CapUser)] {
        let Town {
            mut world, sent, ..
        } = town();
        let last = world.start() + 719 * HOUR;
        world.anchor_at(last);
        world.meet("validator", &sent[0], last + MINUTE);
        let closed = world.close();
        world.next_epoch(&closed);
        let block_is_another = draw(&world, "validator", &sent[0]) >= 100;
        let id = world.meet("validator", &sent[0], last + hour * HOUR);
        world.visit("carol", "d0", world.start() + HOUR);
        world.close();
        assert!(block_is_another);
        assert_eq!(world.reason(id), reason, "hour {hour}");
    }
}

#[test]
fn a_visit_is_between_strangers_of_age_and_signed_by_both() {
    let Town {
        mut world,
        sent,
        others,
    } = town();
    let noon = world.start() + 12 * HOUR;
    world.validator("young", "zoe", CHICAGO);
    world.validator("o0 himself", "o0", CHICAGO);
    let mut elsewhere = world.visit_proof("validator", &sent[0], noon);
    elsewhere.cell = world::cell_of(CHICAGO);
    let both = [
        (Role::Validator, "validator"),
        (Role::Device, sent[0].as_str()),
    ];
    let elsewhere = world.submit(&elsewhere, &both);
    let alone = world.visit_proof("validator", &sent[0], noon);
    let alone = world.submit(&alone, &both[..1]);
    let young = world.meet("young", &others[0], noon);
    let own = world.meet("o0 himself", "d0", noon);
    let router = world.meet("d1", "d2", noon);
    world.close();
    assert_eq!(world.reason(elsewhere), Reason::BadCell);
    assert_eq!(world.reason(alone), Reason::BadSig);
    assert_eq!(world.reason(young), Reason::LowTrust);
    assert_eq!(world.reason(own), Reason::SelfDeal);
    assert_eq!(world.reason(router), Reason::UnknownKey);
}

#[test]
fn a_visit_is_contact_for_the_week_after_it() {
    let Town {
        mut world, sent, ..
    } = town();
    let noon = world.start() + 12 * HOUR;
    let device = &sent[0];
    let before = world.heartbeat(device, noon - HOUR);
    world.meet("validator", device, noon);
    let after = world.heartbeat(device, noon + 2 * HOUR);
    world.anchor_at(noon + 700 * HOUR);
    world.meet("validator", device, noon + 700 * HOUR);
    let closed = world.close();
    // Nobody measured it: half of what it would be.
    assert_eq!([before, after].map(|id| world.pay(id)), [125, 500]);
    world.next_epoch(&closed);
    let next = world.heartbeat(device, world.start() + DAY);
    world.close();
    assert_eq!(world.pay(next), 500);
}
