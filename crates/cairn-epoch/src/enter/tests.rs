use proptest::prelude::*;

use super::*;
use crate::state::Link;

fn amounts(tokens: u64, points: u64, credits: u64) -> Amounts {
    Amounts {
        credits: Credits::new(credits),
        points: MilliPoints::new(points),
        tokens: Tokens::new(tokens),
    }
}

fn owed(epoch: u64, owner: u8, amounts: Amounts) -> Arrear {
    Arrear {
        epoch: EpochNumber::new(epoch),
        owner: [owner; 32],
        amounts,
    }
}

fn unlinked(identity: u8, amounts: Amounts) -> Unlinked {
    Unlinked {
        identity: [identity; 32],
        amounts,
    }
}

fn member(owner: u8) -> Member {
    Member {
        owner: [owner; 32],
        tokens: Tokens::ZERO,
        points: MilliPoints::ZERO,
        credits: Credits::ZERO,
    }
}

fn earned(rows: &[(u8, Amounts)]) -> BTreeMap<[u8; 32], Amounts> {
    let rows = rows.iter();
    rows.map(|(key, amounts)| ([*key; 32], *amounts)).collect()
}

const NOW: EpochNumber = EpochNumber::new(7);
const NOTHING: Amounts = Amounts {
    credits: Credits::ZERO,
    points: MilliPoints::ZERO,
    tokens: Tokens::ZERO,
};

fn entering(entered: &Entered) -> Vec<(u8, Amounts)> {
    let leaves = entered.entering.iter();
    leaves
        .map(|(wallet, amounts)| (wallet.key()[0], *amounts))
        .collect()
}

#[test]
fn an_identity_keeps_what_it_earns_until_it_is_linked_and_then_it_waits_for_room() {
    let payees = Payees::new(vec![[1; 32]], &[]);
    let own = amounts(100, 100, 0);
    let week = earned(&[(1, amounts(60, 60, 0)), (200, amounts(40, 40, 0))]);
    let first = enter(NOW, (own, NOTHING), &payees, &[], &week, Owed::default()).unwrap();
    assert_eq!(entering(&first), [(1, amounts(60, 60, 0))]);
    assert_eq!(first.unlinked, [unlinked(200, amounts(40, 40, 0))]);
    assert!(first.arrears.is_empty());

    let links = [Link {
        identity: [200; 32],
        wallet: [1; 32],
    }];
    let payees = Payees::new(vec![[1; 32]], &links);
    // Everything is given to others but five tokens; ten points are announced beside the epoch's own.
    let week = earned(&[(1, amounts(95, 95, 0))]);
    let own = amounts(100, 95, 0);
    let owing = Owed {
        unlinked: &first.unlinked,
        ..Owed::default()
    };
    let second = enter(
        NOW,
        (own, amounts(0, 10, 0)),
        &payees,
        &[member(1)],
        &week,
        owing,
    )
    .unwrap();
    assert_eq!(entering(&second), [(1, amounts(100, 105, 0))]);
    assert!(second.unlinked.is_empty());
    assert_eq!(second.arrears, [owed(7, 1, amounts(35, 30, 0))]);
}

#[test]
fn who_came_first_is_paid_first_and_a_row_enters_in_parts() {
    let payees = Payees::new(vec![[1; 32], [2; 32], [3; 32]], &[]);
    let arrears = [
        owed(3, 2, amounts(30, 0, 0)),
        owed(5, 1, amounts(30, 7, 0)),
        owed(5, 3, amounts(30, 7, 1)),
    ];
    let owing = Owed {
        arrears: &arrears,
        ..Owed::default()
    };
    let none = BTreeMap::new();
    let entered = enter(
        NOW,
        (NOTHING, amounts(40, 8, 1)),
        &payees,
        &[],
        &none,
        owing,
    )
    .unwrap();
    assert_eq!(
        entering(&entered),
        [
            (1, amounts(10, 7, 0)),
            (2, amounts(30, 0, 0)),
            (3, amounts(0, 1, 1))
        ]
    );
    assert_eq!(
        entered.arrears,
        [owed(5, 1, amounts(20, 0, 0)), owed(5, 3, amounts(30, 6, 0))]
    );
}

#[test]
fn when_every_leaf_is_taken_wallets_are_owed_and_members_are_paid() {
    let payees = Payees::new(vec![[1; 32], [2; 32], [3; 32]], &[]);
    let week = earned(&[(1, amounts(5, 5, 0)), (3, amounts(6, 6, 0))]);
    let arrears = [owed(3, 2, amounts(9, 0, 0))];
    let owing = Owed {
        arrears: &arrears,
        ..Owed::default()
    };
    let own = amounts(100, 11, 0);
    let full = enter_into(1, NOW, (own, NOTHING), &payees, &[member(1)], &week, owing).unwrap();
    assert_eq!(entering(&full), [(1, amounts(5, 5, 0))]);
    assert_eq!(
        full.arrears,
        [owed(3, 2, amounts(9, 0, 0)), owed(7, 3, amounts(6, 6, 0))]
    );
}

#[test]
fn what_was_paid_under_a_revoked_root_is_owed_no_longer() {
    let mut arrears = vec![
        owed(3, 2, amounts(30, 5, 0)),
        owed(5, 1, amounts(30, 7, 0)),
        owed(6, 2, amounts(10, 0, 2)),
    ];
    let paid = earned(&[(2, amounts(35, 1, 0)), (9, amounts(5, 5, 5))]);
    set_off(&mut arrears, paid);
    assert_eq!(
        arrears,
        [
            owed(3, 2, amounts(0, 4, 0)),
            owed(5, 1, amounts(30, 7, 0)),
            owed(6, 2, amounts(5, 0, 2))
        ]
    );
}

#[test]
fn sums_beyond_64_bits_are_refused() {
    let payees = Payees::new(vec![[1; 32]], &[]);
    let most = amounts(u64::MAX, 0, 0);
    let week = earned(&[(200, most)]);
    let owing = Owed {
        unlinked: &[unlinked(200, amounts(1, 0, 0))],
        ..Owed::default()
    };
    let refused = enter(NOW, (most, most), &payees, &[], &week, owing);
    assert!(matches!(refused, Err(EpochError::Overflow { .. })));
    // The most that there is room for is more than 64 bits.
    let arrears = [owed(1, 1, most)];
    let owing = Owed {
        arrears: &arrears,
        ..Owed::default()
    };
    let none = BTreeMap::new();
    let entered = enter(NOW, (most, most), &payees, &[], &none, owing).unwrap();
    assert_eq!(entering(&entered), [(1, most)]);
}

fn any_amounts() -> impl Strategy<Value = Amounts> {
    let one = || prop_oneof![2 => 0..50_u64, 1 => 0..1_000_000_u64];
    (one(), one(), one()).prop_map(|(tokens, points, credits)| amounts(tokens, points, credits))
}

proptest! {
    /// Whatever is earned, owed and linked: nothing is lost, nothing comes twice, and leaves grow by no more than was announced.
    #[test]
    fn all_that_was_given_stands_in_one_place_and_leaves_grow_within_the_rooms(
        week in prop::collection::btree_map(0..12_u8, any_amounts(), 0..8),
        before in prop::collection::btree_map(6..12_u8, any_amounts(), 0..5),
        queue in prop::collection::btree_map((1..7_u64, 0..6_u8), any_amounts(), 0..6),
        genesis in prop::collection::btree_map(0..12_u8, any_amounts(), 0..5),
        linked in prop::collection::btree_map(6..12_u8, 0..6_u8, 0..5),
        seats in 0..8_u32,
        free in any_amounts(),
        announced in any_amounts(),
    ) {
        let links: Vec<Link> = linked
            .iter()
            .map(|(identity, wallet)| Link { identity: [*identity; 32], wallet: [*wallet; 32] })
            .collect();
        let payees = Payees::new((0..6).map(|key| [key; 32]).collect(), &links);
        let week: BTreeMap<_, _> = week.into_iter().map(|(key, it)| (payees.payee(&[key; 32]).key(), it)).collect();
        let before: Vec<_> = before.into_iter().map(|(key, it)| unlinked(key, it)).collect();
        let queue: Vec<_> = queue
            .into_iter()
            .filter(|(_, it)| !it.is_zero())
            .map(|((epoch, owner), it)| owed(epoch, owner, it))
            .collect();
        let genesis: Vec<Grant> = genesis
            .into_iter()
            .map(|(key, amounts)| Grant { owner: [key; 32], is_wallet: key < 6, amounts })
            .collect();
        let sum = |rows: &[Amounts]| Amounts::sum(rows.iter().copied(), "all").unwrap();
        let own = sum(&week.values().copied().chain([free]).collect::<Vec<_>>());
        let owing = Owed { unlinked: &before, arrears: &queue, genesis: &genesis };
        let entered = enter_into(seats, NOW, (own, announced), &payees, &[member(0)], &week, owing).unwrap();

        let mut all: Vec<Amounts> = week.values().copied().collect();
        all.extend(before.iter().map(|row| row.amounts));
        all.extend(queue.iter().map(|row| row.amounts));
        all.extend(genesis.iter().map(|row| row.amounts));
        let leaves: Vec<Amounts> = entered.entering.values().copied().collect();
        let mut after = leaves.clone();
        after.extend(entered.unlinked.iter().map(|row| row.amounts));
        after.extend(entered.arrears.iter().map(|row| row.amounts));
        prop_assert_eq!(sum(&all), sum(&after));
        let most = own.checked_add(announced).unwrap();
        prop_assert_eq!(sum(&leaves).min(most), sum(&leaves));
        let members = entered.entering.keys().filter(|wallet| wallet.key() != [0; 32]).count();
        prop_assert!(members <= usize::try_from(seats.saturating_sub(1)).unwrap());
        prop_assert!(entered.unlinked.iter().all(|row| payees.payee(&row.identity) == Payee::Unlinked(row.identity)));
        prop_assert!(entered.arrears.is_sorted_by_key(Arrear::place));
        prop_assert!(entered.arrears.iter().all(|row| !row.amounts.is_zero()));
    }
}
