//! Tokens shared out by points: exactly, fairly, and every base unit accounted for.

use std::collections::BTreeMap;

use cairn_campaign::{CampaignError, Dust, Shared, Sharing, Silent, share};
use cairn_merkle::{MilliPoints, Tokens};
use proptest::prelude::*;

fn owner(n: u64) -> [u8; 32] {
    let mut key = [3; 32];
    key[..8].copy_from_slice(&n.to_be_bytes());
    key
}

fn points(of: &[u64]) -> Vec<([u8; 32], MilliPoints)> {
    (0..)
        .zip(of)
        .map(|(n, points)| (owner(n), MilliPoints::new(*points)))
        .collect()
}

const PLAIN: Sharing = Sharing {
    tokens: Tokens::new(100),
    min_points: MilliPoints::ZERO,
    cap: None,
    dust: Dust::LargestRemainder,
    locked_bps: 0,
};

fn shared(of: &[u64], sharing: Sharing) -> Result<Shared, CampaignError> {
    share(&points(of), sharing, &Silent)
}

/// What each owner was given, in the order of their numbers.
fn given(shared: &Shared, count: u64) -> Vec<u64> {
    let list = shared.recipients.list();
    let by_owner: BTreeMap<_, _> = list
        .iter()
        .map(|one| (one.owner, one.unlocked.get() + one.locked.get()))
        .collect();
    (0..count)
        .map(|n| by_owner.get(&owner(n)).copied().unwrap_or(0))
        .collect()
}

#[test]
fn dust_goes_one_unit_each_to_the_largest_remainders_or_to_nobody() {
    // 100 × 1/3: 33 each, and among equal remainders the lower key gets the unit that is left.
    let all = shared(&[1, 1, 1], PLAIN).unwrap();
    assert_eq!(given(&all, 3), [34, 33, 33]);
    assert_eq!(all.dust, Tokens::ZERO);
    // 14.28…, 28.57…, 57.14…: the unit belongs to the middle one.
    assert_eq!(given(&shared(&[1, 2, 4], PLAIN).unwrap(), 3), [14, 29, 57]);
    let left = Sharing {
        dust: Dust::Unallocated,
        ..PLAIN
    };
    let some = shared(&[1, 2, 4], left).unwrap();
    assert_eq!((given(&some, 3), some.dust.get()), (vec![14, 28, 57], 1));
}

#[test]
fn who_has_too_few_points_neither_gets_nor_divides() {
    let sharing = Sharing {
        min_points: MilliPoints::new(10),
        ..PLAIN
    };
    let some = shared(&[9, 10, 30], sharing).unwrap();
    assert_eq!((given(&some, 3), some.eligible), (vec![0, 25, 75], 2));
    let error = shared(&[9, 9], sharing).unwrap_err();
    assert!(error.to_string().contains("nobody has enough points"));
    assert!(shared(&[0, 0], PLAIN).is_err() && shared(&[], PLAIN).is_err());
}

#[test]
fn what_a_cap_cuts_off_is_granted_to_nobody_and_said() {
    let capped = shared(
        &[1, 1, 8],
        Sharing {
            cap: Some(Tokens::new(30)),
            ..PLAIN
        },
    )
    .unwrap();
    assert_eq!(given(&capped, 3), [10, 10, 30]);
    assert_eq!(
        (capped.capped, capped.capped_off, capped.recipients.tokens()),
        (1, Tokens::new(50), Tokens::new(50))
    );
    assert!(
        shared(
            &[1],
            Sharing {
                cap: Some(Tokens::ZERO),
                ..PLAIN
            }
        )
        .is_err()
    );
}

#[test]
fn a_share_below_one_unit_makes_no_recipient() {
    let some = shared(&[1, 1_000_000], PLAIN).unwrap();
    assert_eq!((given(&some, 2), some.too_small), (vec![0, 100], 1));
    assert!(
        shared(
            &[5],
            Sharing {
                tokens: Tokens::ZERO,
                ..PLAIN
            }
        )
        .is_err()
    );
}

#[test]
fn an_owner_that_stands_twice_is_refused() {
    let twice = [5, 6].map(|points| (owner(1), MilliPoints::new(points)));
    assert!(share(&twice, PLAIN, &Silent).is_err());
}

#[test]
fn the_largest_numbers_of_all_are_shared_exactly() {
    let sharing = Sharing {
        tokens: Tokens::MAX,
        ..PLAIN
    };
    let all = shared(&[u64::MAX, u64::MAX, 1], sharing).unwrap();
    assert_eq!(all.recipients.tokens(), Tokens::MAX);
    let locked = shared(
        &[7, 7],
        Sharing {
            locked_bps: 2_500,
            ..sharing
        },
    )
    .unwrap();
    assert_eq!(locked.recipients.locked().get(), u64::MAX / 2 / 4 * 2 + 1);
}

proptest! {
    /// The definition, written out again with big numbers: floor, then the largest remainders, then the cap.
    #[test]
    fn every_share_is_the_one_of_the_definition(
        of in prop::collection::vec(prop_oneof![Just(0), 1..50_u64, any::<u64>()], 1..40),
        tokens in prop_oneof![0..1_000_u64, any::<u64>()],
        min_points in 0..60_u64,
        cap in prop::option::of(any::<u64>()),
        leave in any::<bool>(),
    ) {
        let dust = if leave { Dust::Unallocated } else { Dust::LargestRemainder };
        let sharing = Sharing {
            tokens: Tokens::new(tokens),
            min_points: MilliPoints::new(min_points),
            cap: cap.map(Tokens::new),
            dust,
            locked_bps: 0,
        };
        let all: u128 = of.iter().filter(|p| **p >= min_points).map(|p| u128::from(*p)).sum();
        let Ok(shared) = shared(&of, sharing) else {
            prop_assert!(all == 0 || tokens == 0 || cap == Some(0) || leave);
            return Ok(());
        };
        let mut expected: Vec<(u128, u128)> = of.iter().map(|p| {
            let product = if *p < min_points { 0 } else { u128::from(*p) * u128::from(tokens) };
            (product / all, product % all)
        }).collect();
        let mut left = u128::from(tokens) - expected.iter().map(|(share, _)| share).sum::<u128>();
        let over = left;
        if !leave {
            let mut order: Vec<usize> = (0..of.len()).collect();
            order.sort_by_key(|at| std::cmp::Reverse(expected[*at].1));
            for at in order.into_iter().take(usize::try_from(left).unwrap()) {
                expected[at].0 += 1;
                left -= 1;
            }
            prop_assert_eq!(left, 0);
        }
        let cap = u128::from(cap.unwrap_or(u64::MAX));
        let capped: Vec<u128> = expected.iter().map(|(share, _)| *share.min(&cap)).collect();
        let given: Vec<u128> = given(&shared, of.len() as u64).into_iter().map(u128::from).collect();
        prop_assert_eq!(&given, &capped);
        prop_assert_eq!(u128::from(shared.dust.get()), if leave { over } else { 0 });
        let accounted = [shared.recipients.tokens(), shared.capped_off, shared.dust].map(|part| u128::from(part.get()));
        prop_assert_eq!(accounted.iter().sum::<u128>(), u128::from(tokens));
    }
}
