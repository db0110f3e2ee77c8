//! What a member and an admin decide for later: recipients and parameters.

use cairn_interface::vault::{
    ApplyParams, CancelParams, Claim, CloseRecipient, MigrateEpoch, MigratePool, SetParams,
    SetRecipient, epoch_address,
};
use cairn_merkle::{EpochNumber, LeafIndex, Tokens};

use super::{Act, Life, Rewards};
use crate::vault::scene::{DAY, DELAY, address, member};

/// Where a pool's version stands, and how long one of the first two layouts is.
const VERSION: usize = 887;
const OLD_POOL_LEN: usize = 1_144;
/// Where an epoch's version stands, and where its fixed part ended in the first layout and ends now.
const EPOCH_VERSION_AT: usize = 8 + 826;
const OLD_EPOCH_END: usize = 8 + 880;
const NEW_EPOCH_END: usize = 8 + 976;

impl Life {
    pub fn members(&mut self, first: &Rewards) {
        self.recipients(first);
        self.params();
        self.migration();
    }

    fn recipients(&mut self, first: &Rewards) {
        let claim = self.scene.claim_of(1, first, 1);
        let will = SetRecipient {
            payer: address("stranger"),
            owner: member(1),
            pool: self.scene.pool,
            number: EpochNumber::FIRST,
            index: LeafIndex::new(1),
            tokens: claim.tokens,
            points: claim.points,
            credits: claim.credits,
            proof: claim.proof.clone(),
            payout: Some(address("payout")),
            delegate: Some(address("delegate")),
            restricted: true,
        };
        self.run(Act::new(will.instruction()).by_anyone("payer"));
        self.scene.world.warp(DAY);
        let claim = Claim {
            at_most: Tokens::new(10),
            payout: Some(address("payout")),
            authority: Some(address("delegate")),
            ..claim
        };
        self.run(
            Act::new(claim.instruction())
                .by("authority", &["delegate", "member 1"])
                .without_reading("memo_program"),
        );
        // Back to the member's own wallet, and the account goes.
        let back = SetRecipient {
            payout: None,
            delegate: None,
            restricted: false,
            ..will
        };
        self.run(Act::new(back.instruction()).by_anyone("payer"));
        self.scene.world.warp(DAY);
        let close = CloseRecipient {
            owner: member(1),
            pool: self.scene.pool,
            index: LeafIndex::new(1),
            rent_payer: address("stranger"),
        };
        self.run(Act::new(close.instruction()));
    }

    fn params(&mut self) {
        let (pool, admin) = (self.scene.pool, address("admin"));
        let mut params = self.scene.terms.params();
        params.recipient_cooldown_secs += 1;
        let announcement = SetParams {
            admin,
            pool,
            params,
        };
        self.run(Act::new(announcement.instruction()));
        let withdrawal = CancelParams {
            authority: address("guardian"),
            pool,
        };
        self.run(Act::new(withdrawal.instruction()).by("authority", &["guardian", "admin"]));
        self.scene.must(&[announcement.instruction()], &["admin"]);
        self.scene.world.warp(DELAY);
        self.run(Act::new(ApplyParams { pool }.instruction()));
    }

    /// Pool and epoch as programs of older layouts left them.
    fn migration(&mut self) {
        let pool = self.scene.pool;
        let payer = address("stranger");
        let current = self.scene.world.expect_account(&pool);
        let mut old = current.clone();
        old.data.truncate(OLD_POOL_LEN);
        old.data[VERSION] = 1;
        old.data[VERSION + 1..].fill(0);
        self.scene.world.set_account(&pool, old);
        // A pool that has the layout stays as it is.
        let migration = MigratePool {
            payer,
            pool,
            active: Some(EpochNumber::new(1)),
        };
        self.run(
            Act::new(migration.instruction())
                .by_anyone("payer")
                .changes_nothing_in("pool", "the rival's pool"),
        );
        self.scene.world.set_account(&pool, current);

        let place = epoch_address(&pool, EpochNumber::new(1)).0;
        let current = self.scene.world.expect_account(&place);
        let mut old = current.clone();
        old.data.drain(OLD_EPOCH_END..NEW_EPOCH_END);
        old.data[EPOCH_VERSION_AT] = 1;
        self.scene.world.set_account(&place, old);
        let migration = MigrateEpoch {
            payer,
            pool,
            number: EpochNumber::new(1),
        };
        self.run(
            Act::new(migration.instruction())
                .by_anyone("payer")
                .changes_nothing_in("epoch", "the rival's epoch 1"),
        );
        self.scene.world.set_account(&place, current);
    }
}
