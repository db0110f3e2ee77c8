use std::fmt;

use crate::column::Column;

/// Most faults of a table that a message lists.
pub const FAULTS_LISTED: usize = 20;
/// Most faults that are kept, for whoever wants to see them all; the rest are counted. A bound, because a file of many
/// million wrong rows must not fill the memory with words about them.
pub const FAULTS_KEPT: usize = 100_000;

/// One thing wrong with one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault<C, P> {
    /// Line of the file, from 1.
    pub row: u64,
    pub column: Option<C>,
    pub problem: P,
}

impl<C: Column, P: fmt::Display> fmt::Display for Fault<C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.row)?;
        if let Some(column) = self.column {
            write!(f, ", column {}", column.name())?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// What can be wrong with a row whatever its columns mean. Texts are as [`shown`](crate::shown) makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFault {
    Fields {
        expected: usize,
        found: usize,
    },
    /// Text below an empty column name.
    Nameless {
        text: String,
    },
    Formula {
        text: String,
    },
    OpenQuote,
    StrayQuote,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields { expected, found: 1 } => {
                write!(f, "one field where the header names {expected}")
            }
            Self::Fields { expected, found } => {
                write!(f, "{found} fields where the header names {expected}")
            }
            Self::Nameless { text } => {
                write!(f, "\"{text}\" stands in a column that has no name")
            }
            Self::Formula { text } => {
                write!(f, "\"{text}\" is a formula of a spreadsheet, not its value")
            }
            Self::OpenQuote => f.write_str("a quote is not closed on its line"),
            Self::StrayQuote => f.write_str("text stands beside a quoted field"),
        }
    }
}

/// The faults of a table in the order of its rows: the first [`FAULTS_KEPT`], and how many there are. Shown, they are the
/// first [`FAULTS_LISTED`], a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults<C, P> {
    kept: Vec<Fault<C, P>>,
    count: u64,
}

impl<C, P> Default for Faults<C, P> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            count: 0,
        }
    }
}

impl<C, P> Faults<C, P> {
    /// The first [`FAULTS_KEPT`].
    #[must_use]
    pub fn kept(&self) -> &[Fault<C, P>] {
        &self.kept
    }

    /// How many there are, kept or not.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds faults that stand behind all others.
    pub(crate) fn append(&mut self, more: Vec<Fault<C, P>>) {
        self.count = self.count.saturating_add(more.len() as u64);
        let room = FAULTS_KEPT.saturating_sub(self.kept.len());
        self.kept.extend(more.into_iter().take(room));
    }

    /// Adds faults that were found in another order, such as rows that contradict each other.
    pub fn insert(&mut self, more: Vec<Fault<C, P>>) {
        self.count = self.count.saturating_add(more.len() as u64);
        self.kept.extend(more);
        // Stable: what was found first in a row stays first.
        self.kept.sort_by_key(|fault| fault.row);
        self.kept.truncate(FAULTS_KEPT);
    }
}

impl<C: Column, P: fmt::Display> fmt::Display for Faults<C, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.count == 1 { "fault" } else { "faults" };
        write!(f, "has {} {noun}:", self.count)?;
        let listed = self.kept.iter().take(FAULTS_LISTED);
        let rest = self.count.saturating_sub(listed.len() as u64);
        for fault in listed {
            write!(f, "\n  {fault}")?;
        }
        match rest {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}
