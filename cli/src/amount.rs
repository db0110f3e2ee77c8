//! Amounts as people write them: exact decimal text of integer base units, never a float. Each is made of its unit, here and
//! nowhere else: of a bare number nobody could tell what it counts.

use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_spelling::POINT_DECIMALS;

use crate::error::CliError;

pub use cairn_facts::{of_points, of_tokens};
pub use cairn_spelling::{Amount, AmountError, grouped};

/// Data credits in words: they have no decimals.
#[must_use]
pub fn of_credits(credits: Credits) -> String {
    grouped(credits.get())
}

/// Hundredths of a percent as a percentage: 5, 0.25.
#[must_use]
pub fn percent(bps: u64) -> String {
    bare(bps, 2).plain()
}

/// Tokens as a person typed them; `what` is called wrong otherwise.
///
/// # Errors
/// [`CliError::Amount`].
pub fn read_tokens(what: &'static str, text: &str, decimals: u8) -> Result<Tokens, CliError> {
    read(what, text, decimals).map(Tokens::new)
}

/// Points as a person typed them.
///
/// # Errors
/// As [`read_tokens`].
pub fn read_points(what: &'static str, text: &str) -> Result<MilliPoints, CliError> {
    read(what, text, POINT_DECIMALS).map(MilliPoints::new)
}

fn read(what: &'static str, text: &str, decimals: u8) -> Result<u64, CliError> {
    match Amount::parse(text, decimals) {
        Ok(amount) => Ok(amount.base()),
        Err(source) => Err(CliError::Amount { what, source }),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where an amount's unit is known"
)]
const fn bare(base: u64, decimals: u8) -> Amount {
    Amount::new(base, decimals)
}
