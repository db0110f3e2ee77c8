use anchor_lang::{accounts::Slab, prelude::*};
use cairn_merkle::{DROPS_PER_PAGE, LeafIndex, drop_bit_of, drop_page_of};
use cairn_onchain::{
    Guard, Guarded,
    constants::{ACCOUNT_STORAGE_OVERHEAD, MAX_CREATED_LEN},
};

use crate::error::AirdropError;

/// A page's account: the [`CampaignPage`], then its bits.
pub type CampaignPageAccount = Slab<CampaignPage, Bits>;

/// The bits of 320 claimants with neighbouring indices, the first in the lowest bit of the first byte. A page's tail
/// grows by whole items, and a smaller item would make a full page dearer to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct Bits {
    pub bytes: [u8; 40],
}

/// Claimants whose bits are in one item.
const CLAIMANTS_PER_ITEM: u32 = 320;

/// Who of up to 80,000 neighbouring claimants claimed. Seeds: `"bits", campaign, page`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct CampaignPage {
    /// The campaign whose claimants these are.
    pub campaign: Address,
    /// Paid the rent and gets it back.
    pub rent_payer: Address,
    /// Holds indices `page × 80,000` to `page × 80,000 + 79,999`.
    pub page: u32,
    /// Layout version.
    pub version: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Zero.
    pub reserved: [u8; 2],
}

const _: () = assert!(size_of::<CampaignPage>() == 72);

const FULL_PAGE_LEN: usize = CampaignPageAccount::space_for(DROPS_PER_PAGE / CLAIMANTS_PER_ITEM);
const _: () = assert!(size_of::<Bits>() == 40 && DROPS_PER_PAGE.is_multiple_of(CLAIMANTS_PER_ITEM));
const _: () = assert!(FULL_PAGE_LEN <= MAX_CREATED_LEN);
// The promise to claimants: at most 1,000 lamports each, at today's 6,960 lamports a byte.
const _: () = assert!((ACCOUNT_STORAGE_OVERHEAD + FULL_PAGE_LEN) * 6_960 <= 1_000 * 80_000);

impl CampaignPage {
    /// Bytes of one item of bits.
    pub const ITEM_LEN: usize = size_of::<Bits>();

    /// Items that hold the bits of the claimants on `page` of `leaf_count`; none when there are no such claimants.
    #[must_use]
    pub fn items(leaf_count: u32, page: u32) -> u32 {
        let first = page.saturating_mul(DROPS_PER_PAGE);
        let claimants = leaf_count.saturating_sub(first).min(DROPS_PER_PAGE);
        claimants.div_ceil(CLAIMANTS_PER_ITEM)
    }

    /// Bytes of that page's account.
    #[must_use]
    pub fn space(leaf_count: u32, page: u32) -> usize {
        CampaignPageAccount::space_for(Self::items(leaf_count, page))
    }
}

/// Where a claimant's bit stands: the item, the byte in it, the bit in that.
fn place(page: &CampaignPage, index: u32) -> Result<(usize, usize, u8)> {
    let index = LeafIndex::new(index);
    require!(drop_page_of(index) == page.page, AirdropError::WrongPage);
    let bit = drop_bit_of(index);
    let inside = bit % CLAIMANTS_PER_ITEM;
    let (Ok(item), Ok(byte)) = (
        usize::try_from(bit / CLAIMANTS_PER_ITEM),
        usize::try_from(inside / 8),
    ) else {
        return Err(AirdropError::WrongPage.into());
    };
    Ok((item, byte, 1 << (inside % 8)))
}

/// Sets the bit of the claimant at `index`.
///
/// # Errors
/// [`AirdropError::WrongPage`] when another page holds it, [`AirdropError::AlreadyClaimed`] when it is set.
pub fn mark_claimed(page: &mut CampaignPageAccount, index: u32) -> Result<()> {
    let (item, byte, mask) = place(page, index)?;
    let bits = page.as_mut_slice().get_mut(item);
    let byte = bits
        .and_then(|bits| bits.bytes.get_mut(byte))
        .ok_or(AirdropError::WrongPage)?;
    require!(*byte & mask == 0, AirdropError::AlreadyClaimed);
    *byte |= mask;
    Ok(())
}

/// A page that may not exist yet: says [`AirdropError::CampaignPageMissing`] then, so that a claimant knows to open it.
pub type OpenedCampaignPage = Guarded<CampaignPageAccount, PageOpen>;

/// The guard of [`OpenedCampaignPage`].
pub struct PageOpen;

impl Guard for PageOpen {
    fn reason(view: &AccountView, error: ProgramError) -> ProgramError {
        if view.owned_by(&crate::ID) {
            error
        } else {
            AirdropError::CampaignPageMissing.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use cairn_memory::Memory;

    use super::*;

    #[test]
    fn a_page_is_as_long_as_its_claimants_need() {
        for (leaf_count, page, items) in [
            (1, 0, 1),
            (320, 0, 1),
            (321, 0, 2),
            (80_000, 0, 250),
            (80_001, 0, 250),
            (80_001, 1, 1),
            (80_001, 2, 0),
            (1 << 24, 209, 179),
            (1, u32::MAX, 0),
        ] {
            assert_eq!(
                CampaignPage::items(leaf_count, page),
                items,
                "{leaf_count} drops, page {page}"
            );
            // The discriminator, the head, the number of items and the items.
            let space = 8 + 72 + 4 + 40 * items as usize;
            assert_eq!(CampaignPage::space(leaf_count, page), space);
        }
        assert_eq!(FULL_PAGE_LEN, CampaignPage::space(80_000, 0));
    }

    #[test]
    fn every_claimant_of_a_page_has_a_bit_of_their_own() {
        let mut page: CampaignPage = bytemuck::Zeroable::zeroed();
        page.page = 3;
        let mut seen = std::collections::BTreeSet::new();
        for index in 240_000..320_000 {
            let place = place(&page, index);
            assert!(matches!(place, Ok((item, byte, _)) if item < 250 && byte < 40));
            assert!(seen.insert(place.ok()), "{index} shares a bit");
        }
        for index in [0, 239_999, 320_000] {
            assert_eq!(place(&page, index), Err(AirdropError::WrongPage.into()));
        }
    }

    #[test]
    fn a_claim_sets_its_own_bit_once_and_no_other() {
        let mut page: CampaignPage = bytemuck::Zeroable::zeroed();
        page.page = 3;
        let tail = [&2_u32.to_le_bytes()[..], &[0; 80]].concat();
        let mut memory = Memory::of(&crate::ID, &page, &tail);
        let read = memory.change(|page: &mut CampaignPageAccount| {
            for (index, item, byte, bits) in [
                (240_000, 0, 0, 0b1),
                (240_002, 0, 0, 0b101),
                (240_319, 0, 39, 0b1000_0000),
                (240_320, 1, 0, 0b1),
            ] {
                assert_eq!(mark_claimed(page, index), Ok(()));
                assert_eq!(page.as_slice()[item].bytes[byte], bits);
                let again = Err(AirdropError::AlreadyClaimed.into());
                assert_eq!(mark_claimed(page, index), again);
            }
            let set = page.iter().flat_map(|item| item.bytes);
            assert_eq!(set.map(u8::count_ones).sum::<u32>(), 4);
            // Of another page, and behind the last item.
            let wrong = Err(AirdropError::WrongPage.into());
            assert_eq!(mark_claimed(page, 239_999), wrong);
            assert_eq!(mark_claimed(page, 240_640), wrong);
        });
        assert_eq!(read, Ok(()));
    }

    #[test]
    fn a_page_that_nobody_opened_is_missing() {
        let mut unopened = Memory::new(&Address::default(), &[]);
        let missing = Some(AirdropError::CampaignPageMissing.into());
        assert_eq!(unopened.refusal::<OpenedCampaignPage>(), missing);
        let mut other = Memory::new(&crate::ID, &[0; 200]);
        let refusal = other.refusal::<OpenedCampaignPage>();
        assert_eq!(refusal, Some(ProgramError::InvalidAccountData));
    }
}
