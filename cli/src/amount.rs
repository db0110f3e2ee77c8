//! Amounts as people write them: exact decimal text of integer base units, never a float.

pub use cairn_spelling::{Amount, AmountError, POINT_DECIMALS, grouped};
