use core::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use anchor_lang::{AccountClose, prelude::*};

/// A question to an account that could not be read: one that can pays nothing for it.
pub trait Guard {
    /// Whether the account may be read at all: one of an older layout must not be, where it would be misread.
    ///
    /// # Errors
    /// The guard's own.
    #[inline(always)]
    fn admit(_view: &AccountView) -> Result<()> {
        Ok(())
    }

    /// Why an account could not be read, as its user should hear it; `error` is Anchor's word.
    #[cold]
    fn reason(_view: &AccountView, error: ProgramError) -> ProgramError {
        error
    }
}

/// An account that may be absent or something else for a reason that its user can mend: the guard's code says which,
/// where Anchor's own would be the same for every foreign account.
pub struct Guarded<A, G>(A, PhantomData<G>);

impl<A: AnchorAccount, G: Guard> AnchorAccount for Guarded<A, G> {
    type Data = A;
    const MIN_DATA_LEN: usize = A::MIN_DATA_LEN;
    const RELAX_READONLY_CPI_BORROW_FROM_MUT: bool = A::RELAX_READONLY_CPI_BORROW_FROM_MUT;

    // One copy for all instructions that name such an account.
    #[inline(never)]
    fn load(view: AccountView) -> Result<Self> {
        G::admit(&view)?;
        match A::load(view) {
            Ok(account) => Ok(Self(account, PhantomData)),
            Err(error) => Err(G::reason(&view, error)),
        }
    }

    #[inline(never)]
    unsafe fn load_mut(view: AccountView) -> Result<Self> {
        G::admit(&view)?;
        // SAFETY: the caller's promise, passed on: no other mutable reference to this account's data exists.
        match unsafe { A::load_mut(view) } {
            Ok(account) => Ok(Self(account, PhantomData)),
            Err(error) => Err(G::reason(&view, error)),
        }
    }

    fn account(&self) -> &AccountView {
        self.0.account()
    }

    fn exit(&mut self) -> ProgramResult {
        self.0.exit()
    }

    fn cpi_handle(&self) -> CpiHandle<'_> {
        self.0.cpi_handle()
    }

    fn try_cpi_handle_mut(&mut self) -> Result<CpiHandleMut<'_>> {
        self.0.try_cpi_handle_mut()
    }
}

impl<A: AccountClose, G: Guard> AccountClose for Guarded<A, G> {
    fn close(&mut self, destination: AccountView) -> ProgramResult {
        self.0.close(destination)
    }
}

impl<A, G> Deref for Guarded<A, G> {
    type Target = A;
    fn deref(&self) -> &A {
        &self.0
    }
}

impl<A, G> DerefMut for Guarded<A, G> {
    fn deref_mut(&mut self) -> &mut A {
        &mut self.0
    }
}

#[cfg(feature = "idl-build")]
impl<A: IdlAccountType, G> IdlAccountType for Guarded<A, G> {
    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        A::__register_idl_deps(accounts, types);
    }
}
#[cfg(not(feature = "idl-build"))]
impl<A, G> IdlAccountType for Guarded<A, G> {}
