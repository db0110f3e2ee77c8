use std::path::Path;

use cairn_merkle::EpochNumber;
use cairn_spelling::text;

use crate::EpochError;
use crate::input::Grant;
use crate::ruleset::{Genesis, Rulebook};

/// What people held before the pool began, `found` in the file at `path` with its hash: the table that the ruleset names, in the first
/// epoch, and none in any other or where it names none.
///
/// # Errors
/// [`EpochError::Missing`], [`EpochError::Stray`]; [`EpochError::Genesis`] for another table than the ruleset's, or sums that are not
/// its own.
pub(super) fn held(
    path: &Path,
    found: Option<(Vec<Grant>, [u8; 32])>,
    rulebook: &Rulebook,
    number: EpochNumber,
) -> Result<Vec<Grant>, EpochError> {
    let named = rulebook.genesis().filter(|_| number == EpochNumber::FIRST);
    let path = || path.to_owned();
    match (found, named) {
        (None, None) => Ok(Vec::new()),
        (None, Some(_)) => Err(EpochError::Missing { path: path() }),
        (Some(_), None) => Err(EpochError::Stray { path: path() }),
        (Some((grants, hash)), Some(named)) => {
            let own = Genesis::of(&grants, hash)?;
            let (differs, expected, found) = if own.sha256 != named.sha256 {
                ("sha256", text::hex(&named.sha256), text::hex(&own.sha256))
            } else if own.rows != named.rows {
                ("rows", named.rows.to_string(), own.rows.to_string())
            } else if own != *named {
                let sums = |of: &Genesis| {
                    let Genesis {
                        tokens,
                        milli_points,
                        credits,
                        ..
                    } = of;
                    format!("{tokens} tokens, {milli_points} milli-points, {credits} credits")
                };
                ("sums", sums(named), sums(&own))
            } else {
                return Ok(grants);
            };
            Err(EpochError::Genesis {
                path: path(),
                differs,
                expected,
                found,
            })
        }
    }
}
