//! Every reason that a proof is refused for before any rule sees it, each reached by one small case.

mod world;

use cairn_proof::{Body, PublicKey, Reason, Role, SignedProof, Signer};
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, START, World, signer};

/// A point of Alice's where Bob may check in, and somebody who earns, so that there is a tree.
fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("carol", "point", START + 50 * HOUR);
    world
}

const NOON: i64 = START + 12 * HOUR;

#[test]
fn bytes_that_are_no_proof_are_malformed() {
    let mut world = world();
    world.hand_in(b"not a proof", NOON);
    let closed = world.close();
    assert_eq!(closed.rejected_by_reason[&Reason::Malformed], 1);
}

#[test]
fn a_meter_that_shows_more_than_63_bits_is_malformed() {
    let mut world = world();
    world.stream(1, "partner", 24, 100);
    let proof = world.metric("partner", "point", 1, NOON, u64::MAX);
    let id = world.submit(
        &proof,
        &[(Role::Partner, "partner"), (Role::Device, "point")],
    );
    world.close();
    assert_eq!(world.reason(id), Reason::Malformed);
}

#[test]
fn a_proof_for_another_network_is_refused() {
    let mut world = world();
    let mut proof = world.check_in("bob", "point", NOON);
    proof.network = [8; 32];
    let id = world.submit(&proof, &[(Role::User, "bob")]);
    world.close();
    assert_eq!(world.reason(id), Reason::WrongNetwork);
}

#[test]
fn another_ruleset_an_unpaid_kind_and_an_unknown_stream_are_refused() {
    let mut world = world();
    let mut other = world.check_in("bob", "point", NOON);
    other.ruleset = 2;
    let other = world.submit(&other, &[(Role::User, "bob")]);
    world.edits = vec![("\"hotspot_beat\", ", "")];
    let unpaid = world.beat("point", NOON);
    let unpaid = world.submit(&unpaid, &[(Role::Device, "point")]);
    let stream = world.metric("partner", "point", 9, NOON, 1);
    let stream = world.submit(
        &stream,
        &[(Role::Partner, "partner"), (Role::Device, "point")],
    );
    // A kind that does not even have a number in this version.
    let unknown = world.check_in("bob", "point", NOON + HOUR);
    let mut bytes = SignedProof::new(unknown).to_bytes();
    bytes[40] = 99;
    world.hand_in(&bytes, NOON + HOUR);
    let closed = world.close();
    for id in [other, unpaid, stream] {
        assert_eq!(world.reason(id), Reason::Ruleset);
    }
    assert_eq!(closed.rejected_by_reason[&Reason::Ruleset], 4);
}

#[test]
fn proofs_of_earlier_epochs_and_overdue_ones_are_late() {
    let mut world = world();
    let mut dated = world.check_in("bob", "point", NOON);
    dated.epoch = 0;
    let dated = world.submit(&dated, &[(Role::User, "bob")]);
    let before = world.check_in("bob", "point", START - 1);
    let before = world.submit(&before, &[(Role::User, "bob")]);
    let overdue = world.check_in("dora", "point", NOON);
    let overdue_id = overdue.id();
    let signed = SignedProof::new(overdue).signed(Role::User, &signer("dora"));
    world.hand_in(&signed.to_bytes(), NOON + 24 * HOUR + 1);
    let in_time = world.check_in("eve", "point", NOON);
    let in_time_id = in_time.id();
    let signed = SignedProof::new(in_time).signed(Role::User, &signer("eve"));
    world.hand_in(&signed.to_bytes(), NOON + 24 * HOUR);
    let mut stale_hour = world.beat("point", NOON);
    if let Body::HotspotBeat(beat) = &mut stale_hour.body {
        beat.hour_bucket -= 1;
    }
    let stale_hour = world.submit(&stale_hour, &[(Role::Device, "point")]);
    world.close();
    for id in [dated, before, overdue_id, stale_hour] {
        assert_eq!(world.reason(id), Reason::Late);
    }
    assert_eq!(world.reason(in_time_id), Reason::Ok);
}

#[test]
fn proofs_ahead_of_their_time_are_refused() {
    let mut world = world();
    let mut dated = world.check_in("bob", "point", NOON);
    dated.epoch = 2;
    let dated = world.submit(&dated, &[(Role::User, "bob")]);
    let beyond = world.check_in("bob", "point", START + 168 * HOUR);
    let beyond = world.submit(&beyond, &[(Role::User, "bob")]);
    let fast_clock = world.check_in("bob", "point", NOON);
    let fast_clock_id = fast_clock.id();
    let signed = SignedProof::new(fast_clock).signed(Role::User, &signer("bob"));
    world.hand_in(&signed.to_bytes(), NOON - 30_001);
    let mut next_hour = world.beat("point", NOON);
    if let Body::HotspotBeat(beat) = &mut next_hour.body {
        beat.hour_bucket += 1;
    }
    let next_hour = world.submit(&next_hour, &[(Role::Device, "point")]);
    world.close();
    for id in [dated, beyond, fast_clock_id, next_hour] {
        assert_eq!(world.reason(id), Reason::Future);
    }
}

#[test]
fn unregistered_devices_and_other_peoples_streams_are_unknown() {
    let mut world = world();
    world.stream(1, "partner", 24, 100);
    let stranger = world.heartbeat("stranger", NOON);
    let borrowed = world.metric("impostor", "point", 1, NOON, 1);
    let borrowed = world.submit(
        &borrowed,
        &[(Role::Partner, "impostor"), (Role::Device, "point")],
    );
    world.close();
    assert_eq!(world.reason(stranger), Reason::UnknownKey);
    assert_eq!(world.reason(borrowed), Reason::UnknownKey);
}

#[test]
fn a_banned_device_earns_nothing_for_anybody() {
    let mut world = world();
    let banned = world.device("banned", "dan", CHICAGO);
    banned.status = cairn_epoch::DeviceStatus::Banned;
    banned.reason = 12;
    let beat = world.heartbeat("banned", NOON);
    let visit = world.visit("bob", "banned", NOON);
    world.close();
    assert_eq!(world.reason(beat), Reason::Denied);
    assert_eq!(world.reason(visit), Reason::Denied);
    assert_eq!(world.decision(beat).found, Some(12));
}

#[test]
fn a_device_whose_status_the_registry_gives_no_meaning_earns_nothing_and_stops_nobody() {
    for code in [0, 3, 255] {
        let mut world = world();
        let odd = world.device("odd", "dan", CHICAGO);
        odd.status = cairn_epoch::DeviceStatus::of(code);
        assert_eq!(odd.status.code(), code);
        odd.reason = 7;
        let beat = world.heartbeat("odd", NOON);
        let visit = world.visit("bob", "odd", NOON);
        let honest = world.heartbeat("point", NOON);
        world.close();
        assert_eq!(world.reason(beat), Reason::Denied, "{code}");
        assert_eq!(world.reason(visit), Reason::Denied);
        assert_eq!(world.decision(beat).found, Some(7));
        assert_eq!(world.reason(honest), Reason::Ok);
    }
}

#[test]
fn forged_missing_and_misplaced_signatures_are_refused() {
    let mut world = world();
    world.device("miner", "dan", CHICAGO).model = 2;
    world.stream(1, "partner", 24, 100);
    let proof = world.check_in("bob", "point", NOON);
    let forged = world.submit(&proof, &[(Role::User, "mallory")]);
    let proof = world.check_in("bob", "point", NOON + HOUR);
    let as_device = world.submit(&proof, &[(Role::Device, "bob")]);
    let proof = world.check_in("bob", "point", NOON + 2 * HOUR);
    let unsigned = world.submit(&proof, &[]);
    // A miner signs check-ins too.
    let proof = world.check_in("bob", "miner", NOON + 20 * HOUR);
    let alone = world.submit(&proof, &[(Role::User, "bob")]);
    let proof = world.metric("partner", "point", 1, NOON, 1);
    let half = world.submit(&proof, &[(Role::Partner, "partner")]);
    let proof = world.check_in("bob", "miner", NOON + 40 * HOUR);
    let both = world.submit(&proof, &[(Role::User, "bob"), (Role::Device, "miner")]);
    world.close();
    for id in [forged, as_device, unsigned, alone, half] {
        assert_eq!(world.reason(id), Reason::BadSig);
    }
    assert_eq!(world.reason(both), Reason::Ok);
}

#[test]
fn a_partner_s_p256_signature_counts_like_any_other() {
    let mut world = world();
    let chip = Signer::p256(&[11; 32]).unwrap();
    let PublicKey::P256(point) = chip.public_key() else {
        panic!("a P-256 key");
    };
    let stream = world.stream(1, "partner", 24, 100);
    stream.partner_kind = point[0];
    stream.partner.copy_from_slice(&point[1..]);
    let partner = stream.partner;
    let mut proof = world.metric("partner", "point", 1, NOON, 1);
    if let Body::PartnerMetric(metric) = &mut proof.body {
        metric.partner = partner;
    }
    let sign = |proof: &cairn_proof::ProofV1| {
        SignedProof::new(proof.clone())
            .signed(Role::Partner, &chip)
            .signed(Role::Device, &world::signer("point"))
    };
    let signed = sign(&proof);
    world.hand_in(&signed.to_bytes(), NOON + 1_000);
    let true_id = proof.id();
    proof.signer_seq += 1;
    // The right bytes for another proof, and the right proof under the other scheme.
    let mut moved = signed;
    moved.proof = proof.clone();
    world.hand_in(&moved.to_bytes(), NOON + 1_000);
    proof.signer_seq += 1;
    let other_scheme = world.submit(
        &proof,
        &[(Role::Partner, "partner"), (Role::Device, "point")],
    );
    world.close();
    assert_eq!(world.reason(true_id), Reason::Ok);
    assert_eq!(world.reason(moved.proof.id()), Reason::BadSig);
    assert_eq!(world.reason(other_scheme), Reason::BadSig);
}

#[test]
fn a_forged_copy_handed_in_first_does_not_harm_the_true_proof() {
    let mut world = world();
    let proof = world.check_in("bob", "point", NOON);
    world.submit(&proof, &[(Role::User, "mallory")]);
    world.submit(&proof, &[(Role::User, "bob")]);
    let closed = world.close();
    assert_eq!(closed.rejected_by_reason[&Reason::BadSig], 1);
    assert_eq!((closed.accepted, closed.rejected), (2, 1));
}

#[test]
fn old_unknown_and_backdated_anchors_are_stale() {
    let mut world = world();
    let mut old = world.check_in("bob", "point", NOON);
    let eleven_minutes = world
        .anchors
        .iter()
        .rev()
        .find(|anchor| anchor.unix_ms < NOON - 10 * MINUTE)
        .unwrap();
    (old.anchor_slot, old.anchor_hash) = (eleven_minutes.slot, eleven_minutes.hash);
    let old = world.submit(&old, &[(Role::User, "bob")]);
    let mut unknown = world.check_in("bob", "point", NOON);
    unknown.anchor_slot += 1;
    let unknown = world.submit(&unknown, &[(Role::User, "bob")]);
    let mut fork = world.check_in("bob", "point", NOON);
    fork.anchor_hash = [1; 32];
    let fork = world.submit(&fork, &[(Role::User, "bob")]);
    // Made later than it says: the block did not exist yet.
    let mut backdated = world.check_in("bob", "point", NOON);
    let younger = world
        .anchors
        .iter()
        .find(|anchor| anchor.unix_ms > NOON + 30_000)
        .unwrap();
    (backdated.anchor_slot, backdated.anchor_hash) = (younger.slot, younger.hash);
    let backdated = world.submit(&backdated, &[(Role::User, "bob")]);
    world.close();
    for id in [old, unknown, fork, backdated] {
        assert_eq!(world.reason(id), Reason::StaleAnchor);
    }
}

#[test]
fn a_sequence_number_counts_once_for_each_signer() {
    let mut world = world();
    let first = world.check_in("bob", "point", NOON);
    let mut again = world.check_in("bob", "point", NOON + HOUR);
    again.signer_seq = first.signer_seq;
    let mut others = world.check_in("dora", "point", NOON + HOUR);
    others.signer_seq = first.signer_seq;
    let first = world.submit(&first, &[(Role::User, "bob")]);
    let again = world.submit(&again, &[(Role::User, "bob")]);
    let others = world.submit(&others, &[(Role::User, "dora")]);
    world.close();
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(world.reason(again), Reason::ReplaySeq);
    assert_eq!(world.reason(others), Reason::Ok);
}

#[test]
fn every_submission_ends_in_exactly_one_set() {
    let mut world = world();
    world.hand_in(b"", NOON);
    world.visit("bob", "point", NOON);
    world.visit("bob", "nowhere", NOON);
    let closed = world.close();
    assert_eq!(closed.accepted + closed.rejected, closed.manifest.received);
    assert_eq!(closed.manifest.received, 4);
    assert_eq!(
        closed.rejected_by_reason.values().sum::<u64>(),
        closed.rejected
    );
}
