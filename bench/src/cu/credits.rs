use cairn_interface::vault::{FulfilCredits, RedeemCredits, RefundCredits, SetCarrier};
use cairn_merkle::{Credits, LeafIndex};
use solana_sdk::signer::Signer;

use super::{
    Measured,
    stage::{Stage, address, member},
};

const PERIOD_SECS: i64 = 3_600;
const COMMITMENT: [u8; 32] = [0xc0; 32];

/// Data credits redeemed and fulfilled, and redeemed and refunded, at depth 23 and canopy 6.
pub fn measure() -> Measured {
    let mut stage = Stage::new();
    let rewards = stage.rewards(1, 1_000);
    let (tree, _) = stage.epoch(1, &rewards, 23);
    stage.open_page();
    let payer = stage.world.payer().pubkey();
    for actor in ["member 0", "carrier"] {
        stage.world.actor(actor);
    }
    let carrier = SetCarrier {
        payer,
        admin: address("admin"),
        pool: stage.pool,
        carrier: address("carrier"),
        period_secs: PERIOD_SECS.unsigned_abs(),
        active: true,
    };
    let set = stage.must(&[carrier.instruction()], &["admin"]);

    let claim = stage.claim(1, &rewards, &tree, 0);
    let redeem = |nonce| RedeemCredits {
        payer,
        owner: claim.owner,
        pool: claim.pool,
        number: claim.number,
        carrier: address("carrier"),
        index: claim.index,
        tokens: claim.tokens,
        points: claim.points,
        granted: claim.credits,
        proof: claim.proof.clone(),
        credits: Credits::new(1),
        nonce,
        commitment: COMMITMENT,
    };
    let redeemed = stage.must(&[redeem(0).instruction()], &["member 0"]);
    let fulfil = FulfilCredits {
        carrier: address("carrier"),
        pool: stage.pool,
        owner: member(0),
        nonce: 0,
        rent_payer: payer,
        credits: Credits::new(1),
        commitment: COMMITMENT,
        receipt_hash: [0x4e; 32],
    };
    let fulfilled = stage.must(&[fulfil.instruction()], &["carrier"]);

    stage.must(&[redeem(1).instruction()], &["member 0"]);
    stage.world.warp(PERIOD_SECS + 1);
    let refund = RefundCredits {
        pool: stage.pool,
        owner: member(0),
        nonce: 1,
        index: LeafIndex::new(0),
        carrier: address("carrier"),
        rent_payer: payer,
    };
    let refunded = stage.must(&[refund.instruction()], &[]);
    vec![
        ("set_carrier_cu", set.compute_units),
        ("redeem_credits_cu", redeemed.compute_units),
        ("fulfil_credits_cu", fulfilled.compute_units),
        ("refund_credits_cu", refunded.compute_units),
    ]
}
