use cairn_interface::{
    ids, spl,
    vault::{BurnSettled, SetRecipient, VaultError, VaultEvent},
};
use cairn_merkle::MilliPoints;
use cairn_testkit::{MintExtension, Rewards, assert_refused, assert_refused_by};
use proptest::prelude::*;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::{
    recipient::will,
    scene::{DAY, HOUR, Scene, Terms, address, event, key, member},
};

/// A round of `tokens` that has ended, in which member *i* burnt `burns[i]`.
fn ended(tokens: u64, burns: &[u64]) -> Scene {
    let (mut scene, rewards) = Scene::with_points(burns);
    let mut opening = scene.opening(0, tokens);
    opening.minimum = MilliPoints::ZERO;
    scene.must(&[opening.instruction()], &["admin", "treasurer"]);
    for (index, points) in (0..).zip(burns) {
        if *points > 0 {
            scene.burn(&rewards, 0, index, *points).unwrap();
        }
    }
    scene.world.warp(DAY);
    scene
}

#[test]
fn a_member_gets_their_share_floored_and_the_receipt_closes() {
    let mut scene = ended(1_000, &[100, 200]);
    let payer = scene.world.payer().pubkey();
    let rent = scene.world.lamports(&scene.receipt_at(0, 1));
    let before = scene.world.lamports(&payer);
    let settled = scene.settle(0, 1);
    let fee = settled.as_ref().unwrap().fee;
    let expected = BurnSettled {
        pool: scene.pool,
        owner: member(1),
        payout: member(1),
        round: 0,
        index: 1,
        burnt: 200,
        paid: 666,
        received: 666,
        reserved: [0; 4],
    };
    assert_eq!(event(settled), VaultEvent::BurnSettled(expected));
    assert_eq!(scene.balance(1), 666);
    assert!(scene.world.account(&scene.receipt_at(0, 1)).is_none());
    assert_eq!(scene.world.lamports(&payer), before + rent - fee);
    let round = scene.round(0);
    assert_eq!(
        (round.settled, round.settled_receipts, round.paid),
        (200, 1, 666)
    );
}

#[test]
fn a_receipt_is_settled_once() {
    let mut scene = ended(1_000, &[100, 200]);
    scene.settle(0, 0).unwrap();
    assert_refused(scene.settle(0, 0), VaultError::WrongReceipt);
    let twice = scene.settlement(0, 1).instruction();
    let settled = scene.run(&[twice.clone(), twice], &[]);
    assert_refused(settled, VaultError::WrongReceipt);
    scene.settle(0, 1).unwrap();
    assert_eq!((scene.balance(0), scene.balance(1)), (333, 666));
}

#[test]
fn a_settled_receipt_that_is_kept_alive_with_lamports_is_none() {
    let mut scene = ended(1_000, &[100, 200]);
    let receipt = scene.receipt_at(0, 0);
    let gift = solana_system_interface::instruction::transfer(
        &scene.world.payer().pubkey(),
        &receipt,
        10_000_000,
    );
    let settle = scene.settlement(0, 0).instruction();
    // In one transaction the account never goes away; it has neither data nor this program for an owner all the same.
    let settled = scene.run(&[settle.clone(), gift, settle], &[]);
    assert_refused(settled, VaultError::WrongReceipt);
}

#[test]
fn nothing_is_settled_while_points_can_still_burn() {
    let mut scene = ended(1_000, &[100]);
    scene.world.warp(-1);
    assert_refused(scene.settle(0, 0), VaultError::RoundNotEnded);
    scene.world.warp(1);
    scene.settle(0, 0).unwrap();
}

#[test]
fn a_share_is_paid_to_its_member_only() {
    let mut scene = ended(1_000, &[100, 200]);
    let mut theft = scene.settlement(0, 0);
    theft.payout = Some(member(1));
    let settled = scene.run(&[theft.instruction()], &[]);
    assert_refused(settled, VaultError::DestinationNotRecipient);
    // Accounts: pool, round, receipt, rent payer, vault, mint, destination.
    let other = scene.world.create_mint(&key("treasurer"), 6);
    let foreign = scene.world.open_token_account(&member(0), &other);
    let theirs = scene.round_vault(0);
    for (wrong, refusal) in [
        (foreign, VaultError::DestinationWrongMint),
        (theirs, VaultError::DestinationNotCanonical),
        (address("stranger"), VaultError::DestinationNotTokenAccount),
    ] {
        let mut settlement = scene.settlement(0, 0).instruction();
        settlement.accounts[6].pubkey = wrong;
        // The round's own vault can not be both ends of a transfer: the runtime of Anchor sees it twice.
        if wrong == theirs {
            assert_refused_by(scene.run(&[settlement], &[]), &ids::REWARD_VAULT, 2_040);
        } else {
            assert_refused(scene.run(&[settlement], &[]), refusal);
        }
    }
    assert_eq!(scene.world.tokens(&theirs), 1_000);
}

#[test]
fn rent_goes_back_to_who_paid_it_only() {
    let mut scene = ended(1_000, &[100]);
    let mut theft = scene.settlement(0, 0);
    theft.rent_payer = address("stranger");
    let settled = scene.run(&[theft.instruction()], &[]);
    assert_refused(settled, VaultError::WrongRentPayer);
}

#[test]
fn a_receipt_of_another_round_is_the_wrong_one() {
    let (mut scene, rewards) = Scene::with_points(&[1_000]);
    scene.open_round(0, 10).unwrap();
    scene.open_round(1, 1_000_000).unwrap();
    scene.burn(&rewards, 0, 0, 500).unwrap();
    scene.world.warp(DAY);
    // A share of the rich round for the points that burnt in the poor one.
    let mut settlement = scene.settlement(1, 0).instruction();
    settlement.accounts[2].pubkey = scene.receipt_at(0, 0);
    assert_refused(scene.run(&[settlement], &[]), VaultError::WrongReceipt);
    let mut settlement = scene.settlement(0, 0).instruction();
    settlement.accounts[4].pubkey = scene.round_vault(1);
    assert_refused(scene.run(&[settlement], &[]), VaultError::WrongVault);
}

#[test]
fn the_recipient_in_effect_is_paid_and_can_not_be_left_out() {
    let (mut scene, rewards) = Scene::with_points(&[1_000]);
    scene.open_round(0, 1_000).unwrap();
    scene.burn(&rewards, 0, 0, 500).unwrap();
    let set = SetRecipient {
        payout: Some(address("treasurer")),
        restricted: true,
        ..will(&scene, &rewards, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    scene.world.warp(DAY);
    let pocket = scene.open_wallet(&address("treasurer"));
    assert_refused(scene.settle(0, 0), VaultError::DestinationNotRecipient);
    let mut settlement = scene.settlement(0, 0);
    settlement.payout = Some(address("treasurer"));
    let mut without = settlement.instruction();
    // Accounts: … destination, token program, recipient.
    without.accounts[8].pubkey = address("stranger");
    assert_refused(scene.run(&[without], &[]), VaultError::WrongRecipient);
    // A member who restricted claims does not keep everybody's round open.
    let said = event(scene.run(&[settlement.instruction()], &[]));
    assert!(matches!(
        said,
        VaultEvent::BurnSettled(BurnSettled { payout, paid: 1_000, .. })
            if payout == address("treasurer")
    ));
    assert_eq!(scene.world.tokens(&pocket), 1_000);
}

#[test]
fn a_change_of_payout_reaches_a_settlement_after_its_cooldown_only() {
    let (mut scene, rewards) = Scene::with_points(&[1_000]);
    scene.open_round(0, 1_000).unwrap();
    scene.burn(&rewards, 0, 0, 500).unwrap();
    scene.world.warp(DAY - HOUR);
    let set = SetRecipient {
        payout: Some(address("treasurer")),
        ..will(&scene, &rewards, 0)
    };
    scene.must(&[set.instruction()], &["member 0"]);
    scene.world.warp(HOUR);
    scene.open_wallet(&address("treasurer"));
    let mut early = scene.settlement(0, 0);
    early.payout = Some(address("treasurer"));
    let settled = scene.run(&[early.instruction()], &[]);
    assert_refused(settled, VaultError::DestinationNotRecipient);
    scene.settle(0, 0).unwrap();
    assert_eq!(scene.balance(0), 1_000);
}

#[test]
fn a_share_of_nothing_needs_no_account_and_holds_nobody_up() {
    let mut scene = ended(1, &[1, 1_000]);
    let mut settlement = scene.settlement(0, 0).instruction();
    settlement.accounts[6].pubkey = Pubkey::new_unique();
    let said = event(scene.run(&[settlement], &[]));
    assert!(matches!(
        said,
        VaultEvent::BurnSettled(BurnSettled {
            paid: 0,
            received: 0,
            ..
        })
    ));
    scene.settle(0, 1).unwrap();
    scene.close_round(0).unwrap();
    // floor(1 × 1,000 / 1,001) is nothing either: the one unit is the pool's.
    assert_eq!((scene.balance(1), scene.vault_balance()), (0, 1));
}

#[test]
fn one_burner_gets_everything_even_the_most_there_can_be() {
    for burnt in [1, 7, u64::MAX] {
        let mut scene = ended(u64::MAX, &[burnt]);
        scene.settle(0, 0).unwrap();
        scene.close_round(0).unwrap();
        assert_eq!((scene.balance(0), scene.vault_balance()), (u64::MAX, 0));
    }
}

/// A pool over a mint of Token-2022 with `extensions`, whose first two members have 1,000 milli-points each.
fn over_2022(extensions: &[MintExtension]) -> (Scene, Rewards) {
    let mut scene = Scene::without_pool(Terms::default());
    scene.mint = scene
        .world
        .create_mint_2022(&key("treasurer"), 6, extensions);
    scene.pool = scene.create_pool().pool();
    let create = scene.create_pool().instruction();
    scene.must(&[create], &["admin"]);
    let rewards = scene.points(&[1_000, 1_000]);
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    for index in 0..2 {
        scene.open_wallet(&member(index));
    }
    (scene, rewards)
}

#[test]
fn a_fee_taking_mint_takes_its_fee_and_every_unit_is_accounted_for() {
    let (mut scene, rewards) = over_2022(&[MintExtension::TransferFee {
        bps: 100,
        maximum: u64::MAX,
    }]);
    scene.open_round(0, 10_000).unwrap();
    // A hundredth stayed behind on the way in: the round shares what arrived.
    assert_eq!(scene.round(0).tokens, 9_900);
    scene.burn(&rewards, 0, 0, 700).unwrap();
    scene.burn(&rewards, 0, 1, 1_000).unwrap();
    scene.world.warp(DAY);
    scene.settle(0, 0).unwrap();
    let said = event(scene.settle(0, 1));
    // floor(9,900 × 1,000 / 1,700) left the round, less ceil(a hundredth) arrived.
    assert!(matches!(
        said,
        VaultEvent::BurnSettled(BurnSettled {
            paid: 5_823,
            received: 5_764,
            ..
        })
    ));
    scene.close_round(0).unwrap();
    assert_eq!(scene.pool().total_funded, scene.vault_balance());
    let wallet = spl::associated_token_address(&member(1), &scene.mint, &ids::TOKEN_2022_PROGRAM);
    assert_eq!(scene.world.tokens(&wallet), 5_764);
    assert!(scene.world.account(&scene.round_vault(0)).is_none());
}

#[test]
fn a_destination_that_requires_a_memo_gets_one() {
    let (mut scene, rewards) = over_2022(&[]);
    scene.open_round(0, 100).unwrap();
    scene.burn(&rewards, 0, 0, 700).unwrap();
    scene.world.warp(DAY);
    let wallet = scene.settlement(0, 0).destination();
    scene.world.require_memo(&wallet, &key("member 0"));
    assert_refused(scene.settle(0, 0), VaultError::DestinationMemoRequired);
    let mut settlement = scene.settlement(0, 0);
    settlement.memo = true;
    scene.must(&[settlement.instruction()], &[]);
    assert_eq!(scene.balance(0), 100);
}

fn burns() -> impl Strategy<Value = (u64, Vec<u64>)> {
    let tokens = prop_oneof![Just(1), Just(u64::MAX), 1..1_000_u64, any::<u64>()];
    let points = prop_oneof![
        Just(0),
        Just(1),
        Just(u64::MAX / 8),
        1..5_000_u64,
        0..=u64::MAX / 8
    ];
    (tokens, prop::collection::vec(points, 0..7))
        .prop_map(|(tokens, points)| (tokens.max(1), points))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Σ paid + dust = the round's tokens, in any order of settlement, and nobody gets more than their exact share.
    #[test]
    fn shares_and_dust_are_the_rounds_tokens_exactly((tokens, burns) in burns(), turn in 0_usize..7) {
        // An epoch has a leaf at least; who has no points burns none.
        let points = if burns.is_empty() { vec![0] } else { burns };
        let mut scene = ended(tokens, &points);
        let all: u128 = points.iter().map(|points| u128::from(*points)).sum();
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.rotate_left(turn % points.len());
        let mut paid = 0_u64;
        for at in order {
            if points[at] == 0 {
                continue;
            }
            let index = u32::try_from(at).unwrap();
            scene.settle(0, index).unwrap();
            let exact = u128::from(tokens) * u128::from(points[at]) / all;
            prop_assert_eq!(u128::from(scene.balance(index)), exact);
            paid += scene.balance(index);
        }
        prop_assert_eq!(scene.round(0).paid, paid);
        scene.close_round(0).unwrap();
        prop_assert_eq!(paid + scene.vault_balance(), tokens);
        prop_assert!(paid == 0 || scene.vault_balance() < points.len() as u64);
    }
}
