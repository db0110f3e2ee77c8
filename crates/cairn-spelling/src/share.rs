//! Shares, in hundredths of a percent.

use thiserror::Error;

use crate::decimal::{DecimalFault, decimal, whole};

/// The whole, in hundredths of a percent.
const WHOLE_BPS: u16 = 10_000;
/// Digits behind the point of a percentage that is a whole number of hundredths of a percent.
const PERCENT_PLACES: u8 = 2;

/// Why a typed share was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ShareError {
    /// Percent to one, hundredths of a percent to another: 75 and 0.75 of a hundred.
    #[error("\"{0}\" does not say of what: write {0}% or {0}bps (hundredths of a percent)")]
    NoUnit(String),
    #[error("\"{text}\" {fault}: {}", fault.hint())]
    NotANumber { text: String, fault: DecimalFault },
    #[error("a share is above 0% and at most 100%, like 5% or 0.25%, and \"{0}\" is not")]
    OutOfRange(String),
}

/// Reads a share: `5%`, `0.25%` or `25bps`, in hundredths of a percent.
///
/// # Errors
/// [`ShareError`] for what has no unit, is no exact number, is nothing, or is more than all.
pub fn basis_points(text: &str) -> Result<u16, ShareError> {
    let typed = text.trim();
    let read = if let Some(percent) = typed.strip_suffix('%') {
        decimal(percent.as_bytes(), PERCENT_PLACES)
    } else if let Some(bps) = typed.strip_suffix("bps") {
        whole(bps.as_bytes())
    } else {
        // What is no number at all is said before its unit is missed.
        match decimal(typed.as_bytes(), u8::MAX) {
            Ok(_) | Err(DecimalFault::TooLarge) => {
                return Err(ShareError::NoUnit(typed.to_owned()));
            }
            Err(fault) => Err(fault),
        }
    };
    let bps = read.map_err(|fault| ShareError::NotANumber {
        text: text.to_owned(),
        fault,
    })?;
    u16::try_from(bps)
        .ok()
        .filter(|bps| (1..=WHOLE_BPS).contains(bps))
        .ok_or_else(|| ShareError::OutOfRange(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_with_its_unit() {
        for (text, bps) in [
            ("5%", 500),
            ("0.25%", 25),
            ("100%", 10_000),
            ("75 %", 7_500),
            ("25bps", 25),
            ("10000 bps", 10_000),
        ] {
            assert_eq!(basis_points(text), Ok(bps), "{text}");
        }
    }

    #[test]
    fn a_bare_number_could_be_percent_or_hundredths_of_one() {
        for text in ["75", "0.75", "10001", "0", "1"] {
            assert_eq!(
                basis_points(text),
                Err(ShareError::NoUnit(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(
            basis_points("75").unwrap_err().to_string(),
            "\"75\" does not say of what: write 75% or 75bps (hundredths of a percent)"
        );
    }

    #[test]
    fn a_share_of_nothing_or_more_than_all_is_refused() {
        for text in ["0%", "100.01%", "10001bps", "0bps", "99999999%"] {
            assert_eq!(
                basis_points(text),
                Err(ShareError::OutOfRange(text.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_exact_share_is_named() {
        for (text, fault) in [
            (
                "2,5%",
                DecimalFault::DecimalComma {
                    instead: "2.5".to_owned(),
                },
            ),
            ("5.123%", DecimalFault::TooFine { places: 2 }),
            ("much", DecimalFault::NotANumber),
            ("-5%", DecimalFault::Negative),
            ("2.5bps", DecimalFault::Fraction),
            ("%", DecimalFault::Empty),
        ] {
            let text = text.to_owned();
            assert_eq!(
                basis_points(&text),
                Err(ShareError::NotANumber {
                    text: text.clone(),
                    fault
                }),
                "{text}"
            );
        }
    }
}
