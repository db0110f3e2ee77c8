//! Accounts in memory, laid out as the chain hands them to a program: what reads one can be asked natively.

use anchor_lang::{Discriminator, prelude::*};
use bytemuck::NoUninit;

/// Bytes before an account's data: flags, address, owner, lamports, length.
const HEAD_LEN: usize = 88;

/// One account: its head, then its data. Words, because the head must be aligned as they are.
pub struct Memory(Vec<u64>);

impl Memory {
    /// An account of `owner` that holds `data`.
    pub fn new(owner: &Address, data: &[u8]) -> Self {
        let mut bytes = vec![0_u8; HEAD_LEN];
        // Borrowed by nobody, and writable.
        (bytes[0], bytes[2]) = (255, 1);
        bytes[40..72].copy_from_slice(owner.as_ref());
        bytes[72] = 1;
        bytes[80..].copy_from_slice(&(data.len() as u64).to_le_bytes());
        bytes.extend_from_slice(data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let words = bytes.chunks_exact(8).map(bytemuck::pod_read_unaligned);
        Self(words.collect())
    }

    /// An account of this program that holds `state` and nothing behind it.
    pub fn of<T: Discriminator + NoUninit>(state: &T) -> Self {
        Self::with_tail(state, &[])
    }

    /// An account of this program that holds `state`, then `tail`.
    pub fn with_tail<T: Discriminator + NoUninit>(state: &T, tail: &[u8]) -> Self {
        let data = [T::DISCRIMINATOR, bytemuck::bytes_of(state), tail].concat();
        Self::new(&crate::ID, &data)
    }

    /// The account, as long as this memory lives.
    pub fn view(&mut self) -> AccountView {
        // SAFETY: head and data lie behind the pointer as the loader lays them out, and the words are theirs alone.
        unsafe { AccountView::new_unchecked(self.0.as_mut_ptr().cast()) }
    }

    /// Why it can not be read as `A`; `None` when it can.
    pub fn refusal<A: AnchorAccount>(&mut self) -> Option<ProgramError> {
        A::load(self.view()).err()
    }
}
