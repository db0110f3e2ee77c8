use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Credits, MilliPoints, Tokens};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// What an identity without a wallet was given and no leaf holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unlinked {
    pub identity: [u8; 32],
    /// Since the pool began.
    pub amounts: Amounts,
}

pub(crate) const UNLINKED_FIELDS: &[Field] = &[
    Field::new("identity", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("tokens", Kind::U64, Origin::PreviousManifest),
    Field::new("milli_points", Kind::U64, Origin::PreviousManifest),
    Field::new("credits", Kind::U64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, unlinked: &[Unlinked]) -> Result<Vec<u8>, EpochError> {
    let each = || unlinked.iter();
    encode_table(
        path,
        UNLINKED_FIELDS,
        vec![
            column::bytes(each().map(|row| row.identity)),
            column::u64(each().map(|row| row.amounts.tokens.get())),
            column::u64(each().map(|row| row.amounts.points.get())),
            column::u64(each().map(|row| row.amounts.credits.get())),
        ],
    )
}

/// Reads what stands unlinked, ascending by identity.
pub(crate) fn decode_unlinked(path: &Path, bytes: Bytes) -> Result<Vec<Unlinked>, EpochError> {
    let mut unlinked: Vec<Unlinked> = Vec::new();
    decode_table(path, bytes, UNLINKED_FIELDS, |rows| {
        let (identity, tokens) = (rows.bytes::<32>("identity")?, rows.u64("tokens")?);
        let (points, credits) = (rows.u64("milli_points")?, rows.u64("credits")?);
        for row in 0..rows.len() {
            let next = Unlinked {
                identity: identity.get(row),
                amounts: Amounts {
                    credits: Credits::new(credits.value(row)),
                    points: MilliPoints::new(points.value(row)),
                    tokens: Tokens::new(tokens.value(row)),
                },
            };
            if unlinked
                .last()
                .is_some_and(|last| last.identity >= next.identity)
            {
                let message = "identities must ascend and none may stand twice".to_owned();
                return Err(rows.refuse(row, "identity", message));
            }
            unlinked.push(next);
        }
        Ok(())
    })?;
    Ok(unlinked)
}
