//! Week two: a keeper turns. It changes one number of the rules, closes the epoch by them and proposes the root. The
//! files agree with each other and with the chain; what does not agree is the ruleset, and the attester says so.

use std::{fs, path::Path};

use cairn_keeper::Keeper;

use crate::fault::DemoError;

/// The number that the swindler changes: what a licensed miner's beats are worth.
const HONEST: &str = "licensed_multiplier_permille = 2_000";
const GREEDY: &str = "licensed_multiplier_permille = 4_000";

/// Changes that number in the ruleset of the keeper in `folder`.
///
/// # Errors
/// The file can not be written, or no longer holds the line that is changed.
pub fn tamper(folder: &Path) -> Result<(), DemoError> {
    replace(&folder.join("ruleset/ruleset.toml"), HONEST, GREEDY)
}

fn replace(path: &Path, from: &str, to: &str) -> Result<(), DemoError> {
    let text = fs::read_to_string(path).map_err(DemoError::io("reading", path))?;
    if !text.contains(from) {
        return Err(DemoError::Unexpected(format!(
            "{} holds no \"{from}\"",
            path.display()
        )));
    }
    fs::write(path, text.replacen(from, to, 1)).map_err(DemoError::io("writing", path))
}

/// What an honest keeper says when asked to attest `epoch` from the swindler's files.
///
/// # Errors
/// It attests: the swindle went unnoticed.
pub async fn expect_refusal(
    honest: &Keeper,
    epoch: u64,
    files: &Path,
) -> Result<String, DemoError> {
    match honest.attest(epoch, Some(files), Default::default()).await {
        Err(refusal) => Ok(refusal.to_string()),
        Ok(_) => Err(DemoError::Unexpected(
            "a keeper attested an epoch that was scored by other rules".to_owned(),
        )),
    }
}
