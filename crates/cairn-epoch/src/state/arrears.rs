use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// What a wallet is owed and waits until leaves may grow by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arrear {
    /// In which it came in. Rows are paid in this order, then by owner.
    pub epoch: EpochNumber,
    pub owner: [u8; 32],
    /// Not all of them 0.
    pub amounts: Amounts,
}

impl Arrear {
    pub const fn place(&self) -> (EpochNumber, [u8; 32]) {
        (self.epoch, self.owner)
    }
}

pub(crate) const ARREAR_FIELDS: &[Field] = &[
    Field::new("epoch", Kind::U64, Origin::PreviousManifest),
    Field::new("owner", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("tokens", Kind::U64, Origin::PreviousManifest),
    Field::new("milli_points", Kind::U64, Origin::PreviousManifest),
    Field::new("credits", Kind::U64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, arrears: &[Arrear]) -> Result<Vec<u8>, EpochError> {
    let each = || arrears.iter();
    encode_table(
        path,
        ARREAR_FIELDS,
        vec![
            column::u64(each().map(|row| row.epoch.get())),
            column::bytes(each().map(|row| row.owner)),
            column::u64(each().map(|row| row.amounts.tokens.get())),
            column::u64(each().map(|row| row.amounts.points.get())),
            column::u64(each().map(|row| row.amounts.credits.get())),
        ],
    )
}

/// Reads what is owed, ascending by epoch and owner.
pub(crate) fn decode_arrears(path: &Path, bytes: Bytes) -> Result<Vec<Arrear>, EpochError> {
    let mut arrears: Vec<Arrear> = Vec::new();
    decode_table(path, bytes, ARREAR_FIELDS, |rows| {
        let (epoch, owner) = (rows.u64("epoch")?, rows.bytes::<32>("owner")?);
        let (tokens, points) = (rows.u64("tokens")?, rows.u64("milli_points")?);
        let credits = rows.u64("credits")?;
        for row in 0..rows.len() {
            let next = Arrear {
                epoch: EpochNumber::new(epoch.value(row)),
                owner: owner.get(row),
                amounts: Amounts {
                    credits: Credits::new(credits.value(row)),
                    points: MilliPoints::new(points.value(row)),
                    tokens: Tokens::new(tokens.value(row)),
                },
            };
            let follows = arrears
                .last()
                .is_none_or(|last| last.place() < next.place());
            if !follows {
                let message = "rows must ascend by epoch and owner".to_owned();
                return Err(rows.refuse(row, "owner", message));
            }
            if next.amounts.is_zero() {
                let message = "who is owed nothing does not wait".to_owned();
                return Err(rows.refuse(row, "tokens", message));
            }
            arrears.push(next);
        }
        Ok(())
    })?;
    Ok(arrears)
}
