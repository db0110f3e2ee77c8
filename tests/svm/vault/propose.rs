use cairn_interface::vault::{EpochProposed, EpochStatus, ProposeEpoch, VaultError, VaultEvent};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Node, Tokens};
use cairn_testkit::assert_refused;

use super::scene::{HOUR, Scene, Terms, WEEK, address, event};

fn refused(spoil: impl FnOnce(&mut ProposeEpoch), expected: VaultError) {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100, 200, 300]);
    let mut proposal = scene.proposal(1, &rewards);
    spoil(&mut proposal);
    assert_refused(
        scene.run(&[proposal.instruction()], &["keeper 0"]),
        expected,
    );
}

#[test]
fn a_proposal_is_frozen_with_the_pools_times_and_counts_as_its_proposers_attestation() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100, 200, 300]);
    let proposal = scene.proposal(1, &rewards);
    let said = event(scene.propose(1, &rewards));
    let epoch = scene.epoch(1);
    assert!(matches!(
        said,
        VaultEvent::EpochProposed(EpochProposed {
            number: 1,
            tokens: 600,
            attempt: 0,
            ..
        })
    ));
    assert_eq!(epoch.status(), EpochStatus::Proposed);
    assert_eq!(epoch.root_node(), rewards.root());
    assert_eq!(
        (epoch.leaf_count, epoch.depth, epoch.canopy_depth),
        (3, 2, 2)
    );
    assert_eq!((epoch.points, epoch.credits), (6_000, 9));
    assert_eq!(epoch.manifest_hash, proposal.manifest_hash);
    assert_eq!(
        (epoch.accepted, epoch.rejected),
        (proposal.accepted, proposal.rejected)
    );
    assert_eq!(epoch.proposed_at, scene.world.now());
    assert_eq!(epoch.window_ends_at(), scene.world.now() + HOUR);
    assert_eq!(epoch.activatable_at(&scene.pool()), None);
    assert_eq!(epoch.attesters(), [address("keeper 0")]);
    assert_eq!(epoch.emission_allowance, 1_000_000);
    assert!(!epoch.facts.canopy.complete);
    assert_eq!(scene.pool().pending_epoch, 1);
    assert_eq!(scene.pool().next_epoch, 1);
}

#[test]
fn only_a_keeper_proposes() {
    for actor in ["stranger", "admin", "guardian"] {
        let mut scene = Scene::new();
        let rewards = scene.rewards(&[1]);
        let mut proposal = scene.proposal(1, &rewards);
        proposal.proposer = address(actor);
        let ran = scene.run(&[proposal.instruction()], &[actor]);
        assert_refused(ran, VaultError::NotKeeper);
    }
}

#[test]
fn numbers_come_one_after_the_other_and_one_at_a_time() {
    for number in [0, 2, u64::MAX] {
        refused(
            |proposal| proposal.number = EpochNumber::new(number),
            VaultError::EpochNumber,
        );
    }
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[1]);
    scene.propose(1, &rewards).unwrap();
    assert_refused(scene.propose(1, &rewards), VaultError::EpochInFlight);
    assert_refused(scene.propose(2, &rewards), VaultError::EpochInFlight);
}

#[test]
fn a_root_of_nothing_is_refused() {
    refused(
        |proposal| proposal.root = Node::new([0; 32], proposal.root.sum()),
        VaultError::RootZero,
    );
    refused(
        |proposal| proposal.leaf_count = 0,
        VaultError::LeafCountRange,
    );
    refused(
        |proposal| proposal.leaf_count = (1 << 24) + 1,
        VaultError::LeafCountRange,
    );
}

#[test]
fn a_period_ends_after_it_starts() {
    refused(
        |proposal| proposal.period_end = proposal.period_start,
        VaultError::PeriodOrder,
    );
}

#[test]
fn an_epoch_in_which_nobody_earned_blocks_nothing() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    scene.run_epoch(2, &first);
    assert_eq!(scene.pool().active_epoch, 2);
    let mut scene = Scene::new();
    let nothing = scene.rewards(&[0, 0]);
    scene.run_epoch(1, &nothing);
    assert_eq!(scene.pool().total_cumulative, 0);
}

#[test]
fn no_total_may_fall() {
    type Spoil = fn(&mut ProposeEpoch);
    let (mut scene, _) = Scene::with_first_epoch(&[100, 200]);
    scene.fund(1_000).unwrap();
    scene.world.warp(WEEK);
    let rewards = scene.rewards(&[150, 250]);
    let good = scene.proposal(2, &rewards);
    let spoiled: [(Spoil, VaultError); 4] = [
        (
            |epoch| epoch.root = Node::new(epoch.root.hash, Tokens::new(299)),
            VaultError::TokensBelowActive,
        ),
        (
            |epoch| epoch.points = MilliPoints::new(2_999),
            VaultError::PointsBelowActive,
        ),
        (
            |epoch| epoch.credits = Credits::new(5),
            VaultError::CreditsBelowActive,
        ),
        (
            |epoch| epoch.leaf_count = 1,
            VaultError::LeafCountBelowActive,
        ),
    ];
    for (spoil, expected) in spoiled {
        let mut proposal = good.clone();
        spoil(&mut proposal);
        assert_refused(
            scene.run(&[proposal.instruction()], &["keeper 0"]),
            expected,
        );
    }
    scene.must(&[good.instruction()], &["keeper 0"]);
}

#[test]
fn growth_stays_within_the_cap_of_the_intervals_that_passed() {
    let mut scene = Scene::new();
    scene.fund(10_000_000).unwrap();
    let above = scene.rewards(&[1_000_001]);
    assert_refused(scene.propose(1, &above), VaultError::EmissionCapExceeded);
    let just = scene.rewards(&[1_000_000]);
    scene.run_epoch(1, &just);

    // Within the same interval nothing may be added.
    let more = scene.rewards(&[1_000_001]);
    assert_refused(scene.propose(2, &more), VaultError::EmissionCapExceeded);
    // Two intervals later two caps may.
    scene.world.warp(2 * WEEK);
    let above = scene.rewards(&[3_000_001]);
    assert_refused(scene.propose(2, &above), VaultError::EmissionCapExceeded);
    let just = scene.rewards(&[3_000_000]);
    scene.propose(2, &just).unwrap();
}

#[test]
fn a_weekly_cadence_with_jitter_is_never_starved() {
    let mut scene = Scene::new();
    scene.fund(10_000_000).unwrap();
    let start = scene.world.now();
    let mut earned = 0;
    // Proposals come up to a day late, and each next one less than a week after the one before.
    for (number, late) in (1_u64..).zip([23 * HOUR, 0, 11 * HOUR, HOUR, 20 * HOUR, 0]) {
        let week = i64::try_from(number).unwrap() - 1;
        scene.world.set_time(start + week * WEEK + late);
        earned += scene.terms.emission_cap;
        let rewards = scene.rewards(&[earned]);
        scene.prepare(number, &rewards);
        scene.activate(number).unwrap();
    }
    let pool = scene.pool();
    assert_eq!(pool.total_cumulative, 6 * scene.terms.emission_cap);
    assert_eq!(pool.emission_anchor, start + 5 * WEEK);
}

#[test]
fn a_vetoed_number_is_proposed_again_as_the_next_attempt() {
    let mut scene = Scene::new();
    let bad = scene.rewards(&[100, 999]);
    let good = scene.rewards(&[100, 200, 300, 400, 500]);
    scene.propose(1, &bad).unwrap();
    scene.put_canopy(1, &bad);
    scene.attest("keeper 1", 1).unwrap();
    scene.veto("guardian", 1).unwrap();

    // Another keeper may take it up; nothing of the vetoed attempt remains.
    let mut proposal = scene.proposal(1, &good);
    proposal.proposer = address("keeper 2");
    scene.must(&[proposal.instruction()], &["keeper 2"]);
    let epoch = scene.epoch(1);
    assert_eq!(epoch.attempt, 1);
    assert_eq!(epoch.status(), EpochStatus::Proposed);
    assert_eq!(epoch.attesters(), [address("keeper 2")]);
    assert!(epoch.facts.canopy.nodes.is_empty());
    assert_eq!(epoch.root_node(), good.root());
}

#[test]
fn a_tree_of_one_leaf_needs_no_canopy() {
    let mut scene = Scene::with(Terms {
        threshold: 1,
        ..Terms::default()
    });
    let rewards = scene.rewards(&[100]);
    scene.propose(1, &rewards).unwrap();
    let epoch = scene.epoch(1);
    assert_eq!(epoch.facts.canopy.nodes, [rewards.root()]);
    assert_eq!(epoch.status(), EpochStatus::Attested);
}

#[test]
fn credits_stay_below_the_mark_of_a_members_slot() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    let mut proposal = scene.proposal(1, &rewards);
    proposal.credits = Credits::new(1 << 63);
    assert_refused(
        scene.run(&[proposal.instruction()], &["keeper 0"]),
        VaultError::CreditsRange,
    );
    proposal.credits = Credits::new(proposal.credits.get() - 1);
    scene.must(&[proposal.instruction()], &["keeper 0"]);
}

#[test]
fn points_and_credits_have_caps_as_tokens_have() {
    let mut scene = Scene::with(Terms {
        points_cap: 5_000,
        ..Terms::default()
    });
    let rewards = scene.rewards(&[100]);
    let mut proposal = scene.proposal(1, &rewards);
    proposal.points = MilliPoints::new(5_001);
    let ran = scene.run(&[proposal.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::PointsCapExceeded);
    proposal.points = MilliPoints::new(5_000);
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    assert_eq!(scene.epoch(1).points_allowance, 5_000);
    assert_eq!(scene.epoch(1).credits_allowance, u64::MAX);

    let mut create = Scene::without_pool(Terms::default());
    let mut creation = create.create_pool();
    creation.params.credits_cap = 3;
    create.must(&[creation.instruction()], &["admin"]);
    let rewards = create.rewards(&[100]);
    let mut proposal = create.proposal(1, &rewards);
    proposal.credits = Credits::new(4);
    let ran = create.run(&[proposal.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::CreditsCapExceeded);
    proposal.credits = Credits::new(3);
    create.must(&[proposal.instruction()], &["keeper 0"]);
}

#[test]
fn an_epoch_is_scored_by_the_pools_rules() {
    refused(
        |proposal| proposal.ruleset_hash = [9; 32],
        VaultError::RulesetMismatch,
    );
    refused(
        |proposal| proposal.ruleset_hash = [0; 32],
        VaultError::RulesetZero,
    );
}
