//! Epochs from proposal to tombstone, by keepers of every kind.

use std::{collections::BTreeSet, rc::Rc};

use cairn_interface::vault::{
    ActivateEpoch, AttestEpoch, CloseEpoch, LapseEpoch, ProposeEpoch, PutCanopy, RevokeEpoch,
    VaultError, VetoEpoch,
};
use cairn_merkle::{Credits, EpochNumber, MilliPoints};
use cairn_testkit::assert_refused;

use super::{
    DAY, Play,
    actors::{GUARDIANS, KEEPERS, address_of},
    address,
    model::{Proposed, secs},
};

impl Play {
    pub fn propose(&mut self) {
        if self.roll(4) > 0 {
            let secs = self.secs(7 * DAY);
            self.scene.world.warp(secs);
        }
        let proposer = self.one_of(KEEPERS);
        self.propose_by(proposer);
    }

    fn propose_by(&mut self, proposer: &'static str) {
        let (root, forged) = self.next_root();
        let rules = self.some_rules();
        let number = self.yard().next_number();
        let correction = self.yard().correction_due;
        let signed = correction && self.roll(4) > 0;
        let roles = &self.yard().roles;
        // A guardian is no keeper, and signs once.
        let signed = signed && proposer != roles.guardian;
        let (admin, guardian) = (address_of(roles.admin), address_of(roles.guardian));
        let proposal = ProposeEpoch {
            proposer: address_of(proposer),
            root: root.node(),
            points: MilliPoints::new(root.points),
            credits: Credits::new(root.credits),
            ruleset_hash: rules,
            admin: signed.then_some(admin),
            guardian: signed.then_some(guardian),
            ..self.scene.proposal(number, &root.rewards)
        };
        let ran = self.send(&[proposal.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let expected = yard.expect_proposal(now, proposer, &root, rules, signed);
        let Some((allowance, intervals)) = self.as_expected("propose", ran, expected) else {
            return;
        };
        if forged {
            self.tell("propose a forgery");
        }
        let yard = self.yard();
        let attempt = yard.attempt.map_or(0, |attempt| attempt + 1);
        yard.attempt = Some(attempt);
        yard.proposed = Some(Proposed {
            root: Rc::new(root),
            proposer,
            attempt,
            rules,
            allowance,
            intervals,
            interval_secs: secs(yard.params.epoch_interval_secs),
            window: yard.window(),
            proposed_at: now,
            paused_before: yard.paused_secs_at(now),
            complete: None,
            threshold: yard.roles.threshold,
            words: BTreeSet::from([proposer]),
            canopy: false,
            correction,
        });
        yard.refresh(now);
    }

    pub fn put_canopy(&mut self) {
        let number = self.yard().next_number();
        let Some(proposed) = &self.yard().proposed else {
            return;
        };
        let (root, proposer) = (Rc::clone(&proposed.root), proposed.proposer);
        let expected = if !self.yard().roles.is_keeper(proposer) {
            Err(VaultError::NotKeeper)
        } else if self.yard().proposed.as_ref().unwrap().canopy {
            Err(VaultError::CanopyComplete)
        } else {
            Ok(())
        };
        let depth = root.depth(self.scene.terms.canopy_depth);
        let canopy = root.tree().canopy(depth).unwrap();
        let (pool, sender) = (self.scene.pool, address_of(proposer));
        let parts = PutCanopy::all(sender, pool, EpochNumber::new(number), &canopy);
        let all: Vec<_> = parts.iter().map(PutCanopy::instruction).collect();
        let ran = self.send(&all);
        if self.as_expected("canopy", ran, expected).is_some() {
            let (now, yard) = (self.now(), self.yard());
            yard.proposed.as_mut().unwrap().canopy = true;
            yard.refresh(now);
        }
    }

    pub fn attest(&mut self) {
        let keeper = self.one_of(KEEPERS);
        self.attest_by(keeper);
    }

    fn attest_by(&mut self, keeper: &'static str) {
        let number = self.yard().next_number();
        if self.yard().attempt.is_none() {
            return;
        }
        let mut word = AttestEpoch {
            keeper: address_of(keeper),
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            proposal: self.scene.epoch(number).proposal,
        };
        let other = self.roll(12) == 0;
        if other {
            word.proposal[0] ^= 1;
        }
        let ran = self.send(&[word.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let expected = match &yard.proposed {
            _ if !yard.roles.is_keeper(keeper) => Err(VaultError::NotKeeper),
            None => Err(VaultError::EpochNotOpen),
            _ if other => Err(VaultError::AttestProposalMismatch),
            Some(proposed) if proposed.words.contains(keeper) => Err(VaultError::AttestedAlready),
            Some(_) => Ok(()),
        };
        if self.as_expected("attest", ran, expected).is_some() {
            let yard = self.yard();
            // Keepers may have been removed since: then this word is the last one.
            yard.refresh(now);
            yard.proposed.as_mut().unwrap().words.insert(keeper);
            yard.refresh(now);
        }
    }

    pub fn veto(&mut self) {
        let number = self.yard().next_number();
        let guardian = self.one_of(GUARDIANS);
        if self.yard().attempt.is_none() || self.roll(2) > 0 {
            return;
        }
        let veto = VetoEpoch {
            guardian: address_of(guardian),
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            reason: 7,
        };
        let ran = self.send(&[veto.instruction()]);
        let yard = self.yard();
        let expected = if !yard.roles.may_stop(guardian) {
            Err(VaultError::NotGuardianOrAdmin)
        } else if yard.proposed.is_none() {
            Err(VaultError::EpochNotOpen)
        } else {
            Ok(())
        };
        if self.as_expected("veto", ran, expected).is_some() {
            let now = self.now();
            let fallen = self.yard().fall(now);
            // Its turn is another's now, unless it is the only one.
            self.propose_by(fallen);
        }
    }

    pub fn lapse(&mut self) {
        let number = self.yard().next_number();
        if self.yard().attempt.is_none() {
            return;
        }
        let lapse = LapseEpoch {
            sender: address_of("stranger"),
            pool: self.scene.pool,
            number: EpochNumber::new(number),
        };
        let ran = self.send(&[lapse.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let expected = match &yard.proposed {
            None => Err(VaultError::EpochNotOpen),
            Some(it) if yard.is_complete(it) || now < yard.window_over(it) => {
                Err(VaultError::EpochNotLapsed)
            }
            Some(_) => Ok(()),
        };
        if self.as_expected("lapse", ran, expected).is_some() {
            self.yard().fall(now);
        }
    }

    pub fn activate(&mut self) {
        if self.yard().proposed.is_none() {
            return;
        }
        let number = self.yard().next_number();
        // Mostly with all that an activation needs, sometimes without.
        if self.roll(4) > 0 {
            if !self.yard().proposed.as_ref().unwrap().canopy {
                self.put_canopy();
            }
            for keeper in KEEPERS {
                if self.roll(3) > 0 {
                    self.attest_by(keeper);
                }
            }
        }
        if self.roll(4) > 0 {
            let window = self.yard().proposed.as_ref().unwrap().window;
            self.scene.world.warp(window);
        }
        let activation = ActivateEpoch {
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            previous: (number > 1).then(|| EpochNumber::new(number - 1)),
        };
        let ran = self.send(&[activation.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let proposed = yard.proposed.as_ref().unwrap();
        let expected = yard.expect_activation(now, proposed);
        if self.as_expected("activate", ran, expected).is_none() {
            return;
        }
        let (old, rules) = (self.yard().totals, self.yard().rules.hash);
        let proposed = self.yard().advance();
        let new = self.yard().totals;
        for (growth, cap) in [
            new.tokens - old.tokens,
            new.points - old.points,
            new.credits - old.credits,
        ]
        .into_iter()
        .zip(proposed.allowance)
        {
            assert!(growth <= cap, "{growth} above {cap}");
        }
        for (is, act) in [
            (proposed.root.forged.is_some(), "activate a forgery"),
            (proposed.correction, "activate a correction"),
            (proposed.rules != rules, "activate under new rules"),
        ] {
            if is {
                self.tell(act);
            }
        }
    }

    /// Admin and guardian together take the active epoch back.
    pub fn revoke(&mut self) {
        let number = self.yard().active_number();
        if number == 0 || self.roll(5) > 0 {
            return;
        }
        let (admin, guardian) = (self.some_admin(), self.one_of(GUARDIANS));
        let roles = &self.yard().roles;
        let guardian = if roles.admin == admin {
            roles.guardian
        } else {
            guardian
        };
        let revoke = RevokeEpoch {
            admin: address_of(admin),
            guardian: address_of(guardian),
            pool: self.scene.pool,
            number: EpochNumber::new(number),
        };
        let ran = self.send(&[revoke.instruction()]);
        let yard = self.yard();
        let expected = if admin != yard.roles.admin {
            Err(VaultError::NotAdmin)
        } else if guardian != yard.roles.guardian {
            Err(VaultError::NotGuardian)
        } else if yard.revoked.contains(&number) {
            Err(VaultError::EpochNotActive)
        } else if yard.proposed.is_some() {
            Err(VaultError::EpochInFlight)
        } else {
            Ok(())
        };
        if self.as_expected("revoke", ran, expected).is_some() {
            self.yard().fall_back();
        }
    }

    pub fn close_epoch(&mut self) {
        let active = self.yard().active_number();
        if active == 0 {
            return;
        }
        let number = 1 + u64::from(self.roll(u32::try_from(active).unwrap()));
        let rent_payer = self.rent_payer_of(number);
        let close = CloseEpoch {
            pool: self.scene.pool,
            number: EpochNumber::new(number),
            rent_payer,
        };
        let ran = self.send(&[close.instruction()]);
        if self.yard().closed_epochs.contains(&number) {
            assert_refused(ran, VaultError::EpochClosed);
        } else if number + 1 >= active {
            assert_refused(ran, VaultError::EpochStillClaimable);
        } else if self.now() < self.yard().kept.get(&number).copied().unwrap_or(0) {
            assert_refused(ran, VaultError::EpochKept);
        } else {
            assert!(self.note("close epoch", &ran), "{ran:?}");
            self.yard().closed_epochs.insert(number);
        }
    }

    /// Who paid for an epoch's account: the proposer of its first attempt.
    fn rent_payer_of(&mut self, number: u64) -> solana_sdk::pubkey::Pubkey {
        if self.yard().closed_epochs.contains(&number) {
            return address("keeper 0");
        }
        self.scene.epoch(number).rent_payer
    }
}
