use cairn_interface::vault::{
    CloseEpoch, Pause, PointsBurnt, VaultError, VaultEvent, epoch_address, member_page_address,
    receipt_address, round_address,
};
use cairn_merkle::{EpochNumber, LeafIndex, MilliPoints};
use cairn_testkit::{Rewards, assert_failed, assert_refused};
use solana_sdk::{instruction::InstructionError, signer::Signer};

use super::{
    burning::MINIMUM,
    scene::{Scene, WEEK, address, event, member},
};

/// A round of 1,000 base units over members with these milli-points.
fn opened(points: &[u64]) -> (Scene, Rewards) {
    let (mut scene, rewards) = Scene::with_points(points);
    scene.open_round(0, 1_000).unwrap();
    (scene, rewards)
}

#[test]
fn a_burn_is_remembered_by_member_receipt_round_and_pool() {
    let (mut scene, rewards) = opened(&[1_000, 1_000]);
    let said = event(scene.burn(&rewards, 0, 1, 300));
    let expected = PointsBurnt {
        pool: scene.pool,
        owner: member(1),
        round: 0,
        index: 1,
        burnt: 300,
        receipt_burnt: 300,
        round_burnt: 300,
        points_burnt: 300,
        reserved: [0; 4],
    };
    assert_eq!(said, VaultEvent::PointsBurnt(expected));
    assert_eq!(scene.page(0).slots[1].points_burnt, 300);
    assert_eq!((scene.round(0).burnt, scene.round(0).receipts), (300, 1));
    assert_eq!(scene.pool().points_burnt, 300);
    let receipt = scene.receipt(0, 1);
    assert_eq!(
        (receipt.owner, receipt.index, receipt.burnt),
        (member(1), 1, 300)
    );
}

#[test]
fn burns_of_one_member_add_up_in_one_receipt() {
    let (mut scene, rewards) = opened(&[1_000]);
    scene.burn(&rewards, 0, 0, 300).unwrap();
    let mut second = scene.burn_of(&rewards, 0, 0, 200);
    second.payer = address("stranger");
    let said = event(scene.run(&[second.instruction()], &["stranger", "member 0"]));
    assert!(matches!(
        said,
        VaultEvent::PointsBurnt(PointsBurnt {
            burnt: 200,
            receipt_burnt: 500,
            ..
        })
    ));
    assert_eq!(scene.round(0).receipts, 1);
    // Whoever paid the rent gets it back, not whoever came last.
    assert_eq!(scene.receipt(0, 0).rent_payer, scene.world.payer().pubkey());
}

#[test]
fn a_member_may_pay_for_their_own_receipt() {
    let (mut scene, rewards) = opened(&[1_000]);
    scene.world.actor("member 0");
    let mut burn = scene.burn_of(&rewards, 0, 0, 300);
    burn.payer = member(0);
    scene.must(&[burn.instruction()], &["member 0"]);
    assert_eq!(scene.receipt(0, 0).rent_payer, member(0));
}

#[test]
fn no_member_burns_more_than_their_leaf_grants_over_all_rounds() {
    let (mut scene, rewards) = opened(&[1_000, 5_000]);
    assert_refused(scene.burn(&rewards, 0, 0, 1_001), VaultError::PointsShort);
    assert_refused(
        scene.burn(&rewards, 0, 0, u64::MAX),
        VaultError::PointsShort,
    );
    scene.burn(&rewards, 0, 0, 600).unwrap();
    scene.open_round(1, 10).unwrap();
    assert_refused(scene.burn(&rewards, 1, 0, 401), VaultError::PointsShort);
    scene.burn(&rewards, 1, 0, 400).unwrap();
    assert_refused(scene.burn(&rewards, 1, 0, 100), VaultError::PointsShort);
    assert_eq!(scene.page(0).slots[0].points_burnt, 1_000);
}

#[test]
fn a_burn_reaches_the_minimum_and_is_never_nothing() {
    let (mut scene, rewards) = opened(&[1_000]);
    for points in [0, MINIMUM - 1] {
        assert_refused(
            scene.burn(&rewards, 0, 0, points),
            VaultError::BurnBelowMinimum,
        );
    }
    scene.burn(&rewards, 0, 0, MINIMUM).unwrap();
    let mut opening = scene.opening(1, 10);
    opening.minimum = MilliPoints::ZERO;
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
    assert_refused(scene.burn(&rewards, 1, 0, 0), VaultError::BurnBelowMinimum);
    scene.burn(&rewards, 1, 0, 1).unwrap();
}

#[test]
fn points_burn_from_the_first_second_to_the_one_before_the_end() {
    let (mut scene, rewards) = Scene::with_points(&[1_000]);
    let mut opening = scene.opening(0, 1_000);
    opening.starts_at += 10;
    opening.ends_at = opening.starts_at + 10;
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
    scene.world.warp(9);
    assert_refused(scene.burn(&rewards, 0, 0, 100), VaultError::RoundNotStarted);
    scene.world.warp(1);
    scene.burn(&rewards, 0, 0, 100).unwrap();
    scene.world.warp(9);
    scene.burn(&rewards, 0, 0, 100).unwrap();
    scene.world.warp(1);
    assert_refused(scene.burn(&rewards, 0, 0, 100), VaultError::RoundEnded);
    // From this very second on the round is settled: no burn can dilute a share that was paid.
    scene.settle(0, 0).unwrap();
}

#[test]
fn nobody_burns_another_ones_points() {
    let (mut scene, rewards) = opened(&[1_000]);
    let mut theft = scene.burn_of(&rewards, 0, 0, 200);
    theft.owner = address("stranger");
    let burnt = scene.run(&[theft.instruction()], &["stranger"]);
    assert_refused(burnt, VaultError::ProofHashMismatch);
    let mut unsigned = scene.burn_of(&rewards, 0, 0, 200).instruction();
    unsigned.accounts[1].is_signer = false;
    assert_failed(
        scene.run(&[unsigned], &[]),
        &InstructionError::MissingRequiredSignature,
    );
}

#[test]
fn a_leaf_that_says_more_is_not_the_roots() {
    let (mut scene, rewards) = opened(&[1_000, 1_000]);
    let mut burn = scene.burn_of(&rewards, 0, 0, 200);
    burn.granted = MilliPoints::new(burn.granted.get() + 1);
    let burnt = scene.run(&[burn.instruction()], &["member 0"]);
    assert_refused(burnt, VaultError::ProofHashMismatch);
    let mut burn = scene.burn_of(&rewards, 0, 0, 200);
    burn.index = LeafIndex::new(2);
    let burnt = scene.run(&[burn.instruction()], &["member 0"]);
    assert_refused(burnt, VaultError::LeafIndexOutOfRange);
}

#[test]
fn a_paused_pool_burns_nothing() {
    let (mut scene, rewards) = opened(&[1_000]);
    let pause = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[pause.instruction()], &["guardian"]);
    assert_refused(scene.burn(&rewards, 0, 0, 200), VaultError::Paused);
}

/// A root that is forged later takes nothing of a round, and members know what they can burn.
#[test]
fn points_burn_against_the_epoch_that_was_active_when_the_round_opened() {
    let (mut scene, first) = Scene::with_points(&[1_000]);
    let mut opening = scene.opening(0, 1_000);
    opening.ends_at = scene.world.now() + 4 * WEEK;
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
    assert_eq!(scene.round(0).epoch, 1);
    let second = scene.points(&[3_000]);
    scene.run_epoch(2, &second);
    let mut newer = scene.burn_of(&second, 0, 0, 2_000);
    newer.number = EpochNumber::new(2);
    let burnt = scene.run(&[newer.instruction()], &["member 0"]);
    assert_refused(burnt, VaultError::WrongRoundEpoch);
    scene.burn(&first, 0, 0, 600).unwrap();
    let mut unknown = scene.burn_of(&second, 0, 0, 100);
    unknown.number = EpochNumber::new(9);
    let burnt = scene.run(&[unknown.instruction()], &["member 0"]);
    assert_refused(burnt, VaultError::EpochUnknown);
}

#[test]
fn an_epoch_that_a_round_binds_is_kept_until_the_round_ends() {
    let (mut scene, first) = Scene::with_points(&[1_000]);
    let mut opening = scene.opening(0, 1_000);
    opening.ends_at = scene.world.now() + 4 * WEEK;
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
    for number in 2..=3 {
        scene.run_epoch(number, &first);
    }
    let close = CloseEpoch {
        pool: scene.pool,
        number: EpochNumber::new(1),
        rent_payer: address("keeper 0"),
    };
    let early = scene.run(&[close.instruction()], &[]);
    assert_refused(early, VaultError::EpochKept);
    // Not claimable any more, and still what points burn against.
    scene.burn(&first, 0, 0, 1_000).unwrap();
    scene.world.set_time(opening.ends_at);
    scene.must(&[close.instruction()], &[]);
}

#[test]
fn a_round_opens_on_the_active_epoch_and_not_before_there_is_one() {
    let mut scene = Scene::new();
    let rewards = scene.points(&[1_000]);
    scene.propose(1, &rewards).unwrap();
    let mut early = scene.opening(0, 10);
    early.epoch = EpochNumber::new(1);
    let opened = scene.run(&[early.instruction()], &["admin", "treasurer"]);
    assert_refused(opened, VaultError::RoundWithoutEpoch);
}

#[test]
fn another_pools_epoch_or_page_is_refused() {
    let (mut scene, rewards) = opened(&[1_000]);
    let first = scene.pool;
    let mut second = scene.create_pool();
    second.id = 1;
    scene.must(&[second.instruction()], &["admin"]);
    scene.pool = second.pool();
    let others = scene.points(&[1_000]);
    scene.run_epoch(1, &others);
    scene.open_page(0).unwrap();
    scene.pool = first;
    for (position, wrong) in [
        (3, epoch_address(&second.pool(), EpochNumber::FIRST).0),
        (4, member_page_address(&second.pool(), 0).0),
    ] {
        let mut burn = scene.burn_of(&rewards, 0, 0, 200).instruction();
        burn.accounts[position].pubkey = wrong;
        assert_refused(scene.run(&[burn], &["member 0"]), VaultError::WrongPool);
    }
}

#[test]
fn a_missing_page_says_so() {
    let mut scene = Scene::new();
    let rewards = scene.points(&[1_000]);
    scene.run_epoch(1, &rewards);
    scene.open_round(0, 10).unwrap();
    assert_refused(scene.burn(&rewards, 0, 0, 200), VaultError::PageMissing);
    scene.open_page(1).unwrap();
    let mut burn = scene.burn_of(&rewards, 0, 0, 200).instruction();
    burn.accounts[4].pubkey = member_page_address(&scene.pool, 1).0;
    assert_refused(scene.run(&[burn], &["member 0"]), VaultError::WrongPage);
}

#[test]
fn a_receipt_is_the_members_own_in_this_round() {
    let (mut scene, rewards) = opened(&[1_000, 1_000]);
    scene.open_round(1, 10).unwrap();
    scene.burn(&rewards, 0, 1, 200).unwrap();
    scene.burn(&rewards, 1, 0, 200).unwrap();
    let not_theirs = [
        scene.receipt_at(0, 1),
        scene.receipt_at(1, 0),
        receipt_address(&round_address(&scene.pool, 0).0, &address("stranger")).0,
        address("stranger"),
        scene.mint,
    ];
    for wrong in not_theirs {
        let mut burn = scene.burn_of(&rewards, 0, 0, 200).instruction();
        burn.accounts[6].pubkey = wrong;
        assert_refused(scene.run(&[burn], &["member 0"]), VaultError::WrongReceipt);
    }
}

#[test]
fn a_receipts_address_that_was_sent_lamports_serves_all_the_same() {
    let (mut scene, rewards) = opened(&[1_000, 1_000]);
    for (index, lamports) in [(0, 1_000_000), (1, 1_000_000_000)] {
        let receipt = scene.receipt_at(0, index);
        scene.world.airdrop(&receipt, lamports);
        scene.burn(&rewards, 0, index, 200).unwrap();
        assert_eq!(scene.receipt(0, index).burnt, 200);
    }
}

#[test]
fn forged_leaves_burn_no_more_than_their_root_says_there_is() {
    let mut scene = Scene::new();
    let rewards = scene.points(&[1_000, 1_000]);
    // Points are no sum of the tree: keepers may say any total beside the leaves.
    let mut proposal = scene.proposal(1, &rewards);
    proposal.points = MilliPoints::new(1_500);
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(1, &rewards);
    scene.attest("keeper 1", 1).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(1).unwrap();
    scene.open_page(0).unwrap();
    scene.open_round(0, 10).unwrap();
    scene.burn(&rewards, 0, 0, 1_000).unwrap();
    assert_refused(scene.burn(&rewards, 0, 1, 501), VaultError::PointsAboveRoot);
    scene.burn(&rewards, 0, 1, 500).unwrap();
}
