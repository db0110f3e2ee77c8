//! What the runtime tells every program, read from its accounts.

use cairn_interface::DecodeError;
use serde::de::DeserializeOwned;
use solana_sdk::{account::Account, clock::Clock, pubkey::Pubkey, rent::Rent};

pub(crate) const CLOCK: &str = "the clock";
pub(crate) const RENT: &str = "the rent's rate";

pub(crate) fn clock(address: Pubkey, account: &Account) -> Result<Clock, DecodeError> {
    decode(address, account, CLOCK)
}

pub(crate) fn rent(address: Pubkey, account: &Account) -> Result<Rent, DecodeError> {
    decode(address, account, RENT)
}

fn decode<T: DeserializeOwned>(
    address: Pubkey,
    account: &Account,
    what: &'static str,
) -> Result<T, DecodeError> {
    bincode::deserialize(&account.data).map_err(|_| DecodeError::BadField {
        address,
        what,
        field: "its layout",
    })
}
