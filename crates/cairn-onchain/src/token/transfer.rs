use anchor_lang::{address_eq, cpi::InstructionAccount, prelude::*, unchecked_invoke_signed_fixed};

use super::account::{destination_balance, requires_memo, vault_balance};
use super::mint::has_extensions;
use crate::{Refusal, Rule, constants::MEMO_PROGRAM_ID};

/// The token programs' instruction that names mint and decimals, so that a wrong mint can not be moved.
const TRANSFER_CHECKED: u8 = 12;
/// What is said to a destination that lets in no transfer without a memo.
const MEMO: &[u8] = b"cairn";

/// The accounts of a transfer into a vault.
pub struct Deposit<'a> {
    pub token_program: &'a UncheckedAccount,
    /// Where the tokens come from; the token program checks it.
    pub from: &'a mut UncheckedAccount,
    pub mint: &'a UncheckedAccount,
    pub vault: &'a mut UncheckedAccount,
    /// The owner or delegate of `from`, who signed the transaction.
    pub authority: CpiHandle<'a>,
}

/// Moves `units` into a vault and returns what arrived, not what was sent: a mint may take a fee on the way.
///
/// # Errors
/// [`Rule::WrongVault`] when the vault is no token account. A refusal of the token program ends the transaction
/// with its code.
#[inline(never)]
pub fn deposit<E: Refusal>(accounts: Deposit<'_>, units: u64, decimals: u8) -> Result<u64> {
    let Deposit {
        token_program,
        from,
        mint,
        vault,
        authority,
    } = accounts;
    let token_program = token_program.address();
    let before = vault_balance::<E>(vault, token_program)?;
    Transfer {
        token_program,
        from: from.try_cpi_handle_mut()?,
        mint: mint.cpi_handle(),
        to: vault.try_cpi_handle_mut()?,
        authority,
    }
    .invoke(units, decimals, &[]);
    arrived::<E>(before, vault_balance::<E>(vault, token_program)?)
}

/// The accounts of a transfer out of a vault.
pub struct Payout<'a> {
    pub token_program: &'a UncheckedAccount,
    pub vault: &'a mut UncheckedAccount,
    pub mint: &'a UncheckedAccount,
    /// [`super::payable_owner`] has seen it.
    pub destination: &'a mut UncheckedAccount,
    /// The vault's owner, for whose address `signer_seeds` sign.
    pub authority: CpiHandle<'a>,
    /// Needed when the destination requires a memo.
    pub memo_program: Option<&'a UncheckedAccount>,
}

/// Moves `units` out of a vault and returns what arrived, which is less when the mint takes a fee. The caller counts
/// `units` as paid: that is what the vault no longer holds.
///
/// # Errors
/// [`Rule::DestinationMemoRequired`], [`Rule::WrongMemoProgram`]. A refusal of the token program ends the
/// transaction with its code.
pub fn pay<E: Refusal>(
    accounts: Payout<'_>,
    units: u64,
    decimals: u8,
    signer_seeds: &[&[&[u8]]],
) -> Result<u64> {
    let Payout {
        token_program,
        vault,
        mint,
        destination,
        authority,
        memo_program,
    } = accounts;
    let token_program = token_program.address();
    if requires_memo(destination) {
        write_memo::<E>(memo_program)?;
    }
    // A mint without extensions takes no fee, and most have none: their members need not pay for the measuring.
    let measured = has_extensions(mint);
    let before = if measured {
        destination_balance::<E>(destination, token_program)?
    } else {
        0
    };
    Transfer {
        token_program,
        from: vault.try_cpi_handle_mut()?,
        mint: mint.cpi_handle(),
        to: destination.try_cpi_handle_mut()?,
        authority,
    }
    .invoke(units, decimals, signer_seeds);
    if measured {
        arrived::<E>(
            before,
            destination_balance::<E>(destination, token_program)?,
        )
    } else {
        Ok(units)
    }
}

fn arrived<E: Refusal>(before: u64, after: u64) -> Result<u64> {
    match after.checked_sub(before) {
        Some(units) => Ok(units),
        None => Err(E::of(Rule::Overflow)),
    }
}

/// Says [`MEMO`]; the token program looks for a memo right before the transfer, at the same depth of calls.
fn write_memo<E: Refusal>(memo_program: Option<&UncheckedAccount>) -> Result<()> {
    let Some(program) = memo_program else {
        return Err(E::of(Rule::DestinationMemoRequired));
    };
    require!(
        address_eq(program.address(), &MEMO_PROGRAM_ID),
        E::of(Rule::WrongMemoProgram)
    );
    unchecked_invoke_signed_fixed(program.address(), MEMO, &[], &[], &[]);
    Ok(())
}

/// The accounts of one transfer.
struct Transfer<'a> {
    token_program: &'a Address,
    from: CpiHandleMut<'a>,
    mint: CpiHandle<'a>,
    to: CpiHandleMut<'a>,
    authority: CpiHandle<'a>,
}

impl<'a> Transfer<'a> {
    /// Moves `amount` base units. `signer_seeds` is empty when the authority signed the transaction.
    fn invoke(self, amount: u64, decimals: u8, signer_seeds: &'a [&'a [&'a [u8]]]) {
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
