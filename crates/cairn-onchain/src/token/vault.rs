use anchor_lang::{
    address_eq, cpi::InstructionAccount, create_account_with_signers, pinocchio::cpi, prelude::*,
    unchecked_invoke_signed_fixed,
};

use super::account::holds_fees;
use crate::{Refusal, Rule};

/// The token programs' instruction that names the owner in its data.
const INITIALIZE_ACCOUNT_3: u8 = 18;
/// The token programs' answer to how many bytes an account of a mint has.
const GET_ACCOUNT_DATA_SIZE: u8 = 21;
/// The token programs' instruction that frees an empty account's rent.
const CLOSE_ACCOUNT: u8 = 9;
/// Token-2022's instruction that moves withheld fees from accounts into their mint; anyone may send it.
const HARVEST_WITHHELD_TO_MINT: [u8; 2] = [26, 4];

/// The accounts of a vault to be.
pub struct NewVault<'a> {
    /// Pays the rent.
    pub payer: &'a AccountView,
    pub vault: &'a UncheckedAccount,
    /// [`super::check_mint`] has seen it.
    pub mint: &'a UncheckedAccount,
    pub token_program: &'a UncheckedAccount,
    /// Who the vault belongs to: an address of the program.
    pub owner: &'a Address,
}

/// Creates a token account at the address that `seeds`, with their bump, sign for. An address that someone sent
/// lamports to beforehand is created all the same.
///
/// # Errors
/// [`Rule::MintUnsupported`], and those of the system program; a refusal of the token program ends the transaction with its code.
#[inline(never)]
pub fn create_vault<E: Refusal>(new: NewVault<'_>, seeds: &[&[u8]]) -> Result<()> {
    let NewVault {
        payer,
        vault,
        mint,
        token_program,
        owner,
    } = new;
    let token_program = token_program.address();
    let space = account_len::<E>(mint, token_program)?;
    create_account_with_signers(
        payer,
        vault.account(),
        space,
        token_program,
        Some(seeds),
        None,
    )?;
    let mut data = [INITIALIZE_ACCOUNT_3; 33];
    for (to, from) in data.iter_mut().skip(1).zip(owner.as_ref()) {
        *to = *from;
    }
    unchecked_invoke_signed_fixed(
        token_program,
        &data,
        &[
            InstructionAccount::writable(vault.address()),
            InstructionAccount::readonly(mint.address()),
        ],
        &[vault.cpi_handle(), mint.cpi_handle()],
        &[],
    );
    Ok(())
}

/// Bytes that an account of `mint` has. The token program knows which extensions of a mint its accounts must carry.
fn account_len<E: Refusal>(mint: &UncheckedAccount, token_program: &Address) -> Result<usize> {
    unchecked_invoke_signed_fixed(
        token_program,
        &[GET_ACCOUNT_DATA_SIZE],
        &[InstructionAccount::readonly(mint.address())],
        &[mint.cpi_handle()],
        &[],
    );
    let answer = cpi::get_return_data().filter(|data| address_eq(data.program_id(), token_program));
    let len = answer.and_then(|data| {
        let len = u64::from_le_bytes(data.as_slice().try_into().ok()?);
        usize::try_from(len).ok()
    });
    match len {
        Some(len) => Ok(len),
        None => Err(E::of(Rule::MintUnsupported)),
    }
}

/// The accounts of a vault that has served.
pub struct CloseVault<'a> {
    pub token_program: &'a UncheckedAccount,
    /// Holds no tokens any more.
    pub vault: &'a mut UncheckedAccount,
    /// Receives fees that were withheld in the vault.
    pub mint: &'a mut UncheckedAccount,
    /// Gets the rent.
    pub rent_to: CpiHandleMut<'a>,
    /// The vault's owner, for whose address `signer_seeds` sign.
    pub authority: CpiHandle<'a>,
}

/// Closes an empty vault. What a fee-taking mint withheld when the vault was filled goes to the mint first, where it
/// belongs: the token program closes no account that holds fees.
///
/// # Errors
/// [`ProgramError::InvalidArgument`] when vault or mint did not come writable. A refusal of the token program ends
/// the transaction with its code.
#[inline(never)]
pub fn close_vault(accounts: CloseVault<'_>, signer_seeds: &[&[&[u8]]]) -> Result<()> {
    let CloseVault {
        token_program,
        vault,
        mint,
        rent_to,
        authority,
    } = accounts;
    let token_program = token_program.address();
    if holds_fees(vault.account()) {
        let (mint, vault) = (mint.try_cpi_handle_mut()?, vault.try_cpi_handle_mut()?);
        unchecked_invoke_signed_fixed(
            token_program,
            &HARVEST_WITHHELD_TO_MINT,
            &[
                InstructionAccount::writable(mint.address()),
                InstructionAccount::writable(vault.address()),
            ],
            &[mint.into(), vault.into()],
            &[],
        );
    }
    let vault = vault.try_cpi_handle_mut()?;
    unchecked_invoke_signed_fixed(
        token_program,
        &[CLOSE_ACCOUNT],
        &[
            InstructionAccount::writable(vault.address()),
            InstructionAccount::writable(rent_to.address()),
            InstructionAccount::readonly_signer(authority.address()),
        ],
        &[vault.into(), rent_to.into(), authority],
        signer_seeds,
    );
    Ok(())
}
