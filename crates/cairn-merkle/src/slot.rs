use crate::LeafIndex;

/// Members whose counters share one page account.
///
/// 24 bytes a member and 128 bytes of account overhead cost `(128 + header + 24 n) × 6,960 / n` lamports a member:
/// 256 slots would cost over 170,000 whatever the header, 420 stay below and still fit the 10,240 bytes that one
/// instruction may create.
pub const SLOTS_PER_PAGE: u32 = 420;

/// The page that holds a member's counters.
#[must_use]
pub const fn member_page_of(index: LeafIndex) -> u32 {
    index.get() / SLOTS_PER_PAGE
}

/// The member's slot inside its page, below [`SLOTS_PER_PAGE`].
#[must_use]
pub const fn slot_of(index: LeafIndex) -> u32 {
    index.get() % SLOTS_PER_PAGE
}

/// Pages that hold `leaf_count` members.
#[must_use]
pub const fn member_pages_for(leaf_count: u32) -> u32 {
    leaf_count.div_ceil(SLOTS_PER_PAGE)
}
