//! Accounts in memory, laid out as the chain hands them to a program: a program's own tests ask natively what reads one.
#![expect(
    unsafe_code,
    reason = "the loader hands accounts over as raw bytes, and so does this; every place says why it holds"
)]

use anchor_lang::prelude::*;
use bytemuck::NoUninit;

/// One account: its head, then its data. Words, because the head must be aligned as they are.
pub struct Memory(Vec<u64>);

impl Memory {
    /// An account of `owner` that holds `data`, and that nobody has borrowed.
    #[must_use]
    pub fn new(owner: &Address, data: &[u8]) -> Self {
        // Free to borrow, no signer, writable, no program.
        let flags = [255, 0, 1, 0, 0, 0, 0, 0];
        let address = [0; 32];
        let lamports = 1_u64.to_le_bytes();
        let len = (data.len() as u64).to_le_bytes();
        let head: [&[u8]; 5] = [&flags, &address, owner.as_ref(), &lamports, &len];
        let mut bytes = head.concat();
        bytes.extend_from_slice(data);
        bytes.resize(bytes.len().next_multiple_of(size_of::<u64>()), 0);
        let words = bytes.chunks_exact(size_of::<u64>());
        Self(words.map(bytemuck::pod_read_unaligned).collect())
    }

    /// An account of `program` that holds `state` behind its discriminator, then `tail`.
    #[must_use]
    pub fn of<T: Discriminator + NoUninit>(program: &Address, state: &T, tail: &[u8]) -> Self {
        let data = [T::DISCRIMINATOR, bytemuck::bytes_of(state), tail].concat();
        Self::new(program, &data)
    }

    /// The account, as long as this memory lives.
    pub fn view(&mut self) -> AccountView {
        // SAFETY: head and data lie behind the pointer as the loader lays them out, and the words are theirs alone.
        unsafe { AccountView::new_unchecked(self.0.as_mut_ptr().cast()) }
    }

    /// What `look` sees in it, read as `A`.
    ///
    /// # Errors
    /// Those of loading an `A`.
    pub fn read<A: AnchorAccount, R>(&mut self, look: impl FnOnce(&A) -> R) -> Result<R> {
        A::load(self.view()).map(|account| look(&account))
    }

    /// The same with a hand that may `change` it.
    ///
    /// # Errors
    /// Those of loading a mutable `A`.
    pub fn change<A: AnchorAccount, R>(&mut self, change: impl FnOnce(&mut A) -> R) -> Result<R> {
        // SAFETY: the account is gone when this function ends, and until then it alone has this memory.
        unsafe { A::load_mut(self.view()) }.map(|mut account| change(&mut account))
    }

    /// Why it can not be read as `A`; `None` when it can.
    pub fn refusal<A: AnchorAccount>(&mut self) -> Option<ProgramError> {
        self.read(|_: &A| ()).err()
    }
}
