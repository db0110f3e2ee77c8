//! What payers burn for traffic: of the epoch's period, spent once, and never less than what comes out for it.

mod world;

use cairn_epoch::{EpochError, Payer, Silent, close, shipped_ruleset};
use cairn_merkle::Tokens;
use cairn_proof::Reason;
use world::payer::{NOON, PRICE, paid, unpaid};
use world::{HOUR, NEW_YORK, START, World};

#[test]
fn what_is_left_of_a_burn_is_spent_later_and_once() {
    let mut world = paid(100);
    // Less than a unit, which is kept too.
    world.burn(1, PRICE - 1, NOON + 1);
    let first = world.carry("point", 1, "ann", 60, NOON);
    let closed = world.close();
    assert_eq!(world.pay(first), 60_000);
    world.next_epoch(&closed);
    world.burn(1, 1, world.start());
    let second = world.carry("point", 1, "ann", 60, world.start() + HOUR);
    let closed = world.close();
    // 40 of the first epoch, and the one that the two parts make.
    assert_eq!(world.pay(second), 41_000);
    assert_eq!(world.tokens_of("alice").get(), 101 * PRICE);
    world.next_epoch(&closed);
    let third = world.carry("point", 1, "ann", 1, world.start() + HOUR);
    world.close();
    assert_eq!(world.reason(third), Reason::Unpaid);
}

#[test]
fn nobody_gets_more_than_the_cheapest_payer_burned_for_the_same() {
    let mut world = paid(10);
    world.payer(2, "carrier", 3 * PRICE);
    world.burn(2, 30 * PRICE, NOON);
    world.carry("point", 1, "ann", 10, NOON);
    world.carry("other", 2, "ben", 10, NOON);
    let closed = world.close();
    assert_eq!(world.tokens_of("alice").get(), 10 * PRICE);
    assert_eq!(world.tokens_of("bob").get(), 10 * PRICE);
    // Where the pot is small, it is divided as any other.
    world.next_epoch(&closed);
    world.terms.tokens_per_epoch = Tokens::new(40);
    world.burn(1, 1_000 * PRICE, world.start());
    world.carry("point", 1, "ann", 900, world.start() + HOUR);
    world.carry("other", 1, "ben", 100, world.start() + HOUR);
    world.close();
    assert_eq!(world.tokens_of("alice").get(), 10 * PRICE + 9);
    assert_eq!(world.tokens_of("bob").get(), 10 * PRICE + 1);
}

#[test]
fn burns_are_of_the_epoch_s_period_by_known_payers_and_there_when_payers_are() {
    let end = START + 168 * HOUR;
    for (payer, at, named) in [
        (1, START - 1, "unix_ms"),
        (1, end, "unix_ms"),
        (2, NOON, "payer"),
    ] {
        let mut world = unpaid();
        world.burn(payer, PRICE, at);
        let error = close(&world.freeze(), &Silent).unwrap_err();
        assert!(
            matches!(&error, EpochError::Row { field, .. } if field == named),
            "{error}"
        );
    }
    for at in [START, end - 1] {
        let mut world = unpaid();
        world.burn(1, PRICE, at);
        let id = world.carry("point", 1, "ann", 1, NOON);
        world.close();
        assert_eq!(world.reason(id), Reason::Ok);
    }
    let unpaid = unpaid();
    let left_out = unpaid.freeze();
    std::fs::remove_file(left_out.join("inputs/burns.parquet")).unwrap();
    let error = close(&left_out, &Silent).unwrap_err();
    assert!(matches!(error, EpochError::Missing { .. }), "{error}");
    let paid = paid(1);
    let table = paid.freeze().join("inputs/burns.parquet");
    let mut nobody_s = World::new();
    nobody_s.device("point", "alice", NEW_YORK);
    let folder = nobody_s.freeze();
    std::fs::copy(table, folder.join("inputs/burns.parquet")).unwrap();
    let error = close(&folder, &Silent).unwrap_err();
    assert!(matches!(error, EpochError::Stray { .. }), "{error}");
}

#[test]
fn a_burn_that_stands_twice_or_burns_nothing_is_none() {
    let mut twice = paid(1);
    twice.burns.push(twice.burns[0]);
    let mut nothing = unpaid();
    nothing.burn(1, 0, NOON);
    for (world, named) in [(twice, "signature"), (nothing, "tokens")] {
        let file = world.data.path().join("burns.parquet");
        let error = cairn_epoch::write_burns(&file, &world.burns).unwrap_err();
        assert!(
            matches!(&error, EpochError::Row { field, .. } if field == named),
            "{error}"
        );
    }
}

#[test]
fn whoever_mints_and_burns_without_end_keeps_no_epoch_from_closing() {
    let mut world = unpaid();
    for at in 0..3 {
        world.burn(1, u64::MAX, NOON + at);
    }
    world.carry("point", 1, "ann", 1, NOON);
    let closed = world.close();
    world.next_epoch(&closed);
    for at in 0..3 {
        world.burn(1, u64::MAX, world.start() + at);
    }
    let id = world.carry("point", 1, "ann", 7, world.start() + HOUR);
    world.close();
    assert_eq!(world.pay(id), 7_000);
}

#[test]
fn payers_out_of_range_are_refused_by_their_number() {
    type Change = fn(&mut Payer);
    let cases: [(Change, &str); 6] = [
        (|payer| payer.id = 0, "ids"),
        (|payer| payer.carrier_kind = 1, "carrier_kind"),
        (|payer| payer.name.clear(), "name"),
        (|payer| payer.name = "a\u{1b}[2J".to_owned(), "name"),
        (
            |payer| payer.tokens_per_unit = Tokens::ZERO,
            "tokens_per_unit",
        ),
        (
            |payer| payer.tokens_per_unit = Tokens::new((1 << 40) + 1),
            "tokens_per_unit",
        ),
    ];
    for (change, named) in cases {
        let mut terms = unpaid().terms;
        change(terms.payers.first_mut().unwrap());
        let error = shipped_ruleset(&terms).unwrap_err();
        assert!(matches!(error, EpochError::Rules(_)), "{error}");
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
    let mut twice = unpaid().terms;
    twice.payers.push(twice.payers[0].clone());
    assert!(shipped_ruleset(&twice).is_err());
    let mut dearest = unpaid().terms;
    dearest.payers[0].tokens_per_unit = Tokens::new(1 << 40);
    shipped_ruleset(&dearest).unwrap();
}

#[test]
fn what_a_unit_earns_has_bounds() {
    for (unit, fits) in [
        ("0", false),
        ("1", true),
        ("65_536", true),
        ("65_537", false),
    ] {
        let mut world = paid(1);
        let earns = format!("unit_milli_points = {unit}");
        world.edits = vec![("unit_milli_points = 1_000", earns.leak())];
        world.heartbeat("point", NOON);
        let closed = close(&world.freeze(), &Silent);
        assert_eq!(closed.is_ok(), fits, "{unit}");
        if let Err(error) = closed {
            assert!(error.to_string().contains("unit_milli_points"), "{error}");
        }
    }
}
