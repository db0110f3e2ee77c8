//! What holds for whatever comes in.

#[path = "../world/mod.rs"]
mod world;

mod debts;
mod steps;

use cairn_epoch::{
    Amounts, EpochError, EpochFolder, Silent, claims, close, read_decisions, read_leaves,
};
use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_proof::Kind;
use proptest::prelude::*;
use steps::{build, step};
use world::HOUR;

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_given_out_and_what_is_kept_is_the_emission_exactly(
        steps in prop::collection::vec(step(), 0..60),
        emission in prop_oneof![Just(0), Just(1), Just(999), Just(u64::MAX), any::<u64>()],
    ) {
        let world = build(&steps, emission);
        let closed = world.close();
        let totals = closed.totals;
        let given = totals.tokens_epoch.checked_add(totals.unlinked.tokens).unwrap();
        prop_assert_eq!(given.checked_add(totals.unallocated), Some(Tokens::new(emission)));
        prop_assert_eq!(totals.arrears, Amounts::default());
        for pot in &closed.manifest.pots {
            prop_assert_eq!(pot.allocated.checked_add(pot.unallocated), Some(pot.emission));
        }
        // Of the cheapest payer's 501 base units 167 units of traffic are paid, and a unit is worth no more than its three.
        let traffic = closed.manifest.pots.iter().find(|pot| pot.name == "traffic").unwrap();
        prop_assert!(u128::from(traffic.allocated.get()) * 1_000 <= u128::from(traffic.milli_points.get()) * 3);
        let parts = Tokens::checked_sum(closed.manifest.pots.iter().map(|pot| pot.emission));
        prop_assert_eq!(parts, Some(Tokens::new(emission)));
        let leaves = read_leaves(&world.dir()).unwrap();
        prop_assert_eq!(Tokens::checked_sum(leaves.iter().map(|leaf| leaf.tokens)), Some(closed.root.sum()));
        prop_assert_eq!(claims(&world.dir()).unwrap().count(), leaves.len());
    }

    #[test]
    fn each_submission_has_one_decision_and_pay_is_its_formula(steps in prop::collection::vec(step(), 0..60)) {
        let world = build(&steps, world::EMISSION);
        let closed = world.close();
        let decisions = read_decisions(&world.dir()).unwrap();
        prop_assert_eq!(decisions.len(), steps.len() + 1);
        let (mut sum, mut credits) = (0, 0);
        for (at, decision) in decisions.iter().enumerate() {
            prop_assert_eq!(decision.ordinal, at as u64);
            if matches!(decision.kind, Some(Kind::QosProbe | Kind::WifiAdd | Kind::Referral | Kind::Link)) {
                prop_assert_eq!((decision.milli_points, decision.credits), (MilliPoints::ZERO, Credits::ZERO));
            } else if decision.kind == Some(Kind::EsimTask) {
                prop_assert_eq!((decision.milli_points, decision.base), (MilliPoints::ZERO, None));
                prop_assert_eq!(decision.credits > Credits::ZERO, decision.reason.is_accepted());
            } else if decision.reason.is_accepted() {
                let [base, share, whole] = [decision.base, decision.share, decision.whole].map(|part| i128::from(part.unwrap()));
                prop_assert_eq!(i128::from(decision.milli_points.get()), base * share / whole);
            } else {
                prop_assert_eq!(decision.milli_points, MilliPoints::ZERO);
                prop_assert_eq!(decision.base, None);
            }
            sum += decision.milli_points.get() + decision.also.map_or(0, |also| also.milli_points.get());
            credits += decision.credits.get();
        }
        // What is linked, or shown to be a wallet's, in the same epoch is never unlinked.
        prop_assert_eq!(sum, closed.totals.milli_points_epoch.get() + closed.totals.unlinked.points.get());
        prop_assert_eq!(credits, closed.totals.credits_epoch.get() + closed.totals.unlinked.credits.get());
        prop_assert!(credits <= 25 + (1 << 32));
    }

    #[test]
    fn the_order_of_receipts_decides_nothing(
        steps in prop::collection::vec(step(), 1..60),
        order in any::<u64>(),
        segment in 1..20_usize,
    ) {
        let mut world = build(&steps, world::EMISSION);
        let closed = world.close();
        let first = EpochFolder::new(world.dir());
        let mut state = order | 1;
        world.submissions().sort_by_cached_key(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        });
        let second = EpochFolder::new(world.data.path().join("shuffled"));
        world.freeze_into(second.root(), segment);
        let shuffled = close(second.root(), &Silent).unwrap();
        prop_assert_eq!(shuffled.root, closed.root);
        prop_assert_eq!(shuffled.rejected_by_reason, closed.rejected_by_reason);
        for name in ["leaves.parquet"].into_iter().chain(world::HANDED_ON) {
            prop_assert_eq!(
                std::fs::read(first.outputs().join(name)).unwrap(),
                std::fs::read(second.outputs().join(name)).unwrap()
            );
        }
    }

    #[test]
    fn no_point_pays_out_more_than_its_week_however_many_come(
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let world = build(&steps, world::EMISSION);
        world.close();
        let decisions = read_decisions(&world.dir()).unwrap();
        let paid: u64 = decisions
            .iter()
            // Check-ins at added points are paid from another pot.
            .filter(|decision| decision.kind == Some(Kind::WifiCheckIn) && decision.pot == 3)
            .map(|decision| decision.milli_points.get())
            .sum();
        prop_assert!(paid <= 6 * 10_000);
    }
}

#[test]
fn amounts_beyond_64_bits_are_refused_and_never_wrap() {
    let mut world = build(&[], u64::MAX);
    // The whole emission goes to one visitor, week after week.
    let dir = world.freeze();
    let path = dir.join("inputs/ruleset.toml");
    let greedy = |path: &std::path::Path| {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text
            .replace("permille = 150", "permille = 0")
            .replace("permille = 250\nfloor", "permille = 0\nfloor")
            .replace("permille = 100\nfloor", "permille = 0\nfloor")
            .replace("permille = 400\nfloor", "permille = 0\nfloor")
            .replace(
                "name = \"check_in\"\npermille = 0",
                "name = \"check_in\"\npermille = 1_000",
            )
            .replace("floor_milli_points = 100_000", "floor_milli_points = 1");
        std::fs::write(path, text).unwrap();
    };
    greedy(&path);
    let first = close(&dir, &Silent).unwrap();
    assert_eq!(first.totals.tokens, Tokens::MAX);
    world.next_epoch(&first);
    world.visit("steady", "d0", world.start() + 165 * HOUR);
    let dir = world.freeze();
    greedy(&dir.join("inputs/ruleset.toml"));
    assert!(matches!(
        close(&dir, &Silent),
        Err(EpochError::Overflow { .. })
    ));
}
