//! Who holds which role in a pool, who is to hold it, and by which rules epochs are scored.

use std::collections::BTreeMap;

use cairn_interface::vault::VaultError;

/// Roles by the names of those who hold them.
pub struct Roles {
    pub admin: &'static str,
    pub guardian: &'static str,
    pub keepers: Vec<&'static str>,
    pub threshold: u8,
    /// Before when a keeper may not propose.
    pub rests: BTreeMap<&'static str, i64>,
    /// Whom the pool is offered to, and from when it may be accepted.
    pub offered: Option<(&'static str, i64)>,
    pub guardian_to_be: Option<(&'static str, i64)>,
    pub keepers_to_be: Option<(Vec<&'static str>, u8, i64)>,
}

impl Roles {
    pub fn is_keeper(&self, name: &str) -> bool {
        self.keepers.contains(&name)
    }

    /// Whether they may stop things.
    pub fn may_stop(&self, name: &str) -> bool {
        name == self.guardian || name == self.admin
    }

    /// Why a pool can not have these roles.
    pub fn refusal(&self) -> Option<VaultError> {
        let holds = self.guardian == self.admin || self.is_keeper(self.guardian);
        holds.then_some(VaultError::GuardianHoldsRole)
    }

    pub fn is_tightened_by(&self, keepers: &[&str], threshold: u8) -> bool {
        threshold >= self.threshold && keepers.iter().all(|name| self.is_keeper(name))
    }

    /// Puts keepers in office. Whoever rests and stays, rests on.
    pub fn install(&mut self, keepers: &[&'static str], threshold: u8) {
        self.keepers = keepers.to_vec();
        self.threshold = threshold;
        let kept = &self.keepers;
        self.rests.retain(|name, _| kept.contains(name));
    }

    pub fn rests_until(&self, name: &str) -> i64 {
        self.rests.get(name).copied().unwrap_or(0)
    }

    /// A vetoed proposal's keeper rests, as long as it is one.
    pub fn rest(&mut self, name: &'static str, until: i64) {
        if self.is_keeper(name) {
            self.rests.insert(name, until);
        }
    }

    /// What becomes of announced roles at `now` when an epoch is `pending` or not.
    pub fn apply(&mut self, now: i64, pending: bool) -> Result<(), VaultError> {
        let guardian = self.guardian_to_be;
        let keepers = self.keepers_to_be.clone();
        if guardian.is_none() && keepers.is_none() {
            return Err(VaultError::RolesNotPending);
        }
        let guardian = guardian.filter(|(_, at)| now >= *at);
        let keepers = keepers.filter(|(_, _, at)| now >= *at);
        if guardian.is_none() && keepers.is_none() {
            return Err(VaultError::RolesNotDue);
        }
        if pending {
            return Err(VaultError::RolesEpochPending);
        }
        // Of roles that can not stand together none takes office.
        let after = Self {
            guardian: guardian.map_or(self.guardian, |(name, _)| name),
            keepers: keepers
                .as_ref()
                .map_or_else(|| self.keepers.clone(), |(names, _, _)| names.clone()),
            rests: BTreeMap::new(),
            keepers_to_be: None,
            ..*self
        };
        if let Some(refusal) = after.refusal() {
            return Err(refusal);
        }
        if let Some((name, _)) = guardian {
            self.guardian = name;
            self.guardian_to_be = None;
        }
        if let Some((names, threshold, _)) = keepers {
            self.install(&names, threshold);
            self.keepers_to_be = None;
        }
        Ok(())
    }
}

/// The hashes of rules: in effect, and announced with the first epoch and the moment from which they count.
pub struct Rules {
    pub hash: [u8; 32],
    pub announced: Option<([u8; 32], u64, i64)>,
}

impl Rules {
    fn announced_for(&self, number: u64) -> Option<([u8; 32], i64)> {
        let announced = self.announced.filter(|(_, from, _)| number >= *from);
        announced.map(|(hash, _, at)| (hash, at))
    }

    /// Why epoch `number` can not be scored by the rules `hash` at `now`.
    pub fn refusal(&self, number: u64, hash: [u8; 32], now: i64) -> Option<VaultError> {
        let right = match self.announced_for(number) {
            Some((_, at)) if now < at => return Some(VaultError::RulesetNotDue),
            Some((announced, _)) => announced,
            None => self.hash,
        };
        (hash != right).then_some(VaultError::RulesetMismatch)
    }

    /// Epoch `number` of these rules becomes active.
    pub fn adopt(&mut self, number: u64, hash: [u8; 32]) {
        if self.announced_for(number).is_some() {
            self.announced = None;
        }
        self.hash = hash;
    }
}
