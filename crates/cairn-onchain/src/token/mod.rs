//! Everything that touches SPL Token and Token-2022: which mints the programs take, which accounts they pay to, and
//! the calls that create, fill, empty and close their vaults.

mod account;
mod mint;
mod tlv;
mod transfer;
mod vault;

pub use account::{payable_owner, vault_balance};
pub use mint::{check_mint, has_extensions};
pub use transfer::{Deposit, Payout, deposit, pay};
pub use vault::{CloseVault, NewVault, close_vault, create_vault};
