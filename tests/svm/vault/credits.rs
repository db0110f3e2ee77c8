use cairn_interface::vault::{
    CarrierSet, CarrierView, CreditsFulfilled, CreditsRedeemed, CreditsRefunded, FulfilCredits,
    Pause, RedeemCredits, RedemptionView, RefundCredits, SetCarrier, VaultError, VaultEvent,
    carrier_address, page_address, redemption_address,
};
use cairn_testkit::{Member, Rewards, assert_failed, assert_refused};
use proptest::prelude::*;
use solana_sdk::{instruction::InstructionError, pubkey::Pubkey, signer::Signer};

use super::scene::{DAY, HOUR, Ran, Scene, address, event, member};

const PERIOD: i64 = DAY;
const COMMITMENT: [u8; 32] = [0xc0; 32];
const RECEIPT: [u8; 32] = [0x4e; 32];

/// A pool whose first epoch grants member *i* `credits[i]`, with a page, and "carrier" ready to deliver.
fn granted(credits: &[u64]) -> (Scene, Rewards) {
    let mut scene = Scene::new();
    let rewards = leaves(&scene, credits);
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    set(&mut scene, "carrier", true).unwrap();
    (scene, rewards)
}

fn leaves(scene: &Scene, credits: &[u64]) -> Rewards {
    let members: Vec<Member> = (0..)
        .zip(credits)
        .map(|(index, credits)| Member {
            owner: member(index),
            tokens: 0,
            points: 0,
            credits: *credits,
        })
        .collect();
    Rewards::new(&scene.pool, &members)
}

/// A carrier's terms by the admin, for tests to spoil.
fn terms(scene: &Scene, carrier: &str, active: bool) -> SetCarrier {
    SetCarrier {
        payer: address("admin"),
        admin: address("admin"),
        pool: scene.pool,
        carrier: address(carrier),
        period_secs: PERIOD.unsigned_abs(),
        active,
    }
}

fn set(scene: &mut Scene, carrier: &str, active: bool) -> Ran {
    let terms = terms(scene, carrier, active).instruction();
    scene.run(&[terms], &["admin"])
}

/// A redemption with "carrier", for tests to spoil.
fn redemption_of(
    scene: &Scene,
    rewards: &Rewards,
    index: u32,
    nonce: u64,
    credits: u64,
) -> RedeemCredits {
    let claim = scene.claim_of(1, rewards, index);
    RedeemCredits {
        payer: scene.world.payer().pubkey(),
        owner: claim.owner,
        pool: scene.pool,
        number: claim.number,
        carrier: address("carrier"),
        index,
        tokens: claim.tokens,
        points: claim.points,
        granted: claim.credits,
        proof: claim.proof,
        credits,
        nonce,
        commitment: COMMITMENT,
    }
}

fn redeem(scene: &mut Scene, rewards: &Rewards, index: u32, nonce: u64, credits: u64) -> Ran {
    let redeem = redemption_of(scene, rewards, index, nonce, credits).instruction();
    scene.run(&[redeem], &[&format!("member {index}")])
}

/// The fulfilment of a redemption as it stands, for tests to spoil.
fn fulfilment(scene: &Scene, index: u32, nonce: u64) -> FulfilCredits {
    let redemption = redemption(scene, index, nonce);
    FulfilCredits {
        carrier: redemption.carrier,
        pool: scene.pool,
        owner: redemption.owner,
        nonce,
        rent_payer: redemption.rent_payer,
        credits: redemption.credits,
        commitment: redemption.commitment,
        receipt_hash: RECEIPT,
    }
}

fn fulfil(scene: &mut Scene, index: u32, nonce: u64) -> Ran {
    let fulfil = fulfilment(scene, index, nonce).instruction();
    scene.run(&[fulfil], &["carrier"])
}

/// The refund of a redemption, for tests to spoil.
fn refund_of(scene: &Scene, index: u32, nonce: u64) -> RefundCredits {
    RefundCredits {
        pool: scene.pool,
        owner: member(index),
        nonce,
        index,
        carrier: address("carrier"),
        rent_payer: scene.world.payer().pubkey(),
    }
}

fn refund(scene: &mut Scene, index: u32, nonce: u64) -> Ran {
    let refund = refund_of(scene, index, nonce).instruction();
    scene.run(&[refund], &[])
}

fn carrier(scene: &Scene, name: &str) -> CarrierView {
    let at = carrier_address(&scene.pool, &address(name)).0;
    CarrierView::decode(at, &scene.world.expect_account(&at)).unwrap()
}

fn redemption_at(scene: &Scene, index: u32, nonce: u64) -> Pubkey {
    redemption_address(&scene.pool, &member(index), nonce).0
}

fn redemption(scene: &Scene, index: u32, nonce: u64) -> RedemptionView {
    let at = redemption_at(scene, index, nonce);
    RedemptionView::decode(at, &scene.world.expect_account(&at)).unwrap()
}

#[test]
fn the_admin_names_carriers_and_changes_their_terms() {
    let mut scene = Scene::new();
    let said = event(set(&mut scene, "carrier", true));
    let expected = CarrierSet {
        pool: scene.pool,
        carrier: address("carrier"),
        period_secs: PERIOD.unsigned_abs(),
        active: true,
    };
    assert_eq!(said, VaultEvent::CarrierSet(expected));
    let mut changed = terms(&scene, "carrier", false);
    changed.period_secs = 7;
    scene.must(&[changed.instruction()], &["admin"]);
    let now = carrier(&scene, "carrier");
    assert_eq!((now.period_secs, now.active), (7, false));
    assert_eq!((now.pending, now.fulfilled), (0, 0));
}

#[test]
fn nobody_else_names_a_carrier() {
    let mut scene = Scene::new();
    for actor in ["stranger", "guardian", "carrier"] {
        scene.world.actor(actor);
        let mut named = terms(&scene, "carrier", true);
        (named.admin, named.payer) = (address(actor), address(actor));
        let set = scene.run(&[named.instruction()], &[actor]);
        assert_refused(set, VaultError::NotAdmin);
    }
}

#[test]
fn a_carrier_has_a_key_and_a_time_within_a_year() {
    let mut scene = Scene::new();
    for period_secs in [0, 366 * 86_400 + 1, u64::MAX] {
        let mut named = terms(&scene, "carrier", true);
        named.period_secs = period_secs;
        let set = scene.run(&[named.instruction()], &["admin"]);
        assert_refused(set, VaultError::RedemptionPeriodRange);
    }
    let mut named = terms(&scene, "carrier", true);
    named.carrier = Pubkey::default();
    let set = scene.run(&[named.instruction()], &["admin"]);
    assert_refused(set, VaultError::CarrierKeyZero);
}

#[test]
fn a_carriers_address_that_was_sent_lamports_serves_all_the_same() {
    for lamports in [1_000_000, 1_000_000_000] {
        let mut scene = Scene::new();
        let at = carrier_address(&scene.pool, &address("carrier")).0;
        scene.world.airdrop(&at, lamports);
        set(&mut scene, "carrier", true).unwrap();
        assert!(carrier(&scene, "carrier").active);
    }
}

#[test]
fn redeemed_credits_are_counted_and_wait_for_their_carrier() {
    let (mut scene, rewards) = granted(&[50, 50]);
    let now = scene.world.now();
    let said = event(redeem(&mut scene, &rewards, 1, 9, 30));
    let expected = CreditsRedeemed {
        pool: scene.pool,
        owner: member(1),
        carrier: address("carrier"),
        commitment: COMMITMENT,
        nonce: 9,
        credits: 30,
        credits_redeemed: 30,
        deadline: now + PERIOD,
        index: 1,
    };
    assert_eq!(said, VaultEvent::CreditsRedeemed(expected));
    assert_eq!(scene.page(0).slots[1].credits_redeemed, 30);
    assert_eq!(scene.pool().credits_redeemed, 30);
    assert_eq!(carrier(&scene, "carrier").pending, 30);
    let redemption = redemption(&scene, 1, 9);
    assert_eq!(
        (redemption.credits, redemption.deadline),
        (30, now + PERIOD)
    );
    assert_eq!(
        (redemption.owner, redemption.commitment),
        (member(1), COMMITMENT)
    );
}

#[test]
fn no_member_redeems_more_than_their_leaf_grants() {
    let (mut scene, rewards) = granted(&[50, 1_000]);
    for credits in [51, u64::MAX] {
        let redeemed = redeem(&mut scene, &rewards, 0, 0, credits);
        assert_refused(redeemed, VaultError::CreditsShort);
    }
    redeem(&mut scene, &rewards, 0, 0, 20).unwrap();
    let redeemed = redeem(&mut scene, &rewards, 0, 1, 31);
    assert_refused(redeemed, VaultError::CreditsShort);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
}

#[test]
fn a_redemption_has_credits_and_says_for_what() {
    let (mut scene, rewards) = granted(&[50]);
    let redeemed = redeem(&mut scene, &rewards, 0, 0, 0);
    assert_refused(redeemed, VaultError::CreditsZero);
    let mut mute = redemption_of(&scene, &rewards, 0, 0, 5);
    mute.commitment = [0; 32];
    let redeemed = scene.run(&[mute.instruction()], &["member 0"]);
    assert_refused(redeemed, VaultError::CommitmentZero);
}

#[test]
fn credits_are_redeemed_with_an_active_carrier_of_the_pool() {
    let (mut scene, rewards) = granted(&[50]);
    let mut unknown = redemption_of(&scene, &rewards, 0, 0, 5);
    unknown.carrier = address("stranger");
    let redeemed = scene.run(&[unknown.instruction()], &["member 0"]);
    assert_refused(redeemed, VaultError::CarrierInactive);
    set(&mut scene, "carrier", false).unwrap();
    let redeemed = redeem(&mut scene, &rewards, 0, 0, 5);
    assert_refused(redeemed, VaultError::CarrierInactive);

    let first = scene.pool;
    let mut second = scene.create_pool();
    second.id = 1;
    scene.must(&[second.instruction()], &["admin"]);
    scene.pool = second.pool();
    set(&mut scene, "carrier", true).unwrap();
    scene.pool = first;
    let mut foreign = redemption_of(&scene, &rewards, 0, 0, 5).instruction();
    // Accounts: payer, owner, pool, epoch, page, carrier.
    foreign.accounts[5].pubkey = carrier_address(&second.pool(), &address("carrier")).0;
    let redeemed = scene.run(&[foreign], &["member 0"]);
    assert_refused(redeemed, VaultError::WrongPool);
}

#[test]
fn nobody_redeems_another_ones_credits_nor_in_a_paused_pool() {
    let (mut scene, rewards) = granted(&[50]);
    let mut theft = redemption_of(&scene, &rewards, 0, 0, 5);
    theft.owner = address("stranger");
    let redeemed = scene.run(&[theft.instruction()], &["stranger"]);
    assert_refused(redeemed, VaultError::ProofHashMismatch);
    let mut unsigned = redemption_of(&scene, &rewards, 0, 0, 5).instruction();
    unsigned.accounts[1].is_signer = false;
    assert_failed(
        scene.run(&[unsigned], &[]),
        &InstructionError::MissingRequiredSignature,
    );
    let pause = Pause {
        authority: address("guardian"),
        pool: scene.pool,
    };
    scene.must(&[pause.instruction()], &["guardian"]);
    let redeemed = redeem(&mut scene, &rewards, 0, 0, 5);
    assert_refused(redeemed, VaultError::Paused);
}

#[test]
fn credits_are_proven_by_the_active_epoch_or_the_one_before_it() {
    let (mut scene, first) = granted(&[50]);
    let second = leaves(&scene, &[90]);
    scene.run_epoch(2, &second);
    redeem(&mut scene, &first, 0, 0, 50).unwrap();
    scene.run_epoch(3, &second);
    let redeemed = redeem(&mut scene, &first, 0, 1, 5);
    assert_refused(redeemed, VaultError::EpochSuperseded);
    let mut unknown = redemption_of(&scene, &first, 0, 1, 5);
    unknown.number = 7;
    let redeemed = scene.run(&[unknown.instruction()], &["member 0"]);
    assert_refused(redeemed, VaultError::EpochUnknown);
}

#[test]
fn forged_leaves_redeem_no_more_than_their_root_says_there_is() {
    let mut scene = Scene::new();
    let rewards = leaves(&scene, &[50, 50]);
    let mut proposal = scene.proposal(1, &rewards);
    proposal.credits = 60;
    scene.must(&[proposal.instruction()], &["keeper 0"]);
    scene.put_canopy(1, &rewards);
    scene.attest("keeper 1", 1).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(1).unwrap();
    scene.open_page(0).unwrap();
    set(&mut scene, "carrier", true).unwrap();
    redeem(&mut scene, &rewards, 0, 0, 50).unwrap();
    let redeemed = redeem(&mut scene, &rewards, 1, 0, 11);
    assert_refused(redeemed, VaultError::CreditsAboveRoot);
    redeem(&mut scene, &rewards, 1, 0, 10).unwrap();
}

#[test]
fn a_nonce_is_free_again_once_its_redemption_has_ended() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 4, 5).unwrap();
    assert!(redeem(&mut scene, &rewards, 0, 4, 5).is_err());
    assert_eq!(scene.pool().credits_redeemed, 5);
    fulfil(&mut scene, 0, 4).unwrap();
    redeem(&mut scene, &rewards, 0, 4, 5).unwrap();
    assert_eq!(scene.pool().credits_redeemed, 10);
}

#[test]
fn the_carrier_fulfils_up_to_the_deadline_and_rent_goes_back() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    scene.world.warp(PERIOD);
    let payer = scene.world.payer().pubkey();
    let rent = scene.world.lamports(&redemption_at(&scene, 0, 1));
    let before = scene.world.lamports(&payer);
    let fulfilled = fulfil(&mut scene, 0, 1);
    let fee = fulfilled.as_ref().unwrap().fee;
    let expected = CreditsFulfilled {
        pool: scene.pool,
        owner: member(0),
        carrier: address("carrier"),
        commitment: COMMITMENT,
        receipt_hash: RECEIPT,
        nonce: 1,
        credits: 30,
    };
    assert_eq!(event(fulfilled), VaultEvent::CreditsFulfilled(expected));
    assert_eq!(scene.world.lamports(&payer), before + rent - fee);
    assert!(scene.world.account(&redemption_at(&scene, 0, 1)).is_none());
    let carrier = carrier(&scene, "carrier");
    assert_eq!((carrier.pending, carrier.fulfilled), (0, 30));
    let pool = scene.pool();
    assert_eq!((pool.credits_redeemed, pool.credits_fulfilled), (30, 30));
    assert_eq!(scene.page(0).slots[0].credits_redeemed, 30);
}

#[test]
fn a_redemption_ends_once() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    let late = fulfilment(&scene, 0, 1);
    fulfil(&mut scene, 0, 1).unwrap();
    let again = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(again, VaultError::WrongRedemption);
    scene.world.warp(PERIOD + 1);
    assert_refused(refund(&mut scene, 0, 1), VaultError::WrongRedemption);
    redeem(&mut scene, &rewards, 0, 2, 20).unwrap();
    let late = fulfilment(&scene, 0, 2);
    scene.world.warp(PERIOD + 1);
    refund(&mut scene, 0, 2).unwrap();
    assert_refused(refund(&mut scene, 0, 2), VaultError::WrongRedemption);
    let again = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(again, VaultError::WrongRedemption);
    assert_eq!(scene.page(0).slots[0].credits_redeemed, 30);
}

#[test]
fn only_the_named_carrier_fulfils_and_only_in_time() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    set(&mut scene, "other carrier", true).unwrap();
    let mut theft = fulfilment(&scene, 0, 1);
    theft.carrier = address("other carrier");
    let fulfilled = scene.run(&[theft.instruction()], &["other carrier"]);
    assert_refused(fulfilled, VaultError::WrongCarrier);
    // Its own key, another carrier's books.
    let mut mixed = fulfilment(&scene, 0, 1).instruction();
    mixed.accounts[2].pubkey = carrier_address(&scene.pool, &address("other carrier")).0;
    assert_refused(scene.run(&[mixed], &["carrier"]), VaultError::WrongCarrier);
    scene.world.warp(PERIOD + 1);
    let fulfilled = fulfil(&mut scene, 0, 1);
    assert_refused(fulfilled, VaultError::RedemptionExpired);
}

#[test]
fn a_late_signature_does_not_fulfil_another_redemption_of_the_same_nonce() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 10).unwrap();
    let late = fulfilment(&scene, 0, 1);
    scene.world.warp(PERIOD + 1);
    refund(&mut scene, 0, 1).unwrap();
    let more = redemption_of(&scene, &rewards, 0, 1, 50);
    scene.must(&[more.instruction()], &["member 0"]);
    let fulfilled = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::RedemptionChanged);
    scene.world.warp(PERIOD + 1);
    refund(&mut scene, 0, 1).unwrap();
    let mut another = redemption_of(&scene, &rewards, 0, 1, 10);
    another.commitment = [0xee; 32];
    scene.must(&[another.instruction()], &["member 0"]);
    let fulfilled = scene.run(&[late.instruction()], &["carrier"]);
    assert_refused(fulfilled, VaultError::RedemptionChanged);
    fulfil(&mut scene, 0, 1).unwrap();
    assert_eq!(scene.pool().credits_fulfilled, 10);
}

#[test]
fn an_inactive_carrier_still_fulfils_what_was_redeemed_before() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 10).unwrap();
    let deadline = redemption(&scene, 0, 1).deadline;
    let mut changed = terms(&scene, "carrier", false);
    changed.period_secs = 1;
    scene.must(&[changed.instruction()], &["admin"]);
    // Its terms were fixed when the member gave the credits up.
    assert_eq!(redemption(&scene, 0, 1).deadline, deadline);
    scene.world.warp(HOUR);
    fulfil(&mut scene, 0, 1).unwrap();
}

#[test]
fn what_nobody_delivered_goes_back_after_the_deadline_exactly() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    redeem(&mut scene, &rewards, 0, 2, 15).unwrap();
    scene.world.warp(PERIOD);
    let early = refund(&mut scene, 0, 1);
    assert_refused(early, VaultError::RedemptionNotExpired);
    scene.world.warp(1);
    let said = event(refund(&mut scene, 0, 1));
    let expected = CreditsRefunded {
        pool: scene.pool,
        owner: member(0),
        carrier: address("carrier"),
        nonce: 1,
        credits: 30,
        credits_redeemed: 15,
        index: 0,
    };
    assert_eq!(said, VaultEvent::CreditsRefunded(expected));
    assert_eq!(scene.page(0).slots[0].credits_redeemed, 15);
    assert_eq!(scene.pool().credits_redeemed, 15);
    assert_eq!(carrier(&scene, "carrier").pending, 15);
    assert!(scene.world.account(&redemption_at(&scene, 0, 1)).is_none());
    // They are the member's again.
    redeem(&mut scene, &rewards, 0, 3, 35).unwrap();
}

#[test]
fn a_refund_reaches_its_own_member_page_carrier_and_payer_only() {
    let (mut scene, rewards) = granted(&[50]);
    redeem(&mut scene, &rewards, 0, 1, 30).unwrap();
    scene.open_page(1).unwrap();
    set(&mut scene, "other carrier", true).unwrap();
    scene.world.warp(PERIOD + 1);
    // Accounts: pool, page, carrier, redemption, rent payer.
    let others = carrier_address(&scene.pool, &address("other carrier")).0;
    for (position, wrong, refusal) in [
        (1, page_address(&scene.pool, 1).0, VaultError::WrongPage),
        (2, others, VaultError::WrongCarrier),
        (4, address("stranger"), VaultError::WrongRentPayer),
    ] {
        let mut refund = refund_of(&scene, 0, 1).instruction();
        refund.accounts[position].pubkey = wrong;
        assert_refused(scene.run(&[refund], &[]), refusal);
    }
    refund(&mut scene, 0, 1).unwrap();
}

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
            let slots: u64 = scene.page(0).slots.iter().map(|slot| slot.credits_redeemed).sum();
            prop_assert_eq!(carrier.pending, outstanding);
            prop_assert_eq!(carrier.fulfilled, pool.credits_fulfilled);
            prop_assert_eq!(pool.credits_redeemed, outstanding + pool.credits_fulfilled);
            prop_assert_eq!(slots, pool.credits_redeemed);
            for (slot, leaf) in scene.page(0).slots.iter().zip(rewards.leaves()) {
                prop_assert!(slot.credits_redeemed <= leaf.credits);
            }
        }
    }
}
