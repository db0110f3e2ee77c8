use anchor_lang::prelude::ProgramError;
use reward_vault::{
    VaultError,
    state::{
        BurnReceipt, BurnRound, Carrier, Challenge, Epoch, EpochTombstone, MemberPage, Pool,
        Recipient, Redemption,
    },
};
use solana_sdk::account::Account;

use crate::{decode::fixed, ids::REWARD_VAULT};

/// Asks an account of the program for its own invariant, as the program does after every instruction. Property tests
/// ask everything they find.
///
/// # Errors
/// The invariant that does not hold; [`VaultError::PoolVersion`] for bytes that are no account of the program.
pub fn invariant(account: &Account) -> Result<(), VaultError> {
    macro_rules! ask {
        ($($state:ty),+) => {
            $(if let Some(state) = fixed::<$state>(account, &REWARD_VAULT) {
                return state.invariant().map_err(broken);
            })+
        };
    }
    ask!(
        Pool,
        Epoch,
        Recipient,
        BurnRound,
        BurnReceipt,
        Carrier,
        Challenge,
        Redemption
    );
    // Accounts that only count or remember: every value of theirs is one that can be.
    let counts = fixed::<MemberPage>(account, &REWARD_VAULT).is_some()
        || fixed::<EpochTombstone>(account, &REWARD_VAULT).is_some();
    if counts {
        return Ok(());
    }
    Err(VaultError::PoolVersion)
}

fn broken(error: ProgramError) -> VaultError {
    match error {
        ProgramError::Custom(code) => VaultError::from_code(code),
        _ => None,
    }
    .unwrap_or(VaultError::PoolVersion)
}
