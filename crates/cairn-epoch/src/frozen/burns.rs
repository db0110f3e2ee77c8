use std::path::Path;

use crate::EpochError;
use crate::input::Burn;
use crate::ruleset::{Period, Rulebook};

/// The burns as the epoch can spend them, `found` in the file at `path`. A ruleset that names payers has the file, empty or not: a
/// keeper that leaves it out says that nobody paid. One that names none has nothing to spend.
///
/// # Errors
/// [`EpochError::Missing`], [`EpochError::Stray`]; [`EpochError::Row`] for a burn of nobody's, or of another time, which would
/// be spent in two epochs.
pub(super) fn spendable(
    path: &Path,
    found: Option<Vec<Burn>>,
    rulebook: &Rulebook,
    period: Period,
) -> Result<Vec<Burn>, EpochError> {
    let path = || path.to_owned();
    let burns = match (found, rulebook.payers().is_empty()) {
        (None, true) => return Ok(Vec::new()),
        (None, false) => return Err(EpochError::Missing { path: path() }),
        (Some(_), true) => return Err(EpochError::Stray { path: path() }),
        (Some(burns), false) => burns,
    };
    let wrong = |row: usize, field: &'static str, message: &str| EpochError::Row {
        path: path(),
        row: row as u64,
        field: field.into(),
        message: message.to_owned(),
    };
    for (at, burn) in burns.iter().enumerate() {
        if rulebook.payer(burn.payer).is_none() {
            return Err(wrong(at, "payer", "the ruleset names no such payer"));
        }
        if !(period.start_ms..period.end_ms).contains(&burn.unix_ms) {
            return Err(wrong(
                at,
                "unix_ms",
                "it lies outside of the epoch's period",
            ));
        }
    }
    Ok(burns)
}
