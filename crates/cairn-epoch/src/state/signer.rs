use std::path::Path;

use bytes::Bytes;

use crate::EpochError;
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};

/// The highest sequence number of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signer {
    pub key: [u8; 32],
    pub sequence: u64,
    /// Whether it is an Ed25519 key that signed as a user: one that can sign for a leaf.
    pub is_wallet: bool,
}

pub(crate) const SIGNER_FIELDS: &[Field] = &[
    Field::new("key", Kind::Bytes(32), Origin::PreviousManifest),
    Field::new("sequence", Kind::U64, Origin::PreviousManifest),
    Field::new("is_wallet", Kind::U8, Origin::PreviousManifest),
];

pub(super) fn encode(path: &Path, signers: &[Signer]) -> Result<Vec<u8>, EpochError> {
    encode_table(
        path,
        SIGNER_FIELDS,
        vec![
            column::bytes(signers.iter().map(|signer| signer.key)),
            column::u64(signers.iter().map(|signer| signer.sequence)),
            column::u8(signers.iter().map(|signer| signer.is_wallet.into())),
        ],
    )
}

/// Reads the signers, ascending by key.
pub(crate) fn decode_signers(path: &Path, bytes: Bytes) -> Result<Vec<Signer>, EpochError> {
    let mut signers: Vec<Signer> = Vec::new();
    decode_table(path, bytes, SIGNER_FIELDS, |rows| {
        let (key, sequence) = (rows.bytes::<32>("key")?, rows.u64("sequence")?);
        let is_wallet = rows.u8("is_wallet")?;
        for row in 0..rows.len() {
            let signer = Signer {
                key: key.get(row),
                sequence: sequence.value(row),
                is_wallet: is_wallet.value(row) == 1,
            };
            if is_wallet.value(row) > 1 {
                let message = "a truth value is 0 or 1".to_owned();
                return Err(rows.refuse(row, "is_wallet", message));
            }
            if signers.last().is_some_and(|last| last.key >= signer.key) {
                let message = "keys must ascend and none may stand twice".to_owned();
                return Err(rows.refuse(row, "key", message));
            }
            signers.push(signer);
        }
        Ok(())
    })?;
    Ok(signers)
}
