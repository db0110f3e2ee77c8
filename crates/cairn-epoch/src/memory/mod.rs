//! What rules remember from epoch to epoch: tables that the ruleset declares. Nothing here knows what any of them means, so a
//! rule that remembers something new is a declaration and SQL.
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

mod declared;

use std::cmp::Ordering;
use std::path::Path;

use arrow::array::Array as _;
use bytes::Bytes;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

pub(crate) use declared::{MemoryColumn, MemoryTable, MemoryType, check_memory};

/// The values of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cells {
    Identities(Vec<[u8; 32]>),
    /// Null only where the column is optional.
    Integers(Vec<Option<i64>>),
}

impl Cells {
    fn empty(kind: MemoryType) -> Self {
        match kind {
            MemoryType::Identity => Self::Identities(Vec::new()),
            MemoryType::Integer | MemoryType::OptionalInteger => Self::Integers(Vec::new()),
        }
    }

    fn order(&self, a: usize, b: usize) -> Ordering {
        match self {
            Self::Identities(keys) => keys.get(a).cmp(&keys.get(b)),
            Self::Integers(numbers) => numbers.get(a).cmp(&numbers.get(b)),
        }
    }
}

/// A table with its rows: in the order of their keys, none twice, every number within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    table: MemoryTable,
    rows: usize,
    /// As [`MemoryTable::columns`] has them.
    cells: Vec<Cells>,
}

/// The first row that is not as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unlike {
    pub row: usize,
    pub column: String,
    pub message: &'static str,
}

impl Memory {
    /// What is remembered in the first epoch of a table.
    pub fn empty(table: &MemoryTable) -> Self {
        Self {
            rows: 0,
            cells: table
                .columns()
                .map(|column| Cells::empty(column.kind))
                .collect(),
            table: table.clone(),
        }
    }

    /// Checks `rows` rows; `cells` are whole columns in the order of the declaration.
    pub fn new(table: &MemoryTable, rows: usize, cells: Vec<Cells>) -> Result<Self, Unlike> {
        let memory = Self {
            table: table.clone(),
            rows,
            cells,
        };
        for (column, cells) in memory.columns() {
            if let Cells::Integers(numbers) = cells {
                check_numbers(column, numbers)?;
            }
        }
        for (before, row) in (0..rows).zip(1..rows) {
            if memory.order(before, row) != Ordering::Less {
                return Err(Unlike {
                    row,
                    column: memory.key_name(),
                    message: "is not ordered by key, or names one twice",
                });
            }
        }
        Ok(memory)
    }

    pub const fn table(&self) -> &MemoryTable {
        &self.table
    }

    pub fn columns(&self) -> impl Iterator<Item = (&MemoryColumn, &Cells)> {
        self.table.columns().zip(&self.cells)
    }

    /// Every key that stands in it.
    pub fn identities(&self) -> impl Iterator<Item = [u8; 32]> {
        self.cells
            .iter()
            .flat_map(|cells| match cells {
                Cells::Identities(keys) => keys.as_slice(),
                Cells::Integers(_) => &[],
            })
            .copied()
    }

    fn order(&self, a: usize, b: usize) -> Ordering {
        self.cells
            .iter()
            .take(self.table.key.len())
            .map(|cells| cells.order(a, b))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    fn key_name(&self) -> String {
        self.table
            .key
            .first()
            .map_or_else(String::new, |column| column.name.clone())
    }

    /// The file.
    pub fn encode(&self, path: &Path) -> Result<Vec<u8>, EpochError> {
        let arrays = self
            .columns()
            .map(|(declared, cells)| match cells {
                Cells::Identities(keys) => column::bytes(keys.iter().copied()),
                Cells::Integers(numbers) if declared.kind == MemoryType::OptionalInteger => {
                    column::optional_i64(numbers.iter().copied())
                }
                Cells::Integers(numbers) => column::i64(numbers.iter().copied().flatten()),
            })
            .collect();
        encode_table(path, &fields(&self.table), arrays)
    }

    /// Reads what [`Self::encode`] wrote and refuses what it would not have written.
    pub fn decode(table: &MemoryTable, path: &Path, bytes: Bytes) -> Result<Self, EpochError> {
        let mut columns: Vec<Cells> = table
            .columns()
            .map(|column| Cells::empty(column.kind))
            .collect();
        let mut count = 0_usize;
        decode_table(path, bytes, &fields(table), |rows| {
            count = count.saturating_add(rows.len());
            for (declared, cells) in table.columns().zip(&mut columns) {
                match cells {
                    Cells::Identities(keys) => {
                        let array = rows.bytes::<32>(&declared.name)?;
                        keys.extend((0..rows.len()).map(|row| array.get(row)));
                    }
                    Cells::Integers(numbers) => {
                        let array = rows.i64(&declared.name)?;
                        numbers.extend(
                            (0..rows.len())
                                .map(|row| array.is_valid(row).then(|| array.value(row))),
                        );
                    }
                }
            }
            Ok(())
        })?;
        Self::new(table, count, columns).map_err(|unlike| EpochError::Row {
            path: path.to_owned(),
            row: unlike.row as u64,
            field: unlike.column.into(),
            message: unlike.message.to_owned(),
        })
    }
}

fn check_numbers(column: &MemoryColumn, numbers: &[Option<i64>]) -> Result<(), Unlike> {
    let unlike = |row, message| {
        Err(Unlike {
            row,
            column: column.name.clone(),
            message,
        })
    };
    for (row, number) in numbers.iter().enumerate() {
        match number {
            None if column.kind != MemoryType::OptionalInteger => {
                return unlike(row, "holds null");
            }
            Some(number)
                if column.min.is_some_and(|min| *number < min)
                    || column.max.is_some_and(|max| *number > max) =>
            {
                return unlike(row, "holds a number out of range");
            }
            _ => {}
        }
    }
    Ok(())
}

fn fields(table: &MemoryTable) -> Vec<Field> {
    table
        .columns()
        .map(|column| {
            let name = column.name.clone();
            match column.kind {
                MemoryType::Identity => {
                    Field::named(name, Kind::Bytes(32), false, Origin::PreviousManifest)
                }
                MemoryType::Integer => {
                    Field::named(name, Kind::I64, false, Origin::PreviousManifest)
                }
                MemoryType::OptionalInteger => {
                    Field::named(name, Kind::I64, true, Origin::PreviousManifest)
                }
            }
        })
        .collect()
}
