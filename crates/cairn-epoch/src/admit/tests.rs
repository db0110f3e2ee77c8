use cairn_proof::Reason;

use super::*;
use crate::decision::Also;

/// From here on keys are of identities without a wallet.
const IDENTITIES: u8 = 200;

fn pay(owner: u8, pot: u8, milli_points: u64) -> Pay {
    Pay {
        pot,
        stream: 0,
        owner: [owner; 32],
        milli_points: MilliPoints::new(milli_points),
    }
}

fn waits(owner: u8, pot: u8, milli_points: u64) -> Waiting {
    Waiting {
        owner: [owner; 32],
        pot,
        stream: 0,
        milli_points: MilliPoints::new(milli_points),
        credits: Credits::ZERO,
    }
}

fn waits_for_credits(owner: u8, credits: u64) -> Waiting {
    Waiting {
        credits: Credits::new(credits),
        ..waits(owner, 0, 0)
    }
}

/// Of pot 1 a whole point, of pot 3 anything.
fn admitted(
    leaves: u32,
    members: &[u8],
    waited: &[Waiting],
    earned: &[Pay],
) -> Result<Admission, EpochError> {
    admitted_with_credits(leaves, members, waited, earned, &[])
}

/// As [`admitted`], with data credits.
fn admitted_with_credits(
    leaves: u32,
    members: &[u8],
    waited: &[Waiting],
    earned: &[Pay],
    granted: &[(u8, u64)],
) -> Result<Admission, EpochError> {
    let taken = u32::try_from(members.len()).unwrap();
    let rules = Rules {
        makes_member: |pot, milli_points| pot == 3 || milli_points >= MilliPoints::new(1_000),
        needs_leaf: |key: &[u8; 32]| key[0] < IDENTITIES,
        room: leaves.saturating_sub(taken),
    };
    let members = members.iter().map(|owner| [*owner; 32]).collect();
    let earned = earned.iter().copied();
    let granted = granted
        .iter()
        .map(|(owner, credits)| ([*owner; 32], Credits::new(*credits)));
    sort_out(&rules, &members, waited.iter().copied(), earned, granted)
}

fn decision(owner: u8, milli_points: u64, credits: u64) -> Decision {
    Decision {
        ordinal: 0,
        proof_id: [0; 32],
        kind: None,
        reason: Reason::Ok,
        milli_points: MilliPoints::new(milli_points),
        credits: Credits::new(credits),
        beneficiary: (owner > 0).then_some([owner; 32]),
        also: None,
        pot: 3,
        stream: 7,
        found: None,
        bound: None,
        base: None,
        share: None,
        whole: None,
    }
}

/// An accepted proof may earn nothing, and nobody waits for nothing: a row of 0 would stand in the carried state for ever.
#[test]
fn a_decision_that_gives_nothing_makes_no_row() {
    let also = Some(Also {
        beneficiary: [4; 32],
        pot: 1,
        milli_points: MilliPoints::new(5),
    });
    let decisions = [
        decision(1, 0, 0),
        decision(2, 1, 0),
        decision(3, 0, 1),
        Decision {
            also,
            ..decision(5, 2, 0)
        },
        decision(0, 6, 6),
    ];
    let of = |owner, milli_points| Pay {
        stream: 7,
        ..pay(owner, 3, milli_points)
    };
    let points: Vec<Pay> = earned(&decisions).collect();
    assert_eq!(points, [of(2, 1), of(5, 2), pay(4, 1, 5)]);
    let credits: Vec<_> = granted(&decisions).collect();
    assert_eq!(credits, [([3; 32], Credits::new(1))]);
}

#[test]
fn credits_make_a_member_at_once_and_bring_in_what_waited() {
    let waited = [waits(2, 1, 600), waits(3, 1, 600)];
    let grants = [(1, 5), (2, 7), (1, 6), (4, 1)];
    let admission = admitted_with_credits(9, &[1], &waited, &[], &grants).unwrap();
    assert_eq!(admission.paid, [pay(2, 1, 600)]);
    let credits = |owner, credits| ([owner; 32], Credits::new(credits));
    assert_eq!(
        admission.granted,
        [credits(1, 11), credits(2, 7), credits(4, 1)]
    );
    assert_eq!(admission.waiting, [waits(3, 1, 600)]);
}

#[test]
fn when_every_leaf_is_taken_credits_wait_too_and_add_up() {
    let waited = [waits_for_credits(3, 5), waits(3, 1, 600)];
    let full = admitted_with_credits(1, &[1], &waited, &[], &[(3, 7), (1, 2)]).unwrap();
    assert_eq!(full.granted, [([1; 32], Credits::new(2))]);
    assert_eq!(full.waiting, [waits_for_credits(3, 12), waits(3, 1, 600)]);
    assert!(full.paid.is_empty());
    let room = admitted_with_credits(2, &[1], &full.waiting, &[], &[]).unwrap();
    assert_eq!(room.granted, [([3; 32], Credits::new(12))]);
    assert_eq!(room.paid, [pay(3, 1, 600)]);
    let most = admitted_with_credits(9, &[], &[], &[], &[(2, u64::MAX), (2, 1)]);
    assert!(matches!(most, Err(EpochError::Overflow { .. })));
}

#[test]
fn a_member_is_paid_at_once_and_others_once_they_have_what_a_pool_asks_for() {
    let waited = [waits(2, 1, 600), waits(3, 1, 998), waits(6, 1, 7)];
    let earned = [
        pay(1, 1, 5),
        pay(2, 1, 400),
        pay(3, 1, 1),
        pay(4, 1, 999),
        pay(5, 1, 1_000),
        pay(6, 3, 1),
    ];
    let admission = admitted(9, &[1], &waited, &earned).unwrap();
    let paid = [
        pay(1, 1, 5),
        pay(2, 1, 1_000),
        pay(5, 1, 1_000),
        pay(6, 1, 7),
        pay(6, 3, 1),
    ];
    assert_eq!(admission.paid, paid);
    assert_eq!(admission.waiting, [waits(3, 1, 999), waits(4, 1, 999)]);
}

#[test]
fn when_every_leaf_is_taken_people_wait_and_members_are_paid() {
    let earned = [pay(1, 1, 5), pay(2, 1, 1_000), pay(3, 1, 2_000)];
    let admission = admitted(2, &[1], &[], &earned).unwrap();
    assert_eq!(admission.paid, [pay(1, 1, 5), pay(2, 1, 1_000)]);
    assert_eq!(admission.waiting, [waits(3, 1, 2_000)]);
    // The next epoch does not fail either.
    let again = admitted(2, &[1, 2], &admission.waiting, &[]).unwrap();
    assert_eq!(again.waiting, admission.waiting);
    assert!(again.paid.is_empty());
}

#[test]
fn an_identity_waits_like_anybody_and_needs_no_leaf() {
    let earned = [
        pay(200, 1, 999),
        pay(201, 1, 1_000),
        pay(202, 3, 1),
        pay(2, 1, 1_000),
    ];
    let admission = admitted_with_credits(1, &[1], &[], &earned, &[(203, 4)]).unwrap();
    assert_eq!(admission.paid, [pay(201, 1, 1_000), pay(202, 3, 1)]);
    assert_eq!(admission.granted, [([203; 32], Credits::new(4))]);
    assert_eq!(admission.waiting, [waits(2, 1, 1_000), waits(200, 1, 999)]);
}

#[test]
fn a_sum_beyond_64_bits_is_refused_and_never_wraps_around() {
    let refused = admitted(9, &[], &[], &[pay(2, 1, u64::MAX), pay(2, 1, 2)]);
    assert!(matches!(refused, Err(EpochError::Overflow { .. })));
    let streams = [
        pay(2, 1, u64::MAX),
        Pay {
            stream: 1,
            ..pay(2, 1, 7)
        },
    ];
    assert_eq!(admitted(9, &[], &[], &streams).unwrap().paid, streams);
}
