use crate::MerkleError;

/// Deepest tree: 2^24 leaves.
pub const MAX_DEPTH: u8 = 24;
/// Most leaves a tree holds.
pub const MAX_LEAVES: u32 = 1 << MAX_DEPTH;

/// The smallest depth whose 2^depth positions hold `leaf_count` leaves; 0 for a single leaf.
///
/// # Errors
/// [`MerkleError::LeafCount`] outside 1..=2^24.
pub const fn depth_for(leaf_count: u32) -> Result<u8, MerkleError> {
    if leaf_count == 0 || leaf_count > MAX_LEAVES {
        return Err(MerkleError::LeafCount);
    }
    // A depth is at most 24 here, so the narrowing can not lose anything.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "trailing_zeros of a u32 is at most 32"
    )]
    Ok(leaf_count.next_power_of_two().trailing_zeros() as u8)
}
