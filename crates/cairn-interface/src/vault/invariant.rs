use anchor_lang::{Discriminator, prelude::ProgramError};
use bytemuck::AnyBitPattern;
use reward_vault::{
    VaultError,
    state::{
        BurnReceipt, BurnRound, Campaign, CampaignPage, CampaignTombstone, Carrier, Epoch,
        EpochTombstone, MemberPage, Pool, Recipient, Redemption, Vesting,
    },
};
use solana_sdk::account::Account;

use crate::ids::REWARD_VAULT;

/// Asks an account of the program for its own invariant, as the program does after every instruction. Property tests
/// ask everything they find.
///
/// # Errors
/// The invariant that does not hold; [`VaultError::PoolVersion`] for bytes that are no account of the program.
pub fn invariant(account: &Account) -> Result<(), VaultError> {
    macro_rules! ask {
        ($($state:ty),+) => {
            $(if let Some(state) = head::<$state>(account) {
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
        Redemption,
        Campaign,
        CampaignTombstone,
        Vesting
    );
    // Accounts that only count or remember: every value of theirs is one that can be.
    let counts = head::<MemberPage>(account).is_some()
        || head::<CampaignPage>(account).is_some()
        || head::<EpochTombstone>(account).is_some();
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

/// The fixed part of an account of the program, if it is a `T`.
fn head<T: Discriminator + AnyBitPattern>(account: &Account) -> Option<T> {
    let body = account.data.strip_prefix(T::DISCRIMINATOR)?;
    let fixed = body.get(..size_of::<T>())?;
    (account.owner == REWARD_VAULT).then(|| bytemuck::pod_read_unaligned(fixed))
}
