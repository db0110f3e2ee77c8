use std::path::Path;

use bytes::Bytes;
use cairn_merkle::Tokens;

use crate::EpochError;
use crate::folder::read;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, write_table};

/// What one transaction burned for a payer of traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burn {
    /// As the ruleset numbers them.
    pub payer: u32,
    pub slot: u64,
    /// The transaction.
    pub signature: [u8; 64],
    /// Its block's time, unix milliseconds.
    pub unix_ms: i64,
    /// Base units of the pool's token, above 0.
    pub tokens: Tokens,
}

pub(crate) const BURN_FIELDS: &[Field] = &[
    Field::new("payer", Kind::U32, Origin::ChainEvent),
    Field::new("slot", Kind::U64, Origin::ChainEvent),
    Field::new("signature", Kind::Bytes(64), Origin::ChainEvent),
    Field::new("unix_ms", Kind::I64, Origin::ChainEvent),
    Field::new("tokens", Kind::U64, Origin::ChainEvent),
];

/// Writes the burns of an epoch's period, ascending by slot and transaction.
///
/// # Errors
/// [`EpochError::Row`] for a transaction that stands twice, or burns nothing; [`EpochError::Io`].
pub fn write_burns(path: &Path, burns: &[Burn]) -> Result<(), EpochError> {
    let mut sorted = burns.to_vec();
    sorted.sort_unstable_by_key(place);
    check(path, &sorted)?;
    let each = || sorted.iter();
    write_table(
        path,
        BURN_FIELDS,
        vec![
            column::u32(each().map(|burn| burn.payer)),
            column::u64(each().map(|burn| burn.slot)),
            column::bytes(each().map(|burn| burn.signature)),
            column::i64(each().map(|burn| burn.unix_ms)),
            column::u64(each().map(|burn| burn.tokens.get())),
        ],
    )
}

/// Reads burns, ascending by slot and transaction.
///
/// # Errors
/// [`EpochError::Parquet`], [`EpochError::Schema`], [`EpochError::Row`], [`EpochError::Missing`].
pub fn read_burns(path: &Path) -> Result<Vec<Burn>, EpochError> {
    decode_burns(path, read(path)?.into())
}

pub(crate) fn decode_burns(path: &Path, bytes: Bytes) -> Result<Vec<Burn>, EpochError> {
    let mut burns = Vec::new();
    decode_table(path, bytes, BURN_FIELDS, |rows| {
        let (payers, slots) = (rows.u32("payer")?, rows.u64("slot")?);
        let signatures = rows.bytes::<64>("signature")?;
        let (times, tokens) = (rows.i64("unix_ms")?, rows.u64("tokens")?);
        for row in 0..rows.len() {
            burns.push(Burn {
                payer: payers.value(row),
                slot: slots.value(row),
                signature: signatures.get(row),
                unix_ms: times.value(row),
                tokens: Tokens::new(tokens.value(row)),
            });
        }
        Ok(())
    })?;
    check(path, &burns)?;
    Ok(burns)
}

/// A place in time that no two transactions share.
fn place(burn: &Burn) -> (u64, [u8; 64]) {
    (burn.slot, burn.signature)
}

fn check(path: &Path, burns: &[Burn]) -> Result<(), EpochError> {
    // A burn that stood twice would be spent twice.
    if let Some(at) = burns
        .windows(2)
        .position(|pair| place(&pair[0]) >= place(&pair[1]))
    {
        let message = "slots and transactions must ascend and none may stand twice";
        return Err(wrong(path, at + 1, "signature", message));
    }
    match burns.iter().position(|burn| burn.tokens == Tokens::ZERO) {
        Some(at) => Err(wrong(path, at, "tokens", "a burn burns something")),
        None => Ok(()),
    }
}

fn wrong(path: &Path, row: usize, field: &'static str, message: &str) -> EpochError {
    EpochError::Row {
        path: path.to_owned(),
        row: row as u64,
        field: field.into(),
        message: message.to_owned(),
    }
}
