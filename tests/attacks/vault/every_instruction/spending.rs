//! Points burnt and credits redeemed.

use cairn_interface::vault::{
    BurnPoints, CloseRound, FulfilCredits, OpenRound, RedeemCredits, RefundCredits, SetCarrier,
    SettleBurn,
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};

use super::{Act, COPY, Life, Rewards};
use crate::vault::scene::{DAY, address, member};

const PERIOD_SECS: i64 = 1_000;

impl Life {
    pub fn spending(&mut self, first: &Rewards) {
        self.round(first);
        self.credits(first);
    }

    fn round(&mut self, first: &Rewards) {
        let (pool, now) = (self.scene.pool, self.scene.world.now());
        let (mint, token_program) = (self.scene.mint, self.scene.token_program());
        let from = self.scene.mint_to(&address("stranger"), 500);
        let opening = OpenRound {
            opener: address("guardian"),
            admin: address("admin"),
            funder: address("stranger"),
            pool,
            mint,
            token_program,
            from,
            epoch: EpochNumber::new(1),
            number: 0,
            tokens: Tokens::new(500),
            minimum: MilliPoints::new(1),
            starts_at: now,
            ends_at: now + DAY,
        };
        self.run(
            Act::new(opening.instruction())
                .by_anyone("opener")
                .fits("from", COPY),
        );
        for index in 0..2 {
            let claim = self.scene.claim_of(1, first, index);
            let burn = BurnPoints {
                payer: address("stranger"),
                owner: member(index),
                pool,
                number: EpochNumber::FIRST,
                round: 0,
                index: LeafIndex::new(index),
                tokens: claim.tokens,
                granted: claim.points,
                credits: claim.credits,
                proof: claim.proof,
                points: MilliPoints::new(300),
            };
            self.run(Act::new(burn.instruction()).by_anyone("payer"));
        }
        self.scene.world.warp(DAY);
        for index in 0..2 {
            let settlement = SettleBurn {
                pool,
                round: 0,
                owner: member(index),
                rent_payer: address("stranger"),
                mint,
                token_program,
                payout: None,
                memo: false,
            };
            self.run(Act::new(settlement.instruction()).without_reading("memo_program"));
        }
        let close = CloseRound {
            pool,
            round: 0,
            opener: address("guardian"),
            mint,
            token_program,
        };
        self.run(Act::new(close.instruction()));
    }

    fn credits(&mut self, first: &Rewards) {
        let pool = self.scene.pool;
        let carrier = SetCarrier {
            payer: address("stranger"),
            admin: address("admin"),
            pool,
            carrier: address("carrier"),
            period_secs: PERIOD_SECS.unsigned_abs(),
            active: true,
        };
        self.run(Act::new(carrier.instruction()).by_anyone("payer"));
        let claim = self.scene.claim_of(1, first, 0);
        let redemption = |nonce| RedeemCredits {
            payer: address("stranger"),
            owner: member(0),
            pool,
            number: EpochNumber::FIRST,
            carrier: address("carrier"),
            index: LeafIndex::new(0),
            tokens: claim.tokens,
            points: claim.points,
            granted: claim.credits,
            proof: claim.proof.clone(),
            credits: Credits::new(1),
            nonce,
            commitment: [9; 32],
        };
        self.run(Act::new(redemption(0).instruction()).by_anyone("payer"));
        let other = redemption(1).instruction();
        self.scene.must(&[other], &["stranger", "member 0"]);
        // The other redemption of the same member, carrier, credits and commitment may be fulfilled as well.
        let fulfilment = FulfilCredits {
            carrier: address("carrier"),
            pool,
            owner: member(0),
            nonce: 0,
            rent_payer: address("stranger"),
            credits: Credits::new(1),
            commitment: [9; 32],
            receipt_hash: [8; 32],
        };
        self.run(Act::new(fulfilment.instruction()).fits("redemption", "the redemption 1"));
        self.scene.world.warp(PERIOD_SECS + 1);
        let refund = RefundCredits {
            pool,
            owner: member(0),
            nonce: 1,
            index: LeafIndex::new(0),
            carrier: address("carrier"),
            rent_payer: address("stranger"),
        };
        self.run(Act::new(refund.instruction()));
    }
}
