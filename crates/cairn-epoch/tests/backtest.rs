//! Other rules over past epochs: who would win, who would lose, and what was taken on trust.

mod world;

use std::path::{Path, PathBuf};

use cairn_epoch::{
    Backtest, BacktestReport, EpochError, EpochFolder, Sides, Silent, Taken, WrittenRules,
    write_taken,
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_proof::{Body, Kind, Reason, Role};
use world::{CHICAGO, EMISSION, HOUR, NEW_YORK, START, TOKYO, World, key};

const EPOCHS: u64 = 2;

/// Two weeks: Bob visits three points, with scans that a stricter rule would refuse in the first week; hotspots in two
/// countries beat.
fn past() -> World {
    let mut world = World::new();
    world.device("new york", "alice", NEW_YORK);
    world.device("chicago", "dan", CHICAGO);
    world.device("tokyo", "emi", TOKYO).country = *b"JP";
    week(&mut world, 400);
    let first = world.close();
    world.next_epoch(&first);
    week(&mut world, 800);
    world.close();
    world
}

fn week(world: &mut World, overlap: u16) {
    let start = world.start();
    for (day, point) in (1..).zip(["new york", "chicago", "tokyo"]) {
        let mut stay = world.check_in("bob", point, start + day * 24 * HOUR);
        if let Body::WifiCheckIn(body) = &mut stay.body {
            body.scan_overlap_permille = overlap;
        }
        world.submit(&stay, &[(Role::User, "bob")]);
        world.heartbeat(point, start + (day * 24 + 2) * HOUR);
    }
    world.hand_in(b"no proof", start + HOUR);
}

/// The rules of the first epoch with other numbers, in a folder of their own.
fn proposal(world: &World, edits: &[(&str, &str)]) -> PathBuf {
    let folder = world.data.path().join("proposal");
    let of = EpochFolder::of(world.data.path(), EpochNumber::FIRST);
    std::fs::create_dir_all(folder.join("rules")).unwrap();
    for rule in std::fs::read_dir(of.rules()).unwrap() {
        let path = rule.unwrap().path();
        std::fs::copy(&path, folder.join("rules").join(path.file_name().unwrap())).unwrap();
    }
    let mut text = std::fs::read_to_string(of.ruleset_toml()).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    std::fs::write(folder.join("ruleset.toml"), text).unwrap();
    folder
}

fn run(world: &World, rules: &Path, epochs: &[u64]) -> Result<BacktestReport, EpochError> {
    let scratch = tempfile::tempdir().unwrap();
    let mut backtest = Backtest::new(WrittenRules::load(rules)?, scratch.path());
    for number in epochs {
        let folder = EpochFolder::of(world.data.path(), EpochNumber::new(*number));
        backtest.epoch(folder.root(), &Silent, &Silent)?;
    }
    backtest.finish()
}

fn sides<T>(before: T, after: T) -> Sides<T> {
    Sides { before, after }
}

fn points(before: u64, after: u64) -> Sides<MilliPoints> {
    sides(MilliPoints::new(before), MilliPoints::new(after))
}

#[test]
fn the_rules_in_force_change_nothing_and_lead_to_the_published_bytes() {
    let world = past();
    let report = run(&world, &proposal(&world, &[]), &[1, 2]).unwrap();
    assert_eq!(report.epochs.len(), 2);
    assert!(report.epochs.iter().all(|epoch| epoch.is_as_published));
    assert_eq!(report.totals.before, report.totals.after);
    assert_eq!(
        report.totals.before.emission,
        Tokens::new(EPOCHS * EMISSION)
    );
    assert!(report.reasons.is_empty() && !report.terms_are_the_epochs);
    for owner in &report.owners {
        assert_eq!(owner.tokens.before, owner.tokens.after);
    }
    // Nobody's tokens are left out: what leaves grew by is what the epochs gave.
    let grown = report.owners.iter().map(|owner| owner.tokens.before.get());
    assert_eq!(grown.sum::<u64>(), report.totals.before.tokens.get());
}

#[test]
fn a_refusal_is_told_by_kind_and_reason_and_changes_the_memory_that_later_epochs_start_from() {
    let world = past();
    let stricter = proposal(
        &world,
        &[("overlap_min_permille = 300", "overlap_min_permille = 500")],
    );
    let report = run(&world, &stricter, &[1, 2]).unwrap();
    let [change] = &report.reasons[..] else {
        panic!("one change: {:?}", report.reasons);
    };
    let told = (change.kind, change.before, change.after, change.proofs);
    let refused = (Some(Kind::WifiCheckIn), Reason::Ok, Reason::LowTrust, 3);
    assert_eq!(told, refused);
    let kind = report
        .kinds
        .iter()
        .find(|kind| kind.kind == Some(Kind::WifiCheckIn));
    let kind = kind.unwrap();
    assert_eq!((kind.received, kind.accepted), (6, sides(6, 3)));
    // Five points a stay of the stranger's in the first week, ten of the known user's in the second: under the proposed rules he
    // was not known by then.
    assert_eq!(kind.points, points(3 * 5_000 + 3 * 10_000, 3 * 5_000));
    // Nobody was seen at the hotspots in the first week: a quarter of a point for each beat.
    let beats = report
        .kinds
        .iter()
        .find(|kind| kind.kind == Some(Kind::HotspotBeat));
    assert_eq!(beats.unwrap().points, points(6_000, 3_750));
    assert!(report.epochs.iter().all(|epoch| epoch.is_as_published));
    let unread = report
        .kinds
        .iter()
        .find(|kind| kind.kind.is_none())
        .unwrap();
    assert_eq!((unread.received, unread.accepted), (2, sides(0, 0)));
}

#[test]
fn winners_and_losers_are_told_by_owner_country_class_and_decile_the_most_affected_first() {
    let world = past();
    // Half of the check-ins' pot goes to hotspots.
    let edits = [
        (
            "name = \"hotspot\"\npermille = 400",
            "name = \"hotspot\"\npermille = 475",
        ),
        (
            "name = \"check_in\"\npermille = 150",
            "name = \"check_in\"\npermille = 75",
        ),
    ];
    let report = run(&world, &proposal(&world, &edits), &[1, 2]).unwrap();
    let bob = &report.owners[0];
    assert_eq!(bob.owner, key("bob"));
    assert_eq!(bob.tokens.after.get(), bob.tokens.before.get() / 2);
    assert_eq!(bob.points, points(45_000, 45_000));
    assert_eq!(report.owners.len(), 4);
    assert!(
        report.owners[1..]
            .iter()
            .all(|owner| owner.tokens.after > owner.tokens.before)
    );
    let countries: Vec<&str> = report
        .countries
        .iter()
        .map(|it| it.group.as_str())
        .collect();
    assert_eq!(countries, ["", "JP", "US"]);
    let worth = |side: fn(&Sides<Tokens>) -> Tokens| -> u64 {
        report
            .countries
            .iter()
            .map(|it| side(&it.worth).get())
            .sum()
    };
    // Everybody is a member, so what points are worth is what was given, but for rounding down.
    for (worth, given) in [
        (worth(|it| it.before), report.totals.before.tokens.get()),
        (worth(|it| it.after), report.totals.after.tokens.get()),
    ] {
        assert!(worth <= given && given - worth < 20, "{worth} of {given}");
    }
    assert_eq!(
        report.countries[1].points,
        points(15_000 + 2_000, 15_000 + 2_000)
    );
    let classes: Vec<Option<u8>> = report.classes.iter().map(|it| it.group).collect();
    assert_eq!(classes, [None, Some(1)]);
    let owners: u64 = report.deciles.iter().map(|decile| decile.owners).sum();
    assert_eq!((report.deciles.len(), owners), (10, 4));
    let best = report.deciles.iter().rev().find(|decile| decile.owners > 0);
    assert_eq!(
        (best.unwrap().losers, best.unwrap().tokens.before),
        (1, bob.tokens.before)
    );
}

#[test]
fn the_same_epochs_and_rules_lead_to_the_same_report() {
    let world = past();
    let rules = proposal(
        &world,
        &[("milli_points = 1_000 ", "milli_points = 1_500 ")],
    );
    let reports = [(); 2].map(|()| run(&world, &rules, &[1, 2]).unwrap());
    assert_eq!(reports[0], reports[1]);
    // It can start later, from what that epoch was handed.
    let second = run(&world, &rules, &[2]).unwrap();
    assert!(second.epochs[0].is_as_published);
    assert_eq!(
        second.epochs[0].points.before,
        reports[0].epochs[1].points.before
    );
}

#[test]
fn rules_as_they_ship_take_the_epochs_terms_and_another_version_weighs_the_same_proofs() {
    let world = past();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/1");
    let report = run(&world, &shipped, &[1, 2]).unwrap();
    assert!(report.terms_are_the_epochs && report.version.is_none());
    assert_eq!(report.totals.before, report.totals.after);
    let next = proposal(&world, &[("version = 1", "version = 2")]);
    let report = run(&world, &next, &[1, 2]).unwrap();
    assert_eq!(report.version, Some(2));
    assert!(report.reasons.is_empty());
}

#[test]
fn epochs_left_out_other_calendars_and_damaged_files_are_refused() {
    let world = past();
    let rules = proposal(&world, &[]);
    let gap = run(&world, &rules, &[2, 1]).unwrap_err();
    assert!(matches!(gap, EpochError::Succession { .. }), "{gap}");
    let other = proposal(&world, &[("epoch_hours = 168", "epoch_hours = 24")]);
    let calendar = run(&world, &other, &[1]).unwrap_err();
    assert!(matches!(calendar, EpochError::Rules(_)), "{calendar}");
    let nothing = run(&world, &rules, &[]).unwrap_err();
    assert!(matches!(nothing, EpochError::NothingFound(_)), "{nothing}");
    let anchors = EpochFolder::of(world.data.path(), EpochNumber::FIRST).anchors();
    std::fs::write(&anchors, b"others").unwrap();
    let damaged = run(&world, &proposal(&world, &[]), &[1]).unwrap_err();
    assert!(matches!(damaged, EpochError::Differs(_)), "{damaged}");
}

#[test]
fn what_was_taken_under_a_revoked_root_is_nobody_s_gain_by_other_rules() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.heartbeat("point", START + HOUR);
    let first = world.close();
    world.next_epoch(&first);
    let at = world.start() + HOUR;
    world.heartbeat("point", at);
    let folder = EpochFolder::new(world.dir());
    let thief = Taken {
        index: LeafIndex::new(0),
        owner: key("thief"),
        tokens: Tokens::new(900),
        tokens_claimed: Tokens::new(900),
        points: MilliPoints::ZERO,
        points_burnt: MilliPoints::ZERO,
        credits: Credits::ZERO,
        credits_redeemed: Credits::ZERO,
    };
    write_taken(&folder.taken(), &[thief]).unwrap();
    world.close();
    let report = run(&world, &proposal(&world, &[]), &[1, 2]).unwrap();
    let last = &report.epochs[1];
    assert!(last.is_correction && !last.is_as_published);
    let [alice] = &report.owners[..] else {
        panic!("{:?}", report.owners);
    };
    assert_eq!(alice.tokens.before, report.totals.before.tokens);
}
