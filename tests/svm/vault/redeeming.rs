//! Acts of data credits, for the tests of their instructions and of attacks on them.

use cairn_interface::vault::{
    CarrierView, FulfilCredits, RedeemCredits, RedemptionView, RefundCredits, SetCarrier,
    carrier_address, redemption_address,
};
use cairn_merkle::{Credits, LeafIndex};
use cairn_testkit::{Member, Rewards};
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::scene::{DAY, Ran, Scene, address, member};

pub const PERIOD: i64 = DAY;
pub const COMMITMENT: [u8; 32] = [0xc0; 32];
pub const RECEIPT: [u8; 32] = [0x4e; 32];

/// A pool whose first epoch grants member *i* `credits[i]`, with a page, and "carrier" ready to deliver.
pub fn granted(credits: &[u64]) -> (Scene, Rewards) {
    let mut scene = Scene::new();
    let rewards = leaves(&scene, credits);
    scene.run_epoch(1, &rewards);
    scene.open_page(0).unwrap();
    set(&mut scene, "carrier", true).unwrap();
    (scene, rewards)
}

pub fn leaves(scene: &Scene, credits: &[u64]) -> Rewards {
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
pub fn terms(scene: &Scene, carrier: &str, active: bool) -> SetCarrier {
    SetCarrier {
        payer: address("admin"),
        admin: address("admin"),
        pool: scene.pool,
        carrier: address(carrier),
        period_secs: PERIOD.unsigned_abs(),
        active,
    }
}

pub fn set(scene: &mut Scene, carrier: &str, active: bool) -> Ran {
    let terms = terms(scene, carrier, active).instruction();
    scene.run(&[terms], &["admin"])
}

/// A redemption with "carrier", for tests to spoil.
pub fn redemption_of(
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
        index: LeafIndex::new(index),
        tokens: claim.tokens,
        points: claim.points,
        granted: claim.credits,
        proof: claim.proof,
        credits: Credits::new(credits),
        nonce,
        commitment: COMMITMENT,
    }
}

pub fn redeem(scene: &mut Scene, rewards: &Rewards, index: u32, nonce: u64, credits: u64) -> Ran {
    let redeem = redemption_of(scene, rewards, index, nonce, credits).instruction();
    scene.run(&[redeem], &[&format!("member {index}")])
}

/// The fulfilment of a redemption as it stands, for tests to spoil.
pub fn fulfilment(scene: &Scene, index: u32, nonce: u64) -> FulfilCredits {
    let redemption = redemption(scene, index, nonce);
    FulfilCredits {
        carrier: redemption.carrier,
        pool: scene.pool,
        owner: redemption.owner,
        nonce,
        rent_payer: redemption.rent_payer,
        credits: Credits::new(redemption.credits),
        commitment: redemption.commitment,
        receipt_hash: RECEIPT,
    }
}

pub fn fulfil(scene: &mut Scene, index: u32, nonce: u64) -> Ran {
    let fulfil = fulfilment(scene, index, nonce).instruction();
    scene.run(&[fulfil], &["carrier"])
}

/// The refund of a redemption, for tests to spoil.
pub fn refund_of(scene: &Scene, index: u32, nonce: u64) -> RefundCredits {
    RefundCredits {
        pool: scene.pool,
        owner: member(index),
        nonce,
        index: LeafIndex::new(index),
        carrier: address("carrier"),
        rent_payer: scene.world.payer().pubkey(),
    }
}

pub fn refund(scene: &mut Scene, index: u32, nonce: u64) -> Ran {
    let refund = refund_of(scene, index, nonce).instruction();
    scene.run(&[refund], &[])
}

pub fn carrier(scene: &Scene, name: &str) -> CarrierView {
    let at = carrier_address(&scene.pool, &address(name)).0;
    CarrierView::decode(at, &scene.world.expect_account(&at)).unwrap()
}

pub fn redemption_at(scene: &Scene, index: u32, nonce: u64) -> Pubkey {
    redemption_address(&scene.pool, &member(index), nonce).0
}

pub fn redemption(scene: &Scene, index: u32, nonce: u64) -> RedemptionView {
    let at = redemption_at(scene, index, nonce);
    RedemptionView::decode(at, &scene.world.expect_account(&at)).unwrap()
}
