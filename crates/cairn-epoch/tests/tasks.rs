//! Carriers' tasks: who completed one is granted data credits, once, out of the carrier's budget.

mod world;

use cairn_epoch::{EpochError, Query, Task, read_leaves, shipped_ruleset, why};
use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_proof::{Body, Reason, Role};
use world::{EMISSION, HOUR, NEW_YORK, START, World, key};

const NOON: i64 = START + 12 * HOUR;

/// Task 1 grants 500 credits, to two people an epoch; task 2 grants 40. A carrier signs for whom it likes: these are wallets.
fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.task(1, "carrier", 500, 1_000);
    world.task(2, "carrier", 40, 40);
    for wallet in ["bob's wallet", "wallet", "ann", "bob", "carol"] {
        world.show(wallet, START + HOUR);
    }
    world
}

fn credits(world: &World, owner: &str) -> Option<u64> {
    let leaves = read_leaves(&world.dir()).unwrap();
    let leaf = leaves.iter().find(|leaf| leaf.owner == key(owner))?;
    Some(leaf.credits.get())
}

#[test]
fn a_completed_task_grants_its_credits_and_neither_points_nor_tokens() {
    let mut world = world();
    let both = [
        world.complete("carrier", 1, "bob", "bob's wallet", NOON),
        world.complete("carrier", 2, "bob", "bob's wallet", NOON),
    ];
    let closed = world.close();
    assert_eq!(credits(&world, "bob's wallet"), Some(540));
    let granted = both.map(|id| world.decision(id)).map(|decision| {
        assert_eq!((decision.reason, decision.pot), (Reason::Ok, 0));
        assert_eq!(decision.milli_points, MilliPoints::ZERO);
        decision.credits.get()
    });
    assert_eq!(granted, [500, 40]);
    let totals = closed.totals;
    assert_eq!(totals.credits, Credits::new(540));
    assert_eq!(totals.credits_epoch, Credits::new(540));
    assert_eq!(totals.milli_points, MilliPoints::ZERO);
    assert_eq!(totals.unallocated, Tokens::new(EMISSION));
}

#[test]
fn a_person_completes_a_task_once_under_whatever_key_and_in_whatever_epoch() {
    let mut world = world();
    world.complete("carrier", 1, "bob", "wallet", NOON);
    let again = world.complete("carrier", 1, "bob", "another wallet", NOON + HOUR);
    let other_task = world.complete("carrier", 2, "bob", "wallet", NOON + HOUR);
    let closed = world.close();
    assert_eq!(world.reason(again), Reason::Duplicate);
    assert_eq!(world.decision(again).found, Some(2));
    assert_eq!(world.reason(other_task), Reason::Ok);
    assert_eq!(credits(&world, "another wallet"), None);
    world.next_epoch(&closed);
    let later = world.complete("carrier", 1, "bob", "wallet", world.start() + HOUR);
    let next = world.close();
    assert_eq!(world.reason(later), Reason::Duplicate);
    assert_eq!(credits(&world, "wallet"), Some(540));
    assert_eq!(next.totals.credits, closed.totals.credits);
    assert_eq!(next.totals.credits_epoch, Credits::ZERO);
}

#[test]
fn a_task_grants_its_budget_and_no_more_and_who_came_too_late_is_signed_for_again() {
    let mut world = world();
    let in_time = ["ann", "bob"].map(|who| world.complete("carrier", 1, who, who, NOON));
    let late = world.complete("carrier", 1, "carol", "carol", NOON + HOUR);
    let other = world.complete("carrier", 2, "carol", "carol", NOON + HOUR);
    let closed = world.close();
    for id in in_time.into_iter().chain([other]) {
        assert_eq!(world.reason(id), Reason::Ok);
    }
    let refused = world.decision(late);
    assert_eq!(refused.reason, Reason::NoPayerFunds);
    assert_eq!((refused.found, refused.bound), (Some(1_500), Some(1_000)));
    assert_eq!(refused.credits, Credits::ZERO);
    world.next_epoch(&closed);
    let again = world.complete("carrier", 1, "carol", "carol", world.start() + HOUR);
    world.close();
    assert_eq!(world.reason(again), Reason::Ok);
    assert_eq!(credits(&world, "carol"), Some(540));
}

#[test]
fn only_the_task_s_own_carrier_signs_for_it() {
    let mut world = world();
    world.complete("carrier", 2, "ann", "ann", NOON);
    let nobody_s = world.complete("carrier", 3, "bob", "bob", NOON);
    let claimed = world.complete("mallory", 1, "bob", "bob", NOON);
    let mut forged = world.completion("carrier", 1, "bob", "bob", NOON);
    let by_mallory = world.submit(&forged, &[(Role::Carrier, "mallory")]);
    forged.signer_seq += 100;
    let by_user = world.submit(&forged, &[(Role::User, "carrier")]);
    let mut redirected = world.completion("carrier", 1, "bob", "bob", NOON);
    if let Body::EsimTask(body) = &mut redirected.body {
        body.carrier = key("mallory");
    }
    let redirected = world.submit(&redirected, &[(Role::Carrier, "carrier")]);
    world.close();
    assert_eq!(world.reason(nobody_s), Reason::Ruleset);
    assert_eq!(world.reason(claimed), Reason::UnknownKey);
    assert_eq!(world.reason(by_mallory), Reason::BadSig);
    assert_eq!(world.reason(by_user), Reason::BadSig);
    assert_eq!(world.reason(redirected), Reason::UnknownKey);
    assert_eq!(credits(&world, "bob"), None);
}

#[test]
fn who_is_granted_credits_becomes_a_member_and_what_waited_comes_in() {
    let mut world = world();
    // Half a week of charge for ten newcomers: half a point each, which makes nobody a member.
    world.terms.calendar.epoch_hours = 84;
    world.heartbeat("point", NOON);
    world.visit("steady", "point", NOON);
    for user in 0..9 {
        world.visit(&format!("u{user}"), "point", NOON + HOUR);
    }
    let first = world.close();
    assert_eq!(credits(&world, "u0"), None);
    world.next_epoch(&first);
    world.complete("carrier", 1, "u0", "u0", world.start() + HOUR);
    world.close();
    assert_eq!(credits(&world, "u0"), Some(500));
    let leaves = read_leaves(&world.dir()).unwrap();
    let leaf = leaves.iter().find(|leaf| leaf.owner == key("u0")).unwrap();
    assert_eq!(leaf.points, MilliPoints::new(500));
}

#[test]
fn why_says_what_was_granted_and_when_a_budget_is_used_up() {
    let mut world = world();
    world.complete("carrier", 2, "ann", "ann", NOON);
    let late = world.complete("carrier", 2, "bob", "bob", NOON + HOUR);
    world.close();
    let told = why(&world.dir(), Query::Owner(key("ann"))).unwrap();
    let granted = told.iter().find(|it| it.kind == Some("esim_task"));
    let granted = granted.unwrap();
    assert_eq!(granted.credits, Credits::new(40));
    assert_eq!(granted.pot, None);
    assert_eq!((&granted.device, granted.base), (&None, None));
    let [refused] = &why(&world.dir(), Query::Proof(late)).unwrap()[..] else {
        panic!("one proof, one answer");
    };
    assert!(
        refused.rule.contains("would be 80") && refused.rule.contains("40 are granted"),
        "{}",
        refused.rule
    );
}

#[test]
fn tasks_out_of_range_are_refused_by_their_number() {
    type Change = fn(&mut Task);
    let cases: [(Change, &str); 7] = [
        (|task| task.id = 0, "ids"),
        (|task| task.carrier_kind = 1, "carrier_kind"),
        (|task| task.name.clear(), "name"),
        (|task| task.name = "a\u{1b}[2J".to_owned(), "name"),
        (|task| task.credits = Credits::ZERO, "credits"),
        (
            |task| {
                (task.credits, task.credits_per_epoch) = (Credits::new(9), Credits::new(8));
            },
            "credits_per_epoch",
        ),
        (
            |task| task.credits_per_epoch = Credits::new((1 << 40) + 1),
            "add up",
        ),
    ];
    for (change, named) in cases {
        let mut terms = world().terms;
        change(terms.tasks.first_mut().unwrap());
        let error = shipped_ruleset(&terms).unwrap_err();
        assert!(matches!(error, EpochError::Rules(_)), "{error}");
        assert!(error.to_string().contains(named), "{named}: {error}");
    }
    let mut most = world().terms;
    most.tasks.truncate(1);
    most.tasks[0].credits = Credits::new(1 << 30);
    most.tasks[0].credits_per_epoch = Credits::new(1 << 40);
    shipped_ruleset(&most).unwrap();
    most.tasks[0].credits = Credits::new((1 << 30) + 1);
    assert!(shipped_ruleset(&most).is_err());
}
