//! Roles and rules: announced, withdrawn, applied, tightened at once, handed on.

use cairn_interface::vault::{
    AcceptAdmin, AnnounceRuleset, ApplyRoles, CancelRoles, CancelRuleset, ProposeAdmin,
    SetGuardian, SetKeepers, VaultError,
};
use cairn_merkle::EpochNumber;
use cairn_testkit::RULESET_HASH;
use solana_sdk::pubkey::Pubkey;

use super::{
    Play,
    actors::{ADMINS, GUARDIANS, KEEPERS, address_of},
    model::secs,
};

/// Rules that come and go.
const RULES: [[u8; 32]; 3] = [RULESET_HASH, [0x44; 32], [0x55; 32]];

impl Play {
    pub fn roles(&mut self) {
        match self.roll(9) {
            0..=1 => self.set_keepers(),
            2..=3 => self.set_guardian(),
            4..=5 => {
                self.wait_for_roles();
                self.apply_roles();
            }
            6 => self.cancel_roles(),
            7 => self.offer_pool(),
            _ => {
                self.wait_for_roles();
                self.accept_pool();
            }
        }
    }

    /// Mostly the delay of roles passes.
    fn wait_for_roles(&mut self) {
        if self.roll(3) > 0 {
            let delay = self.delay();
            self.scene.world.warp(delay);
        }
    }

    /// Mostly the admin, sometimes somebody who would like to be.
    pub fn some_admin(&mut self) -> &'static str {
        if self.roll(8) == 0 {
            self.one_of(ADMINS)
        } else {
            self.yard().roles.admin
        }
    }

    fn delay(&mut self) -> i64 {
        secs(self.yard().params.params_delay_secs)
    }

    fn set_keepers(&mut self) {
        let admin = self.some_admin();
        let mut keepers: Vec<&'static str> = KEEPERS.into_iter().collect();
        keepers.retain(|_| self.roll(4) > 0);
        if self.roll(12) == 0 {
            keepers.push(self.yard().roles.guardian);
        }
        if keepers.is_empty() {
            return;
        }
        let most = u32::try_from(keepers.len()).unwrap();
        let threshold = u8::try_from(2.min(most)).unwrap();
        let threshold = if self.roll(5) == 0 { 1 } else { threshold };
        let change = SetKeepers {
            admin: address_of(admin),
            pool: self.scene.pool,
            keepers: keepers.iter().map(|name| address_of(name)).collect(),
            threshold,
        };
        let ran = self.send(&[change.instruction()]);
        let now = self.now();
        let delay = self.delay();
        let roles = &self.yard().roles;
        let expected = if admin != roles.admin {
            Err(VaultError::NotAdmin)
        } else if keepers.contains(&roles.guardian) {
            let twice = keepers.iter().filter(|name| **name == roles.guardian);
            Err(if twice.count() > 1 {
                VaultError::KeeperDuplicate
            } else {
                VaultError::GuardianHoldsRole
            })
        } else {
            Ok(())
        };
        let tighter = roles.is_tightened_by(&keepers, threshold);
        let act = if tighter {
            "tighten keepers"
        } else {
            "announce keepers"
        };
        if self.as_expected(act, ran, expected).is_some() {
            let roles = &mut self.yard().roles;
            if tighter {
                roles.install(&keepers, threshold);
                roles.keepers_to_be = None;
            } else {
                roles.keepers_to_be = Some((keepers, threshold, now + delay));
                self.apply_roles();
            }
        }
    }

    fn set_guardian(&mut self) {
        let (admin, guardian) = (self.some_admin(), self.one_of(GUARDIANS));
        let outgoing = (self.roll(3) == 0).then(|| {
            if self.roll(6) == 0 {
                self.one_of(GUARDIANS)
            } else {
                self.yard().roles.guardian
            }
        });
        let change = SetGuardian {
            admin: address_of(admin),
            pool: self.scene.pool,
            outgoing: outgoing.map(address_of),
            guardian: address_of(guardian),
        };
        let ran = self.send(&[change.instruction()]);
        let (now, delay) = (self.now(), self.delay());
        let roles = &self.yard().roles;
        let expected = if admin != roles.admin {
            Err(VaultError::NotAdmin)
        } else if outgoing.is_some_and(|name| name != roles.guardian) {
            Err(VaultError::NotGuardian)
        } else if guardian == roles.admin || roles.is_keeper(guardian) {
            Err(VaultError::GuardianHoldsRole)
        } else {
            Ok(())
        };
        let act = if outgoing.is_some() {
            "agree to a guardian"
        } else {
            "announce a guardian"
        };
        if self.as_expected(act, ran, expected).is_some() {
            let roles = &mut self.yard().roles;
            if outgoing.is_some() {
                roles.guardian = guardian;
                roles.guardian_to_be = None;
            } else {
                roles.guardian_to_be = Some((guardian, now + delay));
            }
        }
    }

    fn apply_roles(&mut self) {
        let pool = self.scene.pool;
        let ran = self.send(&[ApplyRoles { pool }.instruction()]);
        let (now, yard) = (self.now(), self.yard());
        let pending = yard.proposed.is_some();
        let expected = yard.roles.apply(now, pending);
        self.as_expected("apply roles", ran, expected);
    }

    fn cancel_roles(&mut self) {
        let by = self.one_of(GUARDIANS);
        let by = if self.roll(2) == 0 {
            self.yard().roles.admin
        } else {
            by
        };
        let [guardian, keepers, admin] = [0; 3].map(|_| self.roll(3) == 0);
        let cancel = CancelRoles {
            authority: address_of(by),
            pool: self.scene.pool,
            guardian,
            keepers,
            admin,
        };
        let ran = self.send(&[cancel.instruction()]);
        let roles = &self.yard().roles;
        let there = (guardian || keepers || admin)
            && (!guardian || roles.guardian_to_be.is_some())
            && (!keepers || roles.keepers_to_be.is_some())
            && (!admin || roles.offered.is_some());
        let expected = if !roles.may_stop(by) {
            Err(VaultError::NotGuardianOrAdmin)
        } else if guardian && by != roles.admin {
            Err(VaultError::NotAdmin)
        } else if !there {
            Err(VaultError::RolesNotPending)
        } else {
            Ok(())
        };
        if self.as_expected("cancel roles", ran, expected).is_some() {
            let roles = &mut self.yard().roles;
            if guardian {
                roles.guardian_to_be = None;
            }
            if keepers {
                roles.keepers_to_be = None;
            }
            if admin {
                roles.offered = None;
            }
        }
    }

    fn offer_pool(&mut self) {
        let (admin, to) = (self.some_admin(), self.one_of(ADMINS));
        let withdraw = self.roll(5) == 0;
        let offer = ProposeAdmin {
            admin: address_of(admin),
            pool: self.scene.pool,
            new_admin: if withdraw {
                Pubkey::default()
            } else {
                address_of(to)
            },
        };
        let ran = self.send(&[offer.instruction()]);
        let (now, delay) = (self.now(), self.delay());
        let expected = if admin == self.yard().roles.admin {
            Ok(())
        } else {
            Err(VaultError::NotAdmin)
        };
        if self.as_expected("offer the pool", ran, expected).is_some() {
            let offered = (!withdraw).then_some((to, now + delay));
            self.yard().roles.offered = offered;
            self.accept_pool();
        }
    }

    fn accept_pool(&mut self) {
        let Some((to, at)) = self.yard().roles.offered else {
            return;
        };
        let by = if self.roll(5) == 0 {
            self.one_of(ADMINS)
        } else {
            to
        };
        let accept = AcceptAdmin {
            new_admin: address_of(by),
            pool: self.scene.pool,
        };
        let ran = self.send(&[accept.instruction()]);
        let (now, roles) = (self.now(), &self.yard().roles);
        let expected = if by != to {
            Err(VaultError::NotPendingAdmin)
        } else if now < at {
            Err(VaultError::AdminNotDue)
        } else if to == roles.guardian {
            Err(VaultError::GuardianHoldsRole)
        } else {
            Ok(())
        };
        if self.as_expected("accept the pool", ran, expected).is_some() {
            let roles = &mut self.yard().roles;
            (roles.admin, roles.offered) = (to, None);
        }
    }

    /// The rules that a proposal names: mostly the right ones.
    pub fn some_rules(&mut self) -> [u8; 32] {
        if self.roll(10) == 0 {
            return self.one_of(RULES);
        }
        let (now, number) = (self.now(), self.yard().next_number());
        let rules = &self.yard().rules;
        let due = rules.announced.map(|(hash, _, _)| hash);
        let due = due.filter(|hash| rules.refusal(number, *hash, now).is_none());
        due.unwrap_or(rules.hash)
    }

    pub fn rules(&mut self) {
        if self.roll(5) == 0 {
            self.cancel_rules();
        } else {
            self.announce_rules();
        }
    }

    fn announce_rules(&mut self) {
        let (admin, hash) = (self.some_admin(), self.one_of(RULES));
        let next = self.yard().next_number();
        let from = (next + u64::from(self.roll(4))).saturating_sub(1);
        let announcement = AnnounceRuleset {
            admin: address_of(admin),
            pool: self.scene.pool,
            hash,
            from_epoch: EpochNumber::new(from),
        };
        let ran = self.send(&[announcement.instruction()]);
        let (now, delay, yard) = (self.now(), self.delay(), self.yard());
        let pending = yard.proposed.is_some();
        let expected = if admin != yard.roles.admin {
            Err(VaultError::NotAdmin)
        } else if from < next || (pending && from == next) {
            Err(VaultError::RulesetPast)
        } else {
            Ok(())
        };
        if self.as_expected("announce rules", ran, expected).is_some() {
            self.yard().rules.announced = Some((hash, from, now + delay));
        }
    }

    fn cancel_rules(&mut self) {
        let by = self.one_of(GUARDIANS);
        let cancel = CancelRuleset {
            authority: address_of(by),
            pool: self.scene.pool,
        };
        let ran = self.send(&[cancel.instruction()]);
        let yard = self.yard();
        let expected = if !yard.roles.may_stop(by) {
            Err(VaultError::NotGuardianOrAdmin)
        } else if yard.rules.announced.is_none() {
            Err(VaultError::RulesetNotPending)
        } else {
            Ok(())
        };
        if self.as_expected("cancel rules", ran, expected).is_some() {
            self.yard().rules.announced = None;
        }
    }
}
