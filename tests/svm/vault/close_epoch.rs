use cairn_interface::{
    DecodeError,
    vault::{
        AttestEpoch, CloseEpoch, EPOCH_TOMBSTONE_LEN, EpochClosed, EpochRecord, EpochView,
        PutCanopy, VaultError, VaultEvent, epoch_address,
    },
};
use cairn_merkle::EpochNumber;
use cairn_testkit::{Rewards, assert_refused};
use solana_sdk::pubkey::Pubkey;

use super::scene::{Ran, Scene, address, event};

/// Epochs 1 to 3 are active one after the other: 1 is older than the last but one.
fn three() -> (Scene, Rewards) {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200, 300]);
    scene.run_epoch(2, &first);
    scene.run_epoch(3, &first);
    (scene, first)
}

/// The closing of an epoch, rent to the keeper that proposed it; for tests to spoil.
fn closing(scene: &Scene, number: u64) -> CloseEpoch {
    CloseEpoch {
        pool: scene.pool,
        number: EpochNumber::new(number),
        rent_payer: address("keeper 0"),
    }
}

fn close(scene: &mut Scene, number: u64) -> Ran {
    let closing = closing(scene, number).instruction();
    scene.run(&[closing], &[])
}

fn at(scene: &Scene, number: u64) -> Pubkey {
    epoch_address(&scene.pool, EpochNumber::new(number)).0
}

#[test]
fn an_old_epoch_shrinks_to_what_an_auditor_needs_and_its_rent_goes_back() {
    let (mut scene, _) = three();
    let was = scene.epoch(1);
    let epoch = at(&scene, 1);
    let (payer, rent) = (address("keeper 0"), scene.world.lamports(&epoch));
    let before = scene.world.lamports(&payer);
    let said = event(close(&mut scene, 1));
    let left = scene.world.lamports(&epoch);
    let expected = EpochClosed {
        pool: scene.pool,
        number: 1,
        root: was.root,
        manifest_hash: was.manifest_hash,
        rent_payer: payer,
        refunded: rent - left,
    };
    assert_eq!(said, VaultEvent::EpochClosed(expected));
    assert_eq!(scene.world.lamports(&payer), before + rent - left);
    let account = scene.world.expect_account(&epoch);
    assert_eq!(account.data.len(), EPOCH_TOMBSTONE_LEN);
    let least = scene
        .world
        .svm()
        .minimum_balance_for_rent_exemption(EPOCH_TOMBSTONE_LEN);
    assert_eq!(left, least);

    let EpochRecord::Closed(tombstone) = EpochRecord::decode(epoch, &account).unwrap() else {
        panic!("the epoch is closed");
    };
    assert_eq!((tombstone.pool, tombstone.number), (scene.pool, 1));
    assert_eq!(
        (tombstone.root, tombstone.manifest_hash),
        (was.root, was.manifest_hash)
    );
    assert_eq!(
        (tombstone.points, tombstone.credits),
        (was.points, was.credits)
    );
    assert_eq!(tombstone.leaf_count, 3);
    assert!(matches!(
        EpochView::decode(epoch, &account),
        Err(DecodeError::Closed { .. })
    ));
}

#[test]
fn an_epoch_that_can_be_claimed_from_stays() {
    let (mut scene, first) = three();
    for number in [2, 3] {
        assert_refused(close(&mut scene, number), VaultError::EpochStillClaimable);
    }
    scene.world.warp(scene.terms.epoch_interval_secs);
    scene.propose(4, &first).unwrap();
    assert_refused(close(&mut scene, 4), VaultError::EpochStillClaimable);
    scene.veto("guardian", 4).unwrap();
    assert_refused(close(&mut scene, 4), VaultError::EpochStillClaimable);
}

#[test]
fn rent_goes_back_to_the_keeper_that_paid_it_not_to_the_last_proposer() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    scene.world.warp(scene.terms.epoch_interval_secs);
    scene.propose(2, &first).unwrap();
    scene.veto("guardian", 2).unwrap();
    let mut again = scene.proposal(2, &first);
    again.proposer = address("keeper 1");
    scene.must(&[again.instruction()], &["keeper 1"]);
    assert_eq!(scene.epoch(2).proposer, address("keeper 1"));
    assert_eq!(*scene.epoch(2).rent_payer(), address("keeper 0"));
    scene.attest("keeper 0", 2).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(2).unwrap();
    scene.run_epoch(3, &first);
    scene.run_epoch(4, &first);
    for wrong in ["keeper 1", "stranger"] {
        let mut theft = closing(&scene, 2);
        theft.rent_payer = address(wrong);
        let closed = scene.run(&[theft.instruction()], &[]);
        assert_refused(closed, VaultError::WrongRentPayer);
    }
    close(&mut scene, 2).unwrap();
}

#[test]
fn a_claim_from_a_closed_epoch_is_told_to_use_the_active_one() {
    let (mut scene, first) = three();
    assert_refused(scene.claim(1, &first, 0), VaultError::EpochSuperseded);
    close(&mut scene, 1).unwrap();
    assert_refused(scene.claim(1, &first, 0), VaultError::EpochSuperseded);
    scene.claim(3, &first, 0).unwrap();
}

#[test]
fn a_closed_epoch_never_comes_back() {
    let (mut scene, first) = three();
    let attestation = scene.attestation("keeper 1", 1);
    close(&mut scene, 1).unwrap();
    assert_refused(close(&mut scene, 1), VaultError::EpochClosed);
    assert_refused(scene.propose(1, &first), VaultError::EpochNumber);
    let attested = scene.run(&[attestation.instruction()], &["keeper 1"]);
    assert_refused(attested, VaultError::EpochSuperseded);
    assert_refused(scene.veto("guardian", 1), VaultError::EpochSuperseded);
    assert_refused(scene.activate(1), VaultError::EpochSuperseded);
    // Nor does more rent make it what it was.
    let epoch = at(&scene, 1);
    scene.world.airdrop(&epoch, 1_000_000_000);
    assert_refused(scene.propose(1, &first), VaultError::EpochNumber);
    scene.run_epoch(4, &first);
}

#[test]
fn an_epoch_of_another_pool_is_not_closed_through_this_one() {
    let (mut scene, _) = three();
    let first = scene.pool;
    let mut second = scene.create_pool();
    second.id = 1;
    scene.must(&[second.instruction()], &["admin"]);
    let mut closing = closing(&scene, 1).instruction();
    closing.accounts[0].pubkey = second.pool();
    assert_refused(scene.run(&[closing], &[]), VaultError::WrongPool);
    scene.pool = first;
    close(&mut scene, 1).unwrap();
}

#[test]
fn an_epoch_that_was_never_proposed_is_unknown_to_every_instruction() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200, 300]);
    let canopy = first.canopy(scene.terms.canopy_depth);
    for lamports in [0, 1_000_000] {
        if lamports > 0 {
            let epoch = at(&scene, 2);
            scene.world.airdrop(&epoch, lamports);
        }
        let attest = AttestEpoch {
            number: EpochNumber::new(2),
            ..scene.attestation("keeper 1", 1)
        };
        let attested = scene.run(&[attest.instruction()], &["keeper 1"]);
        assert_refused(attested, VaultError::EpochUnknown);
        assert_refused(scene.veto("guardian", 2), VaultError::EpochUnknown);
        assert_refused(scene.activate(2), VaultError::EpochUnknown);
        assert_refused(scene.claim(2, &first, 0), VaultError::EpochUnknown);
        assert_refused(close(&mut scene, 2), VaultError::EpochUnknown);
        for part in PutCanopy::all(
            address("keeper 0"),
            scene.pool,
            EpochNumber::new(2),
            &canopy,
        ) {
            let put = scene.run(&[part.instruction()], &["keeper 0"]);
            assert_refused(put, VaultError::EpochUnknown);
        }
    }
    scene.run_epoch(2, &first);
    let mut activation = scene.activation(3);
    activation.number = EpochNumber::new(2);
    activation.previous = Some(EpochNumber::new(9));
    let activated = scene.run(&[activation.instruction()], &[]);
    assert_refused(activated, VaultError::EpochUnknown);
}
