//! What stays where an account was closed: enough to tell what it was, and something in the way of whoever would create
//! it again.

use anchor_lang::{prelude::*, realloc_account};
use bytemuck::{NoUninit, Pod};

use crate::{Refusal, Rule};

/// Bytes of a tombstone's account.
#[must_use]
pub const fn space<T: Discriminator>() -> usize {
    T::DISCRIMINATOR.len().saturating_add(size_of::<T>())
}

/// Shrinks `account` to `tombstone` behind its own discriminator. The rent of the bytes that go returns to `heir`; the
/// rest stays, so the address is never free again. Nothing may read the account as what it was afterwards.
///
/// # Errors
/// [`Rule::Overflow`] when the account is shorter than the tombstone.
pub fn bury<E: Refusal, T: Discriminator + Pod>(
    account: AccountView,
    tombstone: &T,
    heir: AccountView,
) -> Result<()> {
    let mut account = account;
    let space = space::<T>();
    require!(account.data_len() >= space, E::of(Rule::Overflow));
    realloc_account(&mut account, space, &heir, false)?;
    // SAFETY: the caller holds the only typed reference to this account and does not read through it again; the slice
    // ends before this function does.
    let data = unsafe { account.borrow_unchecked_mut() };
    let (kind, body) = data
        .split_at_mut_checked(T::DISCRIMINATOR.len())
        .ok_or(E::of(Rule::Overflow))?;
    kind.copy_from_slice(T::DISCRIMINATOR);
    body.copy_from_slice(bytemuck::bytes_of(tombstone));
    Ok(())
}

/// Whether `account` holds the tombstone `T` of `program`.
#[must_use]
pub fn is_buried<T: Discriminator + NoUninit>(program: &Address, account: &AccountView) -> bool {
    account.owned_by(program)
        && account
            .try_borrow()
            .is_ok_and(|data| data.starts_with(T::DISCRIMINATOR))
}

/// Puts a tombstone into the interface description. Anchor makes that of the accounts that instructions take, and no
/// instruction takes what is only in the way; a client that meets one must be able to read it all the same.
#[macro_export]
macro_rules! describe_tombstone {
    ($tombstone:ident) => {
        #[cfg(all(test, feature = "idl-build"))]
        mod __anchor_private_print_idl_account {
            #[test]
            fn print() {
                let (mut accounts, mut types) = (Vec::new(), Vec::new());
                <super::$tombstone as anchor_lang::IdlAccountType>::__register_idl_deps(
                    &mut accounts,
                    &mut types,
                );
                let (accounts, types) = (accounts.join(","), types.join(","));
                println!("--- IDL begin account ---");
                println!("{{\"accounts\":[{accounts}],\"types\":[{types}]}}");
                println!("--- IDL end account ---");
            }
        }
    };
}
