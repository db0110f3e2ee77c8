use anchor_lang::prelude::*;

use crate::{RegistryError, constants::CLASSES};

/// A device network: who governs it and how many devices it has.
///
/// Countries are not counted here: 249 counters would cost more rent than the trees, and the published registry
/// snapshot answers by country, city or cell.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Network {
    /// May add issuers and trees, import, set and lift bans, and hand itself over in two steps.
    pub authority: Address,
    /// Proposed next authority; zeros when none. It must accept by signing, so a typing error can not lose the network.
    pub pending_authority: Address,
    /// May ban a device, nothing else.
    pub guardian: Address,
    /// Key in the address's seeds; the authority of the first day.
    pub creator: Address,
    /// Number in the address's seeds.
    pub id: u64,
    /// Unix seconds.
    pub created_at: i64,
    /// Devices in all trees, banned ones included.
    pub devices: u64,
    /// The same by class. For imported devices the authority's word, to be checked against the published file.
    pub devices_by_class: [u64; CLASSES],
    /// Devices whose status is banned. For imported devices the authority's word, as the counts by class.
    pub banned: u64,
    /// Zeros; room for treasury and deposit rules.
    pub reserved: [u64; 16],
    /// Issuers ever added.
    pub issuers: u32,
    /// Trees ever created; the next tree's index.
    pub trees: u16,
    /// Who may register: see `REGISTRATION_*`.
    pub registration: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zeros; fills the last word.
    pub padding: [u8; 7],
}

const _: () = assert!(size_of::<Network>() == 432);

impl Network {
    /// Counts `number` more devices of `class`.
    ///
    /// # Errors
    /// [`RegistryError::DeviceClass`] for a class that does not exist, [`RegistryError::SequenceOverflow`] at the limit.
    pub fn count(&mut self, class: u8, number: u64) -> core::result::Result<(), RegistryError> {
        let counter = self
            .devices_by_class
            .get_mut(usize::from(class))
            .ok_or(RegistryError::DeviceClass)?;
        *counter = counter
            .checked_add(number)
            .ok_or(RegistryError::SequenceOverflow)?;
        self.devices = self
            .devices
            .checked_add(number)
            .ok_or(RegistryError::SequenceOverflow)?;
        Ok(())
    }

    /// Counts a device that was banned, and is now. Never refuses: an import may have told more or fewer bans than it
    /// brought, and a wrong count is no reason to let a device stand.
    pub fn count_ban(&mut self, before: bool, now: bool) {
        self.banned = match (before, now) {
            (false, true) => self.banned.saturating_add(1).min(self.devices),
            (true, false) => self.banned.saturating_sub(1),
            _ => self.banned,
        };
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// The first truth that does not hold.
    pub fn invariant(&self) -> core::result::Result<(), RegistryError> {
        // A network without an authority could never be governed again.
        if self.authority == Address::default() {
            return Err(RegistryError::ZeroKey);
        }
        // Counts by class are the same devices once more.
        let by_class = self
            .devices_by_class
            .iter()
            .try_fold(0_u64, |sum, count| sum.checked_add(*count));
        if by_class != Some(self.devices) || self.banned > self.devices {
            return Err(RegistryError::CountsDisagree);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    fn network() -> Network {
        let mut network: Network = Zeroable::zeroed();
        network.authority = Address::new_from_array([1; 32]);
        network
    }

    #[test]
    fn a_device_is_counted_once_in_all_and_once_in_its_class() {
        let mut network = network();
        assert_eq!(network.count(4, 2), Ok(()));
        assert_eq!(network.count(15, 3), Ok(()));
        assert_eq!((network.devices, network.devices_by_class[4]), (5, 2));
        assert_eq!(network.devices_by_class[15], 3);
        assert_eq!(network.invariant(), Ok(()));
        assert_eq!(network.count(16, 1), Err(RegistryError::DeviceClass));
        let overflow = Err(RegistryError::SequenceOverflow);
        assert_eq!(network.count(4, u64::MAX), overflow);
        assert_eq!(network.count(5, u64::MAX), overflow);
    }

    #[test]
    fn bans_are_counted_within_what_there_is_and_never_refused() {
        // Banned devices of five, banned before and now, banned devices then.
        for (counted, before, now, left) in [
            (0, false, true, 1),
            (4, false, true, 5),
            (5, false, true, 5),
            (3, true, false, 2),
            (0, true, false, 0),
            (3, true, true, 3),
            (3, false, false, 3),
        ] {
            let mut network = network();
            (network.devices, network.banned) = (5, counted);
            network.count_ban(before, now);
            assert_eq!(network.banned, left, "{counted}: {before} to {now}");
        }
    }

    #[test]
    fn somebody_governs_and_the_counts_are_the_same_devices() {
        let disagree = Err(RegistryError::CountsDisagree);
        let mut network = network();
        for (devices, by_class, banned, verdict) in [
            (5, [2, 3], 0, Ok(())),
            (5, [2, 3], 5, Ok(())),
            (5, [2, 3], 6, disagree),
            (5, [2, 2], 0, disagree),
            (u64::MAX, [u64::MAX, 1], 0, disagree),
        ] {
            (network.devices, network.banned) = (devices, banned);
            network.devices_by_class[..2].copy_from_slice(&by_class);
            assert_eq!(network.invariant(), verdict, "{by_class:?}, {banned}");
        }
        network.authority = Address::default();
        assert_eq!(network.invariant(), Err(RegistryError::ZeroKey));
    }
}
