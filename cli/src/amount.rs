//! Amounts as people write them: exact decimal text of integer base units, never a float.

use serde::Serialize;
use serde::ser::SerializeStruct;
use thiserror::Error;

/// Base units of a token together with the decimals that place its point. Serialises like the RPC's token amounts
/// (`amount`, `decimals`, `uiAmountString`), so that JSON readers that lose integers above 2^53 still read it exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Base units.
    pub base: u64,
    /// Digits behind the point.
    pub decimals: u8,
}

/// Decimals of SOL.
const SOL_DECIMALS: u8 = 9;
/// Points are kept in thousandths.
const POINT_DECIMALS: u8 = 3;

impl Amount {
    #[must_use]
    pub const fn new(base: u64, decimals: u8) -> Self {
        Self { base, decimals }
    }

    #[must_use]
    pub const fn lamports(lamports: u64) -> Self {
        Self::new(lamports, SOL_DECIMALS)
    }

    #[must_use]
    pub const fn milli_points(points: u64) -> Self {
        Self::new(points, POINT_DECIMALS)
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

    /// Reads what a person typed: `1234.5`, `1,234.5` or `1_234.5`.
    ///
    /// # Errors
    /// [`AmountError`] when it is no number, has more digits behind the point than the token, or exceeds 64 bits.
    pub fn parse(text: &str, decimals: u8) -> Result<Self, AmountError> {
        let not_a_number = || AmountError::NotANumber(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '_')).collect();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(&whole) || !digits(fraction) {
            return Err(not_a_number());
        }
        let places = usize::from(decimals);
        if fraction.len() > places {
            // Rounding what somebody pays or caps would be a surprise in either direction.
            return Err(AmountError::TooFine {
                text: text.to_owned(),
                decimals,
            });
        }
        let base = format!("{whole}{fraction:0<places$}");
        let significant = base.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Self::new(0, decimals));
        }
        let base = significant
            .parse::<u64>()
            .map_err(|_| AmountError::TooLarge(text.to_owned()))?;
        Ok(Self::new(base, decimals))
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

/// Why a typed amount was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AmountError {
    #[error("\"{0}\" is not an amount")]
    NotANumber(String),
    #[error("\"{text}\" has more digits behind the point than the token's {decimals}")]
    TooFine { text: String, decimals: u8 },
    #[error(
        "\"{0}\" is more than 18,446,744,073,709,551,615 base units, the most a token account holds"
    )]
    TooLarge(String),
}

impl AmountError {
    /// What to type instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NotANumber(_) => "write a decimal number such as 1500 or 0.25".to_owned(),
            Self::TooFine { decimals, .. } => {
                format!(
                    "use at most {decimals} digits behind the point; nothing is rounded for you"
                )
            }
            Self::TooLarge(_) => "amounts are in whole tokens, not in base units".to_owned(),
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

    #[test]
    fn an_amount_is_written_exactly_and_without_final_zeros() {
        assert_eq!(Amount::new(1_234_500_000, 6).grouped(), "1,234.5");
        assert_eq!(Amount::new(1_234_500_000, 6).plain(), "1234.5");
        assert_eq!(Amount::new(5, 6).grouped(), "0.000005");
        assert_eq!(Amount::new(0, 6).grouped(), "0");
        assert_eq!(Amount::new(42, 0).grouped(), "42");
        assert_eq!(
            Amount::new(u64::MAX, 0).grouped(),
            "18,446,744,073,709,551,615"
        );
        assert_eq!(Amount::new(u64::MAX, 9).plain(), "18446744073.709551615");
        assert_eq!(Amount::new(1, 20).plain(), "0.00000000000000000001");
    }

    #[test]
    fn a_typed_amount_is_read_back_as_the_same_base_units() {
        for (text, decimals, base) in [
            ("1234.5", 6, 1_234_500_000),
            ("1,234.5", 6, 1_234_500_000),
            ("1_000", 0, 1000),
            (".5", 1, 5),
            ("7.", 2, 700),
            ("0", 9, 0),
            ("000.000001", 6, 1),
            ("18446744073709551615", 0, u64::MAX),
        ] {
            assert_eq!(
                Amount::parse(text, decimals),
                Ok(Amount::new(base, decimals)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_exact_amount_is_refused_and_never_rounded() {
        assert!(matches!(
            Amount::parse("0.1234567", 6),
            Err(AmountError::TooFine { .. })
        ));
        assert!(matches!(
            Amount::parse("18446744073709551616", 0),
            Err(AmountError::TooLarge(_))
        ));
        assert!(matches!(
            Amount::parse("18446744073710", 6),
            Err(AmountError::TooLarge(_))
        ));
        for text in ["", ".", "-1", "1e9", "1.2.3", "ten", "１", "+1", "1 000"] {
            assert!(
                matches!(Amount::parse(text, 6), Err(AmountError::NotANumber(_))),
                "{text:?}"
            );
        }
    }
}
