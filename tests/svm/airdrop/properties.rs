//! What holds for any grants, dates and order of claims, on the built program.

use cairn_interface::airdrop::{AirdropError, CampaignStatus};
use cairn_merkle::Tokens;
use cairn_testkit::assert_refused;
use proptest::prelude::*;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use super::scene::{Airdrop, EXPIRES_IN, STARTS_IN, VESTED_IN, VESTING_IN};
use crate::vault::scene::{address, member};

/// What a schedule owes at `now`, computed in another way than the program does.
fn owed(airdrop: &Airdrop, locked: u64, now: i64) -> u64 {
    let dates = airdrop.campaign();
    if now < dates.cliff_at {
        return 0;
    }
    let passed = i128::from(now - dates.vesting_start);
    let whole = i128::from(dates.vesting_end - dates.vesting_start);
    let share = i128::from(locked) * passed.min(whole) / whole;
    u64::try_from(share).unwrap()
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 0..10_u64,
        4 => 0..1_000_000_000_u64,
        1 => Just(u64::MAX / 2),
        1 => Just(u64::MAX),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn partial_payments_never_run_ahead_of_the_schedule_and_end_at_the_locked_part(
        unlocked in amount(),
        locked in amount(),
        mut steps in prop::collection::vec(STARTS_IN..EXPIRES_IN, 1..12),
    ) {
        prop_assume!(unlocked.checked_add(locked).is_some_and(|sum| sum > 0));
        steps.sort_unstable();
        let mut airdrop = Airdrop::open(&[(unlocked, locked)]);
        airdrop.at(steps[0]);
        airdrop.claim(0).unwrap();
        for at in steps {
            airdrop.at(at);
            let now = airdrop.world.now();
            let due = unlocked + owed(&airdrop, locked, now);
            if airdrop.balance(0) == due {
                if airdrop.campaign().vestings == 1 {
                    assert_refused(airdrop.claim_vested(0), AirdropError::NothingVested);
                }
            } else {
                airdrop.claim_vested(0).unwrap();
            }
            prop_assert_eq!(airdrop.balance(0), due);
            prop_assert_eq!(airdrop.campaign().claimed, due);
            prop_assert_eq!(airdrop.vault_balance(), unlocked + locked - due);
        }
        airdrop.at(EXPIRES_IN);
        if airdrop.balance(0) < unlocked + locked {
            airdrop.claim_vested(0).unwrap();
        }
        prop_assert_eq!(airdrop.balance(0), unlocked + locked);
        prop_assert_eq!(airdrop.vault_balance(), 0);
    }
}

/// Random acts on a campaign of a dozen claimants, against a model of who was paid what.
#[test]
fn money_is_conserved_whatever_is_claimed_in_whatever_order() {
    for seed in 0..3 {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let grants: Vec<(u64, u64)> = (0..12)
            .map(|_| {
                (
                    u64::from(dice.next_u32() % 50),
                    u64::from(dice.next_u32() % 500),
                )
            })
            .collect();
        let total: u64 = grants
            .iter()
            .map(|(unlocked, locked)| unlocked + locked)
            .sum();
        let mut airdrop = Airdrop::open(&grants);
        let receiver = airdrop.open_wallet(&address("receiver"));
        let mut claimed = [false; 12];
        let mut now = STARTS_IN;
        let mut landed = 0;
        while now <= EXPIRES_IN {
            let index = dice.next_u32() % 12;
            let at = index as usize;
            airdrop.at(now);
            let ran = match dice.next_u32() % 3 {
                0 => {
                    let ran = airdrop.claim(index);
                    let nothing = grants[at] == (0, 0);
                    assert_eq!(
                        ran.is_ok(),
                        !claimed[at] && !nothing,
                        "claim {index} at {now}"
                    );
                    claimed[at] |= ran.is_ok();
                    ran
                }
                1 => airdrop.claim_vested(index),
                _ => {
                    // A liar asks for one unit more than the leaf has.
                    let mut lie = airdrop.claim_of(index);
                    lie.unlocked = Tokens::new(lie.unlocked.get() + 1);
                    let ran = airdrop.run(&[lie.instruction()], &["sponsor"]);
                    assert_refused(ran.clone(), AirdropError::ProofSumMismatch);
                    ran
                }
            };
            landed += u32::from(ran.is_ok());
            let paid: u64 = (0..12).map(|index| airdrop.balance(index)).sum();
            let campaign = airdrop.campaign();
            assert_eq!(campaign.claimed, paid);
            assert_eq!(airdrop.vault_balance(), total - paid);
            assert_eq!(
                airdrop.page(0).count() as usize,
                claimed.iter().filter(|it| **it).count()
            );
            for (index, (unlocked, locked)) in (0..).zip(&grants) {
                let most = unlocked + owed(&airdrop, *locked, airdrop.world.now());
                assert!(airdrop.balance(index) <= most, "{index} is ahead at {now}");
            }
            now += i64::from(dice.next_u32() % 300);
        }
        assert!(landed > 12, "only {landed} acts landed");
        let paid = airdrop.campaign().claimed;
        airdrop.at(EXPIRES_IN + 1);
        airdrop.sweep().unwrap();
        assert_eq!(airdrop.world.tokens(&receiver), total - paid);
        assert_eq!(airdrop.campaign().status(), CampaignStatus::Swept);
        for index in 0..12 {
            if airdrop.campaign().vestings > 0 {
                let _ = airdrop.close_vesting(index);
            }
        }
        assert_eq!(airdrop.campaign().vestings, 0);
        airdrop.close_page(0).unwrap();
        airdrop.close().unwrap();
    }
}

#[test]
fn the_schedules_ends_are_exact_for_the_largest_amount() {
    for (unlocked, locked) in [(0, u64::MAX), (u64::MAX, 0), (1, u64::MAX - 1)] {
        let mut airdrop = Airdrop::open(&[(unlocked, locked)]);
        airdrop.at(VESTED_IN - 1);
        airdrop.claim(0).unwrap();
        let now = airdrop.world.now();
        assert_eq!(airdrop.balance(0), unlocked + owed(&airdrop, locked, now));
        airdrop.at(VESTED_IN);
        if locked > 0 {
            airdrop.claim_vested(0).unwrap();
        }
        assert_eq!(airdrop.balance(0), u64::MAX);
    }
    // One base unit over ten thousand seconds arrives at the end, not before and not in parts.
    let mut airdrop = Airdrop::open(&[(0, 1)]);
    airdrop.claim(0).unwrap();
    for at in [VESTING_IN, VESTED_IN - 1] {
        airdrop.at(at);
        assert_refused(airdrop.claim_vested(0), AirdropError::NothingVested);
    }
    airdrop.at(VESTED_IN);
    airdrop.claim_vested(0).unwrap();
    assert_eq!(airdrop.world.tokens(&airdrop.wallet(&member(0))), 1);
}
