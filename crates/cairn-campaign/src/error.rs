use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use cairn_merkle::MerkleError;
use cairn_spelling::DecimalFault;

/// Most faults of a table that are listed; the rest are counted.
pub const FAULTS_LISTED: usize = 20;

/// A column of a recipients table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Owner,
    Amount,
    Locked,
}

impl Column {
    pub(crate) const ALL: [Self; 3] = [Self::Owner, Self::Amount, Self::Locked];

    /// Its name in the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Amount => "amount",
            Self::Locked => "locked",
        }
    }
}

/// One thing wrong with one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file; the header is 1, as in a spreadsheet.
    pub row: u64,
    pub column: Option<Column>,
    pub problem: Problem,
}

/// What is wrong with it. Texts of the table are cut and escaped: they come from strangers and go to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Amount {
        text: String,
        fault: DecimalFault,
    },
    Key {
        text: String,
    },
    /// The key of all zeros, which is the system program's: nobody holds it.
    NobodysKey,
    Fields {
        expected: usize,
        found: usize,
    },
    OpenQuote,
    StrayQuote,
    Duplicate {
        first_row: u64,
    },
    Nothing,
    RowTooLarge,
    TotalTooLarge,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        if let Some(column) = self.column {
            write!(f, ", column {}", column.name())?;
        }
        f.write_str(": ")?;
        match &self.problem {
            Problem::Amount { text, fault } => {
                write!(f, "\"{text}\" {fault}")?;
                match fault.instead() {
                    Some(instead) => write!(f, "; write {instead}"),
                    None => Ok(()),
                }
            }
            Problem::Key { text } => write!(f, "\"{text}\" is not a 32-byte key in Base58"),
            Problem::NobodysKey => f.write_str("this is the system program's key; nobody holds it"),
            Problem::Fields { expected, found: 1 } => {
                write!(f, "one field where the header names {expected}")
            }
            Problem::Fields { expected, found } => {
                write!(f, "{found} fields where the header names {expected}")
            }
            Problem::OpenQuote => f.write_str("a quote is not closed on its line"),
            Problem::StrayQuote => f.write_str("text stands beside a quoted field"),
            Problem::Duplicate { first_row } => {
                write!(f, "the same owner stands in row {first_row} already")
            }
            Problem::Nothing => f.write_str("nothing is granted to this owner"),
            Problem::RowTooLarge => f.write_str("amount and locked together exceed 64 bits"),
            Problem::TotalTooLarge => {
                f.write_str("here the sum of all amounts exceeds 64 bits; no token has that supply")
            }
        }
    }
}

/// The faults of a table, in the order of its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The first [`FAULTS_LISTED`].
    pub listed: Vec<Fault>,
    /// How many there are, listed or not.
    pub count: u64,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.listed {
            write!(f, "\n  {fault}")?;
        }
        match self.count.saturating_sub(self.listed.len() as u64) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Why a campaign could not be prepared or read. The message says what and on which file; [`Self::hint`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    #[error("can not {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("{} is missing", path.display())]
    Missing { path: PathBuf },
    #[error("{} {message}", path.display())]
    Table {
        path: PathBuf,
        message: String,
        hint: &'static str,
    },
    #[error("{} has {} {}:{faults}", path.display(), faults.count, if faults.count == 1 { "fault" } else { "faults" })]
    Rows { path: PathBuf, faults: Faults },
    #[error("the points can not be shared out: {message}")]
    Points { message: String, hint: &'static str },
    #[error("{message}")]
    Terms { message: String, hint: &'static str },
    #[error("{} exists already", path.display())]
    Exists { path: PathBuf },
    #[error("another preparation is writing {} now", path.display())]
    Busy { path: PathBuf },
    #[error("{} is not valid: {message}", path.display())]
    Json { path: PathBuf, message: String },
    #[error("{} differs from what {} says: {what}", path.display(), crate::folder::CAMPAIGN_JSON)]
    Differs { path: PathBuf, what: &'static str },
    #[error("{owner} is not among the recipients of campaign {campaign}")]
    NotARecipient { owner: String, campaign: String },
    #[error("the tree could not be built: {0}")]
    Tree(#[from] cairn_tree::TreeError),
    #[error("the proof of leaf {index} does not lead to the root: {source}")]
    LeafProof { index: u32, source: MerkleError },
}

impl CampaignError {
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::NotFound && doing == "read" {
            Self::Missing { path }
        } else {
            Self::Io {
                doing,
                path,
                source,
            }
        }
    }

    pub(crate) fn json(path: &Path, message: impl Into<String>) -> Self {
        Self::Json {
            path: path.to_owned(),
            message: message.into(),
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Io { .. } => "check that the folder exists, is writable and has room",
            Self::Missing { .. } => "check the path; a campaign's folder holds campaign.json, canopy.bin, recipients.csv and claims/",
            Self::Table { hint, .. } | Self::Points { hint, .. } | Self::Terms { hint, .. } => hint,
            Self::Rows { faults, .. } => rows_hint(faults),
            Self::Exists { .. } => "nothing is overwritten: name another folder, or remove this one if it is not published",
            Self::Busy { .. } => "wait for it, or name another folder",
            Self::Json { .. } | Self::Differs { .. } => {
                "fetch the file again as it was published; it is not meant to be edited"
            }
            Self::NotARecipient { .. } => "check the address: one campaign pays only those in its recipients.csv",
            Self::Tree(_) | Self::LeafProof { .. } => "do not publish; report it with the input",
        }
        .to_owned()
    }
}

/// The most useful of the hints for the faults listed.
fn rows_hint(faults: &Faults) -> &'static str {
    let any =
        |wanted: fn(&Problem) -> bool| faults.listed.iter().any(|fault| wanted(&fault.problem));
    let amount = |wanted: fn(&DecimalFault) -> bool| {
        faults
            .listed
            .iter()
            .any(|fault| matches!(&fault.problem, Problem::Amount { fault, .. } if wanted(fault)))
    };
    if amount(|fault| matches!(fault, DecimalFault::Fraction)) {
        "leave --base-units out if the amounts are whole tokens"
    } else if amount(|fault| matches!(fault, DecimalFault::TooFine { .. })) {
        "nothing is rounded for you: round in the table, or add --base-units if the amounts are base units"
    } else if amount(|fault| {
        matches!(
            fault,
            DecimalFault::DecimalComma { .. } | DecimalFault::TwoReadings { .. }
        )
    }) {
        "write a decimal point and plain digits: format the column so and save the table again; dropping the commas would change the amounts"
    } else if any(|problem| matches!(problem, Problem::Fields { .. })) {
        "fields are separated by commas; a decimal comma or thousands separators split a number in two"
    } else if any(|problem| matches!(problem, Problem::Duplicate { .. })) {
        "one owner has one row: add the amounts up in the table"
    } else if any(|problem| matches!(problem, Problem::Nothing)) {
        "leave out owners who get nothing"
    } else {
        "correct these rows; nothing was written"
    }
}
