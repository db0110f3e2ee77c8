//! Amounts: integer base units, and the decimals that place their point.

use serde::Serialize;
use serde::ser::SerializeStruct;
use thiserror::Error;

use crate::decimal::{DecimalFault, decimal};

/// Base units of a token together with the decimals that place its point. Serialises like the RPC's token amounts
/// (`amount`, `decimals`, `uiAmountString`), so that JSON readers that lose integers above 2^53 still read it exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    base: u64,
    decimals: u8,
}

/// Decimals of SOL.
pub const SOL_DECIMALS: u8 = 9;
/// Points are kept in thousandths.
pub const POINT_DECIMALS: u8 = 3;

impl Amount {
    #[must_use]
    pub const fn new(base: u64, decimals: u8) -> Self {
        Self { base, decimals }
    }

    /// Base units.
    #[must_use]
    pub const fn base(&self) -> u64 {
        self.base
    }

    /// Digits behind the point.
    #[must_use]
    pub const fn decimals(&self) -> u8 {
        self.decimals
    }

    #[must_use]
    pub const fn lamports(lamports: u64) -> Self {
        Self {
            base: lamports,
            decimals: SOL_DECIMALS,
        }
    }

    /// Exact text without grouping: `1234.5`. Zeros behind the last digit that counts are left out.
    #[must_use]
    pub fn plain(&self) -> String {
        let (whole, fraction) = self.parts();
        join(whole, &fraction)
    }

    /// Exact text with the whole part grouped by thousands: `1,234.5`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let (whole, fraction) = self.parts();
        join(group(&whole), &fraction)
    }

    /// Digits before and behind the point, the latter without its final zeros.
    fn parts(&self) -> (String, String) {
        let places = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.base, width = places.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
        (whole.to_owned(), fraction.trim_end_matches('0').to_owned())
    }

    /// Reads what a person typed, by the rules of [`decimal`].
    ///
    /// # Errors
    /// [`AmountError`] with the text and what is wrong with it.
    pub fn parse(text: &str, decimals: u8) -> Result<Self, AmountError> {
        decimal(text.as_bytes(), decimals)
            .map(|base| Self { base, decimals })
            .map_err(|fault| AmountError {
                text: text.to_owned(),
                fault,
            })
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Amount", 3)?;
        fields.serialize_field("amount", &self.base.to_string())?;
        fields.serialize_field("decimals", &self.decimals)?;
        fields.serialize_field("uiAmountString", &self.plain())?;
        fields.end()
    }
}

/// A typed amount that was refused, and why.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{text}\" {fault}")]
pub struct AmountError {
    pub text: String,
    pub fault: DecimalFault,
}

impl AmountError {
    /// What to type instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match self.fault {
            DecimalFault::TooLarge => "amounts are in whole tokens, not in base units".to_owned(),
            _ => self.fault.hint(),
        }
    }
}

fn join(whole: String, fraction: &str) -> String {
    if fraction.is_empty() {
        whole
    } else {
        format!("{whole}.{fraction}")
    }
}

/// A count with its thousands grouped: `1,234,567`.
#[must_use]
pub fn grouped(count: u64) -> String {
    group(&count.to_string())
}

fn group(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len().saturating_add(digits.len() / 3));
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(base: u64, decimals: u8) -> Amount {
        Amount { base, decimals }
    }

    #[test]
    fn an_amount_is_written_exactly_and_without_final_zeros() {
        assert_eq!(of(1_234_500_000, 6).grouped(), "1,234.5");
        assert_eq!(of(1_234_500_000, 6).plain(), "1234.5");
        assert_eq!(of(5, 6).grouped(), "0.000005");
        assert_eq!(of(0, 6).grouped(), "0");
        assert_eq!(of(42, 0).grouped(), "42");
        assert_eq!(of(u64::MAX, 0).grouped(), "18,446,744,073,709,551,615");
        assert_eq!(of(u64::MAX, 9).plain(), "18446744073.709551615");
        assert_eq!(of(1, 20).plain(), "0.00000000000000000001");
    }

    #[test]
    fn a_refused_amount_repeats_what_was_typed_and_says_what_to_type() {
        let refused = Amount::parse("0,25", 6).unwrap_err();
        assert_eq!(refused.to_string(), "\"0,25\" has a decimal comma");
        assert_eq!(refused.hint(), "write 0.25");
        let refused = Amount::parse("25,000", 6).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "\"25,000\" can be read as 25000 and as 25.000"
        );
        let refused = Amount::parse("0.1234567", 6).unwrap_err();
        assert_eq!(
            refused.hint(),
            "use at most 6 digits behind the point; nothing is rounded for you"
        );
    }
}
