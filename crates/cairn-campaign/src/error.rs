use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use cairn_merkle::{LeafIndex, MerkleError};
use cairn_spelling::{DecimalFault, KeyFault};
use cairn_table::{NoTable, RowFault};

/// A column of a recipients table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Owner,
    Amount,
    Locked,
}

impl cairn_table::Column for Column {
    const ALL: &'static [Self] = &[Self::Owner, Self::Amount, Self::Locked];
    const HEADER: &'static str = "owner,amount or owner,amount,locked";

    fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Amount => "amount",
            Self::Locked => "locked",
        }
    }

    /// Lists of addresses from elsewhere call them so, and a table of recipients holds no other key.
    fn also(self) -> &'static [&'static str] {
        match self {
            Self::Owner => &["address", "wallet", "recipient"],
            Self::Amount | Self::Locked => &[],
        }
    }

    fn needed(self) -> bool {
        // One amount can be given for all instead.
        self == Self::Owner
    }
}

/// One thing wrong with one row.
pub type Fault = cairn_table::Fault<Column, Problem>;
/// The faults of a table, in the order of its rows.
pub type Faults = cairn_table::Faults<Column, Problem>;

/// What is wrong with a row. Texts of the table are cut and escaped: they come from strangers and go to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Row(RowFault),
    Key { text: String, fault: KeyFault },
    Amount { text: String, fault: DecimalFault },
    Duplicate { first_row: u64 },
    Nothing,
    RowTooLarge,
    TotalTooLarge,
}

impl From<RowFault> for Problem {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(fault) => fault.fmt(f),
            Self::Key { text, fault } => write!(f, "\"{text}\" {fault}"),
            Self::Amount { text, fault } => {
                write!(f, "\"{text}\" {fault}")?;
                match fault.instead() {
                    Some(instead) => write!(f, "; write {instead}"),
                    None => Ok(()),
                }
            }
            Self::Duplicate { first_row } => {
                write!(f, "the same owner stands in row {first_row} already")
            }
            Self::Nothing => f.write_str("nothing is granted to this owner"),
            Self::RowTooLarge => f.write_str("amount and locked together exceed 64 bits"),
            Self::TotalTooLarge => {
                f.write_str("here the sum of all amounts exceeds 64 bits; no token has that supply")
            }
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
    /// A file that is no table at all, or one of other columns.
    #[error("{} {source}", path.display())]
    NoTable { path: PathBuf, source: NoTable },
    /// A table that does not go with how it is to be read, or holds too much.
    #[error("{} {message}", path.display())]
    Table {
        path: PathBuf,
        message: String,
        hint: &'static str,
    },
    #[error("{} {faults}", path.display())]
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
    #[error("{} differs from what {} says: {what}", path.display(), crate::names::CAMPAIGN_JSON)]
    Differs { path: PathBuf, what: &'static str },
    #[error("{owner} is not among the recipients of campaign {campaign}")]
    NotARecipient { owner: String, campaign: String },
    #[error("the tree could not be built: {0}")]
    Tree(#[from] cairn_tree::TreeError),
    #[error("the proof of leaf {index} does not lead to the root: {source}")]
    LeafProof {
        index: LeafIndex,
        source: MerkleError,
    },
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
            Self::NoTable { source, .. } => return source.hint::<Column>(),
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

/// The most useful of the hints for the faults there are.
fn rows_hint(faults: &Faults) -> &'static str {
    let any = |wanted: fn(&Problem) -> bool| faults.kept().iter().any(|one| wanted(&one.problem));
    let amount = |wanted: fn(&DecimalFault) -> bool| {
        faults
            .kept()
            .iter()
            .any(|one| matches!(&one.problem, Problem::Amount { fault, .. } if wanted(fault)))
    };
    if any(|problem| matches!(problem, Problem::Key { fault, .. } if fault.is_of_case())) {
        "something on the way changed the letters of the addresses, and they can not be told back: take them from where they \
         were written first"
    } else if amount(|fault| matches!(fault, DecimalFault::Fraction)) {
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
    } else if any(|problem| matches!(problem, Problem::Row(RowFault::Fields { .. }))) {
        "fields are separated by commas; a decimal comma or thousands separators split a number in two"
    } else if any(|problem| matches!(problem, Problem::Duplicate { .. })) {
        "one owner has one row: add the amounts up in the table"
    } else if any(|problem| matches!(problem, Problem::Nothing)) {
        "leave out owners who get nothing"
    } else {
        "correct these rows; nothing was written"
    }
}
