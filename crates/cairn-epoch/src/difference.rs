use std::fmt;

use serde::Serialize;

/// The first thing in which what was published and what was found differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Path below the epoch's folder.
    pub file: String,
    /// Row of a table from 0, or line of a text from 1; none when the file differs as a whole.
    pub row: Option<u64>,
    /// Column, key, "sha256", "size" or "rows".
    pub field: String,
    /// What was published, or what the manifest promises.
    pub expected: String,
    /// What was found, or computed.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(row) = self.row {
            let unit = if self.file.ends_with(".parquet") {
                "row"
            } else {
                "line"
            };
            write!(f, ", {unit} {row}")?;
        }
        write!(
            f,
            ": {} is {}, expected {}",
            self.field, self.found, self.expected
        )
    }
}
