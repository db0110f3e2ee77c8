//! A correction: it goes on from the epoch that takes the revoked one's place, and makes good what was taken meanwhile.

mod world;

use cairn_epoch::{
    Closed, EpochError, EpochFolder, Silent, Taken, close, load_claim, read_leaves, read_taken,
    verify_succession, write_taken,
};
use cairn_merkle::{Credits, LeafIndex, MilliPoints, RewardLeaf, Tokens};
use world::{CHICAGO, HOUR, NEW_YORK, World, key};

fn taken(index: u32, owner: &str, tokens: u64, tokens_claimed: u64) -> Taken {
    Taken {
        index: LeafIndex::new(index),
        owner: key(owner),
        tokens: Tokens::new(tokens),
        tokens_claimed: Tokens::new(tokens_claimed),
        points: MilliPoints::new(7),
        points_burnt: MilliPoints::new(7),
        credits: Credits::new(3),
        credits_redeemed: Credits::new(3),
    }
}

/// Three epochs of one visitor at each of two points; before the third is closed, `taken` is written into its inputs.
fn corrected(taken: &[Taken]) -> (World, Closed, Closed) {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("ord", "dan", CHICAGO);
    let at = world.start() + 12 * HOUR;
    world.visit("bob", "point", at);
    let first = world.close();
    world.next_epoch(&first);
    let at = world.start() + 12 * HOUR;
    world.visit("carol", "ord", at);
    let second = world.close();
    world.next_epoch(&second);
    let at = world.start() + 12 * HOUR;
    world.visit("bob", "point", at);
    world.visit("dave", "ord", at);
    if !taken.is_empty() {
        write_taken(&EpochFolder::new(world.dir()).taken(), taken).unwrap();
    }
    let third = world.close();
    (world, second, third)
}

fn leaves(world: &World) -> Vec<RewardLeaf> {
    read_leaves(&world.dir()).unwrap()
}

#[test]
fn a_member_whose_index_a_thief_was_paid_at_gets_all_they_earned_and_nobody_else_more() {
    let (honest, _, _) = corrected(&[]);
    // The thief took more than bob ever had, bob having been paid 30 before.
    let theft = taken(0, "thief", 900, 930);
    let (world, second, third) = corrected(&[theft]);
    let (before, after) = (leaves(&honest), leaves(&world));
    assert_eq!(after.len(), before.len());
    let bob = (before[0], after[0]);
    assert_eq!(bob.1.owner, key("bob"));
    assert_eq!(bob.1.tokens.get(), bob.0.tokens.get() + 900);
    assert_eq!(bob.1.points.get(), bob.0.points.get() + 7);
    assert_eq!(bob.1.credits.get(), bob.0.credits.get() + 3);
    assert_eq!(after[1..], before[1..]);
    let sum = after.iter().map(|leaf| leaf.tokens.get()).sum::<u64>();
    assert_eq!(third.root.sum().get(), sum);
    verify_succession(&second.manifest, &third.manifest).unwrap();

    // The next ordinary epoch goes on from there and counts it no second time.
    let mut world = world;
    world.next_epoch(&third);
    assert!(!EpochFolder::new(world.dir()).taken().exists());
    let fourth = world.close();
    assert_eq!(leaves(&world), after);
    verify_succession(&third.manifest, &fourth.manifest).unwrap();
}

#[test]
fn what_members_were_rightly_paid_is_counted_once_and_what_they_were_paid_too_much_stays_theirs() {
    let (honest, _, _) = corrected(&[]);
    let before = leaves(&honest);
    let (bob, carol) = (before[0].tokens.get(), before[1].tokens.get());
    let (world, _, _) = corrected(&[
        taken(0, "bob", bob - 5, bob - 5),
        taken(1, "carol", carol + 60, carol + 60),
    ]);
    let after = leaves(&world);
    assert_eq!(
        (after[0].tokens.get(), after[1].tokens.get()),
        (bob, carol + 60)
    );
}

#[test]
fn who_was_paid_beyond_the_members_keeps_the_index_and_newcomers_fill_the_gap() {
    let (honest, _, _) = corrected(&[]);
    let before = leaves(&honest);
    assert_eq!((before.len(), before[2].owner), (3, key("dave")));
    let (world, _, _) = corrected(&[taken(3, "thief", 50, 50), taken(4, "bob", 40, 40)]);
    let after = leaves(&world);
    assert_eq!(after[..3], before[..3]);
    // Whoever never signed has no index of their own: what was paid there is nobody's. Neither is what bob, who has one, was paid at another.
    assert_eq!(after[3].tokens.get(), 50);
    assert!(after[3].owner != key("thief"));
    assert_eq!(after[4].tokens.get(), 40);
    assert!(after[4].owner != key("bob") && after.len() == 5);
    assert_eq!(
        load_claim(&world.dir(), &key("bob")).unwrap().index.get(),
        0
    );

    // Dave was already paid what he earned, at an index that he keeps.
    let dave = before[2].tokens.get();
    let (world, _, _) = corrected(&[taken(2, "dave", dave, dave)]);
    let after = leaves(&world);
    assert_eq!((after[2].owner, after[2].tokens.get()), (key("dave"), dave));
    assert_eq!(after.len(), 3);
}

#[test]
fn the_table_has_one_spelling_and_the_first_epoch_has_none() {
    let (world, _, third) = corrected(&[taken(0, "thief", 1, 2)]);
    let path = EpochFolder::new(world.dir()).taken();
    assert_eq!(read_taken(&path).unwrap(), [taken(0, "thief", 1, 2)]);
    for wrong in [
        vec![taken(1, "thief", 1, 1), taken(1, "thief", 1, 1)],
        vec![taken(0, "thief", 2, 1)],
        vec![taken(1 << 24, "thief", 1, 1)],
    ] {
        let refused = write_taken(&path, &wrong);
        assert!(matches!(refused, Err(EpochError::Row { .. })), "{wrong:?}");
    }
    assert!(
        third
            .manifest
            .inputs
            .iter()
            .any(|entry| entry.name == "inputs/taken.parquet")
    );
    let mut fresh = World::new();
    fresh.device("point", "alice", NEW_YORK);
    let at = fresh.start() + 12 * HOUR;
    fresh.visit("bob", "point", at);
    let dir = fresh.freeze();
    write_taken(&EpochFolder::new(&dir).taken(), &[]).unwrap();
    assert!(matches!(
        close(&dir, &Silent),
        Err(EpochError::Stray { .. })
    ));
}
