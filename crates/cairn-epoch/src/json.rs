//! Canonical JSON: one value, one spelling. Types declare their fields in alphabetical order and maps are ordered
//! maps, so the order never depends on which features another crate switches on in `serde_json`.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::EpochError;

/// Two spaces a level, keys in order, one newline at the end.
pub(crate) fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads JSON that [`canonical`] wrote and refuses every other spelling of the same value: repeated or unknown keys,
/// floats for integers, other spacing.
pub(crate) fn read_canonical<T: Serialize + DeserializeOwned>(
    path: &Path,
    bytes: &[u8],
) -> Result<T, EpochError> {
    let invalid = |message| EpochError::Json {
        path: path.to_owned(),
        message,
    };
    let value: T = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
    let expected = canonical(&value).map_err(invalid)?;
    if expected == bytes {
        return Ok(value);
    }
    let line = expected
        .split(|byte| *byte == b'\n')
        .zip(bytes.split(|byte| *byte == b'\n'))
        .position(|(expected, found)| expected != found)
        .map_or(0, |at| at + 1);
    Err(invalid(format!(
        "line {line} is not in the canonical spelling"
    )))
}
