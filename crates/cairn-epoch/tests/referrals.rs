//! Referrals: who invited somebody is paid once the other has really worked, and rings of keys that invite each other are not.

mod world;

use cairn_epoch::{Attestor, Closed, EpochError, Query, shipped_ruleset, why};
use cairn_proof::{Body, Reason, Role};
use world::{HOUR, MINUTE, NEW_YORK, START, World, key, north_of};

const DAY: i64 = 24 * HOUR;
const PAY: u64 = 20_000;

/// Two epochs of 30 days: in the first ivy and rose came to be known, and twin is one check-in short of it. There are 20 access points of Dan's
/// in five cells: point i stands in cell i % 5.
fn town() -> World {
    let mut world = World::new();
    world.terms.calendar.epoch_hours = 720;
    world.attestor("desk");
    for at in 0..20 {
        world.device(
            &format!("d{at}"),
            "dan",
            north_of(NEW_YORK, at % 5 * 1_000 + at),
        );
    }
    for at in 0..3 {
        let point = format!("d{at}");
        let hour = START + i64::from(at) * HOUR;
        for user in ["ivy", "rose"] {
            world.visit(user, &point, hour);
        }
        if at < 2 {
            world.visit("twin", &point, hour);
        }
    }
    let closed = world.close();
    go_on(&mut world, &closed);
    world
}

fn go_on(world: &mut World, closed: &Closed) {
    world.next_epoch(closed);
    for day in 7..30 {
        world.anchor_at(world.start() + day * DAY + HOUR - MINUTE);
    }
}

/// A check-in on the day at a point.
fn work(world: &mut World, user: &str, day: i64, point: i64) -> [u8; 32] {
    let at = world.start() + day * DAY + HOUR;
    world.visit(user, &format!("d{point}"), at)
}

/// What the proofs of an epoch paid somebody besides.
fn also(world: &World, ids: &[[u8; 32]]) -> Vec<([u8; 32], u64)> {
    ids.iter()
        .filter_map(|id| world.decision(*id).also)
        .map(|also| (also.beneficiary, also.milli_points.get()))
        .collect()
}

fn measured(world: &World, id: [u8; 32]) -> (Reason, Option<i64>, Option<i64>) {
    let decision = world.decision(id);
    (decision.reason, decision.found, decision.bound)
}

#[test]
fn the_inviter_is_paid_once_by_the_fourteenth_day_of_work() {
    let mut world = town();
    let referral = world.invite("ivy", "ann", world.start() + MINUTE);
    let ids: Vec<_> = (0..13)
        .map(|day| work(&mut world, "ann", day, day))
        .collect();
    let closed = world.close();
    let decision = world.decision(referral);
    assert_eq!((decision.reason, decision.pot), (Reason::Ok, 0));
    assert_eq!(decision.beneficiary, Some(key("ivy")));
    assert!(ids.iter().all(|id| world.pay(*id) > 0));
    assert_eq!(also(&world, &ids), []);
    go_on(&mut world, &closed);
    let last = work(&mut world, "ann", 0, 0);
    let more = work(&mut world, "ann", 0, 1);
    let closed = world.close();
    // Two of one day; the later one pays.
    assert_eq!(also(&world, &[last, more]), [(key("ivy"), PAY)]);
    let also_pot = [last, more]
        .into_iter()
        .find_map(|id| world.decision(id).also)
        .map(|also| also.pot);
    assert_eq!(also_pot, Some(4));
    go_on(&mut world, &closed);
    let after = work(&mut world, "ann", 0, 0);
    world.close();
    assert_eq!(also(&world, &[after]), []);
}

#[test]
fn the_work_was_done_in_five_cells() {
    let mut world = town();
    world.invite("ivy", "ann", world.start() + MINUTE);
    // Points 4, 9, 14 and 19 stand in the fifth cell.
    let points = (0..20).filter(|point| point % 5 < 4);
    let ids: Vec<_> = (0..16)
        .zip(points)
        .map(|(day, point)| work(&mut world, "ann", day, point))
        .collect();
    let closed = world.close();
    assert_eq!(also(&world, &ids), []);
    go_on(&mut world, &closed);
    let fourth = work(&mut world, "ann", 0, 3);
    let fifth = work(&mut world, "ann", 1, 4);
    world.close();
    assert_eq!(also(&world, &[fourth, fifth]), [(key("ivy"), PAY)]);
    assert!(world.decision(fifth).also.is_some());
}

#[test]
fn work_before_the_invitation_and_at_the_inviter_s_own_points_counts_for_nothing() {
    let mut world = town();
    world.device("ivy's", "ivy", NEW_YORK);
    world.device("rose's", "rose", NEW_YORK).hardware = [5; 32];
    world.device("ivy's other", "ivy", NEW_YORK).hardware = [5; 32];
    let early = work(&mut world, "ann", 0, 0);
    world.invite("ivy", "ann", world.start() + 2 * HOUR);
    let mut ids: Vec<_> = (1..13)
        .map(|day| work(&mut world, "ann", day, day))
        .collect();
    for (day, point) in [(13, "ivy's"), (14, "rose's")] {
        let at = world.start() + day * DAY + HOUR;
        ids.push(world.visit("ann", point, at));
    }
    ids.push(early);
    let closed = world.close();
    for id in &ids {
        assert_eq!(world.reason(*id), Reason::Ok);
    }
    assert_eq!(also(&world, &ids), []);
    go_on(&mut world, &closed);
    let thirteenth = work(&mut world, "ann", 0, 0);
    let closed = world.close();
    assert_eq!(also(&world, &[thirteenth]), []);
    go_on(&mut world, &closed);
    let fourteenth = work(&mut world, "ann", 0, 0);
    world.close();
    assert_eq!(also(&world, &[fourteenth]), [(key("ivy"), PAY)]);
}

#[test]
fn two_who_turn_out_to_share_a_machine_are_one() {
    let mut world = town();
    world.invite("ivy", "ann", world.start() + MINUTE);
    for day in 0..13 {
        work(&mut world, "ann", day, day);
    }
    let closed = world.close();
    go_on(&mut world, &closed);
    world.device("first", "ivy", NEW_YORK).hardware = [5; 32];
    world.device("second", "ann", NEW_YORK).hardware = [5; 32];
    let fourteenth = work(&mut world, "ann", 0, 0);
    world.close();
    assert_eq!(world.reason(fourteenth), Reason::Ok);
    assert_eq!(also(&world, &[fourteenth]), []);
}

#[test]
fn who_invites_is_known_who_is_invited_is_new_and_the_two_are_not_one() {
    let mut world = town();
    world.device("first", "rose", NEW_YORK).hardware = [5; 32];
    world.device("second", "eve", NEW_YORK).hardware = [5; 32];
    let at = world.start() + HOUR;
    let oneself = world.invite("ivy", "ivy", at);
    let twin = world.invite("rose", "eve", at);
    let young = world.invite("twin", "ann", at);
    let nobody = world.invite("ann", "bob", at);
    let known = world.invite("ivy", "rose", at);
    let half_known = world.invite("ivy", "twin", at);
    let late = world.invite("rose", "carol", at + MINUTE);
    let first = world.invite("ivy", "carol", at);
    world.visit("carol", "d0", at + HOUR);
    let closed = world.close();
    assert_eq!(world.reason(oneself), Reason::SelfDeal);
    assert_eq!(world.reason(twin), Reason::SelfDeal);
    assert_eq!(
        measured(&world, young),
        (Reason::LowTrust, Some(2), Some(3))
    );
    assert_eq!(
        measured(&world, nobody),
        (Reason::LowTrust, Some(0), Some(3))
    );
    assert_eq!(world.reason(known), Reason::Duplicate);
    assert_eq!(world.reason(half_known), Reason::Duplicate);
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(
        measured(&world, late),
        (Reason::Duplicate, Some(2), Some(1))
    );
    go_on(&mut world, &closed);
    let at = world.start() + HOUR;
    // One inviter, for ever; and nobody is invited back.
    let again = world.invite("rose", "carol", at);
    let back = world.invite("carol", "ivy", at);
    world.visit("rose", "d0", at);
    world.close();
    assert_eq!(world.reason(again), Reason::Duplicate);
    assert_eq!(world.reason(back), Reason::Duplicate);
}

#[test]
fn an_inviter_brings_so_many_in_an_epoch_and_others_in_the_next() {
    let mut world = town();
    world.edits = vec![("per_inviter_max = 10", "per_inviter_max = 1")];
    let at = world.start() + HOUR;
    let first = world.invite("ivy", "ann", at);
    let second = world.invite("ivy", "bob", at + MINUTE);
    // Who was one too many is nobody's yet.
    let other = world.invite("rose", "bob", at + 2 * MINUTE);
    let third = world.invite("ivy", "carol", at + 3 * MINUTE);
    world.visit("rose", "d0", at);
    let closed = world.close();
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(
        measured(&world, second),
        (Reason::CapUser, Some(2), Some(1))
    );
    assert_eq!(world.reason(other), Reason::Ok);
    assert_eq!(world.reason(third), Reason::CapUser);
    go_on(&mut world, &closed);
    let at = world.start() + HOUR;
    let again = world.invite("ivy", "carol", at);
    world.visit("rose", "d0", at);
    world.close();
    assert_eq!(world.reason(again), Reason::Ok);
}

#[test]
fn an_attestor_of_the_ruleset_and_the_invitee_sign() {
    let mut world = town();
    let at = world.start() + HOUR;
    let mut sign = |who: &[(Role, &str)]| {
        let proof = world.referral("ivy", "ann", at);
        world.submit(&proof, who)
    };
    let (desk, ann) = ((Role::Attestor, "desk"), (Role::User, "ann"));
    let alone = sign(&[desk]);
    let unattested = sign(&[ann]);
    let inviter = sign(&[desk, (Role::User, "ivy")]);
    let forged = sign(&[(Role::Attestor, "mallory"), ann]);
    let mut own = world.referral("ivy", "ann", at);
    if let Body::Referral(body) = &mut own.body {
        body.attestor = key("mallory");
    }
    let own = world.submit(&own, &[(Role::Attestor, "mallory"), ann]);
    let good = world.invite("ivy", "ann", at);
    world.visit("rose", "d0", at);
    world.close();
    for id in [alone, unattested, inviter, forged] {
        assert_eq!(world.reason(id), Reason::BadSig);
    }
    assert_eq!(world.reason(own), Reason::UnknownKey);
    assert_eq!(world.reason(good), Reason::Ok);
}

#[test]
fn who_invited_somebody_and_who_was_invited_do_not_confirm_each_other_s_points() {
    let mut world = town();
    world.invite("ivy", "ann", world.start() + MINUTE);
    for point in 0..3 {
        work(&mut world, "ann", point, point);
    }
    let closed = world.close();
    go_on(&mut world, &closed);
    let at = world.start() + HOUR;
    world.add("ivy", "cafe", NEW_YORK, at);
    world.add("ann", "bar", NEW_YORK, at);
    let ids = [("ann", "cafe"), ("ivy", "bar"), ("rose", "bar")]
        .map(|(user, point)| world.confirm(user, point, NEW_YORK, at + HOUR));
    world.visit("rose", "d0", at);
    world.close();
    let reasons = ids.map(|id| world.reason(id));
    assert_eq!(reasons, [Reason::SelfDeal, Reason::SelfDeal, Reason::Ok]);
}

#[test]
fn why_tells_the_inviter_whose_work_paid_him() {
    let mut world = town();
    world.edits = vec![
        ("days_min = 14", "days_min = 1"),
        ("cells_min = 5", "cells_min = 1"),
    ];
    world.invite("ivy", "ann", world.start() + MINUTE);
    let step = work(&mut world, "ann", 0, 0);
    world.close();
    let answers = why(&world.dir(), Query::Owner(key("ivy"))).unwrap();
    // Kinds stand one after the other: check-ins before referrals.
    let [paid, invited] = &answers[..] else {
        panic!("a referral, and what came of it");
    };
    assert_eq!(invited.kind, Some("referral"));
    assert_eq!((&invited.device, &invited.pot), (&None, &None));
    assert_eq!(paid.proof_id, hex::encode(step));
    assert_eq!(paid.also_milli_points.get(), PAY);
    let ivy = cairn_spelling::text::base58(&key("ivy"));
    assert_eq!(paid.earned_by(Some(&ivy)).get(), PAY);
}

#[test]
fn attestors_out_of_range_are_refused_by_their_name() {
    type Change = fn(&mut Vec<Attestor>);
    let cases: [(Change, &str); 4] = [
        (|all| all[0].key_kind = 1, "key_kind"),
        (|all| all[0].name.clear(), "name"),
        (|all| all[0].name = "a\u{1b}[2J".to_owned(), "name"),
        (|all| all.push(all[0].clone()), "twice"),
    ];
    for (change, named) in cases {
        let mut terms = town().terms;
        change(&mut terms.attestors);
        let error = shipped_ruleset(&terms).unwrap_err();
        assert!(matches!(error, EpochError::Rules(_)), "{error}");
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
}
