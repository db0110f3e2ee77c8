//! Decimal text to a whole number of smallest units, exactly: never through a float, never rounded.

mod diagnosis;

use thiserror::Error;

use diagnosis::diagnosis;

/// Digits of a group of thousands.
const GROUP: usize = 3;

/// Why a text is no exact number. Reads as the end of a sentence that begins with the text: `"0,25" has a decimal comma`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DecimalFault {
    #[error("is empty")]
    Empty,
    #[error("is negative")]
    Negative,
    /// A comma where this reader wants a point. Who drops it pays a multiple.
    #[error("has a decimal comma")]
    DecimalComma { instead: String },
    /// One comma before three digits: thousands to one half of the world, a fraction to the other.
    #[error("can be read as {thousands} and as {fraction}")]
    TwoReadings { thousands: String, fraction: String },
    /// Thousands are separated otherwise than `1,234,567` or `1,234.5`.
    #[error("has separators between its digits")]
    Separators { instead: Option<String> },
    #[error("is in scientific notation")]
    Exponent,
    #[error("is not a finite number")]
    NotFinite,
    #[error("is not a number")]
    NotANumber,
    /// A fraction of what is counted in whole numbers.
    #[error("has a fraction, and whole numbers are counted here")]
    Fraction,
    #[error("has more digits behind the point than the {places} that count")]
    TooFine { places: u8 },
    #[error("is more than 2^64 - 1 of the smallest units")]
    TooLarge,
}

impl DecimalFault {
    /// The right writing of what was meant, where that can be told: `0.25`, `1500 or 1.500`.
    #[must_use]
    pub fn instead(&self) -> Option<String> {
        match self {
            Self::DecimalComma { instead } => Some(instead.clone()),
            Self::Separators { instead } => instead.clone(),
            Self::TwoReadings {
                thousands,
                fraction,
            } => Some(format!("{thousands} or {fraction}")),
            _ => None,
        }
    }

    /// What to write instead, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        if let Some(instead) = self.instead() {
            return format!("write {instead}");
        }
        match self {
            Self::DecimalComma { .. } | Self::TwoReadings { .. } | Self::Separators { .. } => {
                "write plain digits".to_owned()
            }
            Self::Exponent => {
                "write plain digits; a spreadsheet that shows an E may have lost some: format the column as a number first"
                    .to_owned()
            }
            Self::Empty | Self::NotFinite | Self::NotANumber => {
                "write a decimal number such as 1500 or 0.25".to_owned()
            }
            Self::Negative => "write an amount above zero".to_owned(),
            Self::Fraction => "write a whole number such as 40".to_owned(),
            Self::TooFine { places } => {
                format!("use at most {places} digits behind the point; nothing is rounded for you")
            }
            Self::TooLarge => "check the number, and whether it counts whole tokens or base units".to_owned(),
        }
    }
}

/// Reads `text` as a count of units that are each a power of ten smaller than one: `places` digits stand behind the point.
/// Takes `1234.5`, and thousands only where no other reading exists: `1,234.5`, `1,234,567`, `1_234`. Zeros behind the
/// last digit that counts are no loss.
///
/// # Errors
/// [`DecimalFault`]: whatever keeps the text from being exactly one number.
pub fn decimal(text: &[u8], places: u8) -> Result<u64, DecimalFault> {
    let text = text.trim_ascii();
    if let Some((whole, fraction)) = plain(text) {
        return units(whole, fraction, places);
    }
    match ungrouped(text) {
        Some(digits) => match plain(&digits) {
            Some((whole, fraction)) => units(whole, fraction, places),
            None => Err(diagnosis(text)),
        },
        None => Err(diagnosis(text)),
    }
}

/// Reads `text` as a count of what can not be divided; takes what [`decimal`] takes, without a point.
///
/// # Errors
/// [`DecimalFault`]; `1.0` is one, too: who writes a point counts in other units.
pub fn whole(text: &[u8]) -> Result<u64, DecimalFault> {
    let count = decimal(text, 0);
    match count {
        Err(DecimalFault::TooFine { .. } | DecimalFault::DecimalComma { .. }) => {
            Err(DecimalFault::Fraction)
        }
        Ok(_) if text.contains(&b'.') => Err(DecimalFault::Fraction),
        other => other,
    }
}

/// The digits before and behind the point; `None` for anything but digits and at most one point, with one digit at least.
fn plain(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (whole, fraction) = halves(text);
    let digits = !(whole.is_empty() && fraction.is_empty());
    (digits && is_digits(whole) && is_digits(fraction)).then_some((whole, fraction))
}

/// What stands before and behind the first point.
fn halves(text: &[u8]) -> (&[u8], &[u8]) {
    let mut halves = text.splitn(2, |byte| *byte == b'.');
    let whole = halves.next().unwrap_or_default();
    (whole, halves.next().unwrap_or_default())
}

fn units(whole: &[u8], fraction: &[u8], places: u8) -> Result<u64, DecimalFault> {
    let wanted = usize::from(places);
    let (kept, beyond) = fraction.split_at(fraction.len().min(wanted));
    if beyond.iter().any(|digit| *digit != b'0') {
        // Rounding what somebody pays or caps would be a surprise in either direction.
        return Err(DecimalFault::TooFine { places });
    }
    let padding = std::iter::repeat_n(&b'0', wanted.saturating_sub(kept.len()));
    whole
        .iter()
        .chain(kept)
        .chain(padding)
        .try_fold(0_u64, |sum, digit| {
            sum.checked_mul(10)?
                .checked_add(u64::from(digit.saturating_sub(b'0')))
        })
        .ok_or(DecimalFault::TooLarge)
}

/// `text` without its thousands separators, where they can be nothing else: groups of three behind a first of one to three
/// digits without a leading zero, by underscores, or by commas of which there are two or which a point follows.
fn ungrouped(text: &[u8]) -> Option<Vec<u8>> {
    let (whole, fraction) = halves(text);
    let separator = if whole.contains(&b'_') { b'_' } else { b',' };
    let count = grouped_by(whole, separator)?;
    if !is_digits(fraction) || (separator == b',' && count < 2 && !text.contains(&b'.')) {
        return None;
    }
    Some(
        text.iter()
            .copied()
            .filter(|byte| *byte != separator)
            .collect(),
    )
}

/// How many separators part `whole` into groups of three; `None` when they do not, or there are none.
fn grouped_by(whole: &[u8], separator: u8) -> Option<usize> {
    let mut groups = whole.split(|byte| *byte == separator);
    let first = groups.next()?;
    let mut count = 0_usize;
    for group in groups {
        if group.len() != GROUP || !is_digits(group) {
            return None;
        }
        count = count.saturating_add(1);
    }
    let leads =
        (1..=GROUP).contains(&first.len()) && is_digits(first) && first.first() != Some(&b'0');
    (leads && count > 0).then_some(count)
}

fn is_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, places: u8) -> Result<u64, DecimalFault> {
        decimal(text.as_bytes(), places)
    }

    #[test]
    fn a_number_is_read_exactly() {
        for (text, places, units) in [
            ("1", 6, 1_000_000),
            ("0.000001", 6, 1),
            ("1234.5", 6, 1_234_500_000),
            (".5", 1, 5),
            ("7.", 2, 700),
            (" 7 ", 0, 7),
            ("1.000000000", 6, 1_000_000),
            ("5.0", 0, 5),
            ("000012", 0, 12),
            ("0", 9, 0),
            ("18446744073709551615", 0, u64::MAX),
            ("18446744073709.551615", 6, u64::MAX),
            ("0.00000000000000000001", 20, 1),
        ] {
            assert_eq!(read(text, places), Ok(units), "{text}");
        }
    }

    #[test]
    fn thousands_are_read_only_where_no_other_reading_exists() {
        for (text, units) in [
            ("1,234.5", 1_234_500),
            ("1,234.", 1_234_000),
            ("1,234,567", 1_234_567_000),
            ("1_000", 1_000_000),
            ("12_345_678.25", 12_345_678_250),
        ] {
            assert_eq!(read(text, 3), Ok(units), "{text}");
        }
        for (text, thousands, fraction) in [
            ("1,500", "1500", "1.500"),
            ("25,000", "25000", "25.000"),
            ("999,999", "999999", "999.999"),
        ] {
            let fault = DecimalFault::TwoReadings {
                thousands: thousands.to_owned(),
                fraction: fraction.to_owned(),
            };
            assert_eq!(read(text, 6), Err(fault.clone()), "{text}");
            assert_eq!(whole(text.as_bytes()), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_is_never_dropped_and_the_right_writing_is_named() {
        for (text, instead) in [
            ("0,25", "0.25"),
            ("1,5", "1.5"),
            ("0,250", "0.250"),
            ("1234,567", "1234.567"),
            (",5", "0.5"),
            ("5,", "5"),
            ("1.234,56", "1234.56"),
            ("1.234.567,8", "1234567.8"),
            ("1 234,56", "1234.56"),
            ("1\u{202f}234,567", "1234.567"),
            ("1'234,5", "1234.5"),
            ("12,34", "12.34"),
        ] {
            let fault = DecimalFault::DecimalComma {
                instead: instead.to_owned(),
            };
            assert_eq!(read(text, 6), Err(fault.clone()), "{text}");
            assert_eq!(fault.hint(), format!("write {instead}"));
        }
    }

    #[test]
    fn other_separators_are_named_with_the_right_writing() {
        for (text, instead) in [
            ("1 000", Some("1000")),
            ("1\u{a0}000.5", Some("1000.5")),
            ("1'000", Some("1000")),
            ("1\u{2019}000", Some("1000")),
            ("1.234.567", Some("1234567")),
            ("12,34,567", Some("1234567")),
            ("1_00", None),
            ("1 0", None),
        ] {
            let instead = instead.map(str::to_owned);
            assert_eq!(
                read(text, 6),
                Err(DecimalFault::Separators { instead }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_exact_number_is_named_and_never_rounded() {
        use DecimalFault as Fault;
        for (text, places, fault) in [
            ("", 6, Fault::Empty),
            ("  ", 6, Fault::Empty),
            ("1.000000001", 6, Fault::TooFine { places: 6 }),
            ("1.5", 0, Fault::TooFine { places: 0 }),
            ("-3", 6, Fault::Negative),
            ("-1,000", 6, Fault::Negative),
            ("\u{2212}3", 6, Fault::Negative),
            ("1e9", 6, Fault::Exponent),
            ("1.5E+3", 6, Fault::Exponent),
            ("1,5e3", 6, Fault::Exponent),
            ("NaN", 6, Fault::NotFinite),
            ("-inf", 6, Fault::NotFinite),
            ("ten", 6, Fault::NotANumber),
            (".", 6, Fault::NotANumber),
            (",", 6, Fault::NotANumber),
            ("1.2.3", 6, Fault::NotANumber),
            ("1,2,3", 6, Fault::NotANumber),
            ("0,234.5", 6, Fault::NotANumber),
            ("1,234.5,6", 6, Fault::NotANumber),
            ("+1", 6, Fault::NotANumber),
            ("$5", 6, Fault::NotANumber),
            ("5%", 6, Fault::NotANumber),
            ("1k", 6, Fault::NotANumber),
            ("\u{ff11}", 6, Fault::NotANumber),
            ("18446744073709551616", 0, Fault::TooLarge),
            ("18446744073710", 6, Fault::TooLarge),
            ("99999999999999999999999", 6, Fault::TooLarge),
        ] {
            assert_eq!(read(text, places), Err(fault), "{text:?}");
        }
        assert_eq!(decimal(b"1\xff", 6), Err(Fault::NotANumber));
    }

    #[test]
    fn what_can_not_be_divided_is_counted_in_whole_numbers() {
        assert_eq!(whole(b"40"), Ok(40));
        assert_eq!(whole(b"1,234,567"), Ok(1_234_567));
        for text in ["1.5", "1.0", "1.000", "1,5"] {
            assert_eq!(
                whole(text.as_bytes()),
                Err(DecimalFault::Fraction),
                "{text}"
            );
        }
    }

    proptest! {
        /// The suggested writing is read, and differs from the refused one in its signs only: no digit is lost or moved.
        #[test]
        fn what_is_suggested_is_read(text in "[0-9]{0,4}([., ',_][0-9]{1,4}){0,3}", places in 0_u8..=9) {
            let suggestions = match read(&text, places) {
                Err(DecimalFault::DecimalComma { instead } | DecimalFault::Separators { instead: Some(instead) }) => vec![instead],
                Err(DecimalFault::TwoReadings { thousands, fraction }) => vec![thousands, fraction],
                _ => Vec::new(),
            };
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            for suggestion in suggestions {
                let fits = matches!(
                    read(&suggestion, places),
                    Ok(_) | Err(DecimalFault::TooFine { .. } | DecimalFault::TooLarge)
                );
                prop_assert!(fits, "{text} -> {suggestion}");
                prop_assert!(digits(&suggestion).ends_with(&digits(&text)), "{text} -> {suggestion}");
            }
        }

        /// Every count is read back from each writing of it.
        #[test]
        fn what_is_written_is_read_back(base in any::<u64>(), places in 0_u8..=19) {
            #[expect(clippy::disallowed_methods, reason = "any unit is spelt alike")]
            let amount = crate::Amount::new(base, places);
            prop_assert_eq!(read(&amount.plain(), places), Ok(base));
            match read(&amount.grouped(), places) {
                Ok(read) => prop_assert_eq!(read, base),
                Err(DecimalFault::TwoReadings { thousands, .. }) => prop_assert_eq!(read(&thousands, places), Ok(base)),
                Err(other) => prop_assert!(false, "{}: {:?}", amount.grouped(), other),
            }
        }
    }
}
