use anchor_lang::prelude::*;
use cairn_onchain::{Guard, Guarded};

use crate::error::AirdropError;

/// The locked part of one drop, from its claim until it is paid. Seeds: `"vest", campaign, index`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Vesting {
    /// The campaign it is of; the dates are there.
    pub campaign: Address,
    /// The wallet whose canonical token account is paid.
    pub owner: Address,
    /// Paid the rent and gets it back.
    pub rent_payer: Address,
    /// Base units that vest.
    pub locked: u64,
    /// Base units of them that were paid, with the claim or after it.
    pub paid: u64,
    /// The claimant's index.
    pub index: u32,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 10],
}

const _: () = assert!(size_of::<Vesting>() == 128);

impl Vesting {
    /// Counts what is due now, with `vested` base units vested in all, and returns it.
    ///
    /// # Errors
    /// [`AirdropError::NothingVested`] when that much was paid.
    pub fn draw(&mut self, vested: u64) -> Result<u64> {
        let due = vested.saturating_sub(self.paid);
        require!(due > 0, AirdropError::NothingVested);
        self.paid = vested;
        Ok(due)
    }

    /// Whether nothing is left to pay.
    #[must_use]
    pub const fn is_paid(&self) -> bool {
        self.paid == self.locked
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`AirdropError::BrokenCampaign`].
    pub fn invariant(&self) -> Result<()> {
        // No more was paid than vests, and an account without a locked part has no reason to be.
        require!(
            self.locked > 0 && self.paid <= self.locked,
            AirdropError::BrokenCampaign
        );
        Ok(())
    }
}

/// A vesting account that may not exist: says [`AirdropError::VestingMissing`] then.
pub type OpenedVesting = Guarded<Account<Vesting>, VestingOpen>;

/// The guard of [`OpenedVesting`].
pub struct VestingOpen;

impl Guard for VestingOpen {
    fn reason(view: &AccountView, error: ProgramError) -> ProgramError {
        if view.owned_by(&crate::ID) {
            error
        } else {
            AirdropError::VestingMissing.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;

    fn vesting(locked: u64, paid: u64) -> Vesting {
        let mut vesting: Vesting = bytemuck::Zeroable::zeroed();
        (vesting.locked, vesting.paid) = (locked, paid);
        vesting
    }

    #[test]
    fn what_vested_is_drawn_once() {
        let mut vesting = vesting(10, 2);
        let nothing = Err(AirdropError::NothingVested.into());
        assert_eq!(vesting.draw(2), nothing);
        assert_eq!(vesting.draw(1), nothing);
        assert_eq!(vesting.draw(7), Ok(5));
        assert_eq!((vesting.paid, vesting.is_paid()), (7, false));
        assert_eq!(vesting.draw(10), Ok(3));
        assert_eq!((vesting.paid, vesting.is_paid()), (10, true));
        assert_eq!(vesting.draw(10), nothing);
    }

    #[test]
    fn something_vests_and_no_more_was_paid() {
        let broken = Err(AirdropError::BrokenCampaign.into());
        for (locked, paid, verdict) in [
            (1, 0, Ok(())),
            (1, 1, Ok(())),
            (1, 2, broken.clone()),
            (0, 0, broken),
        ] {
            assert_eq!(vesting(locked, paid).invariant(), verdict);
        }
    }

    #[test]
    fn a_vesting_account_that_is_not_there_is_missing() {
        let mut opened = Memory::of(&crate::ID, &vesting(1, 0), &[]);
        assert_eq!(opened.refusal::<OpenedVesting>(), None);
        let mut closed = Memory::new(&Address::default(), &[]);
        let missing = Some(AirdropError::VestingMissing.into());
        assert_eq!(closed.refusal::<OpenedVesting>(), missing);
        let mut other = Memory::new(&crate::ID, &[0; 200]);
        let refusal = other.refusal::<OpenedVesting>();
        assert_eq!(refusal, Some(ProgramError::InvalidAccountData));
    }
}
