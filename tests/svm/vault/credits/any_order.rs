use proptest::prelude::*;

use super::super::scene::Scene;
use super::{PERIOD, carrier, fulfil, granted, redeem, redemption, redemption_at, refund};

/// One of a member's or carrier's possible acts.
#[derive(Clone, Copy, Debug)]
enum Act {
    Redeem {
        index: u32,
        nonce: u64,
        credits: u64,
    },
    Fulfil {
        index: u32,
        nonce: u64,
    },
    Refund {
        index: u32,
        nonce: u64,
    },
    Wait,
}

fn act() -> impl Strategy<Value = Act> {
    let (index, nonce) = (0..2_u32, 0..3_u64);
    prop_oneof![
        3 => (index.clone(), nonce.clone(), 1..40_u64)
            .prop_map(|(index, nonce, credits)| Act::Redeem { index, nonce, credits }),
        2 => (index.clone(), nonce.clone()).prop_map(|(index, nonce)| Act::Fulfil { index, nonce }),
        2 => (index, nonce).prop_map(|(index, nonce)| Act::Refund { index, nonce }),
        1 => Just(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever is done in whatever order: redeemed = outstanding + fulfilled, for pool, carrier and members alike.
    #[test]
    fn no_credit_is_lost_or_made(acts in prop::collection::vec(act(), 1..40)) {
        let (mut scene, rewards) = granted(&[100, 60]);
        for act in acts {
            let open = |scene: &Scene, index, nonce| {
                scene.world.account(&redemption_at(scene, index, nonce)).is_some()
            };
            // Refusals are as good as successes: what counts is what stands in the accounts afterwards.
            match act {
                Act::Redeem { index, nonce, credits } => {
                    redeem(&mut scene, &rewards, index, nonce, credits).ok();
                }
                Act::Fulfil { index, nonce } if open(&scene, index, nonce) => {
                    fulfil(&mut scene, index, nonce).ok();
                }
                Act::Refund { index, nonce } => {
                    refund(&mut scene, index, nonce).ok();
                }
                Act::Fulfil { .. } => {}
                Act::Wait => scene.world.warp(PERIOD / 2 + 1),
            }
            let (pool, carrier) = (scene.pool(), carrier(&scene, "carrier"));
            let outstanding: u64 = (0..2)
                .flat_map(|index| (0..3).map(move |nonce| (index, nonce)))
                .filter(|(index, nonce)| open(&scene, *index, *nonce))
                .map(|(index, nonce)| redemption(&scene, index, nonce).credits)
                .sum();
            let slots: u64 = scene.page(0).slots.iter().map(|slot| slot.credits_redeemed()).sum();
            prop_assert_eq!(carrier.pending, outstanding);
            prop_assert_eq!(carrier.fulfilled, pool.credits_fulfilled);
            prop_assert_eq!(pool.credits_redeemed, outstanding + pool.credits_fulfilled);
            prop_assert_eq!(slots, pool.credits_redeemed);
            for (slot, leaf) in scene.page(0).slots.iter().zip(rewards.leaves()) {
                prop_assert!(slot.credits_redeemed() <= leaf.credits.get());
            }
        }
    }
}
