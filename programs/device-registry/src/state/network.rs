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
