use cairn_interface::vault::{BurnPoints, CloseRound, OpenRound, SettleBurn};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use solana_sdk::signer::Signer;

use super::{
    Measured,
    stage::{Stage, address, member},
};

const DAY: i64 = 24 * 3_600;
/// Milli-points that are burnt at a time.
const POINTS: u64 = 1_000;
/// Base units of the round.
const TOKENS: u64 = 5_000;

/// A burn round with one member, at depth 23 and canopy 6.
pub fn measure() -> Measured {
    let mut stage = Stage::new();
    let rewards = stage.rewards(1, 1_000);
    let (tree, _) = stage.epoch(1, &rewards, 23);
    stage.open_page();
    stage.open_wallet(&member(0));
    let payer = stage.world.payer().pubkey();
    for actor in ["treasurer", "member 0"] {
        stage.world.actor(actor);
    }
    let from = stage.mint_to(&address("treasurer"), TOKENS);
    let now = stage.world.now();
    let open = OpenRound {
        opener: payer,
        admin: address("admin"),
        funder: address("treasurer"),
        pool: stage.pool,
        mint: stage.mint,
        token_program: stage.token_program,
        from,
        number: 0,
        epoch: EpochNumber::new(1),
        tokens: Tokens::new(TOKENS),
        minimum: MilliPoints::new(1),
        starts_at: now,
        ends_at: now + DAY,
    };
    let opened = stage.must(&[open.instruction()], &["admin", "treasurer"]);

    let claim = stage.claim(1, &rewards, &tree, 0);
    let burn = BurnPoints {
        payer,
        owner: claim.owner,
        pool: claim.pool,
        number: claim.number,
        round: 0,
        index: claim.index,
        tokens: claim.tokens,
        granted: claim.points,
        credits: claim.credits,
        proof: claim.proof,
        points: MilliPoints::new(POINTS),
    };
    let before = stage.world.lamports(&payer);
    let first = stage.must(&[burn.instruction()], &["member 0"]);
    let receipt_rent = before - stage.world.lamports(&payer) - first.fee;
    let again = stage.must(&[burn.instruction()], &["member 0"]);

    stage.world.warp(DAY + 1);
    let settle = SettleBurn {
        pool: stage.pool,
        round: 0,
        owner: member(0),
        rent_payer: payer,
        mint: stage.mint,
        token_program: stage.token_program,
        payout: None,
        memo: false,
    };
    let before = stage.world.lamports(&payer);
    let settled = stage.must(&[settle.instruction()], &[]);
    let returned = stage.world.lamports(&payer) + settled.fee - before;
    let close = CloseRound {
        pool: stage.pool,
        round: 0,
        opener: payer,
        mint: stage.mint,
        token_program: stage.token_program,
    };
    let closed = stage.must(&[close.instruction()], &[]);
    vec![
        ("burn_points_cu", first.compute_units),
        ("burn_points_again_cu", again.compute_units),
        ("open_round_cu", opened.compute_units),
        ("settle_burn_cu", settled.compute_units),
        ("close_round_cu", closed.compute_units),
        ("rent_burn_receipt_lamports", receipt_rent),
        ("rent_kept_at_settlement_lamports", receipt_rent - returned),
    ]
}
