use anchor_lang::{address_eq, prelude::*};

use crate::error::VaultError;

/// Where a member wants to be paid and who may ask for it, in one pool. Seeds: `"to", pool, owner`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The pool.
    pub pool: Address,
    /// The member: the owner in their leaf.
    pub owner: Address,
    /// The wallet whose canonical token account is paid; zero for the owner's.
    pub payout: Address,
    /// The wallet that takes its place at `effective_at`; zero for the owner's.
    pub pending_payout: Address,
    /// Besides the owner, the key that may claim for a member who restricted claims; zero for none.
    pub delegate: Address,
    /// Who paid this account's rent and gets it back.
    pub rent_payer: Address,
    /// Unix seconds from which the pending payout is in effect; 0 when none is pending.
    pub effective_at: i64,
    /// The index of the member's leaf, whose slot carries the mark of this account.
    pub index: u32,
    /// 1 when only the owner and the delegate may claim.
    pub restricted: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero.
    pub reserved: [u8; 25],
}

const _: () = assert!(size_of::<Recipient>() == 232);

impl Recipient {
    /// The wallet whose canonical token account is paid at `now`.
    #[must_use]
    pub fn payout_at(&self, now: i64) -> Address {
        let due = self.effective_at != 0 && now >= self.effective_at;
        let wallet = if due {
            self.pending_payout
        } else {
            self.payout
        };
        if wallet == Address::default() {
            self.owner
        } else {
            wallet
        }
    }

    /// Asks for `wallet` (zero for the owner's) to be paid, `cooldown_secs` from `now`. The wallet in effect withdraws
    /// what is pending; the pending wallet keeps its time, so that a member who changes something else does not wait
    /// anew.
    pub fn redirect(&mut self, wallet: &Address, now: i64, cooldown_secs: u64) {
        let owner = self.owner;
        let told = |wallet: &Address| {
            if address_eq(wallet, &owner) {
                Address::default()
            } else {
                *wallet
            }
        };
        self.payout = told(&self.payout_at(now));
        if self.effective_at != 0 && now >= self.effective_at {
            self.withdraw();
        }
        let wallet = told(wallet);
        if wallet == self.payout {
            self.withdraw();
        } else if self.effective_at == 0 || wallet != self.pending_payout {
            let cooldown = i64::try_from(cooldown_secs).unwrap_or(i64::MAX);
            self.pending_payout = wallet;
            self.effective_at = now.saturating_add(cooldown);
        }
    }

    fn withdraw(&mut self) {
        self.pending_payout = Address::default();
        self.effective_at = 0;
    }

    /// The member's will about who may claim: the owner and the delegate, or anyone.
    ///
    /// # Errors
    /// [`VaultError::ClaimRestricted`].
    pub fn require_allowed(&self, signer: Option<&Address>) -> Result<()> {
        require!(
            self.restricted == 0 || signer.is_some_and(|key| self.is_owner_or_delegate(key)),
            VaultError::ClaimRestricted
        );
        Ok(())
    }

    /// Whether `key` may say when and in what parts the member is paid.
    #[must_use]
    pub fn is_owner_or_delegate(&self, key: &Address) -> bool {
        address_eq(key, &self.owner)
            || (self.delegate != Address::default() && address_eq(key, &self.delegate))
    }

    /// Whether the account says nothing that its absence would not say.
    #[must_use]
    pub fn is_idle(&self, now: i64) -> bool {
        self.restricted == 0 && self.payout_at(now) == self.owner
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenRecipient`].
    pub fn invariant(&self) -> Result<()> {
        let pending = self.effective_at != 0;
        require!(
            self.owner != Address::default()
                && self.payout != self.owner
                && self.pending_payout != self.owner
                && (pending || self.pending_payout == Address::default())
                && (!pending || self.pending_payout != self.payout)
                && self.restricted <= 1,
            VaultError::BrokenRecipient
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Address = Address::new_from_array([1; 32]);
    const FIRST: Address = Address::new_from_array([2; 32]);
    const SECOND: Address = Address::new_from_array([3; 32]);
    const STRANGER: Address = Address::new_from_array([4; 32]);

    fn recipient() -> Recipient {
        let mut recipient: Recipient = bytemuck::Zeroable::zeroed();
        recipient.owner = OWNER;
        recipient
    }

    #[test]
    fn a_payout_waits_for_its_cooldown_to_the_second() {
        let mut recipient = recipient();
        recipient.redirect(&FIRST, 100, 50);
        assert_eq!(recipient.payout_at(149), OWNER);
        assert_eq!(recipient.payout_at(150), FIRST);
        recipient.redirect(&SECOND, 200, 50);
        assert_eq!(recipient.payout_at(249), FIRST);
        assert_eq!(recipient.payout_at(250), SECOND);
        assert!(recipient.invariant().is_ok());
    }

    #[test]
    fn the_way_back_to_the_owner_waits_too() {
        let mut recipient = recipient();
        recipient.redirect(&FIRST, 100, 50);
        for back in [OWNER, Address::default()] {
            let mut recipient = recipient;
            recipient.redirect(&back, 200, 50);
            assert_eq!(recipient.payout_at(249), FIRST);
            assert!(!recipient.is_idle(249));
            assert_eq!(recipient.payout_at(250), OWNER);
            assert!(recipient.is_idle(250));
            assert!(recipient.invariant().is_ok());
        }
    }

    #[test]
    fn the_wallet_in_effect_withdraws_what_is_pending() {
        let mut recipient = recipient();
        recipient.redirect(&FIRST, 100, 50);
        recipient.redirect(&OWNER, 149, 50);
        assert_eq!(recipient.effective_at, 0);
        assert_eq!(recipient.payout_at(i64::MAX), OWNER);
    }

    #[test]
    fn the_same_wallet_again_keeps_its_time_and_another_one_waits_anew() {
        let mut recipient = recipient();
        recipient.redirect(&FIRST, 100, 50);
        recipient.redirect(&FIRST, 149, 5_000);
        assert_eq!(recipient.effective_at, 150);
        recipient.redirect(&SECOND, 149, 50);
        assert_eq!(recipient.effective_at, 199);
        assert_eq!(recipient.payout_at(198), OWNER);
    }

    #[test]
    fn a_restricted_member_is_claimed_for_by_owner_and_delegate_only() {
        let mut recipient = recipient();
        assert!(recipient.require_allowed(None).is_ok());
        recipient.restricted = 1;
        for (signer, allowed) in [
            (None, false),
            (Some(OWNER), true),
            (Some(STRANGER), false),
            (Some(Address::default()), false),
        ] {
            let verdict = recipient.require_allowed(signer.as_ref());
            assert_eq!(verdict.is_ok(), allowed, "{signer:?}");
        }
        recipient.delegate = STRANGER;
        assert!(recipient.require_allowed(Some(&STRANGER)).is_ok());
    }

    type Break = fn(&mut Recipient);

    #[test]
    fn the_invariant_notices_each_truth_that_does_not_hold() {
        let mut sound = recipient();
        sound.redirect(&FIRST, 100, 50);
        assert_eq!(
            (recipient().invariant(), sound.invariant()),
            (Ok(()), Ok(()))
        );
        let breaks: [Break; 6] = [
            |it| it.owner = Address::default(),
            |it| it.payout = OWNER,
            |it| it.pending_payout = OWNER,
            |it| it.effective_at = 0,
            |it| it.payout = FIRST,
            |it| it.restricted = 2,
        ];
        for break_it in breaks {
            let mut broken = sound;
            break_it(&mut broken);
            let verdict = broken.invariant();
            assert_eq!(verdict, Err(VaultError::BrokenRecipient.into()));
        }
    }
}
