//! What a proof would earn: the very decision, and the very tokens, that it gets when it is handed in.

mod world;

use cairn_epoch::{Decision, EpochError, Silent, Simulated, moment, simulate};
use cairn_merkle::Tokens;
use cairn_proof::{Body, ProofV1, Reason, Role, WifiCheckIn};
use world::{CHICAGO, HOUR, NEW_YORK, START, World, north_of};

/// Two hotspots; Bob visits one of them. Two operators, and a payer of traffic.
fn world() -> World {
    let mut world = World::new();
    for name in ["ina", "omar"] {
        world.operator(name);
    }
    world.payer(1, "carrier", 1_000);
    world.burn(1, 50_000, START + HOUR);
    world.device("point", "alice", NEW_YORK);
    world.device("other", "dan", CHICAGO);
    world.visit("bob", "point", START + HOUR);
    world.heartbeat("other", START + 2 * HOUR);
    world
}

fn thought_of(proof: &ProofV1) -> Simulated {
    let world = world();
    world.close();
    simulate(&world.dir(), proof, proof.observed_at_ms + 10_000, &Silent).unwrap()
}

/// Hands `proof` in, and holds what was said of it against what became of it.
fn as_handed_in(proof: &ProofV1, who: &[(Role, &str)], owner: &str) -> Simulated {
    let simulated = thought_of(proof);
    let without = world();
    without.close();
    let before = without.tokens_of(owner);
    let mut with = world();
    let id = with.submit(proof, who);
    with.close();
    // Evidence is filed by kind, so where it stands there is told by what else came in.
    let ordinal = simulated.decision.ordinal;
    let decided = with.decision(id);
    assert_eq!(simulated.decision, Decision { ordinal, ..decided });
    let more = with.tokens_of(owner).saturating_sub(before);
    assert_eq!(simulated.tokens, more);
    simulated
}

#[test]
fn what_is_said_of_a_proof_is_what_becomes_of_it() {
    let beat = world().beat("point", START + 3 * HOUR);
    let simulated = as_handed_in(&beat, &[(Role::Device, "point")], "alice");
    assert_eq!(simulated.decision.reason, Reason::Ok);
    assert_eq!(simulated.decision.milli_points.get(), 1_000);
    // Of the beat that came in, a quarter of a point, and this one.
    let pot = simulated.pot.unwrap();
    assert_eq!(
        (pot.name.as_str(), pot.milli_points.get()),
        ("hotspot", 1_250)
    );
    assert!(simulated.is_member && simulated.tokens > Tokens::ZERO);
    assert_eq!(simulated.others_changed, 0);
    let refusals: Vec<Reason> = simulated
        .refusals
        .iter()
        .map(|(reason, _)| *reason)
        .collect();
    assert!(refusals.contains(&Reason::TooFar) && !refusals.contains(&Reason::CapUser));
}

#[test]
fn a_refusal_is_said_with_its_numbers() {
    let mut far = world().beat("point", START + 3 * HOUR);
    if let Body::HotspotBeat(body) = &mut far.body {
        body.lat_e7 = north_of(NEW_YORK, 900).0;
    }
    let simulated = as_handed_in(&far, &[(Role::Device, "point")], "alice");
    assert_eq!(simulated.decision.reason, Reason::TooFar);
    assert!(
        simulated.rule.contains("at most 400 m"),
        "{}",
        simulated.rule
    );
    assert_eq!((simulated.pot, simulated.is_member), (None, false));
    let stranger = world().beat("nowhere", START + 3 * HOUR);
    let unknown = thought_of(&stranger);
    assert_eq!(unknown.decision.reason, Reason::UnknownKey);
}

#[test]
fn a_visitor_who_comes_earlier_changes_what_others_are_paid() {
    let early = world().check_in("carol", "point", START + HOUR / 2);
    let simulated = as_handed_in(&early, &[(Role::User, "carol")], "carol");
    assert_eq!(simulated.decision.reason, Reason::Ok);
    // Half a point of weight each: together one whole, so both keep theirs.
    assert_eq!(
        (
            simulated.decision.milli_points.get(),
            simulated.others_changed
        ),
        (5_000, 0)
    );
    let mut known = world().check_in("dave", "point", START + 2 * HOUR);
    if let Body::WifiCheckIn(WifiCheckIn { session_secs, .. }) = &mut known.body {
        *session_secs = 1;
    }
    assert_eq!(thought_of(&known).decision.reason, Reason::AttestFail);
}

#[test]
fn what_two_must_sign_in_one_role_is_thought_of_as_signed_by_both() {
    let adjustment = world().adjustment(["ina", "omar"], [9; 32], "alice", 2_000, START + HOUR);
    let who = [(Role::Attestor, "ina"), (Role::Attestor, "omar")];
    let simulated = as_handed_in(&adjustment, &who, "alice");
    assert_eq!(simulated.decision.reason, Reason::Ok);
    assert_eq!(simulated.decision.milli_points.get(), 2_000);
}

/// A part of traffic is worth what was burned for it, far below what its points would be of all points.
#[test]
fn a_part_of_a_pot_is_what_its_tokens_were_divided_by() {
    let session = world().session("other", 1, "somebody", 10, START + 4 * HOUR);
    let who = [(Role::Device, "other"), (Role::Carrier, "carrier")];
    let simulated = as_handed_in(&session, &who, "dan");
    let pot = simulated.pot.unwrap();
    let points = u128::from(simulated.decision.milli_points.get());
    let tokens = u128::from(pot.emission.get()) * points / simulated.divisor;
    assert_eq!(u128::from(simulated.tokens.get()), tokens);
    assert_eq!(simulated.tokens, Tokens::new(10 * 1_000));
    let points = pot.milli_points.max(pot.floor_milli_points);
    assert!(simulated.divisor > points.get().into());
}

#[test]
fn a_time_in_the_epoch_has_its_block_and_one_before_every_block_has_none() {
    let world = world();
    world.close();
    let at = START + 5 * HOUR + 1;
    let there = moment(&world.dir(), Some(at)).unwrap();
    assert_eq!((there.observed_at_ms, there.ruleset), (at, 1));
    let anchor = world.anchors.iter().find(|it| it.slot == there.anchor_slot);
    assert!((0..300_001).contains(&(at - anchor.unwrap().unix_ms)));
    let last = moment(&world.dir(), None).unwrap();
    assert!(last.observed_at_ms < world.period().end_ms);
    let error = moment(&world.dir(), Some(0)).unwrap_err();
    assert!(matches!(error, EpochError::NothingFound(_)), "{error}");
}
