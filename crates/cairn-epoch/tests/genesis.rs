//! What people held before the pool began: one table that the ruleset names, owed in a stated order, never past what is announced.

mod world;

use cairn_epoch::{
    Amounts, Closed, EpochError, EpochFolder, Outside, Silent, close, outside, read_leaves,
    shipped_ruleset, verify_succession,
};
use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_proof::identity_of_did;
use world::{EMISSION, HOUR, NEW_YORK, World, key};

fn amounts(tokens: u64, points: u64, credits: u64) -> Amounts {
    Amounts {
        credits: Credits::new(credits),
        points: MilliPoints::new(points),
        tokens: Tokens::new(tokens),
    }
}

/// Two wallets and somebody without one held something; a thousand tokens, a point and a credit enter an epoch beside its own.
fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.terms.arrears = amounts(1_000, 1_000, 1);
    // Everything of the emission is given whoever earns.
    world.terms.tokens_per_epoch = Tokens::ZERO;
    for name in ["ann", "bob"] {
        world.held(key(name), true, amounts(1_500, 700, 0));
    }
    world.held(dora(), false, amounts(40, 0, 3));
    world
}

fn dora() -> [u8; 32] {
    identity_of_did("did:web:dora.example")
}

fn tokens(world: &World, owner: [u8; 32]) -> u64 {
    let leaves = read_leaves(&world.dir()).unwrap();
    let leaf = leaves.iter().find(|leaf| leaf.owner == owner);
    leaf.map_or(0, |leaf| leaf.tokens.get())
}

fn of(world: &World, key: [u8; 32]) -> Outside {
    outside(&world.dir(), &key).unwrap()
}

/// The wallets in the order of their keys.
fn in_order() -> [[u8; 32]; 2] {
    let mut both = [key("ann"), key("bob")];
    both.sort_unstable();
    both
}

fn go_on(world: &mut World, closed: &Closed) -> Closed {
    world.next_epoch(closed);
    let next = world.close();
    verify_succession(&closed.manifest, &next.manifest).unwrap();
    next
}

#[test]
fn what_was_held_enters_leaves_in_the_order_of_keys_and_as_fast_as_announced() {
    let mut world = world();
    let [first, second] = in_order();
    let mut closed = world.close();
    assert_eq!(closed.totals.unlinked, amounts(40, 0, 3));
    let mut seen = Vec::new();
    for epoch in 0..3 {
        if epoch > 0 {
            closed = go_on(&mut world, &closed);
        }
        assert!(closed.totals.tokens_epoch.get() <= 1_000);
        seen.push((tokens(&world, first), tokens(&world, second)));
    }
    assert_eq!(seen, [(1_000, 0), (1_500, 500), (1_500, 1_500)]);
    assert_eq!(closed.totals.arrears, Amounts::default());
    // Of the points all of the first and a part of the second entered at once.
    world.next_epoch(&closed);
    let start = world.start();
    world.attestor("desk");
    world.link(dora(), "dora", start + HOUR);
    world.close();
    assert_eq!(tokens(&world, key("dora")), 40);
    let owed = of(&world, dora()).arrears;
    assert_eq!(owed[0].amounts, amounts(0, 0, 2));
}

#[test]
fn whoever_waits_is_told_what_stands_before_them() {
    let world = world();
    let closed = world.close();
    let [first, second] = in_order();
    let owed = |key| of(&world, key).arrears[0];
    assert_eq!(owed(first).amounts, amounts(500, 0, 0));
    assert_eq!(owed(first).ahead, Amounts::default());
    assert_eq!(owed(second).amounts, amounts(1_500, 400, 0));
    assert_eq!(owed(second).ahead, amounts(500, 0, 0));
    assert_eq!(closed.totals.arrears, amounts(2_000, 400, 0));
    assert_eq!(of(&world, dora()).unlinked, Some(amounts(40, 0, 3)));
}

#[test]
fn the_emission_is_divided_as_if_nobody_were_owed_anything() {
    let alice = |held: bool| {
        let mut world = World::new();
        world.device("point", "alice", NEW_YORK);
        world.beat_all_week("point");
        if held {
            world.held(key("ann"), true, amounts(u64::MAX / 2, 5, 5));
        }
        let closed = world.close();
        let grown = closed.totals.tokens_epoch.get();
        assert_eq!(held, grown == EMISSION);
        tokens(&world, key("alice"))
    };
    assert_eq!(alice(true), alice(false));
}

#[test]
fn only_the_table_that_the_ruleset_names_is_taken_and_only_in_the_first_epoch() {
    let world = world();
    let dir = world.freeze();
    let file = EpochFolder::new(&dir).genesis();
    let table = std::fs::read(&file).unwrap();
    let mut other = World::new();
    other.held(key("ann"), true, amounts(1_500, 700, 0));
    std::fs::write(&file, other.genesis_table()).unwrap();
    let refused = close(&dir, &Silent).unwrap_err();
    assert!(
        matches!(
            refused,
            EpochError::Genesis {
                differs: "sha256",
                ..
            }
        ),
        "{refused}"
    );
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(
        close(&dir, &Silent),
        Err(EpochError::Missing { .. })
    ));
    std::fs::write(&file, &table).unwrap();
    let closed = close(&dir, &Silent).unwrap();
    let mut world = world;
    world.next_epoch(&closed);
    let dir = world.freeze();
    std::fs::write(EpochFolder::new(&dir).genesis(), &table).unwrap();
    assert!(matches!(
        close(&dir, &Silent),
        Err(EpochError::Stray { .. })
    ));
    // Rules that name none have none.
    let mut plain = World::new();
    plain.device("point", "alice", NEW_YORK);
    let dir = plain.freeze();
    std::fs::write(EpochFolder::new(&dir).genesis(), &table).unwrap();
    assert!(matches!(
        close(&dir, &Silent),
        Err(EpochError::Stray { .. })
    ));
}

#[test]
fn sums_that_the_table_has_not_are_refused_and_so_are_rules_that_would_never_pay() {
    type Change = fn(&mut cairn_epoch::Genesis);
    let changes: [(Change, &str); 4] = [
        (|it| it.rows += 1, "rows"),
        (|it| it.tokens = Tokens::new(1), "sums"),
        (|it| it.milli_points = MilliPoints::new(1), "sums"),
        (|it| it.credits = Credits::new(1), "sums"),
    ];
    for (change, wrong) in changes {
        let mut world = world();
        change(world.terms.genesis.as_mut().unwrap());
        let refused = close(&world.freeze(), &Silent).unwrap_err();
        assert!(
            matches!(refused, EpochError::Genesis { differs, .. } if differs == wrong),
            "{refused}"
        );
    }
    let mut terms = world().terms;
    terms.arrears = amounts(5, 0, 5);
    let refused = shipped_ruleset(&terms).unwrap_err();
    assert!(refused.to_string().contains("[arrears] milli_points"));
}
