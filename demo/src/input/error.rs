use std::path::PathBuf;

use thiserror::Error;

/// Why an input file was refused.
#[derive(Debug, Error)]
pub enum InputError {
    #[error("{} can not be read: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: csv::Error,
    },
    #[error("{} has no column `{column}`", path.display())]
    Column { path: PathBuf, column: &'static str },
    #[error("{} line {line}: `{column}` is `{value}`, expected {expected}", path.display())]
    Value {
        path: PathBuf,
        line: u64,
        column: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error("{} holds no rows", path.display())]
    Empty { path: PathBuf },
    #[error("{} line {line}: {what} `{value}` stands twice", path.display())]
    Twice {
        path: PathBuf,
        line: u64,
        what: &'static str,
        value: String,
    },
}

impl InputError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "the input folder must hold the four files that fixtures/data/README.md lists, as UTF-8 CSV"
            }
            Self::Column { .. } => {
                "compare the header line with the file of the same name in fixtures/data"
            }
            Self::Value { .. } => {
                "mend the row, or write NA where the value is missing and the column allows it"
            }
            Self::Empty { .. } => "the demonstration needs at least one row of each data set",
            Self::Twice { .. } => "remove one of the two rows",
        }
    }
}
