//! Reads a recipients table on all cores and reports its faults by row.

use std::path::Path;

use cairn_merkle::Tokens;
use cairn_spelling::read_key;
use cairn_table::{Read, Row, Sheet, repeated, shown};

use crate::CampaignError;
use crate::amount::Units;
use crate::error::{Column, Fault, Problem};
use crate::progress::{Counter, Progress, Step};
use crate::recipients::{Granted, Recipients};

/// How a table is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub units: Units,
    /// Of each amount, the part that vests, in hundredths of a percent, rounded down to base units; only for tables
    /// without a column `locked`. 0 pays everything at once.
    pub locked_bps: u16,
    /// What everybody gets; only for tables without a column `amount`.
    pub each: Option<Tokens>,
}

/// The part of `total` that vests, rounded down: dust is paid at once.
pub(crate) fn locked_part(total: Tokens, locked_bps: u16) -> Tokens {
    let part =
        u128::from(total.get()) * u128::from(locked_bps.min(WHOLE_BPS)) / u128::from(WHOLE_BPS);
    u64::try_from(part).map_or(total, Tokens::new)
}

/// The whole, in hundredths of a percent.
pub const WHOLE_BPS: u16 = 10_000;

/// The recipients of the table `bytes`, which was read from `path`.
///
/// # Errors
/// [`CampaignError::NoTable`] and [`CampaignError::Table`] for a file that is no such table; [`CampaignError::Rows`] with
/// its faulty rows.
pub fn read_table(
    path: &Path,
    bytes: &[u8],
    reading: Reading,
    progress: &dyn Progress,
) -> Result<Recipients, CampaignError> {
    let no_table = |source| CampaignError::NoTable {
        path: path.to_owned(),
        source,
    };
    let sheet = Sheet::open(bytes).map_err(no_table)?;
    let source = Source::of(path, &sheet, reading)?;
    progress.begin(Step::ReadTable, sheet.bytes_to_read());
    let counter = Counter::new(progress);
    let Read { rows, mut faults } = sheet
        .read(
            |row| read_row(row, source, reading),
            |bytes| counter.add(bytes),
        )
        .map_err(no_table)?;
    progress.begin(Step::SortRecipients, rows.len() as u64);
    let recipients = if faults.is_empty() {
        Recipients::sorted(rows, &mut faults)
    } else {
        // Whoever corrects these rows learns of the others now, not after the next attempt.
        faults.insert(twice(&sheet));
        None
    };
    if !faults.is_empty() {
        return Err(CampaignError::Rows {
            path: path.to_owned(),
            faults,
        });
    }
    recipients.ok_or_else(|| CampaignError::Table {
        path: path.to_owned(),
        message: format!(
            "names more than {} recipients, the most a tree holds",
            cairn_merkle::MAX_LEAVES
        ),
        hint: "split it into several campaigns",
    })
}

/// Owners that stand twice, in rows of any kind.
fn twice(sheet: &Sheet<'_, Column>) -> Vec<Fault> {
    let owners = sheet.keys(|row| read_key(row.text(Column::Owner)).ok());
    let again = |(row, first_row)| Fault {
        row,
        column: Some(Column::Owner),
        problem: Problem::Duplicate { first_row },
    };
    repeated(&owners).into_iter().map(again).collect()
}

/// Where the two parts of a grant come from.
#[derive(Clone, Copy)]
struct Source {
    /// Everybody's; the column `amount` for none.
    each: Option<Tokens>,
    has_locked: bool,
}

impl Source {
    fn of(path: &Path, sheet: &Sheet<'_, Column>, reading: Reading) -> Result<Self, CampaignError> {
        let refuse = |message: &str, hint| {
            Err(CampaignError::Table {
                path: path.to_owned(),
                message: message.to_owned(),
                hint,
            })
        };
        let has_locked = sheet.has(Column::Locked);
        if has_locked && reading.locked_bps > 0 {
            return refuse(
                "has a column locked, and a locked share is given too",
                "leave one of them out",
            );
        }
        match (sheet.has(Column::Amount), reading.each) {
            (true, Some(_)) => refuse(
                "has a column amount, and one amount for all is given too",
                "leave --each out, or take the column away",
            ),
            (false, None) => refuse(
                "names recipients and no column amount",
                "add the column, or give everybody the same with --each, e.g. --each 10",
            ),
            (_, each) => Ok(Self { each, has_locked }),
        }
    }
}

/// A row's grant, or everything that is wrong with it.
fn read_row(
    row: &Row<'_, Column>,
    source: Source,
    reading: Reading,
) -> Result<Granted, Vec<Fault>> {
    let mut faults = Vec::new();
    let text = row.text(Column::Owner);
    let owner = read_key(text).unwrap_or_else(|fault| {
        let text = fault.quoting(shown(text));
        faults.push(row.fault(Column::Owner, Problem::Key { text, fault }));
        [0; 32]
    });
    let mut amount = |column| {
        let text = row.text(column);
        reading.units.parse(text).unwrap_or_else(|fault| {
            let text = shown(text);
            faults.push(row.fault(column, Problem::Amount { text, fault }));
            Tokens::ZERO
        })
    };
    let first = match source.each {
        Some(each) => each,
        None => amount(Column::Amount),
    };
    let (unlocked, locked) = if !source.has_locked {
        let locked = locked_part(first, reading.locked_bps);
        (first.saturating_sub(locked), locked)
    } else if row.text(Column::Locked).is_empty() {
        // A spreadsheet leaves the cells of those blank of whom nothing is locked.
        (first, Tokens::ZERO)
    } else {
        (first, amount(Column::Locked))
    };
    if faults.is_empty() {
        match unlocked.checked_add(locked) {
            None => faults.push(row.whole_fault(Problem::RowTooLarge)),
            Some(Tokens::ZERO) => faults.push(row.fault(Column::Amount, Problem::Nothing)),
            Some(_) => {
                return Ok(Granted {
                    row: row.number,
                    owner,
                    unlocked,
                    locked,
                });
            }
        }
    }
    Err(faults)
}
