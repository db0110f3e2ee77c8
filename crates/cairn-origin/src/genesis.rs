//! What people held before the pool began, against the ruleset: its hash stands on chain since the pool was created, and it names the table.

use cairn_epoch::{EpochFolder, Input, Manifest, Origin, read_terms};
use cairn_merkle::EpochNumber;

use crate::fault::told_by;
use crate::{Finding, OriginError, OriginFault};

/// Holds the table that the manifest lists among the inputs against the one that the ruleset names; nothing where neither is. The sums
/// follow from the table, which the computation adds up.
///
/// # Errors
/// A ruleset that can not be read.
pub fn genesis(folder: &EpochFolder, manifest: &Manifest) -> Result<Option<Finding>, OriginError> {
    const NAME: &str = "genesis";
    let named = read_terms(&folder.inputs())?
        .genesis
        .filter(|_| manifest.epoch.number == EpochNumber::FIRST)
        .map(|genesis| hex::encode(genesis.sha256));
    let mut inputs = manifest.inputs.iter();
    let found = inputs
        .find(|entry| Input::of(&entry.name) == Some(Input::Genesis))
        .map(|entry| hex::encode(entry.sha256));
    // One that stands in the folder unlisted is nobody's input.
    let found = found.or_else(|| {
        let stray = folder.genesis().exists();
        stray.then(|| "a table that the manifest does not list".to_owned())
    });
    if named == found {
        return Ok(found.map(|_| {
            Finding::equal(
                NAME,
                "what people held before is the table that the ruleset names",
            )
        }));
    }
    let none = || "none".to_owned();
    Ok(Some(Finding::differs(
        NAME,
        OriginFault::Value {
            file: "inputs/genesis.parquet",
            column: "sha256",
            expected: named.unwrap_or_else(none),
            found: found.unwrap_or_else(none),
            origin: told_by(Origin::RulesetHash),
        },
    )))
}
