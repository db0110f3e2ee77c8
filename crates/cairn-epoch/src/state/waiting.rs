use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Credits, MilliPoints};

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// What somebody earned who is no member yet: it waits until it makes a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub owner: [u8; 32],
    /// The pot that it will be paid from, and the stream within it; 0 of data credits, which are paid from none.
    pub pot: u8,
    pub stream: u32,
    /// Above 0, but of data credits.
    pub milli_points: MilliPoints,
    /// Above 0 of data credits, else 0.
    pub credits: Credits,
}

impl Waiting {
    /// Whether it is what its pot says: points of a pot, or credits of none.
    fn is_whole(&self) -> bool {
        let (has_points, has_credits) = (
            self.milli_points > MilliPoints::ZERO,
            self.credits > Credits::ZERO,
        );
        match self.pot {
            0 => has_credits && !has_points && self.stream == 0,
            _ => has_points && !has_credits,
        }
    }
}

pub(crate) const WAITING_FIELDS: &[Field] = &[
    Field::new("owner", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("pot", Kind::U8, Origin::PreviousManifest),
    Field::new("stream", Kind::U32, Origin::PreviousManifest),
    Field::new("milli_points", Kind::U64, Origin::PreviousManifest),
    Field::new("credits", Kind::U64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, waiting: &[Waiting]) -> Result<Vec<u8>, EpochError> {
    let each = || waiting.iter();
    encode_table(
        path,
        WAITING_FIELDS,
        vec![
            column::bytes(each().map(|row| row.owner)),
            column::u8(each().map(|row| row.pot)),
            column::u32(each().map(|row| row.stream)),
            column::u64(each().map(|row| row.milli_points.get())),
            column::u64(each().map(|row| row.credits.get())),
        ],
    )
}

/// Reads what waits, ascending by owner, pot and stream.
pub(crate) fn decode_waiting(path: &Path, bytes: Bytes) -> Result<Vec<Waiting>, EpochError> {
    let mut waiting: Vec<Waiting> = Vec::new();
    decode_table(path, bytes, WAITING_FIELDS, |rows| {
        let (owner, pot) = (rows.bytes::<32>("owner")?, rows.u8("pot")?);
        let (stream, milli_points) = (rows.u32("stream")?, rows.u64("milli_points")?);
        let credits = rows.u64("credits")?;
        for row in 0..rows.len() {
            let next = Waiting {
                owner: owner.get(row),
                pot: pot.value(row),
                stream: stream.value(row),
                milli_points: MilliPoints::new(milli_points.value(row)),
                credits: Credits::new(credits.value(row)),
            };
            let place = |row: &Waiting| (row.owner, row.pot, row.stream);
            if waiting
                .last()
                .is_some_and(|last| place(last) >= place(&next))
            {
                let message = "rows must ascend by owner, pot and stream".to_owned();
                return Err(rows.refuse(row, "owner", message));
            }
            if !next.is_whole() {
                let message = "what waits is points of a pot, or credits of none".to_owned();
                return Err(rows.refuse(row, "milli_points", message));
            }
            waiting.push(next);
        }
        Ok(())
    })?;
    Ok(waiting)
}
