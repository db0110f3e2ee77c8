//! Durable nonce accounts: their value stands in for a recent blockhash, so that a transaction stays valid for as long as a
//! multisig's members or the owner of a cold wallet need to sign it.

use cairn_interface::ids::SYSTEM_PROGRAM;
use solana_sdk::account::Account;
use solana_sdk::hash::Hash;
use solana_sdk::instruction::{AccountMeta, Instruction};
use solana_sdk::pubkey;
use solana_sdk::pubkey::Pubkey;

/// A nonce account as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    pub address: Pubkey,
    /// Signs that the nonce may be used.
    pub authority: Pubkey,
    pub value: Hash,
}

/// Bytes of a nonce account: version, state, authority, value, fee.
const NONCE_LEN: usize = 80;
/// Version 1, state 1 (initialised), both 32 bits little endian. Version 0 has no domain of its own and is no longer accepted.
const CURRENT_INITIALISED: [u8; 8] = [1, 0, 0, 0, 1, 0, 0, 0];
/// The system program's instruction `AdvanceNonceAccount`.
const ADVANCE: u32 = 4;
/// An account that the instruction still names although the runtime has stopped reading it.
const RECENT_BLOCKHASHES: Pubkey = pubkey!("SysvarRecentB1ockHashes11111111111111111111");

impl Nonce {
    /// Reads what lies at `address`; `None` for anything but an initialised nonce account.
    #[must_use]
    pub fn decode(address: Pubkey, account: &Account) -> Option<Self> {
        if account.owner != SYSTEM_PROGRAM || account.data.len() != NONCE_LEN {
            return None;
        }
        let (head, rest) = account.data.split_first_chunk::<8>()?;
        let (authority, rest) = rest.split_first_chunk::<32>()?;
        let (value, _fee) = rest.split_first_chunk::<32>()?;
        (*head == CURRENT_INITIALISED).then(|| Self {
            address,
            authority: Pubkey::new_from_array(*authority),
            value: Hash::new_from_array(*value),
        })
    }

    /// Uses the nonce up. Must be a transaction's first instruction.
    #[must_use]
    pub fn advance(&self) -> Instruction {
        Instruction {
            program_id: SYSTEM_PROGRAM,
            accounts: vec![
                AccountMeta::new(self.address, false),
                AccountMeta::new_readonly(RECENT_BLOCKHASHES, false),
                AccountMeta::new_readonly(self.authority, true),
            ],
            data: ADVANCE.to_le_bytes().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(version: u8, state: u8, len: usize) -> Account {
        let mut data = vec![7; len];
        data[..8].copy_from_slice(&[version, 0, 0, 0, state, 0, 0, 0]);
        Account {
            data,
            owner: SYSTEM_PROGRAM,
            ..Account::default()
        }
    }

    #[test]
    fn only_an_initialised_account_of_the_current_version_is_a_nonce() {
        let address = Pubkey::new_from_array([1; 32]);
        let nonce = Nonce::decode(address, &account(1, 1, NONCE_LEN)).unwrap();
        assert_eq!(nonce.authority, Pubkey::new_from_array([7; 32]));
        assert_eq!(nonce.value, Hash::new_from_array([7; 32]));
        for other in [
            account(0, 1, NONCE_LEN),
            account(1, 0, NONCE_LEN),
            account(1, 1, NONCE_LEN - 1),
            Account::default(),
        ] {
            assert_eq!(Nonce::decode(address, &other), None);
        }
    }
}
