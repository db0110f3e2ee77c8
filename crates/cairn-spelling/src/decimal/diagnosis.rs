//! What a text that is no plain number was probably meant to be.

use super::{DecimalFault, GROUP, grouped_by};

/// What stands between thousands and is never a decimal sign: blanks of every width, apostrophes, the programmer's underscore.
const MARKS: [char; 8] = [
    ' ', '_', '\'', '\u{2019}', '\u{a0}', '\u{202f}', '\u{2009}', '\u{2007}',
];
/// Minus as typesetters write it, which spreadsheets export.
const TRUE_MINUS: char = '\u{2212}';

/// Names what a text that is no plain number looks like, so that its writer finds the cause.
pub(super) fn diagnosis(text: &[u8]) -> DecimalFault {
    let Ok(text) = std::str::from_utf8(text) else {
        return DecimalFault::NotANumber;
    };
    if text.is_empty() {
        return DecimalFault::Empty;
    }
    let lower = text.to_ascii_lowercase();
    let unsigned = lower.strip_prefix(['-', '+', TRUE_MINUS]).unwrap_or(&lower);
    if ["nan", "inf", "infinity"].contains(&unsigned) {
        return DecimalFault::NotFinite;
    }
    let numeric = |more: &[char]| {
        unsigned.contains(|sign: char| sign.is_ascii_digit())
            && unsigned.chars().all(|sign| {
                sign.is_ascii_digit()
                    || matches!(sign, '.' | ',')
                    || MARKS.contains(&sign)
                    || more.contains(&sign)
            })
    };
    if lower.starts_with(['-', TRUE_MINUS]) && numeric(&['e', '+', '-']) {
        return DecimalFault::Negative;
    }
    if unsigned.len() == lower.len() && numeric(&[]) {
        return separated(text);
    }
    if unsigned.contains('e') && numeric(&['e', '+', '-']) {
        return DecimalFault::Exponent;
    }
    DecimalFault::NotANumber
}

/// Names what is meant by digits with points, commas and marks that are not written as this reader takes them.
fn separated(text: &str) -> DecimalFault {
    let Some((digits, marked)) = without_marks(text) else {
        return DecimalFault::Separators { instead: None };
    };
    let points = digits.matches('.').count();
    match digits.matches(',').count() {
        0 if points > 1 => match grouped_by(digits.as_bytes(), b'.') {
            Some(_) => DecimalFault::Separators {
                instead: Some(digits.replace('.', "")),
            },
            None => DecimalFault::NotANumber,
        },
        0 if marked => DecimalFault::Separators {
            instead: Some(digits),
        },
        1 => comma(&digits, marked),
        // 12,34,567, as India writes it.
        2.. if points == 0 && by_lakhs(&digits) => DecimalFault::Separators {
            instead: Some(digits.replace(',', "")),
        },
        _ => DecimalFault::NotANumber,
    }
}

/// Names what one comma means.
fn comma(digits: &str, marked: bool) -> DecimalFault {
    let (before, after) = digits.split_once(',').unwrap_or((digits, ""));
    let points = before.matches('.').count();
    let parted = points > 0;
    if after.contains('.') || (parted && grouped_by(before.as_bytes(), b'.').is_none()) {
        return DecimalFault::NotANumber;
    }
    let whole = match before.replace('.', "") {
        none if none.is_empty() => "0".to_owned(),
        some => some,
    };
    let instead = match after {
        "" => whole.clone(),
        after => format!("{whole}.{after}"),
    };
    if !marked && !parted && grouped_by(digits.as_bytes(), b',').is_some() {
        return DecimalFault::TwoReadings {
            thousands: format!("{whole}{after}"),
            fraction: instead,
        };
    }
    DecimalFault::DecimalComma { instead }
}

/// The text without marks between thousands, and whether it had any; `None` when they part it otherwise than by threes.
fn without_marks(text: &str) -> Option<(String, bool)> {
    let end = text.find(['.', ',']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    if rest.contains(MARKS) {
        return None;
    }
    let mut groups = whole.split(MARKS);
    let mut digits = groups.next()?.to_owned();
    let mut marked = false;
    for group in groups {
        if group.len() != GROUP {
            return None;
        }
        digits.push_str(group);
        marked = true;
    }
    digits.push_str(rest);
    Some((digits, marked))
}

fn by_lakhs(digits: &str) -> bool {
    let mut groups = digits.rsplit(',');
    let last = groups.next().is_some_and(|group| group.len() == GROUP);
    last && groups.all(|group| (1..=2).contains(&group.len()))
}
