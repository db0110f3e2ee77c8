//! Traffic: paid by the unit that a payer burned for, and to nobody more than was burned.

mod world;

use cairn_epoch::{Query, why};
use cairn_merkle::{MilliPoints, Tokens};
use cairn_proof::{Body, ProofV1, Reason, Role, TrafficSession};
use world::payer::{NOON, PRICE, paid, unpaid};
use world::{HOUR, MINUTE, START, TOKYO, key};

fn with(mut proof: ProofV1, change: impl FnOnce(&mut TrafficSession)) -> ProofV1 {
    let Body::TrafficSession(body) = &mut proof.body else {
        unreachable!("a session")
    };
    change(body);
    proof
}

#[test]
fn a_session_earns_a_point_for_each_unit_that_was_burned_and_the_last_one_in_part() {
    let mut world = paid(100);
    let sessions = [("ann", 30), ("ben", 40), ("cid", 50), ("dan", 1)];
    let ids = sessions.map(|(who, units)| {
        let minutes = if units == 1 { 60 } else { units };
        let at = NOON + i64::try_from(minutes).unwrap() * MINUTE;
        world.carry("point", 1, who, units, at)
    });
    let closed = world.close();
    assert_eq!(ids.map(|id| world.pay(id)), [30_000, 40_000, 30_000, 0]);
    let part = world.decision(ids[2]);
    assert_eq!(
        (part.reason, part.beneficiary),
        (Reason::Ok, Some(key("alice")))
    );
    assert_eq!(
        (part.base, part.share, part.whole),
        (Some(50_000), Some(30), Some(50))
    );
    let none = world.decision(ids[3]);
    assert_eq!(none.reason, Reason::NoPayerFunds);
    assert_eq!((none.found, none.bound), (Some(121), Some(100)));
    // All that was burned comes out again at most, however much the pot holds.
    assert_eq!(world.tokens_of("alice").get(), 100 * PRICE);
    let pot = closed
        .manifest
        .pots
        .iter()
        .find(|pot| pot.name == "traffic")
        .unwrap();
    assert_eq!(pot.allocated, Tokens::new(100 * PRICE));
    assert_eq!(pot.milli_points, MilliPoints::new(100_000));
}

#[test]
fn without_a_burn_nothing_is_paid_and_another_payer_s_is_not_spent() {
    let mut world = unpaid();
    world.payer(2, "carrier", PRICE);
    world.burn(2, 9 * PRICE, NOON);
    world.heartbeat("point", NOON);
    let nobody_s = world.carry("point", 1, "ann", 1, NOON);
    let somebody_s = world.carry("point", 2, "ann", 9, NOON + HOUR);
    world.close();
    let refused = world.decision(nobody_s);
    assert_eq!(refused.reason, Reason::Unpaid);
    assert_eq!((refused.found, refused.bound), (None, None));
    assert_eq!(world.pay(somebody_s), 9_000);
    let [told] = &why(&world.dir(), Query::Proof(nobody_s)).unwrap()[..] else {
        panic!("one proof, one answer");
    };
    assert!(told.rule.contains("has burned nothing"), "{}", told.rule);
}

#[test]
fn a_payer_who_owns_the_device_is_refused() {
    let mut world = unpaid();
    for (id, wallet) in [(2, "alice"), (3, "alice's second"), (4, "stranger")] {
        world.payer(id, "carrier", PRICE).wallet = key(wallet);
        world.burn(id, 100 * PRICE, NOON);
    }
    // Alice's second wallet once registered the machine of her hotspot.
    world.devices[0].hardware = [5; 32];
    world.device("copy", "alice's second", TOKYO).hardware = [5; 32];
    let ids = [2, 3, 4].map(|payer| world.carry("point", payer, "ann", 1, NOON));
    world.close();
    let reasons = ids.map(|id| world.reason(id));
    assert_eq!(reasons, [Reason::SelfDeal, Reason::SelfDeal, Reason::Ok]);
}

#[test]
fn a_session_s_number_is_new_for_ninety_days_under_its_payer() {
    let mut world = paid(100);
    world.terms.calendar.epoch_hours = 2_160;
    world.payer(2, "carrier", PRICE);
    world.burn(2, 100 * PRICE, NOON);
    let at = START + 10 * HOUR;
    let sample = world.session("point", 1, "ann", 1, at);
    let numbered = |proof: ProofV1| {
        let Body::TrafficSession(first) = &sample.body else {
            unreachable!("a session")
        };
        with(proof, |body| body.session = first.session)
    };
    let first = world.metered(&sample, "point", "carrier");
    let again = numbered(world.session("other", 1, "ben", 2, at + HOUR));
    let again = world.metered(&again, "other", "carrier");
    let others = numbered(world.session("other", 2, "ben", 2, at + HOUR));
    let others = world.metered(&others, "other", "carrier");
    let closed = world.close();
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(world.reason(others), Reason::Ok);
    let twice = world.decision(again);
    assert_eq!(twice.reason, Reason::Duplicate);
    assert_eq!((twice.found, twice.bound), (Some(2), Some(1)));
    world.next_epoch(&closed);
    let soon = numbered(world.session("point", 1, "ann", 1, at + 2_159 * HOUR));
    let soon = world.metered(&soon, "point", "carrier");
    let later = numbered(world.session("point", 1, "ann", 2, at + 2_160 * HOUR));
    let later = world.metered(&later, "point", "carrier");
    world.close();
    let known = world.decision(soon);
    assert_eq!(known.reason, Reason::Duplicate);
    assert_eq!((known.found, known.bound), (Some(2_159), Some(2_160)));
    // The refused one took the number for this epoch.
    assert_eq!(world.reason(later), Reason::Duplicate);
}

#[test]
fn ninety_days_later_a_number_is_new_again() {
    let mut world = paid(100);
    world.terms.calendar.epoch_hours = 2_160;
    let at = START + 10 * HOUR;
    let number = |body: &mut TrafficSession| body.session = [9; 32];
    let first = with(world.session("point", 1, "ann", 1, at), number);
    world.metered(&first, "point", "carrier");
    let closed = world.close();
    world.next_epoch(&closed);
    let later = with(
        world.session("point", 1, "ann", 2, at + 2_160 * HOUR),
        number,
    );
    let later = world.metered(&later, "point", "carrier");
    world.close();
    assert_eq!(world.reason(later), Reason::Ok);
}

#[test]
fn a_session_lies_inside_its_epoch() {
    let mut world = paid(100);
    let at = START + MINUTE;
    let cases = [
        (START, Reason::Ok, None),
        (START - 1, Reason::Late, Some(1)),
        (at, Reason::Ok, None),
        (at + 1, Reason::Future, Some(1)),
        (0, Reason::Late, Some(START)),
        (i64::MAX, Reason::Future, Some(i64::MAX - at)),
    ];
    let ids = cases.map(|(started, reason, found)| {
        let number = format!("{started}");
        let proof = with(world.session("point", 1, &number, 1, at), |body| {
            body.started_at_ms = started;
        });
        (world.metered(&proof, "point", "carrier"), reason, found)
    });
    world.close();
    for (id, reason, found) in ids {
        let decision = world.decision(id);
        assert_eq!((decision.reason, decision.found), (reason, found));
        assert_eq!(decision.bound, found.map(|_| 0));
    }
}

#[test]
fn beyond_a_gigabyte_one_subscriber_is_at_most_two_fifths_of_a_point() {
    let mut world = paid(1_000_000);
    let whole = world.carry("point", 1, "ann", 10_000, NOON);
    let beyond = world.carry("point", 1, "ann", 1, NOON + HOUR);
    // 50,000 in all, of which Cid is to be 20,000.
    let part = world.carry("other", 1, "cid", 30_000, NOON);
    let next = world.carry("other", 1, "cid", 1, NOON + HOUR);
    let rest = ["dan", "eve"].map(|who| world.carry("other", 1, who, 10_000, NOON + 2 * HOUR));
    world.close();
    assert_eq!(world.pay(whole), 10_000_000);
    let refused = world.decision(beyond);
    assert_eq!(refused.reason, Reason::CapUser);
    assert_eq!((refused.found, refused.bound), (Some(10_001), Some(10_000)));
    assert_eq!(world.pay(part), 20_000_000);
    let refused = world.decision(next);
    assert_eq!(refused.reason, Reason::CapUser);
    assert_eq!((refused.found, refused.bound), (Some(30_001), Some(20_000)));
    assert_eq!(rest.map(|id| world.pay(id)), [10_000_000; 2]);
}

#[test]
fn less_than_a_unit_earns_nothing_and_costs_nothing() {
    let mut world = paid(1);
    let bytes = |bytes| move |body: &mut TrafficSession| body.bytes = bytes;
    let less = with(world.session("point", 1, "ann", 1, NOON), bytes(99_999));
    let less = world.metered(&less, "point", "carrier");
    let more = with(
        world.session("point", 1, "ann", 1, NOON + HOUR),
        bytes(199_999),
    );
    let more = world.metered(&more, "point", "carrier");
    world.close();
    assert_eq!((world.reason(less), world.pay(less)), (Reason::Ok, 0));
    assert_eq!((world.reason(more), world.pay(more)), (Reason::Ok, 1_000));
}

#[test]
fn the_device_and_its_payer_s_own_carrier_sign() {
    let mut world = paid(100);
    let both = [(Role::Device, "point"), (Role::Carrier, "carrier")];
    let mut submit = |hour: i64, signers: &[(Role, &str)], change: fn(&mut TrafficSession)| {
        let proof = with(
            world.session("point", 1, "ann", 1, NOON + hour * HOUR),
            change,
        );
        world.submit(&proof, signers)
    };
    let good = submit(0, &both, |_| {});
    let nobody_s = submit(1, &both, |body| body.payer = 2);
    let claimed = submit(2, &both, |body| body.carrier = key("mallory"));
    let alone = submit(3, &both[..1], |_| {});
    let unmetered = submit(4, &both[1..], |_| {});
    let forged = submit(
        5,
        &[(Role::Device, "point"), (Role::Carrier, "mallory")],
        |_| {},
    );
    world.close();
    assert_eq!(world.reason(good), Reason::Ok);
    assert_eq!(world.reason(nobody_s), Reason::Ruleset);
    assert_eq!(world.reason(claimed), Reason::UnknownKey);
    for id in [alone, unmetered, forged] {
        assert_eq!(world.reason(id), Reason::BadSig);
    }
}

#[test]
fn a_point_is_one_machine_at_its_place() {
    let mut world = paid(100);
    world.devices[0].hardware = [5; 32];
    world.device("copy", "mallory", TOKYO).hardware = [5; 32];
    let nowhere = world.device("nowhere", "carol", TOKYO);
    (nowhere.location_kind, nowhere.location) = (0, [0; 32]);
    let good = world.carry("point", 1, "ann", 1, NOON);
    let copy = world.carry("copy", 1, "ann", 1, NOON);
    let nowhere = world.carry("nowhere", 1, "ann", 1, NOON);
    let mut elsewhere = world.session("point", 1, "ben", 1, NOON);
    elsewhere.cell = world::cell_of(TOKYO);
    let elsewhere = world.metered(&elsewhere, "point", "carrier");
    world.close();
    assert_eq!(world.reason(good), Reason::Ok);
    assert_eq!(world.reason(copy), Reason::Cluster);
    assert_eq!(world.reason(nowhere), Reason::NotAsserted);
    assert_eq!(world.reason(elsewhere), Reason::BadCell);
}
