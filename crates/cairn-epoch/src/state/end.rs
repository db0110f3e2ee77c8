use std::iter::once;
use std::path::Path;

use bytes::Bytes;
use cairn_merkle::EpochNumber;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// Where the epoch before ended; zeros before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct End {
    /// The pool the state belongs to, and the epoch it was computed in.
    pub pool: [u8; 32],
    pub epoch: EpochNumber,
    /// First instant after that epoch, unix milliseconds.
    pub period_end_ms: i64,
}

pub(crate) const END_FIELDS: &[Field] = &[
    Field::new("pool", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("epoch", Kind::U64, Origin::PreviousManifest),
    Field::new("period_end_ms", Kind::I64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, end: End) -> Result<Vec<u8>, EpochError> {
    encode_table(
        path,
        END_FIELDS,
        vec![
            column::bytes(once(end.pool)),
            column::u64(once(end.epoch.get())),
            column::i64(once(end.period_end_ms)),
        ],
    )
}

/// Reads the one row that there is.
pub(crate) fn decode_end(path: &Path, bytes: Bytes) -> Result<End, EpochError> {
    let mut found = None;
    decode_table(path, bytes, END_FIELDS, |rows| {
        let (pool, epoch) = (rows.bytes::<32>("pool")?, rows.u64("epoch")?);
        let period_end_ms = rows.i64("period_end_ms")?;
        for row in 0..rows.len() {
            let end = End {
                pool: pool.get(row),
                epoch: EpochNumber::new(epoch.value(row)),
                period_end_ms: period_end_ms.value(row),
            };
            if end.epoch < EpochNumber::FIRST || found.replace(end).is_some() {
                let message = "there is one row, and epochs count from 1".to_owned();
                return Err(rows.refuse(row, "epoch", message));
            }
        }
        Ok(())
    })?;
    found.ok_or_else(|| EpochError::Row {
        path: path.to_owned(),
        row: 0,
        field: "epoch".into(),
        message: "the file does not say which pool and epoch the state belongs to".to_owned(),
    })
}
