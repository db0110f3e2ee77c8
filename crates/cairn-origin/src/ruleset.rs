//! The ruleset against the hash on chain, and against the one that the checker runs.

use std::path::Path;

use cairn_epoch::{EpochFolder, Manifest, Origin, Ruleset, ruleset_difference};

use crate::fault::told_by;
use crate::{Finding, OriginError, OriginFault};

/// Holds rules, calendar, emission, streams and tasks against the manifest, whose hash of them stands beside the chain's, and
/// against the checker's `own`: a proposer that brings its own could pay whom it likes.
///
/// # Errors
/// A ruleset that can not be read.
pub fn ruleset(
    folder: &EpochFolder,
    manifest: &Manifest,
    own: Option<&Path>,
) -> Result<Finding, OriginError> {
    const NAME: &str = "rules";
    if let Some(own) = own
        && let Some(difference) = ruleset_difference(own, &folder.inputs())?
    {
        return Ok(Finding::differs(
            NAME,
            OriginFault::Ruleset(Box::new(difference)),
        ));
    }
    let loaded = Ruleset::load(&folder.ruleset_toml(), &folder.rules())
        .map_err(cairn_epoch::EpochError::from)?;
    if loaded.hash() != manifest.ruleset.hash {
        return Ok(Finding::differs(
            NAME,
            OriginFault::Value {
                file: "inputs/ruleset.toml",
                column: "text",
                expected: hex::encode(manifest.ruleset.hash),
                found: hex::encode(loaded.hash()),
                origin: told_by(Origin::RulesetHash),
            },
        ));
    }
    Ok(Finding::equal(
        NAME,
        match own {
            Some(_) => {
                "calendar, emission, streams and rules are those expected, and of the hash on chain"
            }
            None => "calendar, emission, streams and rules are those of the hash on chain",
        },
    ))
}
