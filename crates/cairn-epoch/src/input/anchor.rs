use std::path::Path;

use bytes::Bytes;

use crate::EpochError;
use crate::folder::read;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, write_table};

/// A block the keeper saw: proofs name one to show that they were not made before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub slot: u64,
    pub hash: [u8; 32],
    /// The block's time, unix milliseconds.
    pub unix_ms: i64,
}

pub(crate) const ANCHOR_FIELDS: &[Field] = &[
    Field::new("slot", Kind::U64, Origin::ChainEvent),
    Field::new("hash", Kind::Bytes(32), Origin::ChainEvent),
    Field::new("unix_ms", Kind::I64, Origin::ChainEvent),
];

/// Writes the anchors in ascending order of their slots.
///
/// # Errors
/// [`EpochError::Row`] when a slot stands twice; [`EpochError::Io`].
pub fn write_anchors(path: &Path, anchors: &[Anchor]) -> Result<(), EpochError> {
    let mut sorted = anchors.to_vec();
    sorted.sort_unstable_by_key(|anchor| anchor.slot);
    check(path, &sorted)?;
    write_table(
        path,
        ANCHOR_FIELDS,
        vec![
            column::u64(sorted.iter().map(|anchor| anchor.slot)),
            column::bytes(sorted.iter().map(|anchor| anchor.hash)),
            column::i64(sorted.iter().map(|anchor| anchor.unix_ms)),
        ],
    )
}

/// Reads anchors, ascending by slot.
///
/// # Errors
/// [`EpochError::Parquet`], [`EpochError::Schema`], [`EpochError::Row`], [`EpochError::Missing`].
pub fn read_anchors(path: &Path) -> Result<Vec<Anchor>, EpochError> {
    decode_anchors(path, read(path)?.into())
}

pub(crate) fn decode_anchors(path: &Path, bytes: Bytes) -> Result<Vec<Anchor>, EpochError> {
    let mut anchors = Vec::new();
    decode_table(path, bytes, ANCHOR_FIELDS, |rows| {
        let (slots, hashes) = (rows.u64("slot")?, rows.bytes::<32>("hash")?);
        let times = rows.i64("unix_ms")?;
        for row in 0..rows.len() {
            anchors.push(Anchor {
                slot: slots.value(row),
                hash: hashes.get(row),
                unix_ms: times.value(row),
            });
        }
        Ok(())
    })?;
    check(path, &anchors)?;
    Ok(anchors)
}

fn check(path: &Path, anchors: &[Anchor]) -> Result<(), EpochError> {
    // Two hashes for one slot would let a proof anchor itself to a fork that the others never saw.
    match anchors
        .windows(2)
        .position(|pair| pair[0].slot >= pair[1].slot)
    {
        None => Ok(()),
        Some(at) => Err(EpochError::Row {
            path: path.to_owned(),
            row: at as u64 + 1,
            field: "slot".into(),
            message: "slots must ascend and none may stand twice".to_owned(),
        }),
    }
}
