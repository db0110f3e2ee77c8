//! What one epoch hands to the next.

mod world;

use cairn_epoch::{
    EpochError, EpochFolder, Manifest, Silent, carry, close, load_claim, read_leaves,
    verify_succession,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_proof::{Reason, Role};
use world::{CHICAGO, HANDED_ON, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, key};

const NOON: i64 = START + 12 * HOUR;

#[test]
fn a_member_keeps_its_index_for_life_and_new_ones_follow_by_key() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("ord", "dan", CHICAGO);
    world.visit("bob", "point", NOON);
    let first = world.close();
    let bob = load_claim(&world.dir(), &key("bob")).unwrap();
    assert_eq!((bob.index.get(), first.leaf_count), (0, 1));

    world.next_epoch(&first);
    let noon = world.start() + 12 * HOUR;
    for user in ["carol", "eve", "frank"] {
        world.visit(user, "ord", noon);
    }
    let second = world.close();
    assert_eq!(second.leaf_count, 4);
    let idle = load_claim(&world.dir(), &key("bob")).unwrap();
    // Who earns nothing keeps the very leaf it had.
    assert_eq!(idle.leaf(), bob.leaf());
    let owners: Vec<_> = read_leaves(&world.dir())
        .unwrap()
        .iter()
        .map(|leaf| leaf.owner)
        .collect();
    let mut newcomers = [key("carol"), key("eve"), key("frank")];
    newcomers.sort_unstable();
    assert_eq!(owners[1..], newcomers);

    world.next_epoch(&second);
    let noon = world.start() + 12 * HOUR;
    world.visit("bob", "ord", noon);
    let third = world.close();
    let earned = load_claim(&world.dir(), &key("bob")).unwrap();
    assert_eq!((earned.index.get(), third.leaf_count), (0, 4));
    assert!(earned.tokens > bob.tokens && earned.points > bob.points);
    assert_eq!(
        Some(third.totals.tokens),
        second.totals.tokens.checked_add(third.totals.tokens_epoch)
    );
    assert_eq!(
        third.manifest.epoch.previous_manifest,
        Some(second.manifest_hash)
    );
}

#[test]
fn an_epoch_in_which_nobody_earned_is_legal_and_changes_no_leaf() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    let first = world.close();
    world.next_epoch(&first);
    let second = world.close();
    assert_eq!(second.root, first.root);
    assert_eq!(second.totals.unallocated, world.terms.tokens_per_epoch);
    assert_eq!(second.manifest.received, 0);
}

#[test]
fn a_pool_without_any_member_can_not_be_closed() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.hand_in(b"rubbish", NOON);
    let dir = world.freeze();
    assert!(matches!(close(&dir, &Silent), Err(EpochError::NoMembers)));
    assert!(!EpochFolder::new(&dir).manifest().exists());
}

#[test]
fn sequence_numbers_meters_and_places_are_remembered() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("hnd", "dan", TOKYO);
    world.stream(1, "partner", 24, 100);
    let meter = |world: &mut World, at_ms, counter| {
        let proof = world.metric("partner", "point", 1, at_ms, counter);
        world.submit(
            &proof,
            &[(Role::Partner, "partner"), (Role::Device, "point")],
        )
    };
    let end = world.period().end_ms;
    meter(&mut world, NOON, 50);
    let last = world.check_in("bob", "point", end - 10 * MINUTE);
    world.submit(&last, &[(Role::User, "bob")]);
    let closed = world.close();

    world.next_epoch(&closed);
    let mut replayed = world.check_in("bob", "point", end + 40 * HOUR);
    replayed.signer_seq = last.signer_seq;
    let replayed = world.submit(&replayed, &[(Role::User, "bob")]);
    let teleport = world.visit("bob", "hnd", end + 10 * MINUTE);
    let flight = world.visit("bob", "hnd", end + 30 * HOUR);
    let back = meter(&mut world, end + HOUR, 50);
    let on = meter(&mut world, end + 2 * HOUR, 51);
    world.close();
    assert_eq!(world.reason(replayed), Reason::ReplaySeq);
    assert_eq!(world.reason(teleport), Reason::ImpossibleSpeed);
    assert_eq!(world.reason(flight), Reason::Ok);
    assert_eq!(world.reason(back), Reason::ReplaySeq);
    assert_eq!(world.reason(on), Reason::Ok);
}

#[test]
fn state_of_another_epoch_or_pool_is_refused() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    let first = world.close();
    let before = EpochFolder::new(world.dir());
    world.next_epoch(&first);
    world.epoch.pool = [1; 32];
    let dir = world.freeze();
    assert!(matches!(
        close(&dir, &Silent),
        Err(EpochError::StateMismatch { .. })
    ));
    world.epoch.pool = world::POOL;
    world.epoch.number = EpochNumber::new(3);
    let skipped = EpochFolder::new(world.freeze());
    carry(&before, &first.manifest, &skipped).unwrap();
    assert!(matches!(
        close(skipped.root(), &Silent),
        Err(EpochError::StateMismatch { .. })
    ));
    // And the first epoch carries nothing.
    world.epoch.number = EpochNumber::FIRST;
    world.epoch.previous_manifest = None;
    let fresh = EpochFolder::new(world.data.path().join("fresh"));
    world.freeze_into(fresh.root(), usize::MAX);
    carry(&before, &first.manifest, &fresh).unwrap();
    assert!(matches!(
        close(fresh.root(), &Silent),
        Err(EpochError::Stray { .. })
    ));
}

#[test]
fn an_hour_belongs_to_one_epoch() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    let first = world.close();
    world.next_epoch(&first);
    world.terms.calendar.first_start -= 1;
    let refused = close(&world.freeze(), &Silent);
    assert!(matches!(
        refused,
        Err(EpochError::PeriodOverlap { number, .. }) if number.get() == 2
    ));
}

#[test]
fn a_chain_of_manifests_is_checked_link_by_link() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    let first = world.close();
    world.next_epoch(&first);
    let at = world.start() + HOUR;
    world.visit("carol", "point", at);
    let second = world.close();
    verify_succession(&first.manifest, &second.manifest).unwrap();
    let refused = |change: &dyn Fn(&mut Manifest)| {
        let mut forged = second.manifest.clone();
        change(&mut forged);
        let refused = verify_succession(&first.manifest, &forged);
        assert!(matches!(refused, Err(EpochError::Succession { .. })));
    };
    refused(&|manifest| manifest.epoch.number = EpochNumber::new(3));
    refused(&|manifest| manifest.epoch.pool = [1; 32]);
    refused(&|manifest| manifest.epoch.previous_manifest = Some([1; 32]));
    refused(&|manifest| manifest.epoch.period_start_ms -= 1);
    refused(&|manifest| {
        manifest.totals.tokens = manifest.totals.tokens.saturating_add(Tokens::new(1));
    });
    refused(&|manifest| manifest.tree.leaf_count = 0);
    for name in HANDED_ON {
        let name = format!("inputs/{name}");
        let of = |manifest: &Manifest| {
            let found = manifest.inputs.iter().position(|entry| entry.name == name);
            found.unwrap()
        };
        refused(&|manifest| {
            let at = of(manifest);
            manifest.inputs[at].sha256 = [1; 32];
        });
        // What is left out is not handed on either.
        refused(&|manifest| {
            let at = of(manifest);
            manifest.inputs.remove(at);
        });
    }
}

#[test]
fn a_state_that_is_not_the_manifest_s_is_not_carried_on() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    let first = world.close();
    let before = EpochFolder::new(world.dir());
    let after = EpochFolder::new(world.data.path().join("after"));
    for name in HANDED_ON {
        let path = before.outputs().join(name);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[1..]).unwrap();
        let refused = carry(&before, &first.manifest, &after);
        assert!(
            matches!(&refused, Err(EpochError::Differs(difference)) if difference.file.ends_with(name)),
            "{refused:?}"
        );
        std::fs::write(&path, &bytes).unwrap();
    }
    carry(&before, &first.manifest, &after).unwrap();
    for name in HANDED_ON {
        assert!(after.inputs().join(name).exists(), "{name}");
    }
}
