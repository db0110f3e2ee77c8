use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Credits, MilliPoints, Tokens};

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// Cumulative amounts of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub owner: [u8; 32],
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
}

pub(crate) const MEMBER_FIELDS: &[Field] = &[
    Field::new("index", Kind::U32, Origin::PreviousManifest),
    Field::new("owner", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("tokens", Kind::U64, Origin::PreviousManifest),
    Field::new("milli_points", Kind::U64, Origin::PreviousManifest),
    Field::new("credits", Kind::U64, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, members: &[Member]) -> Result<Vec<u8>, EpochError> {
    let each = || members.iter();
    encode_table(
        path,
        MEMBER_FIELDS,
        vec![
            column::u32((0..).zip(members).map(|(index, _)| index)),
            column::bytes(each().map(|member| member.owner)),
            column::u64(each().map(|member| member.tokens.get())),
            column::u64(each().map(|member| member.points.get())),
            column::u64(each().map(|member| member.credits.get())),
        ],
    )
}

/// Reads the members, by index.
pub(crate) fn decode_members(path: &Path, bytes: Bytes) -> Result<Vec<Member>, EpochError> {
    let mut members = Vec::new();
    decode_table(path, bytes, MEMBER_FIELDS, |rows| {
        let (index, owner) = (rows.u32("index")?, rows.bytes::<32>("owner")?);
        let (tokens, points) = (rows.u64("tokens")?, rows.u64("milli_points")?);
        let credits = rows.u64("credits")?;
        for row in 0..rows.len() {
            if u64::from(index.value(row)) != rows.number(row) {
                return Err(rows.refuse(row, "index", "indices must count up from 0".to_owned()));
            }
            members.push(Member {
                owner: owner.get(row),
                tokens: Tokens::new(tokens.value(row)),
                points: MilliPoints::new(points.value(row)),
                credits: Credits::new(credits.value(row)),
            });
        }
        Ok(())
    })?;
    Ok(members)
}
