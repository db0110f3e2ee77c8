use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Credits, MilliPoints, Tokens};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::folder::read;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// What somebody held before the pool began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// A wallet's key, or an identity.
    pub owner: [u8; 32],
    /// Whether it is a wallet: somebody can sign for it.
    pub is_wallet: bool,
    /// Not all of them 0.
    pub amounts: Amounts,
}

pub(crate) const GENESIS_FIELDS: &[Field] = &[
    Field::new("owner", Kind::Bytes(32), Origin::RulesetHash),
    Field::new("is_wallet", Kind::U8, Origin::RulesetHash),
    Field::new("tokens", Kind::U64, Origin::RulesetHash),
    Field::new("milli_points", Kind::U64, Origin::RulesetHash),
    Field::new("credits", Kind::U64, Origin::RulesetHash),
];

/// The table of `grants`, ascending by owner: the bytes that a ruleset names by their hash. `path` is for messages.
///
/// # Errors
/// [`EpochError::Row`] for an owner that stands twice or out of order, or who held nothing.
pub fn encode_genesis(path: &Path, grants: &[Grant]) -> Result<Vec<u8>, EpochError> {
    check(path, grants)?;
    let each = || grants.iter();
    encode_table(
        path,
        GENESIS_FIELDS,
        vec![
            column::bytes(each().map(|grant| grant.owner)),
            column::u8(each().map(|grant| grant.is_wallet.into())),
            column::u64(each().map(|grant| grant.amounts.tokens.get())),
            column::u64(each().map(|grant| grant.amounts.points.get())),
            column::u64(each().map(|grant| grant.amounts.credits.get())),
        ],
    )
}

/// Reads what people held, ascending by owner.
///
/// # Errors
/// [`EpochError::Parquet`], [`EpochError::Schema`], [`EpochError::Row`], [`EpochError::Missing`].
pub fn read_genesis(path: &Path) -> Result<Vec<Grant>, EpochError> {
    decode_genesis(path, read(path)?.into())
}

pub(crate) fn decode_genesis(path: &Path, bytes: Bytes) -> Result<Vec<Grant>, EpochError> {
    let mut grants = Vec::new();
    decode_table(path, bytes, GENESIS_FIELDS, |rows| {
        let (owner, is_wallet) = (rows.bytes::<32>("owner")?, rows.u8("is_wallet")?);
        let (tokens, points) = (rows.u64("tokens")?, rows.u64("milli_points")?);
        let credits = rows.u64("credits")?;
        for row in 0..rows.len() {
            if is_wallet.value(row) > 1 {
                let message = "a truth value is 0 or 1".to_owned();
                return Err(rows.refuse(row, "is_wallet", message));
            }
            grants.push(Grant {
                owner: owner.get(row),
                is_wallet: is_wallet.value(row) == 1,
                amounts: Amounts {
                    credits: Credits::new(credits.value(row)),
                    points: MilliPoints::new(points.value(row)),
                    tokens: Tokens::new(tokens.value(row)),
                },
            });
        }
        Ok(())
    })?;
    check(path, &grants)?;
    Ok(grants)
}

fn check(path: &Path, grants: &[Grant]) -> Result<(), EpochError> {
    let wrong = |row: usize, field: &'static str, message: &str| EpochError::Row {
        path: path.to_owned(),
        row: row as u64,
        field: field.into(),
        message: message.to_owned(),
    };
    let mut last = None;
    for (at, grant) in grants.iter().enumerate() {
        // An owner that stood twice would hold twice.
        if last >= Some(grant.owner) {
            let message = "owners must ascend and none may stand twice";
            return Err(wrong(at, "owner", message));
        }
        last = Some(grant.owner);
        if grant.amounts.is_zero() {
            return Err(wrong(at, "tokens", "who held nothing does not stand here"));
        }
    }
    Ok(())
}
