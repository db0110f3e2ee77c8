//! Token accounts as this program reads them, and the transfers it makes.

use anchor_lang::{address_eq, cpi::InstructionAccount, prelude::*, unchecked_invoke_signed_fixed};
use anchor_spl::{mint::Mint, token::TokenAccount};
use solana_sha256_hasher::hashv;

use crate::{
    constants::ASSOCIATED_TOKEN_PROGRAM_ID,
    error::{VaultError, refuse},
    state::Pool,
};

/// What every program-derived address is hashed with.
const PDA_MARKER: &[u8; 21] = b"ProgramDerivedAddress";
/// The token programs' instruction that names mint and decimals, so that a wrong mint can not be moved.
const TRANSFER_CHECKED: u8 = 12;
/// A token account's state byte when it is open; 2 is frozen.
const STATE_INITIALIZED: u8 = 1;
const STATE_FROZEN: u8 = 2;

/// The base fields of an open or frozen token account of `token_program`; `None` for anything else. Accounts of
/// Token-2022 carry extensions after them.
fn read_account(view: &AccountView, token_program: &Address) -> Option<TokenAccount> {
    if !view.owned_by(token_program) {
        return None;
    }
    let data = view.try_borrow().ok()?;
    let account: TokenAccount = *bytemuck::try_from_bytes(data.get(..TokenAccount::LEN)?).ok()?;
    matches!(account.state(), STATE_INITIALIZED | STATE_FROZEN).then_some(account)
}

/// The decimals of an initialised mint of `token_program`; `None` for anything else.
#[must_use]
pub fn mint_decimals(view: &AccountView, token_program: &Address) -> Option<u8> {
    if !view.owned_by(token_program) || view.data_len() != Mint::LEN {
        return None;
    }
    let data = view.try_borrow().ok()?;
    let mint: &Mint = bytemuck::try_from_bytes(data.get(..Mint::LEN)?).ok()?;
    mint.is_initialized().then(|| mint.decimals())
}

/// Base units in the pool's vault.
///
/// # Errors
/// [`VaultError::WrongVault`] when it is no token account.
pub fn vault_balance(vault: &AccountView, pool: &Pool) -> Result<u64> {
    match read_account(vault, &pool.token_program) {
        Some(account) => Ok(account.amount()),
        None => refuse(VaultError::WrongVault),
    }
}

/// The owner of `destination`, once it is the owner's canonical account in good standing. A token account can be
/// given away, delegated or closed by another; whoever sends a claim must not be able to aim it at such a one.
///
/// # Errors
/// One code per fault: [`VaultError::DestinationNotTokenAccount`], `DestinationWrongMint`, `DestinationFrozen`,
/// `DestinationDelegated`, `DestinationCloseAuthority`, `DestinationNotCanonical`.
pub fn payable_owner(destination: &AccountView, pool: &Pool, bump: u8) -> Result<Address> {
    let Some(account) = read_account(destination, &pool.token_program) else {
        return refuse(VaultError::DestinationNotTokenAccount);
    };
    require!(
        address_eq(account.mint(), &pool.mint),
        VaultError::DestinationWrongMint
    );
    require!(
        account.state() != STATE_FROZEN,
        VaultError::DestinationFrozen
    );
    require!(!account.has_delegate(), VaultError::DestinationDelegated);
    require!(
        !account.has_close_authority(),
        VaultError::DestinationCloseAuthority
    );
    let canonical = associated_address(account.owner(), pool, bump);
    require!(
        address_eq(destination.address(), &canonical),
        VaultError::DestinationNotCanonical
    );
    Ok(*account.owner())
}

/// The address of `owner`'s associated token account for `bump`. The bump comes from the sender and is not proven
/// canonical, nor the address off the curve: with any other bump nobody can sign for the address, so no token
/// account can stand there, and the caller has seen one.
fn associated_address(owner: &Address, pool: &Pool, bump: u8) -> Address {
    let hash = hashv(&[
        owner.as_ref(),
        pool.token_program.as_ref(),
        pool.mint.as_ref(),
        &[bump],
        ASSOCIATED_TOKEN_PROGRAM_ID.as_ref(),
        PDA_MARKER,
    ]);
    Address::new_from_array(hash.to_bytes())
}

/// The accounts of one transfer of the pool's token.
pub struct Transfer<'a> {
    pub token_program: &'a Address,
    pub from: CpiHandleMut<'a>,
    pub mint: CpiHandle<'a>,
    pub to: CpiHandleMut<'a>,
    pub authority: CpiHandle<'a>,
}

impl<'a> Transfer<'a> {
    /// Moves `amount` base units. `signer_seeds` is empty when the authority signed the transaction. A refusal of
    /// the token program ends the transaction with its code.
    pub fn invoke(self, amount: u64, decimals: u8, signer_seeds: &'a [&'a [&'a [u8]]]) {
        let mut data = [0; 10];
        let (instruction, rest) = data.split_at_mut(1);
        let (units, places) = rest.split_at_mut(8);
        instruction.copy_from_slice(&[TRANSFER_CHECKED]);
        units.copy_from_slice(&amount.to_le_bytes());
        places.copy_from_slice(&[decimals]);
        unchecked_invoke_signed_fixed(
            self.token_program,
            &data,
            &[
                InstructionAccount::writable(self.from.address()),
                InstructionAccount::readonly(self.mint.address()),
                InstructionAccount::writable(self.to.address()),
                InstructionAccount::readonly_signer(self.authority.address()),
            ],
            &[self.from.into(), self.mint, self.to.into(), self.authority],
            signer_seeds,
        );
    }
}
