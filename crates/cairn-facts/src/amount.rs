use cairn_merkle::Tokens;
use cairn_spelling::Amount;

/// Tokens of a mint with so many decimals.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where an amount's unit is known"
)]
#[must_use]
pub const fn of_tokens(tokens: Tokens, decimals: u8) -> Amount {
    Amount::new(tokens.get(), decimals)
}
