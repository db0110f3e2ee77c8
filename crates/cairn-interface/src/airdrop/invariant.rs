use ::airdrop::{
    AirdropError,
    state::{Campaign, CampaignPage, CampaignTombstone, Vesting},
};
use anchor_lang::prelude::ProgramError;
use solana_sdk::account::Account;

use crate::{decode::fixed, ids::AIRDROP};

/// Asks an account of the program for its own invariant, as the program does after every instruction. Property tests
/// ask everything they find.
///
/// # Errors
/// The invariant that does not hold; [`AirdropError::WrongCampaign`] for bytes that are no account of the program.
pub fn invariant(account: &Account) -> Result<(), AirdropError> {
    macro_rules! ask {
        ($($state:ty),+) => {
            $(if let Some(state) = fixed::<$state>(account, &AIRDROP) {
                return state.invariant().map_err(broken);
            })+
        };
    }
    ask!(Campaign, CampaignTombstone, Vesting);
    // A page only remembers: every value of its bits is one that can be.
    if fixed::<CampaignPage>(account, &AIRDROP).is_some() {
        return Ok(());
    }
    Err(AirdropError::WrongCampaign)
}

fn broken(error: ProgramError) -> AirdropError {
    match error {
        ProgramError::Custom(code) => AirdropError::from_code(code),
        _ => None,
    }
    .unwrap_or(AirdropError::WrongCampaign)
}
