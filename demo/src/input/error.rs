use std::path::PathBuf;

use thiserror::Error;

use super::YearMonth;

/// Why an input file was refused.
#[derive(Debug, Error)]
pub enum InputError {
    #[error("{} can not be read: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: csv::Error,
    },
    #[error("the folder {} can not be read: {source}", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} has no {missing}: {found}", path.display())]
    Missing {
        path: PathBuf,
        missing: String,
        found: String,
    },
    #[error("{} looks like {set} but has no column {missing}", path.display())]
    Header {
        path: PathBuf,
        set: &'static str,
        missing: String,
    },
    #[error("several files hold {set}: {names}")]
    SeveralFiles { set: &'static str, names: String },
    #[error("the flights are of several months: {months}")]
    SeveralMonths { months: String },
    #[error("{set} of {month} stand in two files, {first} and {second}")]
    TwoFiles {
        set: &'static str,
        month: YearMonth,
        first: String,
        second: String,
    },
    #[error("there are no {set} of {month}, only of {months}")]
    OtherMonth {
        set: &'static str,
        month: YearMonth,
        months: String,
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
            Self::Unreadable { .. } => "it must be CSV in UTF-8, as fixtures/data/README.md says",
            Self::Folder { .. } => "name a folder with --input; fixtures/data is one",
            Self::Missing { .. } => {
                "the four data sets are told by their first lines, whatever the files' names: .csv with commas, unpacked, as in \
                 fixtures/data; hotspots and airports of another month are the same, so copy those"
            }
            Self::Header { .. } | Self::Column { .. } => {
                "compare the first line with that of the same data set in fixtures/data"
            }
            Self::SeveralFiles { .. } => "leave one of them in the folder",
            Self::SeveralMonths { .. } => "choose one with --month, like --month 2013-01",
            Self::TwoFiles { .. } => {
                "leave one of them in the folder: together they would fly twice"
            }
            Self::OtherMonth { .. } => {
                "flights and weather must be of the same month: add its file, or choose another with --month"
            }
            Self::Value { .. } => {
                "mend the row, or write NA where the value is missing and the column allows it"
            }
            Self::Empty { .. } => "the demonstration needs at least one row of each data set",
            Self::Twice { .. } => "remove one of the two rows",
        }
    }
}
