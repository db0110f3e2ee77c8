use core::ops::{Deref, DerefMut};

use anchor_lang::prelude::*;
use cairn_merkle::{LeafIndex, SLOTS_PER_PAGE, member_page_of, slot_of};
use cairn_onchain::constants::{ACCOUNT_STORAGE_OVERHEAD, MAX_CREATED_LEN};

use crate::error::VaultError;

/// What one member took out, over their whole life. No counter decreases, but for credits that a carrier did not
/// fulfil in time and that are refunded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct MemberSlot {
    /// Base units paid.
    pub tokens_claimed: u64,
    /// Milli-points burnt.
    pub points_burnt: u64,
    /// Data credits redeemed, and in the top bit whether the member has a recipient account.
    credits_and_mark: u64,
}

impl MemberSlot {
    /// The mark costs no rent: no member ever has 2^63 credits.
    const RECIPIENT_MARK: u64 = 1 << 63;
    /// Most data credits that a leaf grants and a member redeems.
    pub const MAX_CREDITS: u64 = Self::RECIPIENT_MARK - 1;

    /// Data credits redeemed.
    #[must_use]
    pub const fn credits_redeemed(&self) -> u64 {
        self.credits_and_mark & Self::MAX_CREDITS
    }

    /// Writes the data credits redeemed.
    ///
    /// # Errors
    /// [`VaultError::CreditsRange`] above [`Self::MAX_CREDITS`].
    pub fn set_credits_redeemed(&mut self, credits: u64) -> Result<()> {
        require!(credits <= Self::MAX_CREDITS, VaultError::CreditsRange);
        self.credits_and_mark = (self.credits_and_mark & Self::RECIPIENT_MARK) | credits;
        Ok(())
    }

    /// Whether the member has a recipient account, which payouts must then bring along.
    #[must_use]
    pub const fn has_recipient(&self) -> bool {
        self.credits_and_mark & Self::RECIPIENT_MARK != 0
    }

    /// Notes that the member has a recipient account, or none.
    pub const fn mark_recipient(&mut self, present: bool) {
        if present {
            self.credits_and_mark |= Self::RECIPIENT_MARK;
        } else {
            self.credits_and_mark &= Self::MAX_CREDITS;
        }
    }
}

/// The counters of 420 members with neighbouring indices. Seeds: `"page", pool, page`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct MemberPage {
    /// The pool whose members these are.
    pub pool: Address,
    /// Holds indices `page × 420` to `page × 420 + 419`.
    pub page: u32,
    /// Layout version.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved: [u8; 2],
    /// One slot for each index.
    pub slots: [MemberSlot; 420],
}

const PAGE_LEN: usize = 8 + size_of::<MemberPage>();
const _: () = assert!(PAGE_LEN == 10_128 && SLOTS_PER_PAGE == 420);
const _: () = assert!(PAGE_LEN <= MAX_CREATED_LEN);
// The promise to members: at most 170,000 lamports each, once, at today's 6,960 lamports a byte.
const _: () = assert!((ACCOUNT_STORAGE_OVERHEAD + PAGE_LEN) * 6_960 <= 170_000 * 420);

impl MemberPage {
    /// The slot of the member at `index`.
    ///
    /// # Errors
    /// [`VaultError::WrongPage`] when another page holds it.
    pub fn slot_mut(&mut self, index: u32) -> Result<&mut MemberSlot> {
        let index = LeafIndex::new(index);
        require!(member_page_of(index) == self.page, VaultError::WrongPage);
        let at = usize::try_from(slot_of(index)).map_err(|_| VaultError::WrongPage)?;
        Ok(self.slots.get_mut(at).ok_or(VaultError::WrongPage)?)
    }
}

/// A [`MemberPage`] that may not exist yet: says [`VaultError::PageMissing`] instead of Anchor's code for any
/// foreign account, so that a claimant knows to open it.
pub struct OpenedPage(Account<MemberPage>);

impl OpenedPage {
    fn require_opened(view: &AccountView) -> Result<()> {
        require!(view.owned_by(&crate::ID), VaultError::PageMissing);
        Ok(())
    }
}

impl AnchorAccount for OpenedPage {
    type Data = MemberPage;
    const MIN_DATA_LEN: usize = PAGE_LEN;
    const RELAX_READONLY_CPI_BORROW_FROM_MUT: bool = true;

    fn load(view: AccountView) -> Result<Self> {
        Self::require_opened(&view)?;
        Account::load(view).map(Self)
    }

    unsafe fn load_mut(view: AccountView) -> Result<Self> {
        Self::require_opened(&view)?;
        // SAFETY: the caller's promise, passed on: no other mutable reference to this account's data exists.
        unsafe { Account::load_mut(view) }.map(Self)
    }

    fn account(&self) -> &AccountView {
        self.0.account()
    }
}

impl Deref for OpenedPage {
    type Target = MemberPage;
    fn deref(&self) -> &MemberPage {
        &self.0
    }
}

impl DerefMut for OpenedPage {
    fn deref_mut(&mut self) -> &mut MemberPage {
        &mut self.0
    }
}

#[cfg(feature = "idl-build")]
impl IdlAccountType for OpenedPage {
    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        <Account<MemberPage> as IdlAccountType>::__register_idl_deps(accounts, types);
    }
}
#[cfg(not(feature = "idl-build"))]
impl IdlAccountType for OpenedPage {}

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;

    #[test]
    fn mark_and_credits_do_not_touch_each_other() {
        let mut slot = MemberSlot::default();
        slot.set_credits_redeemed(MemberSlot::MAX_CREDITS).ok();
        assert!(!slot.has_recipient());
        slot.mark_recipient(true);
        assert!(slot.has_recipient());
        assert_eq!(slot.credits_redeemed(), MemberSlot::MAX_CREDITS);
        slot.set_credits_redeemed(7).ok();
        assert!(slot.has_recipient());
        slot.mark_recipient(false);
        assert!(!slot.has_recipient());
        assert_eq!(slot.credits_redeemed(), 7);
    }

    #[test]
    fn credits_that_would_reach_the_mark_are_refused() {
        let mut slot = MemberSlot::default();
        let refused = slot.set_credits_redeemed(MemberSlot::MAX_CREDITS + 1);
        assert_eq!(refused, Err(VaultError::CreditsRange.into()));
        assert_eq!(slot, MemberSlot::default());
    }

    #[test]
    fn a_page_gives_the_slots_of_its_own_members_alone() {
        let mut page: MemberPage = bytemuck::Zeroable::zeroed();
        page.page = 2;
        for (index, at) in [(840, 0), (841, 1), (1_259, 419)] {
            let slot = page.slot_mut(index);
            let claimed = slot.map(|slot| slot.tokens_claimed = u64::from(index));
            assert_eq!(claimed, Ok(()));
            assert_eq!(page.slots[at].tokens_claimed, u64::from(index));
        }
        for index in [0, 839, 1_260, u32::MAX] {
            let slot = page.slot_mut(index).map(|slot| *slot);
            assert_eq!(slot, Err(VaultError::WrongPage.into()), "{index}");
        }
    }

    fn memory<T: Discriminator + bytemuck::NoUninit>(state: &T) -> Memory {
        Memory::of(&crate::ID, state, &[])
    }

    #[test]
    fn a_page_that_nobody_opened_is_missing() {
        let mut unopened = Memory::new(&Address::default(), &[]);
        let missing = Some(VaultError::PageMissing.into());
        assert_eq!(unopened.refusal::<OpenedPage>(), missing);
        let page: MemberPage = bytemuck::Zeroable::zeroed();
        assert_eq!(memory(&page).refusal::<OpenedPage>(), None);
        let pool: crate::state::Pool = bytemuck::Zeroable::zeroed();
        let other = Some(ProgramError::AccountDataTooSmall);
        assert_eq!(memory(&pool).refusal::<OpenedPage>(), other);
    }

    #[test]
    fn an_opened_page_reads_and_writes_the_account() {
        let mut page: MemberPage = bytemuck::Zeroable::zeroed();
        page.page = 2;
        let mut memory = memory(&page);
        let number = memory.change(|opened: &mut OpenedPage| {
            opened.slots[3].points_burnt = 5;
            opened.page
        });
        assert_eq!(number, Ok(2));
        let burnt = memory.read(|opened: &OpenedPage| opened.slots[3].points_burnt);
        assert_eq!(burnt, Ok(5));
    }
}
