//! How long random plays are, and with which dice.

#[expect(
    clippy::disallowed_methods,
    reason = "a test has no command line to be told seed and steps on"
)]
/// The number that a variable of the environment holds, when it is set.
pub fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let parsed = text.parse();
    Some(parsed.unwrap_or_else(|_| panic!("{variable} must be a number: {text:?}")))
}
