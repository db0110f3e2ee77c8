//! People without a wallet: what they earn is kept for them, no leaf is made that nobody can claim, and a link makes it theirs.

mod world;

use cairn_epoch::{
    Amounts, Closed, EpochFolder, Outside, Taken, outside, read_leaves, verify_succession,
    write_taken,
};
use cairn_merkle::{Credits, LeafIndex, MilliPoints, RewardLeaf, Tokens};
use cairn_proof::{
    Body, PublicKey, Reason, Role, SignedProof, Signer, did_key, identity_of_did,
    identity_of_email, identity_of_key,
};
use world::{EMISSION, HOUR, MINUTE, NEW_YORK, START, World, key, north_of, signer};

const NOON: i64 = START + 12 * HOUR;
const BOTH: [&str; 2] = ["ina", "omar"];

/// Somebody who is known by an e-mail address.
fn ann() -> [u8; 32] {
    identity_of_email(&[3; 32], "ann@example.org")
}

fn phone() -> Signer {
    Signer::p256(&[9; 32]).unwrap()
}

/// Alice's hotspot, a carrier, two operators and an attestor.
fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.task(1, "carrier", 500, 5_000);
    for name in BOTH {
        world.operator(name);
    }
    world.attestor("desk");
    world
}

/// Points for `to`, whatever it is.
fn adjust(
    world: &mut World,
    adjusted: u8,
    to: [u8; 32],
    milli_points: u64,
    at_ms: i64,
) -> [u8; 32] {
    let mut proof = world.adjustment(BOTH, [adjusted; 32], "anybody", milli_points, at_ms);
    proof.subject = to;
    world.submit(&proof, &BOTH.map(|name| (Role::Attestor, name)))
}

/// Data credits for `to`, whatever it is.
fn complete(world: &mut World, person: &str, to: [u8; 32], at_ms: i64) -> [u8; 32] {
    let mut proof = world.completion("carrier", 1, person, "anybody", at_ms);
    proof.subject = to;
    world.submit(&proof, &[(Role::Carrier, "carrier")])
}

fn leaf(world: &World, owner: [u8; 32]) -> Option<RewardLeaf> {
    let leaves = read_leaves(&world.dir()).unwrap();
    leaves.into_iter().find(|leaf| leaf.owner == owner)
}

fn of(world: &World, key: [u8; 32]) -> Outside {
    outside(&world.dir(), &key).unwrap()
}

fn amounts(tokens: u64, points: u64, credits: u64) -> Amounts {
    Amounts {
        credits: Credits::new(credits),
        points: MilliPoints::new(points),
        tokens: Tokens::new(tokens),
    }
}

/// What the epoch gave stands in leaves, arrears, unlinked or nowhere: exactly the emission.
fn is_whole(before: Option<&Closed>, after: &Closed) {
    let held = |closed: &Closed| {
        let totals = closed.totals;
        totals.tokens.get() + totals.arrears.tokens.get() + totals.unlinked.tokens.get()
    };
    let grown = held(after) - before.map_or(0, held);
    assert_eq!(grown + after.totals.unallocated.get(), EMISSION);
}

#[test]
fn what_an_identity_earns_stands_outside_of_the_tree_and_is_the_wallet_s_once_it_is_linked() {
    let mut world = world();
    world.beat_all_week("point");
    adjust(&mut world, 1, ann(), 100_000, NOON);
    complete(&mut world, "ann", ann(), NOON);
    let first = world.close();
    assert_eq!(leaf(&world, ann()), None);
    let kept = of(&world, ann()).unlinked.unwrap();
    assert_eq!((kept.points.get(), kept.credits.get()), (100_000, 500));
    assert!(kept.tokens > Tokens::ZERO);
    assert_eq!(first.totals.unlinked, kept);
    assert_eq!(first.totals.arrears, Amounts::default());
    is_whole(None, &first);

    world.next_epoch(&first);
    let start = world.start();
    let link = world.link(ann(), "ann's wallet", start + HOUR);
    adjust(&mut world, 2, ann(), 1_000, start + 2 * HOUR);
    let second = world.close();
    assert_eq!(world.reason(link), Reason::Ok);
    let wallet = leaf(&world, key("ann's wallet")).unwrap();
    // Nobody else earned anything: there is room for all of it.
    assert_eq!((wallet.points.get(), wallet.credits.get()), (101_000, 500));
    assert!(wallet.tokens > kept.tokens);
    assert_eq!(second.totals.unlinked, Amounts::default());
    let linked = of(&world, ann());
    assert_eq!(linked.wallet, Some(key("ann's wallet")));
    assert_eq!((linked.unlinked, linked.arrears), (None, Vec::new()));
    is_whole(Some(&first), &second);
    verify_succession(&first.manifest, &second.manifest).unwrap();

    world.next_epoch(&second);
    let start = world.start();
    adjust(&mut world, 3, ann(), 7, start + HOUR);
    world.close();
    let wallet = leaf(&world, key("ann's wallet")).unwrap();
    assert_eq!(wallet.points.get(), 101_007);
    assert_eq!(leaf(&world, ann()), None);
}

#[test]
fn nobody_s_share_hangs_on_whether_another_is_linked() {
    let share = |linked: bool| {
        let mut world = world();
        world.beat_all_week("point");
        adjust(&mut world, 1, ann(), 900_000, NOON);
        if linked {
            world.link(ann(), "ann's wallet", NOON + HOUR);
        }
        world.close();
        let given = leaf(&world, key("ann's wallet")).map(|leaf| leaf.tokens);
        let kept = of(&world, ann()).unlinked.map(|it| it.tokens);
        (leaf(&world, key("alice")).unwrap().tokens, given.or(kept))
    };
    assert_eq!(share(true), share(false));
}

/// Every way by which something that is no wallet may be paid.
#[test]
fn no_leaf_is_made_that_nobody_can_claim() {
    let mut world = world();
    world.edits = vec![
        ("trust_known_after = 3", "trust_known_after = 0"),
        ("days_min = 14", "days_min = 1"),
        ("cells_min = 5", "cells_min = 1"),
    ];
    world.heartbeat("point", NOON);
    let did = identity_of_did("did:web:example.org");
    let p256 = identity_of_key(&phone().public_key());
    complete(&mut world, "ann", ann(), NOON);
    adjust(&mut world, 1, did, 5_000, NOON);
    adjust(&mut world, 2, p256, 5_000, NOON);
    // Under such rules anything may have invited somebody.
    let inviter = identity_of_email(&[4; 32], "ivy@example.org");
    let mut proof = world.referral("anybody", "bob", NOON);
    proof.subject = inviter;
    world.submit(&proof, &[(Role::Attestor, "desk"), (Role::User, "bob")]);
    let work = world.visit("bob", "point", NOON + HOUR);
    // A wallet that never signed is none that anybody knows of.
    complete(&mut world, "unsigned", key("unsigned"), NOON);
    let held = identity_of_email(&[5; 32], "old@example.org");
    world.held(held, false, amounts(1_000, 2_000, 3));
    let closed = world.close();
    let also = world.decision(work).also.unwrap();
    assert_eq!(also.beneficiary, inviter);
    for identity in [ann(), did, p256, inviter, key("unsigned"), held] {
        assert_eq!(leaf(&world, identity), None);
        assert!(of(&world, identity).unlinked.is_some());
    }
    let owners: Vec<[u8; 32]> = read_leaves(&world.dir())
        .unwrap()
        .iter()
        .map(|leaf| leaf.owner)
        .collect();
    assert_eq!(owners.len(), 2);
    assert!(owners.contains(&key("alice")) && owners.contains(&key("bob")));

    // A root that was revoked paid an identity at an index of its own: nothing is ever paid there again.
    world.next_epoch(&closed);
    let start = world.start();
    let row = Taken {
        index: LeafIndex::new(2),
        owner: did,
        tokens: Tokens::new(9),
        tokens_claimed: Tokens::new(9),
        points: MilliPoints::ZERO,
        points_burnt: MilliPoints::ZERO,
        credits: Credits::ZERO,
        credits_redeemed: Credits::ZERO,
    };
    write_taken(&EpochFolder::new(world.dir()).taken(), &[row]).unwrap();
    adjust(&mut world, 3, did, 5_000, start + HOUR);
    let second = world.close();
    assert_eq!(second.leaf_count, 3);
    assert_eq!(leaf(&world, did), None);
    let kept = of(&world, did).unlinked.unwrap();
    assert_eq!(kept.points.get(), 10_000);
}

#[test]
fn whoever_signs_with_a_wallet_is_owed_what_was_kept_for_it() {
    let mut world = world();
    world.heartbeat("point", NOON);
    complete(&mut world, "bob", key("bob"), NOON);
    let first = world.close();
    assert_eq!(first.totals.unlinked, amounts(0, 0, 500));
    world.next_epoch(&first);
    let start = world.start();
    world.visit("bob", "point", start + HOUR);
    let second = world.close();
    assert_eq!(second.totals.unlinked, Amounts::default());
    assert_eq!(leaf(&world, key("bob")).unwrap().credits.get(), 500);
    // For ever: no proof of Bob's is in this epoch.
    world.next_epoch(&second);
    let start = world.start();
    complete(&mut world, "bob again", key("bob"), start + HOUR);
    let third = world.close();
    assert_eq!(third.totals.unlinked, Amounts::default());
    assert_eq!(leaf(&world, key("bob")).unwrap().credits.get(), 1_000);
}

#[test]
fn a_key_speaks_for_its_own_identity_and_its_own_did_and_for_no_other() {
    let mut world = world();
    world.heartbeat("point", NOON);
    let phone = phone();
    let PublicKey::P256(point) = phone.public_key() else {
        unreachable!("the phone's key is of P-256")
    };
    let own = [
        identity_of_key(&phone.public_key()),
        identity_of_did(&did_key(&phone.public_key())),
    ];
    let link = |world: &mut World, identity, parity: u8, by: &Signer| {
        let mut proof = world.link_proof(identity, "pia", NOON);
        if let Body::Link(link) = &mut proof.body {
            link.vouched_by = parity;
            link.voucher.copy_from_slice(&point[1..]);
        }
        let id = proof.id();
        let signed = SignedProof::new(proof)
            .signed(Role::User, &signer("pia"))
            .signed(Role::Attestor, by);
        world.hand_in(&signed.to_bytes(), NOON + MINUTE);
        id
    };
    let good = own.map(|identity| link(&mut world, identity, point[0], &phone));
    let another_s = link(&mut world, ann(), point[0], &phone);
    let other_half = link(&mut world, own[0], point[0] ^ 1, &phone);
    let other = Signer::p256(&[8; 32]).unwrap();
    let forged = link(&mut world, own[0], point[0], &other);
    // Nobody vouches, or the wallet does not agree.
    let proof = world.link_proof(ann(), "pia", NOON);
    let alone = world.submit(&proof, &[(Role::User, "pia")]);
    let proof = world.link_proof(ann(), "rose", NOON);
    let against = world.submit(&proof, &[(Role::User, "pia"), (Role::Attestor, "desk")]);
    world.close();
    assert_eq!(good.map(|id| world.reason(id)), [Reason::Ok; 2]);
    assert_eq!(world.reason(another_s), Reason::UnknownKey);
    assert_eq!(world.reason(other_half), Reason::UnknownKey);
    for id in [forged, alone, against] {
        assert_eq!(world.reason(id), Reason::BadSig);
    }
}

#[test]
fn a_link_is_for_ever_and_no_attestor_links_away_what_a_wallet_signs_for() {
    let mut world = world();
    world.heartbeat("point", NOON);
    let first_link = world.link(ann(), "ann's wallet", NOON);
    let again = world.link(ann(), "mallory", NOON + HOUR);
    // Before she ever signed: what she earns until then goes to mallory, and nothing from then on.
    let stolen = world.link(key("vera"), "mallory", NOON);
    adjust(&mut world, 1, key("vera"), 2_000, NOON);
    let closed = world.close();
    assert_eq!(world.reason(first_link), Reason::Ok);
    assert_eq!(world.reason(stolen), Reason::Ok);
    assert_eq!(world.reason(again), Reason::Duplicate);
    assert_eq!(leaf(&world, key("mallory")).unwrap().points.get(), 2_000);
    world.next_epoch(&closed);
    let start = world.start();
    let later = world.link(ann(), "mallory", start + HOUR);
    let owner = world.link(key("alice"), "mallory", start + HOUR);
    world.show("vera", start + HOUR);
    adjust(&mut world, 2, key("vera"), 3_000, start + 2 * HOUR);
    world.close();
    assert_eq!(world.reason(later), Reason::Duplicate);
    assert_eq!(world.reason(owner), Reason::Duplicate);
    assert_eq!(leaf(&world, key("mallory")).unwrap().points.get(), 2_000);
    assert_eq!(leaf(&world, key("vera")).unwrap().points.get(), 3_000);
}

#[test]
fn below_what_a_pot_asks_for_an_identity_waits_like_anybody_and_brings_it_along() {
    let mut world = world();
    world.edits = vec![("pot = 1 ", "pot = 3 ")];
    world.heartbeat("point", NOON);
    adjust(&mut world, 1, ann(), 600, NOON);
    let first = world.close();
    assert_eq!(of(&world, ann()), Outside::default());
    assert_eq!(first.totals.unlinked, Amounts::default());
    world.next_epoch(&first);
    let start = world.start();
    world.link(ann(), "ann's wallet", start + HOUR);
    adjust(&mut world, 2, key("ann's wallet"), 500, start + HOUR);
    world.close();
    let wallet = leaf(&world, key("ann's wallet")).unwrap();
    assert_eq!(wallet.points.get(), 1_100);
}

/// What a revoked root paid ann's wallet is no longer owed to her.
#[test]
fn a_correction_sets_off_what_was_taken_against_what_is_owed() {
    let corrected = |taken: &[Taken]| {
        let mut world = world();
        world.terms.arrears = amounts(0, 1_000, 0);
        world.device("other", "dan", north_of(NEW_YORK, 5_000));
        world.beat_all_week("point");
        world.held(key("ann"), true, amounts(50, 5_000, 0));
        let first = world.close();
        world.next_epoch(&first);
        world.beat_all_week("point");
        if !taken.is_empty() {
            write_taken(&EpochFolder::new(world.dir()).taken(), taken).unwrap();
        }
        let second = world.close();
        verify_succession(&first.manifest, &second.manifest).unwrap();
        let at = leaf(&world, key("ann")).unwrap();
        (at, of(&world, key("ann")).arrears)
    };
    let (honest, owing) = corrected(&[]);
    assert_eq!(honest.points.get(), 2_000);
    assert_eq!(owing[0].amounts, amounts(0, 3_000, 0));
    let row = Taken {
        index: honest.index,
        owner: key("ann"),
        tokens: Tokens::ZERO,
        tokens_claimed: Tokens::ZERO,
        points: MilliPoints::new(2_500),
        points_burnt: MilliPoints::new(2_500),
        credits: Credits::ZERO,
        credits_redeemed: Credits::ZERO,
    };
    let (paid, owing) = corrected(&[row]);
    assert_eq!(paid.points.get(), 2_500);
    assert_eq!(owing[0].amounts, amounts(0, 2_500, 0));
}
