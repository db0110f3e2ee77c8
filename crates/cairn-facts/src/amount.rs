use cairn_merkle::{MilliPoints, Tokens};
use cairn_spelling::{Amount, POINT_DECIMALS};

/// Tokens of a mint with so many decimals.
#[must_use]
pub const fn of_tokens(tokens: Tokens, decimals: u8) -> Amount {
    bare(tokens.get(), decimals)
}

/// Points, which are kept in thousandths.
#[must_use]
pub const fn of_points(points: MilliPoints) -> Amount {
    bare(points.get(), POINT_DECIMALS)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where an amount's unit is known"
)]
const fn bare(base: u64, decimals: u8) -> Amount {
    Amount::new(base, decimals)
}
