use anchor_lang::{address_eq, pinocchio::account::Ref, prelude::*};
use anchor_spl::token::TokenAccount;
use solana_sha256_hasher::hashv;

use super::tlv::{Kind, extensions};
use crate::{
    Refusal, Rule,
    constants::{ASSOCIATED_TOKEN_PROGRAM_ID, PDA_MARKER, TOKEN_2022_ID},
};

/// A token account's state byte when it is open; 2 is frozen.
const STATE_INITIALIZED: u8 = 1;
const STATE_FROZEN: u8 = 2;
/// Token-2022's numbers of extensions of accounts.
const TRANSFER_FEE_AMOUNT: u16 = 2;
const MEMO_TRANSFER: u16 = 8;

/// The base fields of an open or frozen token account of `token_program`; `None` for anything else: a mint or a
/// multisig of Token-2022 must not pass for an account.
fn read_account<'a>(
    view: &'a AccountView,
    token_program: &Address,
) -> Option<Ref<'a, TokenAccount>> {
    if !view.owned_by(token_program) {
        return None;
    }
    let data = view.try_borrow().ok()?;
    if data.len() != TokenAccount::LEN {
        extensions(&data, Kind::Account).filter(|_| address_eq(token_program, &TOKEN_2022_ID))?;
    }
    let account = Ref::filter_map(data, |data| {
        bytemuck::try_from_bytes::<TokenAccount>(data.get(..TokenAccount::LEN)?).ok()
    });
    let account = account.ok()?;
    matches!(account.state(), STATE_INITIALIZED | STATE_FROZEN).then_some(account)
}

/// Base units in a vault.
///
/// # Errors
/// [`Rule::WrongVault`] when it is no token account of `token_program`.
pub fn vault_balance<E: Refusal>(vault: &AccountView, token_program: &Address) -> Result<u64> {
    match read_account(vault, token_program) {
        Some(account) => Ok(account.amount()),
        None => Err(E::of(Rule::WrongVault)),
    }
}

/// Base units in a destination that [`payable_owner`] has seen.
pub(super) fn destination_balance<E: Refusal>(
    view: &AccountView,
    token_program: &Address,
) -> Result<u64> {
    match read_account(view, token_program) {
        Some(account) => Ok(account.amount()),
        None => Err(E::of(Rule::DestinationNotTokenAccount)),
    }
}

/// The owner of `destination`, once it is the owner's canonical account in good standing. A token account can be
/// given away, delegated or closed by another; whoever sends a payout must not be able to aim it at such a one. With
/// any other `bump` than the canonical one the address differs.
///
/// # Errors
/// One rule per fault: [`Rule::DestinationNotTokenAccount`], `DestinationWrongMint`, `DestinationFrozen`,
/// `DestinationDelegated`, `DestinationCloseAuthority`, `DestinationNotCanonical`.
pub fn payable_owner<E: Refusal>(
    destination: &AccountView,
    mint: &Address,
    token_program: &Address,
    bump: u8,
) -> Result<Address> {
    let Some(account) = read_account(destination, token_program) else {
        return Err(E::of(Rule::DestinationNotTokenAccount));
    };
    require!(
        address_eq(account.mint(), mint),
        E::of(Rule::DestinationWrongMint)
    );
    require!(
        account.state() != STATE_FROZEN,
        E::of(Rule::DestinationFrozen)
    );
    require!(!account.has_delegate(), E::of(Rule::DestinationDelegated));
    require!(
        !account.has_close_authority(),
        E::of(Rule::DestinationCloseAuthority)
    );
    let canonical = associated_address(account.owner(), mint, token_program, bump);
    require!(
        address_eq(destination.address(), &canonical),
        E::of(Rule::DestinationNotCanonical)
    );
    Ok(*account.owner())
}

/// The address of `owner`'s associated token account for `bump`. The bump comes from the sender and is not proven
/// canonical, nor the address off the curve: with any other bump nobody can sign for the address, so no token
/// account can stand there, and the caller has seen one.
fn associated_address(
    owner: &Address,
    mint: &Address,
    token_program: &Address,
    bump: u8,
) -> Address {
    let hash = hashv(&[
        owner.as_ref(),
        token_program.as_ref(),
        mint.as_ref(),
        &[bump],
        ASSOCIATED_TOKEN_PROGRAM_ID.as_ref(),
        PDA_MARKER,
    ]);
    Address::new_from_array(hash.to_bytes())
}

/// Whether the owner lets in no transfer without a memo.
pub(super) fn requires_memo(account: &AccountView) -> bool {
    account.data_len() > TokenAccount::LEN && any_set(account, MEMO_TRANSFER)
}

/// Whether the account holds fees that a mint's authority has not collected yet; the token program closes no such.
pub(super) fn holds_fees(account: &AccountView) -> bool {
    account.data_len() > TokenAccount::LEN && any_set(account, TRANSFER_FEE_AMOUNT)
}

/// Whether the account has the extension with any byte of its value set.
fn any_set(account: &AccountView, kind: u16) -> bool {
    let Ok(data) = account.try_borrow() else {
        return false;
    };
    let Some(mut extensions) = extensions(&data, Kind::Account) else {
        return false;
    };
    extensions.any(|entry| {
        entry.is_ok_and(|(found, value)| found == kind && value.iter().any(|byte| *byte != 0))
    })
}
