//! What is said, one JSON object a line, told apart by `says`.

use cairn_epoch::Difference;
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "says", rename_all = "snake_case")]
pub enum Line<'a> {
    /// A step began that will handle `total` rows, 0 when that is not known.
    Step { step: &'a str, total: u64 },
    /// So many rows of the running step are handled.
    Done { rows: u64 },
    /// The comparison was made.
    Found {
        #[serde(flatten)]
        finding: Finding,
    },
    /// It could not be made.
    Failed { message: &'a str },
}

/// What the comparison came to, told apart by `finding`.
#[derive(Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Finding {
    /// Every output and the manifest came out byte for byte as they were published.
    Equal {
        /// SHA-256 of the manifest, in hex.
        manifest: String,
        accepted: u64,
        rejected: u64,
        /// Files that the manifest and its list of claim files name.
        files: u64,
        /// Whether it was held against the manifest of the epoch before, and carries on where that ended.
        follows: bool,
    },
    /// The first thing that differs.
    Differs {
        #[serde(flatten)]
        difference: Difference,
    },
    /// It does not carry on where the epoch before ended.
    Breaks { file: String, message: String },
}
