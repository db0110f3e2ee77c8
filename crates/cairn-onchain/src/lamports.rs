//! Lamports from whoever signed.

use anchor_lang::{cpi::InstructionAccount, prelude::*, unchecked_invoke_signed_fixed};

/// The system program's instruction that moves lamports, little-endian before the amount.
const TRANSFER: [u8; 4] = 2_u32.to_le_bytes();

/// Moves `lamports` out of a wallet that signed the transaction. By hand, because Anchor's own call is as large as a whole
/// instruction of ours.
/// A refusal of the system program ends the transaction with its code.
#[inline(never)]
pub fn transfer_lamports(
    from: CpiHandleMut<'_>,
    to: CpiHandleMut<'_>,
    system_program: &Address,
    lamports: u64,
) {
    let mut data = [0; 12];
    let (instruction, amount) = data.split_at_mut(TRANSFER.len());
    instruction.copy_from_slice(&TRANSFER);
    amount.copy_from_slice(&lamports.to_le_bytes());
    let accounts = [
        InstructionAccount::writable_signer(from.address()),
        InstructionAccount::writable(to.address()),
    ];
    unchecked_invoke_signed_fixed(
        system_program,
        &data,
        &accounts,
        &[from.into(), to.into()],
        &[],
    );
}
