//! Where accounts stand, found once: finding an address takes longer than most instructions.

use std::{cell::RefCell, collections::BTreeMap};

use solana_sdk::pubkey::Pubkey;

/// Addresses by what stands there, whose it is, and which of them.
#[derive(Default)]
pub struct Places(RefCell<BTreeMap<(&'static str, Pubkey, u64), Pubkey>>);

impl Places {
    /// The address, which `find` derives the first time.
    pub fn of(
        &self,
        what: &'static str,
        whose: &Pubkey,
        number: u64,
        find: impl FnOnce() -> Pubkey,
    ) -> Pubkey {
        let mut known = self.0.borrow_mut();
        *known.entry((what, *whose, number)).or_insert_with(find)
    }
}
