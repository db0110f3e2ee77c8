use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Credits, LeafIndex, MAX_LEAVES, MilliPoints, Tokens};

use crate::EpochError;
use crate::folder::read;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, write_table};

/// What was taken at one index under the root of a revoked epoch, while it was active. Nothing is taken under it any more, so
/// this is the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub index: LeafIndex,
    /// Whom the revoked root named there.
    pub owner: [u8; 32],
    /// Base units paid under it.
    pub tokens: Tokens,
    /// What the member page counted at the index afterwards; 0 when nothing was paid.
    pub tokens_claimed: Tokens,
    /// Milli-points burnt under it.
    pub points: MilliPoints,
    /// As counted afterwards.
    pub points_burnt: MilliPoints,
    /// Data credits redeemed under it.
    pub credits: Credits,
    /// As counted afterwards.
    pub credits_redeemed: Credits,
}

pub(crate) const TAKEN_FIELDS: &[Field] = &[
    Field::new("index", Kind::U32, Origin::ChainEvent),
    Field::new("owner", Kind::Bytes(32), Origin::ChainEvent),
    Field::new("tokens", Kind::U64, Origin::ChainEvent),
    Field::new("tokens_claimed", Kind::U64, Origin::ChainEvent),
    Field::new("milli_points", Kind::U64, Origin::ChainEvent),
    Field::new("milli_points_burnt", Kind::U64, Origin::ChainEvent),
    Field::new("credits", Kind::U64, Origin::ChainEvent),
    Field::new("credits_redeemed", Kind::U64, Origin::ChainEvent),
];

/// Writes what was taken, ascending by index.
///
/// # Errors
/// [`EpochError::Row`] for rows that no chain could tell; [`EpochError::Io`].
pub fn write_taken(path: &Path, taken: &[Taken]) -> Result<(), EpochError> {
    check(path, taken)?;
    let each = || taken.iter();
    write_table(
        path,
        TAKEN_FIELDS,
        vec![
            column::u32(each().map(|row| row.index.get())),
            column::bytes(each().map(|row| row.owner)),
            column::u64(each().map(|row| row.tokens.get())),
            column::u64(each().map(|row| row.tokens_claimed.get())),
            column::u64(each().map(|row| row.points.get())),
            column::u64(each().map(|row| row.points_burnt.get())),
            column::u64(each().map(|row| row.credits.get())),
            column::u64(each().map(|row| row.credits_redeemed.get())),
        ],
    )
}

/// Reads what was taken, ascending by index.
///
/// # Errors
/// [`EpochError::Parquet`], [`EpochError::Schema`], [`EpochError::Row`], [`EpochError::Missing`].
pub fn read_taken(path: &Path) -> Result<Vec<Taken>, EpochError> {
    decode_taken(path, read(path)?.into())
}

pub(crate) fn decode_taken(path: &Path, bytes: Bytes) -> Result<Vec<Taken>, EpochError> {
    let mut taken = Vec::new();
    decode_table(path, bytes, TAKEN_FIELDS, |rows| {
        let (index, owner) = (rows.u32("index")?, rows.bytes::<32>("owner")?);
        let (tokens, tokens_claimed) = (rows.u64("tokens")?, rows.u64("tokens_claimed")?);
        let (points, points_burnt) = (rows.u64("milli_points")?, rows.u64("milli_points_burnt")?);
        let (credits, credits_redeemed) = (rows.u64("credits")?, rows.u64("credits_redeemed")?);
        for row in 0..rows.len() {
            taken.push(Taken {
                index: LeafIndex::new(index.value(row)),
                owner: owner.get(row),
                tokens: Tokens::new(tokens.value(row)),
                tokens_claimed: Tokens::new(tokens_claimed.value(row)),
                points: MilliPoints::new(points.value(row)),
                points_burnt: MilliPoints::new(points_burnt.value(row)),
                credits: Credits::new(credits.value(row)),
                credits_redeemed: Credits::new(credits_redeemed.value(row)),
            });
        }
        Ok(())
    })?;
    check(path, &taken)?;
    Ok(taken)
}

fn check(path: &Path, taken: &[Taken]) -> Result<(), EpochError> {
    let refuse = |row: usize, field: &'static str, message: &str| EpochError::Row {
        path: path.to_owned(),
        row: row as u64,
        field: field.into(),
        message: message.to_owned(),
    };
    let mut last = None;
    for (at, row) in taken.iter().enumerate() {
        if last >= Some(row.index) || row.index.get() >= MAX_LEAVES {
            return Err(refuse(at, "index", "indices must ascend, below 2^24"));
        }
        last = Some(row.index);
        if row.tokens > row.tokens_claimed {
            return Err(refuse(at, "tokens_claimed", "no less than was paid"));
        }
        if row.points > row.points_burnt {
            return Err(refuse(at, "milli_points_burnt", "no less than was burnt"));
        }
        if row.credits > row.credits_redeemed && row.credits_redeemed == Credits::ZERO {
            return Err(refuse(at, "credits_redeemed", "something was redeemed"));
        }
    }
    Ok(())
}
