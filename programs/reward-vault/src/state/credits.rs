use anchor_lang::prelude::*;

use crate::{constants::MAX_PERIOD_SECS, error::VaultError};

/// Whoever delivers what data credits are redeemed for. Seeds: `"carrier", pool, carrier`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Carrier {
    /// The pool whose members redeem with it.
    pub pool: Address,
    /// The key that signs fulfilments.
    pub carrier: Address,
    /// Seconds it has to fulfil a redemption.
    pub period_secs: u64,
    /// Credits that it fulfilled.
    pub fulfilled: u64,
    /// Credits that are redeemed with it and neither fulfilled nor refunded.
    pub pending: u64,
    /// 1 while members may redeem with it.
    pub active: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 37],
}

const _: () = assert!(size_of::<Carrier>() == 128);

impl Carrier {
    /// Unix seconds up to which a redemption made at `now` may be fulfilled.
    #[must_use]
    pub fn deadline(&self, now: i64) -> i64 {
        let period = i64::try_from(self.period_secs).unwrap_or(i64::MAX);
        now.saturating_add(period)
    }

    /// Counts credits that were redeemed.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn redeem(&mut self, credits: u64) -> Result<()> {
        let pending = self.pending.checked_add(credits);
        self.pending = pending.ok_or(VaultError::Overflow)?;
        Ok(())
    }

    /// Counts pending credits as fulfilled.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn fulfil(&mut self, credits: u64) -> Result<()> {
        self.release(credits)?;
        let fulfilled = self.fulfilled.checked_add(credits);
        self.fulfilled = fulfilled.ok_or(VaultError::Overflow)?;
        Ok(())
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenSpending`].
    pub fn invariant(&self) -> Result<()> {
        require!(
            (1..=MAX_PERIOD_SECS).contains(&self.period_secs)
                && self.carrier != Address::default()
                && self.active <= 1,
            VaultError::BrokenSpending
        );
        Ok(())
    }

    /// Forgets pending credits that go back to the member.
    ///
    /// # Errors
    /// [`VaultError::Overflow`] when more were refunded than redeemed.
    pub fn release(&mut self, credits: u64) -> Result<()> {
        let pending = self.pending.checked_sub(credits);
        self.pending = pending.ok_or(VaultError::Overflow)?;
        Ok(())
    }
}

/// Credits that a member gave up for a delivery. Seeds: `"redeem", pool, owner, nonce`. Closed when the carrier has
/// delivered, or when the credits go back.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Redemption {
    pub pool: Address,
    /// The member.
    pub owner: Address,
    /// The key that may fulfil it.
    pub carrier: Address,
    /// Paid this account's rent, and gets it back.
    pub rent_payer: Address,
    /// What is to be delivered, as a hash that only member and carrier can open.
    pub commitment: [u8; 32],
    pub credits: u64,
    /// The member's own number for it.
    pub nonce: u64,
    /// Unix seconds up to which it may be fulfilled, and after which it is refunded.
    pub deadline: i64,
    /// The member's index.
    pub index: u32,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 10],
}

const _: () = assert!(size_of::<Redemption>() == 200);

impl Redemption {
    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenSpending`].
    pub fn invariant(&self) -> Result<()> {
        require!(
            self.credits > 0 && self.commitment != [0; 32],
            VaultError::BrokenSpending
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_redeemed_is_pending_fulfilled_or_refunded() {
        let mut carrier: Carrier = bytemuck::Zeroable::zeroed();
        assert!(carrier.redeem(10).is_ok());
        assert!(carrier.fulfil(4).is_ok());
        assert!(carrier.release(5).is_ok());
        assert_eq!((carrier.pending, carrier.fulfilled), (1, 4));
        assert!(carrier.release(2).is_err());
        assert!(carrier.fulfil(2).is_err());
        assert!(carrier.redeem(u64::MAX).is_err());
    }

    #[test]
    fn a_deadline_never_wraps() {
        let mut carrier: Carrier = bytemuck::Zeroable::zeroed();
        carrier.period_secs = 60;
        assert_eq!(carrier.deadline(1_000), 1_060);
        carrier.period_secs = u64::MAX;
        assert_eq!(carrier.deadline(1), i64::MAX);
    }

    type Break<T> = fn(&mut T);

    #[test]
    fn a_carrier_has_a_key_a_period_and_one_of_two_states() {
        let mut sound: Carrier = bytemuck::Zeroable::zeroed();
        (sound.period_secs, sound.active) = (1, 1);
        sound.carrier = Address::new_from_array([1; 32]);
        let mut longest = sound;
        (longest.period_secs, longest.active) = (MAX_PERIOD_SECS, 0);
        assert_eq!((sound.invariant(), longest.invariant()), (Ok(()), Ok(())));
        let breaks: [Break<Carrier>; 4] = [
            |it| it.period_secs = 0,
            |it| it.period_secs = MAX_PERIOD_SECS + 1,
            |it| it.carrier = Address::default(),
            |it| it.active = 2,
        ];
        for break_it in breaks {
            let mut broken = sound;
            break_it(&mut broken);
            assert_eq!(broken.invariant(), Err(VaultError::BrokenSpending.into()));
        }
    }

    #[test]
    fn a_redemption_is_of_credits_for_something() {
        let mut redemption: Redemption = bytemuck::Zeroable::zeroed();
        let broken = Err(VaultError::BrokenSpending.into());
        redemption.credits = 1;
        assert_eq!(redemption.invariant(), broken);
        redemption.commitment = [1; 32];
        assert_eq!(redemption.invariant(), Ok(()));
        redemption.credits = 0;
        assert_eq!(redemption.invariant(), broken);
    }
}
