//! Runs the rules and turns what they say into one decision for every submission, and into the next state.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use arrow::array::{Array, Int64Array, RecordBatch};
use cairn_merkle::{Credits, MilliPoints};
use cairn_proof::Reason;
use cairn_rules::{Engine, Tables};

use crate::EpochError;
use crate::case::Case;
use crate::decision::{Also, Decision};
use crate::facts::Facts;
use crate::input::EpochInput;
use crate::intern::Identities;
use crate::memory::{Cells, Memory, MemoryTable, MemoryType, Unlike};
use crate::ruleset::Period;
use crate::state::{End, Signer, State};

/// What rules must make, beside the next table for each that they declare.
const DECISIONS: &str = "decisions";

/// What the rules said.
pub(crate) struct Decided {
    /// In the order of receipts, one for each submission.
    pub decisions: Vec<Decision>,
    /// All of the next state but its ledger, what waits, and the registry's leaves.
    pub next: State,
}

pub(crate) fn decide(
    engine: Engine,
    epoch: &EpochInput,
    period: &Period,
    facts: &Facts<'_>,
    signers: Vec<Signer>,
) -> Result<Decided, EpochError> {
    let identities = facts.identities();
    let declared = facts.rulebook.memory();
    let next: Vec<String> = declared.iter().map(MemoryTable::next).collect();
    let wanted: Vec<&str> = std::iter::once(DECISIONS)
        .chain(next.iter().map(String::as_str))
        .collect();
    let tables = engine.run(
        facts.rulebook.rules(),
        &facts.rulebook.numbers(period),
        facts.tables(&identities)?,
        &wanted,
    )?;
    Ok(Decided {
        decisions: decisions(&Sheet::of(&tables, DECISIONS)?, facts, &identities)?,
        next: State {
            end: End {
                pool: epoch.pool,
                epoch: epoch.number,
                period_end_ms: period.end_ms,
            },
            signers,
            memory: declared
                .iter()
                .map(|table| remembered(table, &tables, &identities))
                .collect::<Result<_, _>>()?,
            ..State::default()
        },
    })
}

fn decisions(
    sheet: &Sheet<'_>,
    facts: &Facts<'_>,
    identities: &Identities,
) -> Result<Vec<Decision>, EpochError> {
    if sheet.rows() != facts.order.len() {
        return Err(sheet.wrong(format!(
            "has {} rows for {} proofs",
            sheet.rows(),
            facts.order.len()
        )));
    }
    let mut decisions: Vec<Decision> = (0..)
        .zip(facts.cases)
        .map(|(ordinal, case)| refused(ordinal, case))
        .collect();
    let column = |name| sheet.column(name);
    let (n, reason, pay) = (column("n")?, column("reason")?, column("milli_points")?);
    let granted = column("credits")?;
    let (beneficiary, pot, stream) = (column("beneficiary")?, column("pot")?, column("stream")?);
    let (found, bound) = (column("found")?, column("bound")?);
    let (base, share, whole) = (column("base")?, column("share")?, column("whole")?);
    let second = Second::of(sheet)?;
    for (row, at) in facts.order.iter().enumerate() {
        // Ascending without gaps: each proof once, none left out.
        if sheet.optional(n, row) != i64::try_from(row).ok() {
            return Err(sheet.wrong(format!("does not give proof {row} exactly one row")));
        }
        let code = sheet.value(reason, row)?;
        let reason = u16::try_from(code)
            .ok()
            .and_then(Reason::from_code)
            .ok_or_else(|| {
                sheet.wrong(format!(
                    "gives proof {row} the reason {code}, which is none"
                ))
            })?;
        let milli_points = u64::try_from(sheet.value(pay, row)?)
            .map(MilliPoints::new)
            .map_err(|_| sheet.wrong(format!("pays proof {row} less than nothing")))?;
        let credits = u64::try_from(sheet.value(granted, row)?)
            .map(Credits::new)
            .map_err(|_| sheet.wrong(format!("grants proof {row} less than nothing")))?;
        let pays_nobody = milli_points == MilliPoints::ZERO
            && credits == Credits::ZERO
            && sheet.optional(second.pay, row) == Some(0);
        if !pays_nobody && !reason.is_accepted() {
            return Err(sheet.wrong(format!("pays proof {row}, which it refuses")));
        }
        let owner = sheet
            .optional(beneficiary, row)
            .and_then(|id| identities.key(id))
            .ok_or_else(|| sheet.wrong(format!("names no beneficiary for proof {row}")))?;
        let pot_id = u8::try_from(sheet.value(pot, row)?)
            .ok()
            .filter(|id| match id {
                0 => milli_points == MilliPoints::ZERO,
                id => facts.rulebook.pot(*id).is_some(),
            })
            .ok_or_else(|| sheet.wrong(format!("names no pot for proof {row}")))?;
        let stream = u32::try_from(sheet.value(stream, row)?)
            .map_err(|_| sheet.wrong(format!("names no stream for proof {row}")))?;
        let decision = decisions
            .get_mut(*at)
            .ok_or_else(|| sheet.wrong("has more rows than there are proofs".to_owned()))?;
        *decision = Decision {
            reason,
            milli_points,
            credits,
            beneficiary: Some(owner),
            also: second.paid(row, facts, identities)?,
            pot: pot_id,
            stream,
            found: sheet.optional(found, row),
            bound: sheet.optional(bound, row),
            base: sheet.optional(base, row),
            share: sheet.optional(share, row),
            whole: sheet.optional(whole, row),
            ..*decision
        };
    }
    Ok(decisions)
}

/// The columns that say who else is paid for a proof.
struct Second<'a> {
    sheet: &'a Sheet<'a>,
    beneficiary: &'a Int64Array,
    pot: &'a Int64Array,
    pay: &'a Int64Array,
}

impl<'a> Second<'a> {
    fn of(sheet: &'a Sheet<'a>) -> Result<Self, EpochError> {
        Ok(Self {
            sheet,
            beneficiary: sheet.column("also_beneficiary")?,
            pot: sheet.column("also_pot")?,
            pay: sheet.column("also_milli_points")?,
        })
    }

    /// Nobody, unless it is paid something.
    fn paid(
        &self,
        row: usize,
        facts: &Facts<'_>,
        identities: &Identities,
    ) -> Result<Option<Also>, EpochError> {
        let sheet = self.sheet;
        let milli_points = u64::try_from(sheet.value(self.pay, row)?)
            .map(MilliPoints::new)
            .map_err(|_| sheet.wrong(format!("pays a second for proof {row} less than nothing")))?;
        if milli_points == MilliPoints::ZERO {
            return Ok(None);
        }
        let pot = u8::try_from(sheet.value(self.pot, row)?)
            .ok()
            .filter(|id| facts.rulebook.divides(*id, 0))
            .ok_or_else(|| sheet.wrong(format!("names no pot for the second of proof {row}")))?;
        Ok(Some(Also {
            beneficiary: sheet.key(self.beneficiary, row, identities)?,
            pot,
            milli_points,
        }))
    }
}

/// The decision on a submission that no rule saw.
fn refused(ordinal: u64, case: &Case) -> Decision {
    let refusal = case.outcome.as_ref().err().copied();
    Decision {
        ordinal,
        proof_id: case.proof_id,
        kind: case.kind,
        // Every case that is not refused here is overwritten from the rules' table, which has a row for each.
        reason: refusal.map_or(Reason::Malformed, |refusal| refusal.reason),
        milli_points: MilliPoints::ZERO,
        credits: Credits::ZERO,
        beneficiary: None,
        also: None,
        pot: 0,
        stream: 0,
        found: refusal.and_then(|refusal| refusal.found),
        bound: refusal.and_then(|refusal| refusal.bound),
        base: None,
        share: None,
        whole: None,
    }
}

/// What the rules remember in `table`.
fn remembered(
    table: &MemoryTable,
    tables: &Tables,
    identities: &Identities,
) -> Result<Memory, EpochError> {
    let name = table.next();
    let sheet = Sheet::of(tables, &name)?;
    let rows = 0..sheet.rows();
    let mut columns = Vec::new();
    for declared in table.columns() {
        let column = sheet.column(&declared.name)?;
        columns.push(match declared.kind {
            MemoryType::Identity => Cells::Identities(
                rows.clone()
                    .map(|row| sheet.key(column, row, identities))
                    .collect::<Result<_, _>>()?,
            ),
            MemoryType::Integer | MemoryType::OptionalInteger => Cells::Integers(
                rows.clone()
                    .map(|row| sheet.optional(column, row))
                    .collect(),
            ),
        });
    }
    // Keys in order, none twice: the next epoch's reader will insist.
    Memory::new(table, sheet.rows(), columns).map_err(|unlike| {
        let Unlike {
            row,
            column,
            message,
        } = unlike;
        sheet.wrong(format!("{message} (row {row}, {column})"))
    })
}

/// A table that rules made, read with suspicion: rules are data.
struct Sheet<'a> {
    name: &'a str,
    batch: &'a RecordBatch,
}

impl<'a> Sheet<'a> {
    fn of(tables: &'a Tables, name: &'a str) -> Result<Self, EpochError> {
        tables
            .get(name)
            .map(|batch| Self { name, batch })
            .ok_or_else(|| EpochError::Decisions(format!("there is no table {name}")))
    }

    fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    fn wrong(&self, message: String) -> EpochError {
        EpochError::Decisions(format!("table {} {message}", self.name))
    }

    fn column(&self, name: &str) -> Result<&'a Int64Array, EpochError> {
        self.batch
            .column_by_name(name)
            .and_then(|column| column.as_any().downcast_ref())
            .ok_or_else(|| self.wrong(format!("lacks the integer column {name}")))
    }

    fn optional(&self, column: &Int64Array, row: usize) -> Option<i64> {
        column.is_valid(row).then(|| column.value(row))
    }

    fn value(&self, column: &Int64Array, row: usize) -> Result<i64, EpochError> {
        self.optional(column, row)
            .ok_or_else(|| self.wrong(format!("holds null in row {row}")))
    }

    fn key(
        &self,
        column: &Int64Array,
        row: usize,
        identities: &Identities,
    ) -> Result<[u8; 32], EpochError> {
        identities
            .key(self.value(column, row)?)
            .ok_or_else(|| self.wrong(format!("names nobody in row {row}")))
    }
}
