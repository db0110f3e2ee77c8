//! Reads what a signature precompile verified, out of the transaction's own instructions.
//!
//! The precompile takes key, signature and message from wherever its offsets point, in any instruction; a program that
//! reads them from where they usually stand can be shown one message while another was verified. Here only one form is
//! accepted, byte for byte: one signature, all three parts in the precompile's own data, in the order the SDK writes.

use anchor_lang::{
    pinocchio::{
        account::Ref,
        sysvars::instructions::{INSTRUCTIONS_ID, Instructions},
    },
    prelude::*,
};

use crate::{RegistryError, constants::KEY_ED25519};

const ED25519_PROGRAM: Address =
    anchor_lang::address!("Ed25519SigVerify111111111111111111111111111");
const SECP256R1_PROGRAM: Address =
    anchor_lang::address!("Secp256r1SigVerify1111111111111111111111111");

/// Count and padding, then seven u16 of offsets.
const HEADER_LEN: usize = 16;
const SIGNATURE_LEN: usize = 64;
/// As an instruction index: this precompile instruction's own data.
const SELF: u16 = u16::MAX;

/// What one signature was verified over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// 32 bytes of an Ed25519 key, or 33 of a compressed P-256 key.
    pub key: &'a [u8],
    pub message: &'a [u8],
}

/// Takes apart the data of a precompile instruction whose key is `key_len` bytes.
///
/// # Errors
/// [`RegistryError::PrecompileLayout`] unless it has exactly the accepted form.
pub fn parse(data: &[u8], key_len: usize) -> core::result::Result<Signed<'_>, RegistryError> {
    let refused = RegistryError::PrecompileLayout;
    let (header, body) = data.split_at_checked(HEADER_LEN).ok_or(refused)?;
    let (key, rest) = body.split_at_checked(key_len).ok_or(refused)?;
    let (_signature, message) = rest.split_at_checked(SIGNATURE_LEN).ok_or(refused)?;
    if header == expected_header(key_len, message.len()).ok_or(refused)? {
        Ok(Signed { key, message })
    } else {
        Err(refused)
    }
}

/// The header whose offsets point at key, signature and message one after the other, and nowhere else.
fn expected_header(key_len: usize, message_len: usize) -> Option<[u8; HEADER_LEN]> {
    let key_at = HEADER_LEN;
    let signature_at = key_at.checked_add(key_len)?;
    let message_at = signature_at.checked_add(SIGNATURE_LEN)?;
    let fields = [
        u16::try_from(signature_at).ok()?,
        SELF,
        u16::try_from(key_at).ok()?,
        SELF,
        u16::try_from(message_at).ok()?,
        u16::try_from(message_len).ok()?,
        SELF,
    ];
    // One signature, one byte of padding.
    let mut header = [0; HEADER_LEN];
    let bytes = [1, 0]
        .into_iter()
        .chain(fields.into_iter().flat_map(u16::to_le_bytes));
    for (to, from) in header.iter_mut().zip(bytes) {
        *to = from;
    }
    Some(header)
}

/// The transaction's instructions.
///
/// # Errors
/// [`RegistryError::NotInstructionsSysvar`]: an account of anybody's making would say anything.
pub(crate) fn instructions(view: &AccountView) -> Result<Instructions<Ref<'_, [u8]>>> {
    if *view.address() != INSTRUCTIONS_ID {
        return Err(RegistryError::NotInstructionsSysvar.into());
    }
    Instructions::try_from(view)
}

/// Which refusals a signature's checks answer with.
pub(crate) struct Refusals {
    pub missing: RegistryError,
    pub key: RegistryError,
    pub message: RegistryError,
}

/// Requires that the instruction `back` before the present one had `key` (of `key_kind`) sign `message`.
///
/// # Errors
/// The refusals' `missing` when no precompile of that kind stands there, then [`RegistryError::PrecompileLayout`],
/// then `key`, then `message`.
pub(crate) fn require_signed(
    instructions: &Instructions<Ref<'_, [u8]>>,
    back: i64,
    key_kind: u8,
    key: &[u8; 32],
    message: &[u8],
    refusals: &Refusals,
) -> Result<()> {
    let instruction = instructions
        .get_instruction_relative(back.saturating_neg())
        .map_err(|_| refusals.missing)?;
    let (program, prefix) = if key_kind == KEY_ED25519 {
        (ED25519_PROGRAM, None)
    } else {
        (SECP256R1_PROGRAM, Some(key_kind))
    };
    if *instruction.get_program_id() != program {
        return Err(refusals.missing.into());
    }
    let key_len = key.len().saturating_add(prefix.iter().count());
    let signed = parse(instruction.get_instruction_data(), key_len)?;
    if !prefix.iter().chain(key).eq(signed.key) {
        return Err(refusals.key.into());
    }
    if signed.message != message {
        return Err(refusals.message.into());
    }
    Ok(())
}
