//! A table of balances, as a network's own database gives it out.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use cairn_epoch::{Amounts, Grant};
use cairn_merkle::{Credits, MAX_LEAVES, MilliPoints, Tokens};
use cairn_proof::identity_of_did;
use cairn_spelling::{
    AmountError, DecimalFault, KeyFault, POINT_DECIMALS, decimal, read_key, text, whole,
};
use cairn_table::{NoTable, Read, Row, RowFault, Sheet, repeated, shown};

use crate::progress::{Phase, Progress};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Owner,
    Tokens,
    Points,
    Credits,
}

impl cairn_table::Column for Column {
    const ALL: &'static [Self] = &[Self::Owner, Self::Tokens, Self::Points, Self::Credits];
    const HEADER: &'static str = "owner,tokens,points or owner,tokens,points,credits";

    fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Tokens => "tokens",
            Self::Points => "points",
            Self::Credits => "credits",
        }
    }

    fn also(self) -> &'static [&'static str] {
        match self {
            Self::Owner => &["wallet", "identity", "address"],
            Self::Tokens | Self::Points | Self::Credits => &[],
        }
    }

    fn needed(self) -> bool {
        self == Self::Owner
    }
}

type Fault = cairn_table::Fault<Column, Problem>;

/// What is wrong with a row. Texts are cut and escaped: they come from strangers and go to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Row(RowFault),
    Owner {
        text: String,
        fault: KeyFault,
    },
    Amount {
        text: String,
        fault: DecimalFault,
    },
    Duplicate {
        first_row: u64,
    },
    Nothing,
    /// The sum of a column, from this row on.
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
            Self::Owner { text, fault } => write!(f, "\"{text}\" {fault}"),
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
            Self::Nothing => f.write_str("nothing is held by this owner"),
            Self::TotalTooLarge => f.write_str("here the sum of a column exceeds 64 bits"),
        }
    }
}

/// Why there are no balances.
#[derive(Debug, thiserror::Error)]
pub enum BalancesError {
    #[error("{} {source}", path.display())]
    NoTable { path: PathBuf, source: NoTable },
    #[error("{} {faults}", path.display())]
    Rows {
        path: PathBuf,
        faults: cairn_table::Faults<Column, Problem>,
    },
    #[error("{} names owners and no column tokens, points or credits", path.display())]
    NoAmounts { path: PathBuf },
    #[error("{argument} {source}")]
    Argument {
        argument: &'static str,
        source: AmountError,
    },
    #[error("{} names {wallets} wallets; a pool's tree holds {MAX_LEAVES}", path.display())]
    TooMany { path: PathBuf, wallets: usize },
}

impl BalancesError {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoTable { source, .. } => source.hint::<Column>(),
            Self::Rows { .. } => {
                "correct these rows: an owner is a wallet's address, an identity in 64 small hex digits, or a DID; amounts are plain decimals"
                    .to_owned()
            }
            Self::NoAmounts { .. } => "write a first line like owner,tokens,points".to_owned(),
            Self::Argument { source, .. } => source.hint(),
            Self::TooMany { .. } => "split the balances among several pools".to_owned(),
        }
    }
}

/// What the table `bytes`, read from `path`, says that everybody holds, ascending by owner. Tokens have `decimals` digits behind the point.
///
/// # Errors
/// [`BalancesError`], with all that is wrong with all rows.
pub fn read(
    path: &Path,
    bytes: &[u8],
    decimals: u8,
    progress: &dyn Progress,
) -> Result<Vec<Grant>, BalancesError> {
    let path = || path.to_owned();
    let no_table = |source| BalancesError::NoTable {
        path: path(),
        source,
    };
    let sheet = Sheet::open(bytes).map_err(no_table)?;
    let amounts = [Column::Tokens, Column::Points, Column::Credits];
    if !amounts.iter().any(|column| sheet.has(*column)) {
        return Err(BalancesError::NoAmounts { path: path() });
    }
    progress.phase_started(Phase::Balances, Some(sheet.bytes_to_read()));
    let done = AtomicU64::new(0);
    let Read { rows, mut faults } = sheet
        .read(
            |row| read_row(row, decimals),
            |bytes| {
                let before = done.fetch_add(bytes, Ordering::Relaxed);
                progress.phase_advanced(Phase::Balances, before.saturating_add(bytes));
            },
        )
        .map_err(no_table)?;
    progress.phase_finished(Phase::Balances);
    let mut found: Vec<Fault> = beyond(&rows).into_iter().collect();
    // Whoever corrects other rows learns of these now, not after the next attempt.
    found.extend(twice(&sheet));
    faults.insert(found);
    if !faults.is_empty() {
        return Err(BalancesError::Rows {
            path: path(),
            faults,
        });
    }
    let mut grants: Vec<Grant> = rows.into_iter().map(|(_, grant)| grant).collect();
    grants.sort_unstable_by_key(|grant| grant.owner);
    let wallets = grants.iter().filter(|grant| grant.is_wallet).count();
    if wallets > MAX_LEAVES as usize {
        return Err(BalancesError::TooMany {
            path: path(),
            wallets,
        });
    }
    Ok(grants)
}

/// The row at which a column's sum no longer fits.
fn beyond(rows: &[(u64, Grant)]) -> Option<Fault> {
    let mut sum = Amounts::default();
    for (row, grant) in rows {
        match sum.checked_add(grant.amounts) {
            Some(more) => sum = more,
            None => {
                return Some(Fault {
                    row: *row,
                    column: None,
                    problem: Problem::TotalTooLarge,
                });
            }
        }
    }
    None
}

/// Owners that stand twice, in rows of any kind and in whatever spelling.
fn twice(sheet: &Sheet<'_, Column>) -> Vec<Fault> {
    let owners = sheet.keys(|row| owner(row.text(Column::Owner)).ok());
    let again = |(row, first_row)| Fault {
        row,
        column: Some(Column::Owner),
        problem: Problem::Duplicate { first_row },
    };
    repeated(&owners).into_iter().map(again).collect()
}

/// What a row's owner holds, or everything that is wrong with it.
fn read_row(row: &Row<'_, Column>, decimals: u8) -> Result<(u64, Grant), Vec<Fault>> {
    let mut faults = Vec::new();
    let (owner, is_wallet) = owner(row.text(Column::Owner)).unwrap_or_else(|fault| {
        let text = fault.quoting(shown(row.text(Column::Owner)));
        faults.push(row.fault(Column::Owner, Problem::Owner { text, fault }));
        ([0; 32], false)
    });
    let mut amount = |column, read: &dyn Fn(&[u8]) -> Result<u64, DecimalFault>| {
        let text = row.text(column);
        // A spreadsheet leaves the cells of those blank who hold nothing of it.
        if text.is_empty() {
            return 0;
        }
        read(text).unwrap_or_else(|fault| {
            let text = shown(text);
            faults.push(row.fault(column, Problem::Amount { text, fault }));
            0
        })
    };
    let amounts = Amounts {
        tokens: Tokens::new(amount(Column::Tokens, &|text| decimal(text, decimals))),
        points: MilliPoints::new(amount(Column::Points, &|text| {
            decimal(text, POINT_DECIMALS)
        })),
        credits: Credits::new(amount(Column::Credits, &whole)),
    };
    if faults.is_empty() && amounts.is_zero() {
        faults.push(row.whole_fault(Problem::Nothing));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let grant = Grant {
        owner,
        is_wallet,
        amounts,
    };
    Ok((row.number, grant))
}

/// A wallet's address, an identity in hex, or a DID.
fn owner(written: &[u8]) -> Result<([u8; 32], bool), KeyFault> {
    let words = std::str::from_utf8(written).unwrap_or_default();
    if words.starts_with("did:") {
        return Ok((identity_of_did(words), false));
    }
    match text::from_hex(words) {
        Some(identity) => Ok((identity, false)),
        None => Ok((read_key(written)?, true)),
    }
}
