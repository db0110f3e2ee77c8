//! Who could do something with what is paid to an address. The programs pay any owner's token account; a payment to the
//! token account *of a mint* arrives as well as any other, and is lost for ever.

use std::fmt;

use solana_sdk::{account::Account, pubkey, pubkey::Pubkey};

use crate::ids;
use crate::spl::{MULTISIG_LEN, MintView, TokenAccountView};

const LOADERS: [Pubkey; 4] = [
    pubkey!("BPFLoader1111111111111111111111111111111111"),
    pubkey!("BPFLoader2111111111111111111111111111111111"),
    pubkey!("BPFLoaderUpgradeab1e11111111111111111111111"),
    pubkey!("LoaderV411111111111111111111111111111111111"),
];
const SYSVARS: Pubkey = pubkey!("Sysvar1111111111111111111111111111111111111");
const NATIVE_LOADER: Pubkey = pubkey!("NativeLoader1111111111111111111111111111111");
/// What is sent there is burnt at the end of the block.
const INCINERATOR: Pubkey = pubkey!("1nc1nerator11111111111111111111111111111111");

/// What an address is, as far as being paid goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payee {
    /// A key may exist that signs for it.
    Wallet,
    /// No key exists, or a program owns its account: a vault, a multisig. Only that program can pass on what arrives.
    Keyless,
    /// Nobody can ever sign for it.
    Nobody(Nobody),
}

/// Why nobody can sign for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    Mint,
    /// A place for tokens, not their owner.
    TokenAccount {
        owner: Pubkey,
    },
    /// A program, its code, or what the cluster itself keeps.
    Program,
    Incinerator,
}

impl fmt::Display for Nobody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mint => f.write_str("the mint of a token"),
            Self::TokenAccount { owner } => write!(f, "a token account; its wallet is {owner}"),
            Self::Program => f.write_str("a program"),
            Self::Incinerator => f.write_str("the incinerator"),
        }
    }
}

impl Payee {
    /// What `address` is, from the account that lives there, if any.
    #[must_use]
    pub fn of(address: &Pubkey, account: Option<&Account>) -> Self {
        if *address == INCINERATOR {
            return Self::Nobody(Nobody::Incinerator);
        }
        match account.filter(|account| account.owner != ids::SYSTEM_PROGRAM) {
            None if *address == ids::SYSTEM_PROGRAM => Self::Nobody(Nobody::Program),
            None if address.is_on_curve() => Self::Wallet,
            None => Self::Keyless,
            Some(account) => Self::of_owned(*address, account),
        }
    }

    fn of_owned(address: Pubkey, account: &Account) -> Self {
        let owner = account.owner;
        if account.executable
            || LOADERS.contains(&owner)
            || [SYSVARS, NATIVE_LOADER].contains(&owner)
        {
            return Self::Nobody(Nobody::Program);
        }
        // A multisig of the token programs owns token accounts as a wallet does.
        let of_tokens = [ids::TOKEN_PROGRAM, ids::TOKEN_2022_PROGRAM].contains(&owner);
        if !of_tokens || account.data.len() == MULTISIG_LEN {
            return Self::Keyless;
        }
        if let Ok(token) = TokenAccountView::decode(address, account) {
            let owner = token.owner;
            return Self::Nobody(Nobody::TokenAccount { owner });
        }
        if MintView::decode(address, account).is_ok() {
            return Self::Nobody(Nobody::Mint);
        }
        // Not initialised: whoever does so decides what it becomes.
        Self::Keyless
    }
}

#[cfg(test)]
mod tests {
    use solana_program::program_pack::Pack;
    use spl_token_interface::state::{
        Account as TokenState, AccountState, Mint as MintState, Multisig,
    };

    use super::*;

    const WALLET: Pubkey = pubkey!("AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ");

    fn account(owner: Pubkey, data: Vec<u8>) -> Account {
        Account {
            lamports: 1,
            data,
            owner,
            ..Account::default()
        }
    }

    fn packed<T: Pack>(state: T) -> Vec<u8> {
        let mut data = vec![0; T::LEN];
        state.pack_into_slice(&mut data);
        data
    }

    #[test]
    fn a_key_that_may_exist_is_a_wallet_whether_or_not_it_has_lamports() {
        let plain = account(ids::SYSTEM_PROGRAM, Vec::new());
        let nonce = account(ids::SYSTEM_PROGRAM, vec![1; 80]);
        for found in [None, Some(&plain), Some(&nonce)] {
            assert_eq!(Payee::of(&WALLET, found), Payee::Wallet);
        }
    }

    #[test]
    fn vaults_and_multisigs_are_keyless_and_can_be_paid() {
        let vault = Pubkey::find_program_address(&[b"vault"], &ids::REWARD_VAULT).0;
        let foreign = account(ids::REWARD_VAULT, vec![7; 40]);
        let multisig = account(ids::TOKEN_PROGRAM, packed(Multisig::default()));
        assert_eq!(Payee::of(&vault, None), Payee::Keyless);
        assert_eq!(Payee::of(&vault, Some(&foreign)), Payee::Keyless);
        assert_eq!(Payee::of(&WALLET, Some(&multisig)), Payee::Keyless);
    }

    #[test]
    fn what_nobody_can_sign_for_is_told_apart() {
        let owner = Pubkey::new_from_array([2; 32]);
        let token = packed(TokenState {
            owner,
            state: AccountState::Initialized,
            ..TokenState::default()
        });
        let mint = packed(MintState {
            is_initialized: true,
            ..MintState::default()
        });
        for program in [ids::TOKEN_PROGRAM, ids::TOKEN_2022_PROGRAM] {
            for (data, nobody) in [
                (token.clone(), Nobody::TokenAccount { owner }),
                (mint.clone(), Nobody::Mint),
            ] {
                let found = account(program, data);
                assert_eq!(Payee::of(&WALLET, Some(&found)), Payee::Nobody(nobody));
            }
        }
        let executable = Account {
            executable: true,
            ..account(LOADERS[1], Vec::new())
        };
        let code = account(LOADERS[2], vec![3; 45]);
        let sysvar = account(SYSVARS, vec![0; 40]);
        for found in [executable, code, sysvar] {
            assert_eq!(
                Payee::of(&WALLET, Some(&found)),
                Payee::Nobody(Nobody::Program)
            );
        }
        assert_eq!(
            Payee::of(&INCINERATOR, None),
            Payee::Nobody(Nobody::Incinerator)
        );
    }

    #[test]
    fn a_token_account_is_told_with_the_wallet_that_was_meant() {
        let told = Nobody::TokenAccount { owner: WALLET }.to_string();
        assert_eq!(told, format!("a token account; its wallet is {WALLET}"));
    }
}
