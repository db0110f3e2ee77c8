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
