//! Keepers and guardian as a pool could have them, announced or in office.

use anchor_lang::prelude::*;

use crate::{constants::MAX_KEEPERS, error::VaultError};

/// Roles that an admin announced, as a pool stores them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct PendingRoles {
    /// The guardian to be; zero when none is announced.
    pub guardian: Address,
    /// The keepers to be, `keeper_count` of them, the rest zero.
    pub keepers: [Address; 16],
    /// Unix seconds from which the guardian takes office; 0 when none is announced.
    pub guardian_effective_at: i64,
    /// Unix seconds from which the keepers do; 0 when none are announced.
    pub keepers_effective_at: i64,
    /// Keepers to be; 0 when none are announced.
    pub keeper_count: u8,
    /// Their threshold.
    pub threshold: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

impl PendingRoles {
    /// The keepers to be; none when none are announced.
    #[must_use]
    pub fn keepers(&self) -> &[Address] {
        self.keepers
            .get(..usize::from(self.keeper_count))
            .unwrap_or(&self.keepers)
    }

    /// Announces a guardian; those announced before are void.
    pub const fn announce_guardian(&mut self, guardian: Address, effective_at: i64) {
        self.guardian = guardian;
        self.guardian_effective_at = effective_at;
    }

    /// Forgets the guardian to be.
    pub fn forget_guardian(&mut self) {
        self.announce_guardian(Address::default(), 0);
    }

    /// Announces keepers; those announced before are void.
    pub const fn announce_keepers(&mut self, set: &KeeperSet, effective_at: i64) {
        self.keepers = set.keepers;
        self.keeper_count = set.count;
        self.threshold = set.threshold;
        self.keepers_effective_at = effective_at;
    }

    /// Forgets the keepers to be.
    pub fn forget_keepers(&mut self) {
        self.announce_keepers(&KeeperSet::NONE, 0);
    }
}

/// Keepers and their threshold, as a pool could have them.
#[derive(Clone, Copy)]
pub struct KeeperSet {
    pub(super) keepers: [Address; 16],
    pub(super) count: u8,
    pub(super) threshold: u8,
}

impl KeeperSet {
    const NONE: Self = Self {
        keepers: [Address::new_from_array([0; 32]); MAX_KEEPERS],
        count: 0,
        threshold: 0,
    };

    /// Keys that may propose and attest.
    ///
    /// # Errors
    /// [`VaultError::KeeperCount`], [`VaultError::ThresholdRange`], [`VaultError::ZeroKey`] or
    /// [`VaultError::KeeperDuplicate`]: one key named twice would count as two votes.
    pub fn new(keys: &[Address], threshold: u8) -> Result<Self> {
        let count = u8::try_from(keys.len()).unwrap_or(u8::MAX);
        require!(
            count > 0 && usize::from(count) <= MAX_KEEPERS,
            VaultError::KeeperCount
        );
        require!(
            threshold > 0 && threshold <= count,
            VaultError::ThresholdRange
        );
        let mut keepers = [Address::default(); MAX_KEEPERS];
        for (at, (to, key)) in keepers.iter_mut().zip(keys).enumerate() {
            require!(*key != Address::default(), VaultError::ZeroKey);
            let before = keys.get(..at).unwrap_or_default();
            require!(!before.contains(key), VaultError::KeeperDuplicate);
            *to = *key;
        }
        Ok(Self {
            keepers,
            count,
            threshold,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    #[test]
    fn keepers_are_named_once_each_and_a_threshold_among_them() {
        let many: Vec<Address> = (1..=17).map(key).collect();
        let zero = Address::default();
        for (keys, threshold, refusal) in [
            (&many[..1], 1, None),
            (&many[..16], 16, None),
            (&[], 1, Some(VaultError::KeeperCount)),
            (&many[..], 1, Some(VaultError::KeeperCount)),
            (&many[..2], 0, Some(VaultError::ThresholdRange)),
            (&many[..2], 3, Some(VaultError::ThresholdRange)),
            (&[key(1), zero], 1, Some(VaultError::ZeroKey)),
            (
                &[key(1), key(2), key(1)],
                1,
                Some(VaultError::KeeperDuplicate),
            ),
        ] {
            let verdict = KeeperSet::new(keys, threshold);
            assert_eq!(verdict.err(), refusal.map(Into::into), "{refusal:?}");
        }
    }

    #[test]
    fn guardian_and_keepers_to_be_come_and_go_apart() {
        let mut pending = PendingRoles::default();
        assert!(pending.keepers().is_empty());
        let set = KeeperSet::new(&[key(1), key(2)], 2).expect("two keepers");
        pending.announce_keepers(&set, 100);
        pending.announce_guardian(key(9), 200);
        assert_eq!(pending.keepers(), [key(1), key(2)]);
        assert_eq!((pending.threshold, pending.keepers_effective_at), (2, 100));
        let guardian = (pending.guardian, pending.guardian_effective_at);
        assert_eq!(guardian, (key(9), 200));
        let both = pending;
        pending.forget_guardian();
        let mut keepers_alone = both;
        (keepers_alone.guardian, keepers_alone.guardian_effective_at) = (Address::default(), 0);
        assert_eq!(pending, keepers_alone);
        pending = both;
        pending.forget_keepers();
        assert!(pending.keepers().is_empty());
        assert_eq!(pending.keepers, PendingRoles::default().keepers);
        assert_eq!((pending.threshold, pending.keepers_effective_at), (0, 0));
        assert_eq!(pending.guardian, key(9));
        pending.forget_guardian();
        assert_eq!(pending, PendingRoles::default());
    }
}
