//! Adjustments: what two operators make good, forward, once, and within what the ruleset allows.

mod world;

use cairn_epoch::{EpochError, Operator, Query, read_leaves, shipped_ruleset, why};
use cairn_proof::{Body, Reason, Role};
use world::{CHICAGO, HOUR, NEW_YORK, START, World, key};

const NOON: i64 = START + 12 * HOUR;
const BOTH: [&str; 2] = ["ina", "omar"];

/// A hotspot of Alice's, three operators, and Bob, who signs for his wallet.
fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    for name in ["ina", "omar", "uma"] {
        world.operator(name);
    }
    world.show("bob", START + HOUR);
    world
}

fn points(world: &World, owner: &str) -> u64 {
    let leaves = read_leaves(&world.dir()).unwrap();
    let leaf = leaves.iter().find(|leaf| leaf.owner == key(owner));
    leaf.map_or(0, |leaf| leaf.points.get())
}

#[test]
fn two_operators_give_what_a_proof_lacked_in_a_later_epoch() {
    let mut world = world();
    let beat = world.heartbeat("point", NOON);
    let closed = world.close();
    let before = points(&world, "alice");
    assert_eq!(before, world.pay(beat));
    world.next_epoch(&closed);
    let id = world.adjust(BOTH, beat, "alice", 2_500, world.start() + HOUR);
    let closed = world.close();
    let decision = world.decision(id);
    assert_eq!((decision.reason, decision.pot), (Reason::Ok, 1));
    assert_eq!(world.pay(id), 2_500);
    // The leaf only grows, and what the operators gave is a part of the pot's emission like any other.
    assert_eq!(points(&world, "alice"), before + 2_500);
    let pot = &closed.manifest.pots[0];
    assert_eq!(pot.milli_points.get(), 2_500);
    assert!(pot.allocated.get() > 0);
    let [told] = &why(&world.dir(), Query::Proof(id)).unwrap()[..] else {
        panic!("one proof, one answer");
    };
    assert_eq!((told.kind, &told.device), (Some("adjust"), &None));
    assert_eq!(told.pot.as_deref(), Some("hotspot"));
}

#[test]
fn the_order_of_the_two_is_nobody_s_to_mind() {
    let mut world = world();
    let ids = [["ina", "omar"], ["omar", "ina"], ["uma", "ina"]]
        .into_iter()
        .zip(1..)
        .map(|(two, number)| world.adjust(two, [number; 32], "bob", 1_000, NOON))
        .collect::<Vec<_>>();
    world.close();
    assert!(ids.iter().all(|id| world.reason(*id) == Reason::Ok));
    assert_eq!(points(&world, "bob"), 3_000);
}

#[test]
fn one_operator_or_a_stranger_gives_nothing() {
    let mut world = world();
    world.heartbeat("point", NOON);
    let proof = world.adjustment(BOTH, [1; 32], "bob", 1_000, NOON);
    let alone = world.submit(&proof, &[(Role::Attestor, "ina")]);
    let mut proof = world.adjustment(BOTH, [2; 32], "bob", 1_000, NOON);
    let forged = world.submit(
        &proof,
        &[(Role::Attestor, "ina"), (Role::Attestor, "mallory")],
    );
    proof.signer_seq += 100;
    let in_other_role = world.submit(&proof, &[(Role::Attestor, "ina"), (Role::User, "omar")]);
    let stranger = world.adjust(["ina", "mallory"], [3; 32], "bob", 1_000, NOON);
    let mut claimed = world.adjustment(["ina", "mallory"], [4; 32], "bob", 1_000, NOON);
    if let Body::Adjust(body) = &mut claimed.body {
        body.second_operator = key("omar");
    }
    let claimed = world.submit(
        &claimed,
        &[(Role::Attestor, "ina"), (Role::Attestor, "mallory")],
    );
    world.close();
    for id in [alone, forged, in_other_role, claimed] {
        assert_eq!(world.reason(id), Reason::BadSig);
    }
    assert_eq!(world.reason(stranger), Reason::UnknownKey);
    assert_eq!(points(&world, "bob"), 0);
}

#[test]
fn what_was_made_good_is_made_good_once() {
    let mut world = world();
    let first = world.adjust(BOTH, [1; 32], "bob", 1_000, NOON);
    let again = world.adjust(["ina", "uma"], [1; 32], "carol", 9_000, NOON + HOUR);
    let closed = world.close();
    assert_eq!(world.reason(first), Reason::Ok);
    let twice = world.decision(again);
    assert_eq!(twice.reason, Reason::Duplicate);
    assert_eq!((twice.found, twice.bound), (Some(2), Some(1)));
    world.next_epoch(&closed);
    let later = world.adjust(BOTH, [1; 32], "bob", 1_000, world.start() + HOUR);
    let other = world.adjust(BOTH, [2; 32], "bob", 1_000, world.start() + HOUR);
    world.close();
    assert_eq!(world.reason(later), Reason::Duplicate);
    assert_eq!(world.reason(other), Reason::Ok);
    assert_eq!(points(&world, "bob"), 2_000);
}

#[test]
fn an_epoch_s_adjustments_together_are_bounded_and_what_does_not_fit_comes_later() {
    let mut world = world();
    let too_much = world.adjust(BOTH, [9; 32], "bob", 1_000_001, NOON - HOUR);
    let fitting = [(1, 600_000), (2, 400_000)]
        .map(|(number, points)| world.adjust(BOTH, [number; 32], "bob", points, NOON));
    let beyond = world.adjust(BOTH, [3; 32], "bob", 1, NOON + HOUR);
    let closed = world.close();
    for id in fitting {
        assert_eq!(world.reason(id), Reason::Ok);
    }
    for (id, found) in [(too_much, 1_000_001), (beyond, 1_000_001)] {
        let refused = world.decision(id);
        assert_eq!(refused.reason, Reason::CapUser);
        assert_eq!(
            (refused.found, refused.bound),
            (Some(found), Some(1_000_000))
        );
    }
    assert_eq!(points(&world, "bob"), 1_000_000);
    world.next_epoch(&closed);
    let again = world.adjust(BOTH, [3; 32], "bob", 1, world.start() + HOUR);
    world.close();
    assert_eq!(world.reason(again), Reason::Ok);
}

#[test]
fn operators_give_themselves_nothing() {
    let mut world = world();
    world.heartbeat("point", NOON);
    // Uma's device and Nils' are one machine.
    world.device("hers", "uma", CHICAGO).hardware = [5; 32];
    world.device("his", "nils", CHICAGO).hardware = [5; 32];
    let ids = [
        world.adjust(BOTH, [1; 32], "ina", 1_000, NOON),
        world.adjust(BOTH, [2; 32], "omar", 1_000, NOON),
        world.adjust(["ina", "uma"], [3; 32], "nils", 1_000, NOON),
        world.adjust(["uma", "omar"], [4; 32], "nils", 1_000, NOON),
    ];
    let others = world.adjust(BOTH, [5; 32], "nils", 1_000, NOON);
    world.close();
    assert!(ids.iter().all(|id| world.reason(*id) == Reason::SelfDeal));
    assert_eq!(world.reason(others), Reason::Ok);
}

#[test]
fn an_adjustment_is_for_the_epoch_it_names() {
    let mut world = world();
    world.heartbeat("point", NOON);
    let ids = [(0, Reason::Late), (2, Reason::Future)].map(|(epoch, reason)| {
        let mut proof = world.adjustment(BOTH, [1; 32], "bob", 1_000, NOON);
        proof.epoch = epoch;
        let id = world.submit(&proof, &BOTH.map(|name| (Role::Attestor, name)));
        (id, reason)
    });
    world.close();
    for (id, reason) in ids {
        assert_eq!(world.reason(id), reason);
    }
}

#[test]
fn operators_out_of_range_are_refused_by_their_key() {
    type Change = fn(&mut Operator);
    let cases: [(Change, &str); 4] = [
        (|operator| operator.key_kind = 1, "key_kind"),
        (|operator| operator.name.clear(), "name"),
        (|operator| operator.name = "a\u{1b}[2J".to_owned(), "name"),
        (|operator| operator.key = key("omar"), "stands twice"),
    ];
    for (change, named) in cases {
        let mut terms = world().terms;
        change(terms.operators.first_mut().unwrap());
        let error = shipped_ruleset(&terms).unwrap_err();
        assert!(matches!(error, EpochError::Rules(_)), "{error}");
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
}
