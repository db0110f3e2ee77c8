//! Whether an epoch carries on where the one before ended: `cairn_epoch::verify_succession`, under the manifest that is
//! active on chain.

use cairn_epoch::{EpochError, Input, Manifest, Origin, verify_succession};
use cairn_merkle::EpochNumber;

use crate::fault::told_by;
use crate::{Before, Finding, OriginError, OriginFault};

const NAME: &str = "history";
const MANIFEST: &str = "manifest.json";

/// Holds the epoch against the one before.
///
/// # Errors
/// Only what hashing a manifest could run into.
pub fn succession(manifest: &Manifest, before: Option<Before<'_>>) -> Result<Finding, OriginError> {
    let number = manifest.epoch.number;
    let claimed = manifest.epoch.previous_manifest;
    if number == EpochNumber::FIRST {
        let carried = manifest
            .inputs
            .iter()
            .find(|entry| Input::of(&entry.name).is_some_and(Input::is_carried))
            .map(|entry| entry.name.clone())
            .or_else(|| claimed.map(|_| MANIFEST.to_owned()));
        return Ok(if let Some(file) = carried {
            let message =
                "the first epoch starts from nothing, and this one carries a state".to_owned();
            Finding::differs(NAME, OriginFault::Succession { file, message })
        } else {
            Finding::equal(NAME, "the first epoch starts from nothing")
        });
    }
    let last = number.previous().unwrap_or_default();
    let Some(before) = before else {
        let fault = OriginFault::Succession {
            file: MANIFEST.to_owned(),
            message: format!("epoch {last} is not on chain"),
        };
        return Ok(Finding::differs(NAME, fault));
    };
    if !before.is_revoked && claimed != Some(before.manifest_hash) {
        return Ok(Finding::differs(
            NAME,
            OriginFault::Value {
                file: "inputs/epoch.json",
                column: "previous_manifest",
                expected: hex::encode(before.manifest_hash),
                found: claimed.map_or_else(|| "none".to_owned(), hex::encode),
                origin: told_by(Origin::PreviousManifest),
            },
        ));
    }
    let Some(previous) = before.manifest else {
        let told = if before.is_revoked {
            format!("epoch {last} was revoked, and the files that take its place are not here")
        } else {
            format!("the files of epoch {last} are not here to compare its state")
        };
        return Ok(Finding::unknown(NAME, told));
    };
    match verify_succession(previous, manifest) {
        Ok(()) if before.is_revoked => Ok(Finding::equal(
            NAME,
            format!(
                "continues epoch {last} as keepers compute it, in place of the root that was revoked"
            ),
        )),
        Ok(()) => Ok(Finding::equal(
            NAME,
            format!("continues epoch {last}, state and manifest"),
        )),
        Err(EpochError::Succession {
            number,
            previous,
            file,
            message,
        }) => Ok(Finding::differs(
            NAME,
            OriginFault::Succession {
                file,
                message: format!("epoch {number} does not follow from epoch {previous}: {message}"),
            },
        )),
        Err(error) => Err(error.into()),
    }
}
