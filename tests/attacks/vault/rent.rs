//! The rent rate rises: what holds accounts up that exist already, and how anybody mends it.

use cairn_interface::{
    ids::REWARD_VAULT,
    vault::{SetRecipient, carrier_address, recipient_address},
};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::assert_refused_by;
use solana_sdk::{pubkey::Pubkey, rent::Rent};

use crate::vault::{
    redeeming,
    scene::{HOUR, Scene, address, member},
};

/// `ConstraintRentExempt`, the framework's.
const RENT_SHORT: u32 = 2_005;

fn double(scene: &mut Scene) {
    let mut rent: Rent = scene.world.svm().get_sysvar();
    rent.lamports_per_byte *= 2;
    scene.world.svm().set_sysvar(&rent);
}

/// What anybody sends an account that is short of today's rent.
fn top_up(scene: &mut Scene, account: &Pubkey) {
    let found = scene.world.expect_account(account);
    let svm = scene.world.svm();
    let due = svm.minimum_balance_for_rent_exemption(found.data.len());
    scene.world.airdrop(account, due - found.lamports);
}

/// Finding 17. After the rent rate rose a vetoed epoch was not proposed again until somebody paid the difference.
#[test]
fn a_risen_rent_holds_up_no_second_attempt() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.fund(30).unwrap();
    scene.propose(1, &rewards).unwrap();
    scene.veto("guardian", 1).unwrap();
    double(&mut scene);
    scene.world.warp(HOUR);
    scene.propose(1, &rewards).unwrap();
}

/// Finding 17, of members and carriers: theirs are changed again once anybody has paid the difference.
#[test]
fn a_risen_rent_asks_the_difference_of_recipients_and_carriers_and_anybody_pays_it() {
    let (mut scene, rewards) = Scene::with_first_epoch(&[100, 200]);
    for actor in ["member 0", "carrier"] {
        scene.world.actor(actor);
    }
    let claim = scene.claim_of(1, &rewards, 0);
    let will = SetRecipient {
        payer: member(0),
        owner: member(0),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        index: LeafIndex::new(0),
        tokens: claim.tokens,
        points: claim.points,
        credits: claim.credits,
        proof: claim.proof,
        payout: Some(address("stranger")),
        delegate: None,
        restricted: false,
    };
    let back = SetRecipient {
        payout: None,
        ..will.clone()
    };
    scene.must(&[will.instruction()], &["member 0"]);
    redeeming::set(&mut scene, "carrier", true).unwrap();
    double(&mut scene);
    let ran = scene.run(&[back.instruction()], &["member 0"]);
    assert_refused_by(ran, &REWARD_VAULT, RENT_SHORT);
    let ran = redeeming::set(&mut scene, "carrier", false);
    assert_refused_by(ran, &REWARD_VAULT, RENT_SHORT);
    let places = [
        recipient_address(&scene.pool, &member(0)).0,
        carrier_address(&scene.pool, &address("carrier")).0,
    ];
    for place in &places {
        top_up(&mut scene, place);
    }
    scene.must(&[back.instruction()], &["member 0"]);
    redeeming::set(&mut scene, "carrier", false).unwrap();
}
