//! Accounts that whoever sends an instruction may name wrongly, because they were closed, never opened or are of
//! another kind: one error of ours for each, instead of one of several of Anchor's.

use anchor_lang::prelude::*;
use cairn_onchain::{Guard, Guarded};

use super::{BurnReceipt, BurnRound, Carrier, Pool, Recipient, Redemption, pool_version};
use crate::{constants::POOL_VERSION, error::VaultError};

/// A pool, read by one function for all instructions: read by `Account` itself, each would carry a copy of it. A claim
/// does, because it is worth the units.
pub type KnownPool = Guarded<Account<Pool>, AnyPool>;
/// A round that was opened and not closed.
pub type KnownRound = Guarded<Account<BurnRound>, RoundKnown>;
/// A receipt that is not settled.
pub type KnownReceipt = Guarded<Account<BurnReceipt>, ReceiptKnown>;
/// A carrier that the pool's admin named.
pub type KnownCarrier = Guarded<Account<Carrier>, CarrierKnown>;
/// A redemption that is neither fulfilled nor refunded.
pub type KnownRedemption = Guarded<Account<Redemption>, RedemptionKnown>;
/// A recipient account that its member set and did not close.
pub type KnownRecipient = Guarded<Account<Recipient>, RecipientKnown>;

/// The guard of [`KnownPool`]: tells a pool of an older layout, which is shorter, from anything else.
pub struct AnyPool;
/// The guard of [`KnownRound`].
pub struct RoundKnown;
/// The guard of [`KnownReceipt`].
pub struct ReceiptKnown;
/// The guard of [`KnownCarrier`].
pub struct CarrierKnown;
/// The guard of [`KnownRedemption`].
pub struct RedemptionKnown;
/// The guard of [`KnownRecipient`].
pub struct RecipientKnown;

impl Guard for AnyPool {
    fn reason(view: &AccountView, error: ProgramError) -> ProgramError {
        if pool_version(view).is_some_and(|version| version != POOL_VERSION) {
            VaultError::PoolVersion.into()
        } else {
            error
        }
    }
}

impl Guard for RoundKnown {
    fn reason(_view: &AccountView, _error: ProgramError) -> ProgramError {
        VaultError::WrongRound.into()
    }
}

impl Guard for ReceiptKnown {
    fn reason(_view: &AccountView, _error: ProgramError) -> ProgramError {
        VaultError::WrongReceipt.into()
    }
}

impl Guard for CarrierKnown {
    fn reason(_view: &AccountView, _error: ProgramError) -> ProgramError {
        VaultError::CarrierInactive.into()
    }
}

impl Guard for RedemptionKnown {
    fn reason(_view: &AccountView, _error: ProgramError) -> ProgramError {
        VaultError::WrongRedemption.into()
    }
}

impl Guard for RecipientKnown {
    fn reason(_view: &AccountView, _error: ProgramError) -> ProgramError {
        VaultError::WrongRecipient.into()
    }
}

#[cfg(test)]
mod tests {
    use anchor_lang::Discriminator;
    use cairn_memory::Memory;

    use super::*;

    #[test]
    fn each_account_has_a_name_for_being_wrong() {
        let mut foreign = Memory::new(&Address::default(), &[]);
        let told: [(Option<ProgramError>, VaultError); 5] = [
            (foreign.refusal::<KnownRound>(), VaultError::WrongRound),
            (foreign.refusal::<KnownReceipt>(), VaultError::WrongReceipt),
            (
                foreign.refusal::<KnownCarrier>(),
                VaultError::CarrierInactive,
            ),
            (
                foreign.refusal::<KnownRedemption>(),
                VaultError::WrongRedemption,
            ),
            (
                foreign.refusal::<KnownRecipient>(),
                VaultError::WrongRecipient,
            ),
        ];
        for (refusal, expected) in told {
            assert_eq!(refusal, Some(expected.into()));
        }
    }

    #[test]
    fn a_pool_of_an_older_layout_is_told_from_what_is_no_pool() {
        let pool = |version| {
            let mut pool: Pool = bytemuck::Zeroable::zeroed();
            pool.version = version;
            Memory::of(&crate::ID, &pool, &[])
        };
        assert_eq!(pool(POOL_VERSION).refusal::<KnownPool>(), None);
        // Older ones are shorter.
        let short = |version| {
            let mut bytes = vec![0; 900];
            bytes[..8].copy_from_slice(Pool::DISCRIMINATOR);
            bytes[8 + 879] = version;
            Memory::new(&crate::ID, &bytes)
        };
        let older = Some(VaultError::PoolVersion.into());
        for version in [1, 2] {
            assert_eq!(short(version).refusal::<KnownPool>(), older);
        }
        let cut = Some(ProgramError::AccountDataTooSmall);
        assert_eq!(short(POOL_VERSION).refusal::<KnownPool>(), cut);
        let mut foreign = Memory::new(&Address::default(), &[0; 2_136]);
        assert_ne!(foreign.refusal::<KnownPool>(), older);
    }
}
