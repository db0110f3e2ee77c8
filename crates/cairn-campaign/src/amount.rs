//! Exact amounts out of a table: decimal text to base units, never through a float, never rounded.

use std::fmt;

/// In what the amounts of a table are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Whole tokens with up to the mint's decimals behind the point.
    Tokens { decimals: u8 },
    /// The token's smallest units: whole numbers.
    Base,
}

/// Why a field is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountFault {
    Empty,
    Negative,
    Separators,
    Exponent,
    NotFinite,
    NotANumber,
    /// A point among base units: the table probably counts whole tokens.
    PointInBase,
    /// More digits behind the point than the token has.
    TooFine {
        decimals: u8,
    },
    /// More than 2^64 − 1 base units.
    TooLarge,
}

impl fmt::Display for AmountFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::Negative => "is negative",
            Self::Separators => "has thousands separators; write plain digits",
            Self::Exponent => "is in scientific notation; write plain digits",
            Self::NotFinite => "is not a finite number",
            Self::NotANumber => "is not a number",
            Self::PointInBase => "has a point, and base units are whole numbers",
            Self::TooFine { decimals } => {
                return write!(
                    f,
                    "has more digits behind the point than the token's {decimals}"
                );
            }
            Self::TooLarge => "is more than a token account holds (2^64 - 1 base units)",
        })
    }
}

impl Units {
    /// The base units that `field` spells.
    ///
    /// # Errors
    /// Whatever keeps it from being an exact amount. Zeros behind the last digit that counts are no loss and allowed.
    pub fn parse(self, field: &[u8]) -> Result<u64, AmountFault> {
        if field.is_empty() {
            return Err(AmountFault::Empty);
        }
        let (whole, fraction) = match field.iter().position(|byte| *byte == b'.') {
            Some(_) if self == Self::Base && is_decimal(field) => {
                return Err(AmountFault::PointInBase);
            }
            Some(point) => (&field[..point], &field[point + 1..]),
            None => (field, &field[field.len()..]),
        };
        if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
            return Err(diagnosis(field));
        }
        let decimals = match self {
            Self::Base => 0,
            Self::Tokens { decimals } => decimals,
        };
        let places = usize::from(decimals);
        let kept = fraction.len().min(places);
        let (fraction, beyond) = fraction.split_at(kept);
        if beyond.iter().any(|digit| *digit != b'0') {
            return Err(AmountFault::TooFine { decimals });
        }
        let mut base = 0_u64;
        let padding = std::iter::repeat_n(&b'0', places - kept);
        for digit in whole.iter().chain(fraction).chain(padding) {
            base = base
                .checked_mul(10)
                .and_then(|base| base.checked_add(u64::from(digit - b'0')))
                .ok_or(AmountFault::TooLarge)?;
        }
        Ok(base)
    }
}

fn is_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

fn is_decimal(text: &[u8]) -> bool {
    text.len() > 1
        && text
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && text.iter().filter(|byte| **byte == b'.').count() == 1
}

/// Names what a field that is no plain number looks like, so that the person finds the cause in a spreadsheet.
fn diagnosis(field: &[u8]) -> AmountFault {
    let lower = field.to_ascii_lowercase();
    let unsigned = lower.strip_prefix(b"-").unwrap_or(&lower);
    if [&b"nan"[..], b"inf", b"infinity", b"+inf"].contains(&unsigned) {
        return AmountFault::NotFinite;
    }
    let numeric = |extra: &[u8]| {
        unsigned.iter().any(u8::is_ascii_digit)
            && unsigned
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b'.' || extra.contains(byte))
    };
    if unsigned.len() < lower.len() && numeric(b",_' e+-") {
        return AmountFault::Negative;
    }
    if numeric(b",_' ") && unsigned.iter().any(|byte| b",_' ".contains(byte)) {
        return AmountFault::Separators;
    }
    if unsigned.contains(&b'e') && numeric(b"e+-") {
        return AmountFault::Exponent;
    }
    AmountFault::NotANumber
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX: Units = Units::Tokens { decimals: 6 };

    #[test]
    fn an_amount_is_read_exactly() {
        for (text, units, base) in [
            ("1", SIX, 1_000_000),
            ("0.000001", SIX, 1),
            ("1.5", SIX, 1_500_000),
            (".5", SIX, 500_000),
            ("7.", SIX, 7_000_000),
            ("1.000000000", SIX, 1_000_000),
            ("000012", Units::Base, 12),
            ("0", Units::Base, 0),
            ("18446744073709551615", Units::Base, u64::MAX),
            ("18446744073709.551615", SIX, u64::MAX),
            ("5", Units::Tokens { decimals: 0 }, 5),
        ] {
            assert_eq!(units.parse(text.as_bytes()), Ok(base), "{text}");
        }
    }

    #[test]
    fn what_is_no_exact_amount_is_named_and_never_rounded() {
        use AmountFault as Fault;
        for (text, units, fault) in [
            ("", SIX, Fault::Empty),
            ("1.000000001", SIX, Fault::TooFine { decimals: 6 }),
            ("1.5", Units::Base, Fault::PointInBase),
            ("1.0", Units::Base, Fault::PointInBase),
            ("-3", SIX, Fault::Negative),
            ("-1,000", SIX, Fault::Negative),
            ("1,000", SIX, Fault::Separators),
            ("1_000.5", SIX, Fault::Separators),
            ("1 000", SIX, Fault::Separators),
            ("1'000", SIX, Fault::Separators),
            ("1e9", SIX, Fault::Exponent),
            ("1.5E+3", SIX, Fault::Exponent),
            ("NaN", SIX, Fault::NotFinite),
            ("-inf", SIX, Fault::NotFinite),
            ("ten", SIX, Fault::NotANumber),
            (".", SIX, Fault::NotANumber),
            ("1.2.3", SIX, Fault::NotANumber),
            ("+1", SIX, Fault::NotANumber),
            ("１", SIX, Fault::NotANumber),
            ("18446744073709551616", Units::Base, Fault::TooLarge),
            ("18446744073710", SIX, Fault::TooLarge),
            ("99999999999999999999999", SIX, Fault::TooLarge),
        ] {
            assert_eq!(units.parse(text.as_bytes()), Err(fault), "{text:?}");
        }
    }
}
