use cairn_memory::Memory;

use super::*;

const ALL: [EpochStatus; 6] = [
    EpochStatus::Proposed,
    EpochStatus::Attested,
    EpochStatus::Active,
    EpochStatus::Superseded,
    EpochStatus::Vetoed,
    EpochStatus::Revoked,
];

fn key(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn pool(keepers: &[u8], threshold: u8) -> Pool {
    let mut pool: Pool = bytemuck::Zeroable::zeroed();
    let keys: Vec<Address> = keepers.iter().map(|byte| key(*byte)).collect();
    assert_eq!(pool.set_keepers(&keys, threshold), Ok(()));
    pool
}

/// A proposal of keeper 1 with two leaves, and a canopy of both.
fn proposed() -> Epoch {
    let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
    (epoch.number, epoch.leaf_count) = (1, 2);
    (epoch.depth, epoch.canopy_depth) = (1, 1);
    (epoch.proposer, epoch.threshold) = (key(1), 1);
    (epoch.attesters[0], epoch.attester_count) = (key(1), 1);
    epoch.status = EpochStatus::Proposed as u8;
    epoch
}

/// What has room for `epoch` and its canopy.
fn memory(epoch: &Epoch) -> Memory {
    let room = Epoch::space(epoch.canopy_depth) - 8 - size_of::<Epoch>();
    Memory::of(&crate::ID, epoch, &vec![0; room])
}

#[test]
fn an_account_has_room_for_its_canopy() {
    for (canopy_depth, nodes) in [(0, 1), (1, 2), (7, 128)] {
        let space = Epoch::space(canopy_depth);
        // The discriminator, the head, the number of nodes and the nodes.
        assert_eq!(space, 8 + 976 + 4 + 40 * nodes);
    }
}

#[test]
fn an_epoch_hands_on_the_root_and_the_allowance_that_it_states() {
    let mut epoch = proposed();
    (epoch.root, epoch.tokens) = ([7; 32], 9);
    let root = Node::new([7; 32], Tokens::new(9));
    assert_eq!(epoch.root_node(), root);
    let canopy = epoch.canopy();
    assert_eq!((canopy.depth, canopy.root), (1, root));
    epoch.emission_allowance = 2;
    (epoch.points_allowance, epoch.credits_allowance) = (3, 4);
    let stated = Allowance {
        tokens: 2,
        points: 3,
        credits: 4,
    };
    assert_eq!(epoch.allowance(), stated);
}

#[test]
fn rent_goes_back_to_who_paid_it_and_before_that_was_noted_to_the_proposer() {
    let mut epoch = proposed();
    assert_eq!(epoch.rent_payer(), &key(1));
    epoch.rent_payer = key(5);
    assert_eq!(epoch.rent_payer(), &key(5));
}

#[test]
fn an_epoch_is_open_until_it_is_active_or_vetoed() {
    let mut epoch = proposed();
    let open = ALL.map(|status| {
        epoch.status = status as u8;
        epoch.is_open()
    });
    assert_eq!(open, [true, true, false, false, false, false]);
    epoch.status = 0;
    assert!(!epoch.is_open());
}

#[test]
fn a_word_counts_while_its_keeper_is_in_office() {
    let mut epoch = proposed();
    (epoch.attesters[1], epoch.attesters[2]) = (key(2), key(3));
    epoch.attester_count = 3;
    assert_eq!(epoch.attesters(), [key(1), key(2), key(3)]);
    for (keepers, tally) in [
        (vec![1, 2, 3], 3),
        (vec![4, 3, 1], 2),
        (vec![2], 1),
        (vec![5], 0),
    ] {
        assert_eq!(epoch.tally(&pool(&keepers, 1)), tally, "{keepers:?}");
    }
    // A count beyond the list reads the list.
    epoch.attester_count = 17;
    assert_eq!(epoch.attesters().len(), MAX_KEEPERS);
}

#[test]
fn the_higher_threshold_decides() {
    let mut epoch = proposed();
    epoch.attesters[1] = key(2);
    epoch.attester_count = 2;
    for (frozen, today, needed, attested) in [
        (1, 1, 1, true),
        (2, 1, 2, true),
        (1, 2, 2, true),
        (3, 1, 3, false),
        (2, 3, 3, false),
    ] {
        epoch.threshold = frozen;
        let pool = pool(&[1, 2, 3], today);
        assert_eq!(epoch.needed(&pool), needed);
        assert_eq!(epoch.is_attested(&pool), attested, "{frozen}, {today}");
    }
}

#[test]
fn a_keeper_speaks_once_and_the_words_of_former_ones_make_room() {
    let mut epoch = proposed();
    let three = pool(&[1, 2, 3], 2);
    assert_eq!(epoch.add_attester(&three, &key(2)), Ok(()));
    assert_eq!(epoch.attesters(), [key(1), key(2)]);
    for byte in [1, 2] {
        let again = epoch.add_attester(&three, &key(byte));
        assert_eq!(again, Err(VaultError::AttestedAlready.into()));
    }
    assert_eq!(epoch.attesters(), [key(1), key(2)]);
    let others = pool(&[2, 4], 1);
    assert_eq!(epoch.add_attester(&others, &key(4)), Ok(()));
    assert_eq!(epoch.attesters(), [key(2), key(4)]);
    assert_eq!(epoch.attesters[2], Address::default());
    // Whoever was forgotten speaks anew once in office again.
    assert_eq!(epoch.add_attester(&three, &key(1)), Ok(()));
    assert_eq!(epoch.attesters(), [key(2), key(1)]);
}

#[test]
fn every_keeper_of_the_largest_pool_can_attest_and_nobody_beyond() {
    let keepers: Vec<u8> = (1..=16).collect();
    let full = pool(&keepers, 16);
    let mut epoch = proposed();
    for byte in 2..=16 {
        assert_eq!(epoch.add_attester(&full, &key(byte)), Ok(()));
    }
    assert!(epoch.is_attested(&full));
    let beyond = epoch.add_attester(&full, &key(17));
    assert_eq!(beyond, Err(VaultError::BrokenEpoch.into()));
}

type Break = fn(&mut Epoch);

#[test]
fn the_invariant_notices_each_truth_that_does_not_hold() {
    assert_eq!(proposed().invariant(), Ok(()));
    let breaks: [Break; 11] = [
        |it| it.leaf_count = 3,
        |it| it.depth = 2,
        |it| it.canopy_depth = 2,
        |it| it.attester_count = 0,
        |it| it.number = 0,
        |it| it.activated_at = 1,
        |it| it.status = 0,
        |it| it.status = 7,
        |it| it.status = EpochStatus::Active as u8,
        |it| it.status = EpochStatus::Attested as u8,
        |it| {
            it.status = EpochStatus::Vetoed as u8;
            it.open_challenges = 1;
        },
    ];
    for break_it in breaks {
        let mut broken = proposed();
        break_it(&mut broken);
        let verdict = broken.invariant();
        assert_eq!(verdict, Err(VaultError::BrokenEpoch.into()), "{broken:?}");
    }
    let mut empty = proposed();
    empty.leaf_count = 0;
    assert_eq!(empty.invariant(), Err(VaultError::LeafCountRange.into()));
}

#[test]
fn each_status_has_a_state_in_which_it_holds() {
    for status in ALL {
        let mut epoch = proposed();
        epoch.status = status as u8;
        let was_active = matches!(
            status,
            EpochStatus::Active | EpochStatus::Superseded | EpochStatus::Revoked
        );
        epoch.activated_at = i64::from(was_active);
        epoch.complete_at = 1;
        epoch.open_challenges = u32::from(epoch.is_open());
        assert_eq!(epoch.invariant(), Ok(()), "{status:?}");
    }
}

#[test]
fn an_epoch_is_attested_once_words_and_canopy_are_complete_and_notes_when() {
    let mut pool = pool(&[1, 2], 2);
    assert_eq!(pool.pause(100), Ok(()));
    let seen = |epoch: &EpochAccount| {
        let status = EpochStatus::from_byte(epoch.status);
        (status, epoch.complete_at, epoch.paused_before_complete)
    };
    let lacking = (Some(EpochStatus::Proposed), 0, 0);
    let complete = (Some(EpochStatus::Attested), 130, 30);
    let read = memory(&proposed()).change(|epoch: &mut EpochAccount| {
        refresh_status(epoch, &pool, 110);
        assert_eq!(seen(epoch), lacking, "neither");
        assert_eq!(epoch.add_attester(&pool, &key(2)), Ok(()));
        refresh_status(epoch, &pool, 120);
        assert_eq!(seen(epoch), lacking, "no canopy");
        assert!(epoch.try_push(Node::default()).is_ok());
        assert!(!canopy_complete(epoch));
        assert!(epoch.try_push(Node::default()).is_ok());
        assert!(canopy_complete(epoch));
        refresh_status(epoch, &pool, 130);
        assert_eq!(seen(epoch), complete);
        refresh_status(epoch, &pool, 150);
        assert_eq!(seen(epoch), complete, "the first moment counts");
        epoch.attester_count = 1;
        refresh_status(epoch, &pool, 160);
        let (status, complete_at, _) = seen(epoch);
        assert_eq!((status, complete_at), (lacking.0, 0), "a word is missing");
    });
    assert_eq!(read, Ok(()));
}

#[test]
fn a_veto_ends_the_attempt_its_challenges_and_its_proposers_turn() {
    let mut pool = pool(&[1, 2], 2);
    (pool.pending_epoch, pool.challenge_window_secs) = (1, 50);
    let mut epoch = proposed();
    epoch.open_challenges = 3;
    veto(&mut epoch, &mut pool, 7, 1_000);
    assert_eq!(epoch.status, EpochStatus::Vetoed as u8);
    assert_eq!((epoch.veto_reason, epoch.open_challenges), (7, 0));
    assert_eq!(pool.pending_epoch, 0);
    assert_eq!(pool.rests_until(&key(1)), 1_050);
    assert_eq!(pool.rests_until(&key(2)), 0);
}
