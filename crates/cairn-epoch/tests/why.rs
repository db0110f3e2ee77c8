//! Answers for people: why was this paid, why was that not.

mod world;

use cairn_epoch::{EpochError, Query, why};
use world::{HOUR, NEW_YORK, START, TOKYO, World, key};

const NOON: i64 = START + 12 * HOUR;

#[test]
fn a_refusal_is_explained_in_the_ruleset_s_words_and_numbers() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("hnd", "dan", TOKYO);
    let home = world.visit("bob", "point", NOON);
    let teleport = world.visit("bob", "hnd", NOON + HOUR);
    world.close();
    let [answer] = &why(&world.dir(), Query::Proof(teleport)).unwrap()[..] else {
        panic!("one proof, one answer");
    };
    assert_eq!(answer.reason, "IMPOSSIBLE_SPEED");
    let speed = answer.found.unwrap();
    // New York to Tokyo is 10,850 km.
    assert!((10_800_000..10_900_000).contains(&speed), "{speed}");
    assert!(
        answer.rule.contains(&format!("{speed} m/h")) && answer.rule.contains("900000 m/h"),
        "{}",
        answer.rule
    );
    assert_eq!(
        (answer.milli_points.get(), answer.kind),
        (0, Some("wifi_check_in"))
    );
    let [answer] = &why(&world.dir(), Query::Proof(home)).unwrap()[..] else {
        panic!("one proof, one answer");
    };
    assert!(answer.is_accepted());
    assert_eq!(answer.pot.as_deref(), Some("check_in"));
    let product = answer.base.unwrap() * answer.share.unwrap() / answer.whole.unwrap();
    assert_eq!(u64::try_from(product).unwrap(), answer.milli_points.get());
}

#[test]
fn a_device_and_an_owner_are_told_about_all_their_proofs() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    world.heartbeat("point", NOON);
    world.heartbeat("point", NOON + 1);
    world.hand_in(b"rubbish", NOON);
    world.close();
    let device = why(&world.dir(), Query::Device(key("point"))).unwrap();
    let reasons: Vec<_> = device.iter().map(|answer| answer.reason).collect();
    assert_eq!(reasons, ["OK", "OK", "DUPLICATE"]);
    assert_eq!(
        why(&world.dir(), Query::Owner(key("alice"))).unwrap().len(),
        2
    );
    assert_eq!(
        why(&world.dir(), Query::Owner(key("bob"))).unwrap().len(),
        1
    );
    let nobody = why(&world.dir(), Query::Owner(key("nobody")));
    assert!(matches!(nobody, Err(EpochError::NothingFound(_))));
}

#[test]
fn no_rule_text_is_left_with_an_unfilled_number() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", NOON);
    let mut old = world.check_in("carol", "point", NOON);
    old.anchor_slot = 1;
    let old = world.submit(&old, &[(cairn_proof::Role::User, "carol")]);
    let mut dated = world.check_in("carol", "point", NOON);
    dated.epoch = 9;
    let dated = world.submit(&dated, &[(cairn_proof::Role::User, "carol")]);
    world.close();
    for id in [old, dated] {
        let answer = why(&world.dir(), Query::Proof(id)).unwrap();
        let rule = &answer[0].rule;
        assert!(
            !rule.contains(['$', '{', '[', '}', ']']) && !rule.contains("unknown ms"),
            "{rule}"
        );
    }
}
