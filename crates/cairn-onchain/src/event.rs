//! Events: instructions of a program to itself. Unlike log lines they can not be truncated away, and an indexer finds
//! them among a transaction's inner instructions.

use anchor_lang::{
    accounts::UncheckedAccount, cpi::InstructionAccount, event::EVENT_IX_TAG_LE, prelude::*,
    unchecked_invoke_signed_fixed,
};
use bytemuck::{Pod, Zeroable};

use crate::constants::EVENT_AUTHORITY_SEED;

/// The bytes of an event's instruction, as Anchor's `emit_cpi!` lays them out. A struct on the stack instead of the
/// three vectors of that macro: every claim pays for it.
#[derive(Clone, Copy)]
#[repr(C)]
struct EventInstruction<E> {
    tag: [u8; 8],
    discriminator: [u8; 8],
    event: E,
}

impl<E: Discriminator> EventInstruction<E> {
    const TAG: [u8; 8] = eight(EVENT_IX_TAG_LE);
    const DISCRIMINATOR: [u8; 8] = eight(E::DISCRIMINATOR);
    const WITHOUT_PADDING: () = assert!(size_of::<Self>() == 16 + size_of::<E>());
}

/// Fails the build, not the instruction, when a tag is not 8 bytes long.
const fn eight(bytes: &[u8]) -> [u8; 8] {
    match bytes.first_chunk() {
        Some(tag) if bytes.len() == 8 => *tag,
        _ => panic!("event tags have 8 bytes"),
    }
}

// SAFETY: `repr(C)`, any bytes are valid, and there is no padding: the event starts at offset 16, a multiple of any
// alignment up to 16, and a Pod's size is a multiple of its alignment.
unsafe impl<E: Pod> Zeroable for EventInstruction<E> {}
// SAFETY: as above.
unsafe impl<E: Pod> Pod for EventInstruction<E> {}

/// Sends `event` to `program`, which is the running one, signed by its event authority, whose address the accounts
/// struct has checked and whose bump it has found at compile time.
pub fn emit<E: Pod + Discriminator>(
    program: &Address,
    authority: &UncheckedAccount,
    bump: u8,
    event: E,
) {
    let () = EventInstruction::<E>::WITHOUT_PADDING;
    let instruction = EventInstruction {
        tag: EventInstruction::<E>::TAG,
        discriminator: EventInstruction::<E>::DISCRIMINATOR,
        event,
    };
    invoke(program, authority, bump, bytemuck::bytes_of(&instruction));
}

/// What all events have in common, once in a program.
#[inline(never)]
fn invoke(program: &Address, authority: &UncheckedAccount, bump: u8, instruction: &[u8]) {
    unchecked_invoke_signed_fixed(
        program,
        instruction,
        &[InstructionAccount::readonly_signer(authority.address())],
        &[authority.cpi_handle()],
        &[&[EVENT_AUTHORITY_SEED, &[bump]]],
    );
}
