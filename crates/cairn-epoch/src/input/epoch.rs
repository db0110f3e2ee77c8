use std::path::Path;

use cairn_merkle::{EpochNumber, MAX_DEPTH};
use cairn_spelling::text;
use serde::{Deserialize, Serialize};

use crate::EpochError;
use crate::folder::{read, write_atomically};
use crate::origin::Origin;

/// Declares the fields of `epoch.json`, each with its origin: one without does not compile.
macro_rules! epoch_json {
    (
        $(#[$meta:meta])*
        struct $name:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $origin:ident,)*
        }
    ) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        pub(crate) const EPOCH_FIELDS: &[(&str, Origin)] =
            &[$((stringify!($field), Origin::$origin),)*];
    };
}

epoch_json! {
    /// `inputs/epoch.json`: which epoch of which pool this is. When it is and what it gives out follow from its number and the
    /// ruleset. Fields stand in alphabetical order, as they are written.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct EpochInput {
        /// The canopy the pool stores on chain, in levels.
        canopy_depth: u8 = ChainAccount,
        /// The network that proofs must name.
        #[serde(with = "text::key")]
        network: [u8; 32] = ChainAccount,
        /// Counts from 1. Proofs name it.
        number: EpochNumber = ChainAccount,
        /// The pool whose members are paid.
        #[serde(with = "text::key")]
        pool: [u8; 32] = ChainAccount,
        /// Hash of the manifest of the epoch before: chains the history. None in epoch 1.
        #[serde(with = "text::optional_hash")]
        previous_manifest: Option<[u8; 32]> = PreviousManifest,
    }
}

/// Milliseconds in an hour: the unit of hour buckets, by definition of the word.
pub(crate) const HOUR_MS: i64 = 3_600_000;

impl EpochInput {
    /// # Errors
    /// What is wrong, in words.
    fn check(&self) -> Result<(), String> {
        // A proof carries its epoch in 32 bits.
        if self.number < EpochNumber::FIRST || u32::try_from(self.number.get()).is_err() {
            return Err(format!(
                "number is {}; epochs count from 1 to 2^32 − 1",
                self.number
            ));
        }
        if self.canopy_depth > MAX_DEPTH {
            return Err(format!(
                "canopy_depth is {}; a tree has at most {MAX_DEPTH} levels",
                self.canopy_depth
            ));
        }
        if (self.number == EpochNumber::FIRST) != self.previous_manifest.is_none() {
            return Err(
                "previous_manifest must be null in epoch 1 and the hash of the manifest before in every other"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// Writes `inputs/epoch.json` after checking it.
///
/// # Errors
/// [`EpochError::Json`] names a field that is out of range; [`EpochError::Io`].
pub fn write_epoch(path: &Path, epoch: &EpochInput) -> Result<(), EpochError> {
    let invalid = |message| EpochError::Json {
        path: path.to_owned(),
        message,
    };
    epoch.check().map_err(invalid)?;
    write_atomically(path, &crate::json::canonical(epoch).map_err(invalid)?)
}

/// Reads `inputs/epoch.json`.
///
/// # Errors
/// [`EpochError::Json`] unless it is exactly what [`write_epoch`] writes; [`EpochError::Missing`].
pub fn read_epoch(path: &Path) -> Result<EpochInput, EpochError> {
    decode_epoch(path, &read(path)?)
}

pub(crate) fn decode_epoch(path: &Path, bytes: &[u8]) -> Result<EpochInput, EpochError> {
    let epoch: EpochInput = crate::json::read_canonical(path, bytes)?;
    epoch.check().map_err(|message| EpochError::Json {
        path: path.to_owned(),
        message,
    })?;
    Ok(epoch)
}
