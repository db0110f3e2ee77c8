use std::path::Path;

use cairn_merkle::MAX_DEPTH;
use serde::{Deserialize, Serialize};

use crate::EpochError;
use crate::folder::{read, write_atomically};
use crate::text;

/// `inputs/epoch.json`: which epoch of which pool this is. Fields stand in alphabetical order, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochInput {
    /// The canopy the pool stores on chain, in levels.
    pub canopy_depth: u8,
    /// Base units of the token to divide among the ruleset's pools.
    #[serde(with = "text::amount")]
    pub emission: u64,
    /// The network that proofs must name.
    #[serde(with = "text::key")]
    pub network: [u8; 32],
    /// Counts from 1. Proofs name it.
    pub number: u64,
    /// First instant after the epoch, unix milliseconds, a full hour.
    pub period_end_ms: i64,
    /// First instant of the epoch, unix milliseconds, a full hour.
    pub period_start_ms: i64,
    /// The pool whose members are paid.
    #[serde(with = "text::key")]
    pub pool: [u8; 32],
    /// Hash of the manifest of the epoch before: chains the history. None in epoch 1.
    #[serde(with = "text::optional_hash")]
    pub previous_manifest: Option<[u8; 32]>,
}

/// Milliseconds in an hour: the unit of hour buckets, by definition of the word.
pub(crate) const HOUR_MS: i64 = 3_600_000;

impl EpochInput {
    /// The epoch in hours since 1970: the first one in it, and the first one after.
    pub(crate) const fn hours(&self) -> (i64, i64) {
        (self.period_start_ms / HOUR_MS, self.period_end_ms / HOUR_MS)
    }

    /// # Errors
    /// What is wrong, in words.
    fn check(&self) -> Result<(), String> {
        // A proof carries its epoch in 32 bits.
        if self.number == 0 || u32::try_from(self.number).is_err() {
            return Err(format!(
                "number is {}; epochs count from 1 to 2^32 − 1",
                self.number
            ));
        }
        for (name, at) in [
            ("period_start_ms", self.period_start_ms),
            ("period_end_ms", self.period_end_ms),
        ] {
            // Half an hour bucket in each of two epochs would be paid twice.
            if at < 0 || at % HOUR_MS != 0 {
                return Err(format!("{name} is {at}; it must be a full hour since 1970"));
            }
        }
        if self.period_end_ms <= self.period_start_ms {
            return Err("period_end_ms must be after period_start_ms".to_owned());
        }
        if self.canopy_depth > MAX_DEPTH {
            return Err(format!(
                "canopy_depth is {}; a tree has at most {MAX_DEPTH} levels",
                self.canopy_depth
            ));
        }
        if (self.number == 1) != self.previous_manifest.is_none() {
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
