//! Points burnt in rounds and credits redeemed with carriers.

use std::collections::BTreeMap;

use cairn_interface::vault::{
    BurnPoints, CloseRound, FulfilCredits, OpenRound, RedeemCredits, RefundCredits, RoundView,
    SetCarrier, SettleBurn, VaultError, round_address,
};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_testkit::assert_refused;

use super::{
    DAY, Play,
    actors::{CARRIERS, address_of},
    address,
    model::{Redemption, Round},
};

impl Play {
    pub fn burn_or_open(&mut self) {
        if self.yard().rounds.len() < 2 && self.roll(3) == 0 {
            self.open_round();
        } else {
            self.burn();
        }
    }

    fn open_round(&mut self) {
        let tokens = self.units(5_000);
        let from = self.scene.mint_to(&address("treasurer"), tokens);
        let now = self.now();
        let starts_at = now + self.secs(3) * 600;
        let ends_at = starts_at + 1 + self.secs(30 * DAY);
        let opening = OpenRound {
            opener: address("sponsor"),
            admin: address_of(self.yard().roles.admin),
            funder: address("treasurer"),
            pool: self.scene.pool,
            mint: self.scene.mint,
            token_program: self.scene.token_program(),
            from,
            epoch: EpochNumber::new(self.yard().active_number()),
            number: self.yard().next_round,
            tokens: Tokens::new(tokens),
            minimum: MilliPoints::new(u64::from(self.roll(300))),
            starts_at,
            ends_at,
        };
        let ran = self.send(&[opening.instruction()]);
        let arrived = self.yard().after_fee(tokens);
        if opening.epoch == EpochNumber::new(0) {
            assert_refused(ran, VaultError::EpochUnknown);
            return;
        }
        if self.yard().revoked.contains(&opening.epoch.get()) {
            *self.tally.entry("EpochRevoked").or_default() += 1;
            assert_refused(ran, VaultError::EpochRevoked);
            return;
        }
        if arrived == 0 {
            assert_refused(ran, VaultError::RoundTokensZero);
            return;
        }
        assert!(self.note("open round", &ran), "{ran:?}");
        let yard = self.yard();
        yard.next_round += 1;
        let kept = yard.kept.entry(opening.epoch.get()).or_default();
        *kept = ends_at.max(*kept);
        yard.rounds.push(Round {
            number: opening.number,
            epoch: opening.epoch.get(),
            tokens: arrived,
            minimum: opening.minimum.get(),
            starts_at,
            ends_at,
            receipts: BTreeMap::new(),
            burnt: 0,
            paid: 0,
        });
    }

    fn some_round(&mut self) -> Option<usize> {
        let count = u32::try_from(self.yard().rounds.len()).unwrap();
        (count > 0).then(|| usize::try_from(self.roll(count)).unwrap())
    }

    fn burn(&mut self) {
        let (Some(at), Some((number, root, index))) = (self.some_round(), self.some_leaf()) else {
            return;
        };
        let claim = self.claim_of(number, &root, index);
        let points = u64::from(self.roll(1_500));
        let burn = BurnPoints {
            payer: address("sponsor"),
            owner: claim.owner,
            pool: claim.pool,
            number: EpochNumber::new(number),
            round: self.yard().rounds[at].number,
            index: LeafIndex::new(index),
            tokens: claim.tokens,
            granted: claim.points,
            credits: claim.credits,
            proof: claim.proof,
            points: MilliPoints::new(points),
        };
        let ran = self.send(&[burn.instruction()]);
        let now = self.now();
        let yard = self.yard();
        let issued = yard.totals.points;
        let round = &yard.rounds[at];
        let fits = yard.slots[usize::try_from(index).unwrap()].burnt + points <= claim.points.get()
            && yard.burnt + points <= issued;
        let may = !yard.is_paused(now)
            && now >= round.starts_at
            && now < round.ends_at
            && points >= round.minimum.max(1)
            && number == round.epoch
            && !yard.revoked.contains(&number)
            && !root.unprovable.contains(&index);
        assert_eq!(ran.is_ok(), may && fits, "{burn:?}: {ran:?}");
        if self.note("burn", &ran) {
            let yard = self.yard();
            yard.slot(index).burnt += points;
            yard.burnt += points;
            yard.rounds[at].burnt += points;
            *yard.rounds[at].receipts.entry(claim.owner).or_default() += points;
        }
    }

    pub fn settle_or_close(&mut self) {
        let Some(at) = self.some_round() else {
            return;
        };
        if self.roll(3) == 0 {
            self.wait();
        }
        let owner = self.yard().rounds[at].receipts.keys().next().copied();
        match owner {
            Some(owner) if self.roll(5) > 0 => self.settle(at, owner),
            _ => self.close_round(at),
        }
    }

    fn settle(&mut self, at: usize, owner: solana_sdk::pubkey::Pubkey) {
        let now = self.now();
        let (mint, token_program) = (self.scene.mint, self.scene.token_program());
        let yard = self.yard();
        let payout = yard.wills.get(&owner).map(|will| will.payout_at(now));
        let settlement = SettleBurn {
            pool: yard.pool,
            round: yard.rounds[at].number,
            owner,
            rent_payer: address("sponsor"),
            mint,
            token_program,
            payout,
            memo: false,
        };
        let ran = self.send(&[settlement.instruction()]);
        let yard = self.yard();
        if now < yard.rounds[at].ends_at {
            assert_refused(ran, VaultError::RoundNotEnded);
            return;
        }
        let burnt = yard.rounds[at].receipts.remove(&owner).unwrap();
        let share = yard.rounds[at].share(burnt);
        yard.rounds[at].paid += share;
        yard.credit(payout.unwrap_or(owner), share);
        assert!(self.note("settle", &ran), "{ran:?}");
        // Settled is settled.
        let again = self.send(&[settlement.instruction()]);
        assert_refused(again, VaultError::WrongReceipt);
    }

    fn close_round(&mut self, at: usize) {
        let (mint, token_program) = (self.scene.mint, self.scene.token_program());
        let now = self.now();
        let yard = self.yard();
        let closing = CloseRound {
            pool: yard.pool,
            round: yard.rounds[at].number,
            opener: address("sponsor"),
            mint,
            token_program,
        };
        let ran = self.send(&[closing.instruction()]);
        let yard = self.yard();
        if now < yard.rounds[at].ends_at {
            assert_refused(ran, VaultError::RoundNotEnded);
        } else if !yard.rounds[at].receipts.is_empty() {
            assert_refused(ran, VaultError::RoundUnsettled);
        } else {
            let round = yard.rounds.remove(at);
            // Payments and dust are the round's tokens, and the dust is the pool's.
            let dust = round.tokens - round.paid;
            yard.arrived += yard.after_fee(dust);
            assert!(self.note("close round", &ran), "{ran:?}");
        }
    }

    /// The rounds on chain are those of the model.
    pub fn check_rounds(&self) {
        for yard in &self.yards {
            for round in &yard.rounds {
                let find = || round_address(&yard.pool, round.number).0;
                let address = self.places.of("round", &yard.pool, round.number, find);
                let account = self.scene.world.expect_account(&address);
                let view = RoundView::decode(address, &account).unwrap();
                let open: u64 = round.receipts.values().sum();
                assert_eq!(view.burnt, round.burnt);
                assert_eq!(view.burnt - view.settled, open, "burnt and not settled");
                assert_eq!(view.paid, round.paid);
                let held = self.scene.world.tokens(&view.vault);
                assert_eq!(held, round.tokens - round.paid, "a round's vault leaks");
            }
        }
    }

    pub fn credits(&mut self) {
        match self.roll(8) {
            0 => self.set_carrier(),
            1..=3 => self.redeem(),
            _ => self.end_redemption(),
        }
    }

    fn set_carrier(&mut self) {
        let carrier = usize::try_from(self.roll(2)).unwrap();
        let period = 60 + self.secs(10 * DAY);
        let active = self.roll(4) > 0;
        let set = SetCarrier {
            payer: address("sponsor"),
            admin: address_of(self.yard().roles.admin),
            pool: self.scene.pool,
            carrier: address(CARRIERS[carrier]),
            period_secs: period.unsigned_abs(),
            active,
        };
        let ran = self.send(&[set.instruction()]);
        assert!(self.note("set carrier", &ran), "{ran:?}");
        self.yard().carriers[carrier] = Some((active, period));
    }

    fn redeem(&mut self) {
        let Some((number, root, index)) = self.some_leaf() else {
            return;
        };
        let claim = self.claim_of(number, &root, index);
        let carrier = usize::try_from(self.roll(2)).unwrap();
        let credits = u64::from(self.roll(15));
        self.nonce += 1;
        let redemption = RedeemCredits {
            payer: address("sponsor"),
            owner: claim.owner,
            pool: claim.pool,
            number: EpochNumber::new(number),
            carrier: address(CARRIERS[carrier]),
            index: LeafIndex::new(index),
            tokens: claim.tokens,
            points: claim.points,
            granted: claim.credits,
            proof: claim.proof,
            credits: Credits::new(credits),
            nonce: self.nonce,
            commitment: [7; 32],
        };
        let ran = self.send(&[redemption.instruction()]);
        let (now, active, nonce) = (self.now(), self.yard().active_number(), self.nonce);
        let yard = self.yard();
        let issued = yard.totals.credits;
        let fits = yard.slot(index).redeemed + credits <= claim.credits.get()
            && yard.redeemed() + credits <= issued;
        let period = yard.carriers[carrier].and_then(|(on, period)| on.then_some(period));
        let may = !yard.is_paused(now)
            && credits > 0
            && period.is_some()
            && number <= active
            && number + 1 >= active
            && !yard.closed_epochs.contains(&number)
            && !yard.revoked.contains(&number)
            && !root.unprovable.contains(&index);
        assert_eq!(ran.is_ok(), may && fits, "{redemption:?}: {ran:?}");
        if self.note("redeem", &ran) {
            let yard = self.yard();
            yard.slot(index).redeemed += credits;
            yard.redemptions.push(Redemption {
                owner: claim.owner,
                index,
                nonce,
                credits,
                deadline: now + period.unwrap(),
                carrier,
            });
        }
    }

    fn end_redemption(&mut self) {
        let count = u32::try_from(self.yard().redemptions.len()).unwrap();
        if count == 0 {
            return;
        }
        let at = usize::try_from(self.roll(count)).unwrap();
        if self.roll(4) == 0 {
            self.wait();
        }
        if self.roll(2) == 0 {
            self.fulfil(at);
        } else {
            self.refund(at);
        }
    }

    fn fulfil(&mut self, at: usize) {
        let stolen = self.roll(5) == 0;
        let now = self.now();
        let yard = self.yard();
        let redemption = &yard.redemptions[at];
        let signer = if stolen {
            1 - redemption.carrier
        } else {
            redemption.carrier
        };
        let fulfilment = FulfilCredits {
            carrier: address(CARRIERS[signer]),
            pool: yard.pool,
            owner: redemption.owner,
            nonce: redemption.nonce,
            rent_payer: address("sponsor"),
            credits: Credits::new(redemption.credits),
            commitment: [7; 32],
            receipt_hash: [6; 32],
        };
        let may = redemption.carrier == signer && now <= redemption.deadline;
        let ran = self.send(&[fulfilment.instruction()]);
        assert_eq!(self.note("fulfil", &ran), may, "{ran:?}");
        if may {
            let yard = self.yard();
            yard.fulfilled += yard.redemptions.remove(at).credits;
        }
    }

    fn refund(&mut self, at: usize) {
        let now = self.now();
        let yard = self.yard();
        let redemption = &yard.redemptions[at];
        let refund = RefundCredits {
            pool: yard.pool,
            owner: redemption.owner,
            nonce: redemption.nonce,
            index: LeafIndex::new(redemption.index),
            carrier: address(CARRIERS[redemption.carrier]),
            rent_payer: address("sponsor"),
        };
        let may = now > redemption.deadline;
        let ran = self.send(&[refund.instruction()]);
        assert_eq!(self.note("refund", &ran), may, "{ran:?}");
        if may {
            let yard = self.yard();
            let redemption = yard.redemptions.remove(at);
            yard.slot(redemption.index).redeemed -= redemption.credits;
        }
    }
}
